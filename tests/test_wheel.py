"""What a wheel brings: the library, the app's pages, its settings and the checkpoints.

It is built of what the Dockerfile copies, and started as the Dockerfile says: all of an image but
the base it stands on, the download of its packages, and Docker itself.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow


def instructions(name: str) -> list[str]:
    """The arguments of every instruction of a kind in the Dockerfile."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{name} ")]


def copied(name: str) -> bool:
    """Whether an image is built with a file of the repository."""
    sources = [source for line in instructions("COPY") for source in line.split()[:-1]]
    return any(name == source or name.startswith(f"{source}/") for source in sources)


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
        if not copied(name) or not (ROOT / name).is_file():
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


def test_an_image_starts_as_nobody_where_nothing_can_be_written(
    installed: Path, tmp_path: Path
) -> None:
    (command,) = (json.loads(line) for line in instructions("CMD"))
    (health,) = (json.loads(line.partition("CMD ")[2]) for line in instructions("HEALTHCHECK"))
    (user,) = instructions("USER")
    assert int(user.partition(":")[0]) > 0
    assert command[0] == "latentlab"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = dict(
        pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line)
    )
    environment = {
        **{key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ},
        **settings,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(installed),
        "STREAMLIT_SERVER_PORT": str(port),
    }
    held = set(installed.parent.rglob("*"))
    log = tmp_path / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if server.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert server.poll() is None, log.read_text()
        code = [part.replace("8501", str(port)) for part in health]
        assert code[0] == "python"
        assert subprocess.run([sys.executable, *code[1:]], check=False).returncode == 0
        with urlopen(f"http://127.0.0.1:{port}/denoise", timeout=30) as page:
            assert b'<div id="root">' in page.read()
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert set(installed.parent.rglob("*")) == held, "nothing is written beside the packages"
