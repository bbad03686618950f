"""Names for files that people take home."""

from collections.abc import Iterable
from unicodedata import normalize

MAX_LENGTH = 80
RESERVED = ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))


def file_name(words: Iterable[str], otherwise: str = "guide") -> str:
    """A name that Windows, too, can store: letters, digits and hyphens, at most 80 characters, no name of a device."""
    joined = normalize("NFC", "-".join(word for word in words if word))  # å is one letter, not a and a ring
    safe = "".join(c if c.isalnum() else "-" for c in joined)
    while "--" in safe:
        safe = safe.replace("--", "-")
    safe = safe.strip("-")[:MAX_LENGTH].strip("-") or otherwise
    return f"{otherwise}-{safe}" if normalize("NFKC", safe).lower() in RESERVED else safe  # com¹ is a device, too
