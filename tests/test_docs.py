"""The documents say what is: names, commands, files and snippets."""

import re
import runpy
from pathlib import Path

import pytest

from latentlab.__main__ import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_reference_lists_every_registered_name():
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "docs" / "make_reference.py"))["reference"]()
    assert written == made, "run: python docs/make_reference.py"


def test_the_python_snippets_of_the_readme_run():
    snippets = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert snippets
    for snippet in snippets:
        exec(compile(snippet, "README.md", "exec"), {})


def test_the_tree_of_the_readme_exists():
    tree = re.search(r"## The tree\n\n```\n(.*?)```", README, re.DOTALL)
    assert tree
    parent = ROOT
    for line in tree[1].splitlines():
        name = line.split()[0]
        path = (parent / name) if line.startswith("  ") else (ROOT / name)
        assert path.exists(), name
        if not line.startswith("  "):
            parent = path


def test_links_and_pictures_of_the_documents_exist():
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:")):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_is_in_the_readme(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    (\w+)  ", capsys.readouterr().out, re.MULTILINE)
    assert {"run", "train", "evaluate"} <= set(commands)
    for command in commands:
        assert f"latentlab {command}" in README or f"make {command}" in README, command
