"""Collect the texts of source and templates anew, and bring the Danish catalogue up to date with them.

What has no Danish yet is printed; a test refuses a catalogue that is not complete.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

DANISH = Path("translations/da/LC_MESSAGES/messages.po")
HEADER = """# Danish catalogue of Souschefportalen.
msgid ""
msgstr ""
"Project-Id-Version: souschefportalen\\n"
"Language: da\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def collected() -> Catalog:
    """Every text of the source, as the extractors of babel.cfg find them."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg", "-k", "_l"]
        subprocess.run([*command, "-o", template, "."], check=True)
        with template.open("rb") as file:
            return read_po(file)


def main() -> None:
    with DANISH.open("rb") as file:
        danish = read_po(file, locale="da")
    danish.update(collected(), no_fuzzy_matching=True)
    danish.obsolete.clear()
    for message in danish:
        message.locations = []
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string):
            print(f"no Danish yet: {message.id}")
    with DANISH.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, danish, omit_header=True, sort_output=True, width=120)


main()
