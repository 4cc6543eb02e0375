"""The imports go one way, and the first page loads nothing slow."""

import ast
import subprocess
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "latentlab"
SLOW = ("torch", "sklearn", "skimage", "scipy", "umap")

# The rooms of the core, from the ground up: a module imports from its own room and from those above
# it in this list. Function bodies count: an import that is put off is an import.
ORDER = (
    "errors",
    "places",
    "registry",
    "kinds",
    "records",
    "models",
    "metrics",
    "pictures",
    "noise",
    "baselines",
    "data",
    "latents",
    "adversaries",
    "adaptation",
    "sequences",
    "checkpoints",
    "export",
    "restoration",
    "stories",
    "evaluation",
    "training",
    "experiments",
    "tasks",
    "ui.shared",
    "ui.<page>",
    "ui.app",
    "__main__",
)
SHARE = 0.25  # of all lines, that one folder may hold by its own files
# What trains models stands beside the app, which only shows what came of it.
BESIDE = ("training",)


def modules() -> dict[str, Path]:
    """Dotted name -> file, for every module of the package."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def room(module: str) -> str:
    """The entry of ORDER to which a module belongs; "" for the package itself."""
    parts = module.split(".")[1:]
    if not parts:
        return ""
    if parts[0] != "ui":
        return parts[0]
    if len(parts) == 1 or parts[1] in ("shared", "app", "browser"):
        return {"browser": "ui.shared"}.get(
            ".".join(parts[1:2]), f"ui.{parts[1]}" if parts[1:] else ""
        )
    return "ui.<page>"


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


def graph() -> dict[str, set[str]]:
    """Every module with the modules of ours that it imports, anywhere in its file."""
    known = modules()
    found = {}
    for name, file in known.items():
        found[name] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("latentlab"):
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    found[name].add(full if full in known else str(node.module))
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names if alias.name in known}
        found[name] -= {name, "latentlab"}
    return found


def test_every_room_is_in_the_order() -> None:
    assert {room(name) for name in modules()} - {""} <= set(ORDER)


def test_imports_go_one_way() -> None:
    rank = {name: place for place, name in enumerate(ORDER)}
    wrong = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if room(name) and room(other) and rank[room(other)] > rank[room(name)]
    ]
    assert wrong == []


def test_the_app_imports_nothing_that_trains() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if room(name).startswith(("tasks", "ui")) and room(other) in BESIDE
    ]
    assert wrong == []


def test_pages_and_tasks_know_no_other_page_or_task() -> None:
    def owner(module: str) -> str:
        return ".".join(module.split(".")[:3])

    wrong = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if room(name) == room(other) and room(name) in ("ui.<page>", "tasks")
        if owner(name) != owner(other)
        if owner(other) not in ("latentlab.tasks", "latentlab.ui")
    ]
    assert wrong == []


def test_modules_do_not_import_one_another_in_a_circle() -> None:
    order = TopologicalSorter(graph()).static_order()  # raises CycleError, naming the circle
    assert set(modules()) - {"latentlab"} <= set(order) | {"latentlab"}


def test_no_folder_holds_more_than_a_quarter_of_all_lines() -> None:
    endings = ("py", "js", "c", "css")
    files = [file for ending in endings for file in PACKAGE.rglob(f"*.{ending}")]
    sources = [file for file in files if file.parent.name != "bundles"]  # made, not written
    lines: Counter[Path] = Counter()
    for file in sources:
        lines[file.parent] += len(file.read_text(encoding="utf-8").splitlines())
    total = sum(lines.values())
    crowded = {str(folder): n for folder, n in lines.items() if n > SHARE * total}
    assert total > 10_000 and crowded == {}


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
    from latentlab.ui.app import contents

    assert {entry.name for entry in contents.PAGES} == {page.stem for page in pages()}
    for entry in contents.PAGES:
        assert entry.cover.is_file()


def test_app_is_nothing_but_the_frame() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in tree.body[1:]] == [
        "from latentlab.ui.app import frame",
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
    assert "latentlab.ui.app.frame" in names
    assert loaded_after("\n".join(f"import {name}" for name in names)) == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_pages_import_nothing_slow_at_the_top(page: Path) -> None:
    assert loaded_after("\n".join(ast.unparse(node) for node in at_the_top(page))) == set()


def test_the_home_page_is_drawn_without_anything_slow() -> None:
    script = (
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert not app.exception and app.get('html'), app.exception"
    )
    assert loaded_after(script) == set()
