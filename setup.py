"""Puts the folders beside the package into the wheel, where portal.paths finds them."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = {
    "templates": "**/*",
    "static/vendor": "**/*",
    "seed_data": "**/*.yaml",
    "migrations": "**/*",
    "translations": "**/*.mo",
}


class BuildWithData(build_py):
    def run(self) -> None:
        shutil.rmtree(self.build_lib, ignore_errors=True)  # an earlier build may hold files that are gone
        super().run()
        here = Path(__file__).parent
        for folder, pattern in FOLDERS.items():
            for path in (here / folder).glob(pattern):
                if path.is_file() and "__pycache__" not in path.parts:
                    target = Path(self.build_lib) / "portal" / "_data" / path.relative_to(here)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)


setup(cmdclass={"build_py": BuildWithData})
