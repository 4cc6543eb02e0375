"""What a wheel brings: the library, the app's pages, its settings and the checkpoints."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages' folder of a place into which a wheel was unpacked as pip does."""
    pytest.importorskip("setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(("tests/", "docs/", "benchmarks/")) or not (ROOT / name).is_file():
            continue
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(ROOT / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*pip, "-w", str(folder), str(source)], check=True)
    (wheel,) = folder.glob("*.whl")
    place = folder / "prefix"
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            root, _, rest = name.partition("/data/")
            target = place / rest if root.endswith(".data") else place / "lib" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed.read(name))
    return place / "lib"


def ask(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    environment.pop("LATENTLAB_CHECKPOINTS", None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wheel_has_the_checkpoints_and_the_pages(installed: Path, tmp_path: Path) -> None:
    code = """
import latentlab
from latentlab import checkpoints, places
from latentlab.ui.app import contents
assert "prefix" in latentlab.__file__
print(len(checkpoints.names()), (places.root() / ".streamlit" / "config.toml").is_file())
checkpoints.load(checkpoints.names()[0])
assert all(entry.path.is_file() for entry in contents.PAGES), contents.PAGES
"""
    answer = ask(installed, "-c", code, cwd=tmp_path)
    shipped = len([path for path in (ROOT / "checkpoints").iterdir() if path.is_dir()])
    assert answer.stdout.split() == [str(shipped), "True"], answer.stderr


def test_denoise_works_from_a_wheel(installed: Path, tmp_path: Path) -> None:
    import numpy as np
    from PIL import Image

    Image.fromarray(np.full((24, 24, 3), 90, np.uint8)).save(tmp_path / "a.png")
    answer = ask(installed, "-m", "latentlab", "denoise", "a.png", "b.png", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "b.png").is_file()
