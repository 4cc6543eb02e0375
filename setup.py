"""What a wheel holds beside the package: the app's pages, its settings and the checkpoints.

Everything else about the build is in pyproject.toml, which cannot name folders by a pattern.
"""

from pathlib import Path

from setuptools import setup

SHARE = Path("share/latentlab")
FILES = ("app.py", ".streamlit/config.toml", "pages/*.py", "checkpoints/*/*")

folders: dict[str, list[str]] = {}
for pattern in FILES:
    for file in sorted(Path().glob(pattern)):
        if file.is_file():
            folders.setdefault(str(SHARE / file.parent), []).append(str(file))

setup(data_files=sorted(folders.items()))
