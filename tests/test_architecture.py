"""The imports go one way, and the first page loads nothing slow."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "latentlab"
SLOW = ("torch", "sklearn", "skimage", "scipy", "umap")

# A module may import from its own layer and from those below it. What is not named is "core".
LAYERS = {
    "foundation": {"errors", "registry", "images"},
    "core": set(),
    "tasks": {"tasks", "training", "evaluation", "export"},
    "ui": {"ui"},
    "entry": {"__main__"},
}
ORDER = list(LAYERS)


def modules() -> dict[str, Path]:
    """Dotted name -> file, for every module of the package."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def layer(module: str) -> int:
    part = module.split(".")[1] if "." in module else ""
    for name, members in LAYERS.items():
        if part in members:
            return ORDER.index(name)
    return ORDER.index("core") if part else ORDER.index("foundation")


def imports(file: Path) -> set[str]:
    """Dotted names that a file imports anywhere; ``from a import b`` gives ``a`` and ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def roots(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(file)}


def test_only_ui_pages_and_app_import_streamlit() -> None:
    users = {name for name, file in modules().items() if "streamlit" in roots(file)}
    assert users, "the search finds nothing"
    assert {name for name in users if not name.startswith("latentlab.ui")} == set()


def test_imports_go_one_way() -> None:
    known = modules()
    wrong = [
        f"{name} imports {other}"
        for name, file in known.items()
        for other in imports(file)
        if other in known and layer(other) > layer(name)
    ]
    assert wrong == []


def test_foundation_imports_nothing_of_ours_but_errors() -> None:
    known = modules()
    wrong = [
        f"{name} imports {other}"
        for name in ("latentlab.errors", "latentlab.registry", "latentlab.images")
        for other in imports(known[name])
        if other in known and other not in ("latentlab.errors", "latentlab")
    ]
    assert wrong == []


def test_modules_do_not_import_one_another_in_a_circle() -> None:
    known = modules()
    graph = {}
    for name, file in known.items():
        graph[name] = set()
        for node in at_the_top(file):
            if isinstance(node, ast.ImportFrom) and node.module in known:
                full = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[name] |= {part for part in full if part in known} or {node.module}
        graph[name].discard(name)
    order = TopologicalSorter(graph).static_order()  # raises CycleError, naming the circle
    assert set(order) == set(known)


def at_the_top(file: Path) -> list[ast.stmt]:
    """The import statements that run when the module is imported."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]


def pages() -> list[Path]:
    return sorted((ROOT / "pages").glob("*.py"))


def test_pages_never_import_one_another() -> None:
    assert pages()
    for page in pages():
        others = {other.stem for other in pages()} - {page.stem}
        wrong = {name for name in imports(page) if name.partition(".")[0] in {"pages", *others}}
        assert wrong == set(), page


def test_every_page_is_in_the_navigation_and_has_a_picture() -> None:
    from latentlab.ui import contents

    assert {entry.name for entry in contents.PAGES} == {page.stem for page in pages()}
    for entry in contents.PAGES:
        assert (contents.ASSETS / f"home_{entry.name}.svg").is_file()


def test_app_is_nothing_but_the_frame() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in tree.body[1:]] == [
        "from latentlab.ui import frame",
        "frame.run()",
    ]


def loaded_after(script: str) -> set[str]:
    """Which slow libraries a fresh interpreter has loaded after running ``script``."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{script}\nimport sys\nprint(*[m for m in {SLOW!r} if m in sys.modules])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.splitlines()[-1].split())


def test_ui_modules_import_nothing_slow() -> None:
    names = [name for name in modules() if name.startswith("latentlab.ui")]
    assert "latentlab.ui.frame" in names
    assert loaded_after("\n".join(f"import {name}" for name in names)) == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_pages_import_nothing_slow_at_the_top(page: Path) -> None:
    assert loaded_after("\n".join(ast.unparse(node) for node in at_the_top(page))) == set()


def test_the_home_page_is_drawn_without_anything_slow() -> None:
    script = (
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert not app.exception and app.title[0].value, app.exception"
    )
    assert loaded_after(script) == set()
