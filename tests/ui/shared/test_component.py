"""What Python tells the components in the browser, and how the browser finds their files."""

import base64
import gzip
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from browser_modules import BROWSER, loads
from small_models import small_network, statistics_for
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.starlette.starlette_server_config import GZIP_COMPRESSLEVEL

from latentlab.latents import spaces
from latentlab.models import LatentModel
from latentlab.ui.browser.build import BUNDLES
from latentlab.ui.explore import session, space_file
from latentlab.ui.shared import _streamlit, component

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "latentlab"
# KB on the wire: everything that a component may load, a Worker and the kernel too.
MOST = {
    "latent_sliders": 23,
    "morph": 19,
    "draw_pad": 21,
    "photo_viewer": 18,
    "crop_box": 5,
    "hero": 16,
    "point_cloud": 13,
    "walk": 4,
    "duel": 26,
    "layers": 8,
    "threshold": 8,
    "reel": 20,
    "opinion": 15,
    "freezer": 8,
    "alignment": 24,
    "clouds": 6,
    "tape": 5,
    "matrices": 10,
}
TRAIN = {"duel", "alignment"}  # with a Worker that trains, and its matrices
DECODE = {"latent_sliders", "morph", "draw_pad", "hero"}  # with a Worker and the kernel
RUN = {"reel", "opinion"}  # with the kernel alone


def manifest() -> dict:
    return tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))


def small_space(family: str = "autoencoder") -> spaces.Space:
    network = small_network(family)
    assert isinstance(network, LatentModel)
    return spaces.network_space(network, statistics_for(network.latent_size))


def unpack(text: str) -> torch.Tensor:
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), "<f4").copy())


# --- files -----------------------------------------------------------------------------------


def test_streamlit_finds_every_component() -> None:
    from streamlit.components.v2.manifest_scanner import scan_component_manifests

    found = {
        f"{listed.name}.{part.name}": part.resolve_asset_root(root)
        for listed, root in scan_component_manifests()
        for part in listed.components
        if listed.name == "latentlab"
    }
    parts = manifest()["tool"]["streamlit"]["component"]["components"]
    assert found == {f"latentlab.{part['name']}": BROWSER for part in parts}
    for name in found:
        for ending in ("js", "css"):
            assert (BUNDLES / f"{name.partition('.')[2]}.{ending}").is_file()


def test_a_wheel_holds_what_browsers_load() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest()["project"]["name"] == whole["project"]["name"] == "latentlab"
    patterns = whole["tool"]["setuptools"]["package-data"]["latentlab"]
    held = {file for pattern in patterns for file in PACKAGE.glob(pattern)}
    wanted = {PACKAGE / "pyproject.toml"} | {BROWSER / name for name in fetched(*MOST)}
    assert wanted - held == set()
    assert BROWSER / "decoder" / "kernel.wasm" in wanted


def fetched(*components: str) -> set[str]:
    """Paths below BROWSER of everything that browsers may ask for."""
    waiting = [f"bundles/{name}.{ending}" for name in components for ending in ("js", "css")]
    found: set[str] = set()
    while waiting:
        found.add(name := waiting.pop())
        if name.endswith(("js", "css")):
            waiting += loads(name, (BROWSER / name).read_text(encoding="utf-8")) - found
    return found


@pytest.mark.parametrize(("name", "most"), MOST.items())
def test_what_a_component_loads_is_small_and_in_few_files(name: str, most: int) -> None:
    files = fetched(name)
    decodes = {"bundles/worker.js", "decoder/kernel.wasm"} if name in DECODE else set()
    decodes |= {"decoder/kernel.wasm"} if name in RUN else set()
    trains = {"bundles/trainer.js", "training/matrix.wasm"} if name == "duel" else set()
    trains = {"bundles/trainer.js", "training/matrix.wasm"} if name in TRAIN else set()
    assert files == {f"bundles/{name}.js", f"bundles/{name}.css"} | decodes | trains
    # As Streamlit's server sends them: gzipped, like any file that is not compressed already.
    sizes = {
        file: len(gzip.compress((BROWSER / file).read_bytes(), GZIP_COMPRESSLEVEL))
        for file in files
    }
    assert sum(sizes.values()) <= most * 1024, sizes


# --- what is published -----------------------------------------------------------------------


def test_equal_data_has_one_address_and_weights_are_not_compressed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES

    class Runtime:
        media_file_mgr = MediaFileManager(MemoryMediaFileStorage("/media"))

    monkeypatch.setattr(_streamlit.runtime, "exists", lambda: True)
    monkeypatch.setattr(_streamlit.runtime, "get_instance", lambda: Runtime)
    first = component.publish(b"weights", "application/gzip", "one")
    assert first.startswith("/media/")
    assert component.publish(b"weights", "application/gzip", "another") == first
    assert component.publish(b"others", "application/gzip", "one") != first
    assert "application/gzip" in DEFAULT_EXCLUDED_CONTENT_TYPES


def test_without_a_server_nothing_is_published() -> None:
    assert component.publish(b"weights", "application/gzip", "one") == ""


@pytest.mark.parametrize("family", ["autoencoder", "denoising_autoencoder", "vae", "gan"])
def test_the_axes_in_the_file_are_those_of_the_core(family: str) -> None:
    space = small_space(family)
    content = json.loads(space_file.space(space))
    z = torch.linspace(-1, 1, space.size)
    assert list(content["axes"]) == list(spaces.kinds(space))
    for kind, axes in content["axes"].items():
        for axis, told in zip(spaces.axes(space, kind), axes, strict=False):
            place = float(unpack(told["direction"]) @ z) - told["offset"]
            assert place == pytest.approx(axis.coordinate(z), abs=1e-5)
            assert (told["name"], told["low"], told["high"]) == (axis.name, axis.low, axis.high)
    names = [axis["name"] for axes in content["axes"].values() for axis in axes]
    assert set(content["linked"]) <= set(names)
    assert content["draw"]["prior"] == space.has_prior
    assert content["plane"] is None


def test_a_plane_in_the_file_has_the_codes_and_the_regions_of_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import small_models

    monkeypatch.setitem(small_models.SMALL["autoencoder"], "latent_size", 2)
    space = small_space()
    codes = torch.tensor([[-2.0, 0.0], [-1.9, 0.0], [2.0, 0.0], [1.9, 0.0]])
    labels = np.array([0, 0, 1, 1])
    told = space_file.plane(space, codes, labels, ("left", "right"), "side")
    assert unpack(told["points"]).reshape(-1, 2).tolist() == codes.tolist()
    assert [entry["name"] for entry in told["classes"]] == ["left", "right"]
    assert list(base64.b64decode(told["labels"])) == labels.tolist()
    assert "4 test pictures by side" in told["caption"]
    empty = space_file.plane(space, codes[:0], labels[:0], ("left", "right"), "side")
    assert empty["regions"] is None and empty["points"] == ""


# --- what is reported ------------------------------------------------------------------------

HONEST = {"origin": "here", "at": [1.00049, -2, 0.5], "n": 7}


def test_an_honest_report_is_rounded_as_an_address_is() -> None:
    report = session.read_report(HONEST, "here", 3)
    assert report == session.Report("here", (1.0, -2.0, 0.5), 7)
    at_start = session.read_report({**HONEST, "at": None}, "here", 3)
    assert at_start == session.Report("here", None, 7)


@pytest.mark.parametrize(
    "report",
    [
        None,
        "z",
        [],
        {},
        {**HONEST, "origin": "there"},
        {**HONEST, "at": [1, 2]},
        {**HONEST, "at": [1, 2, 1e5]},
        {**HONEST, "at": [1, 2, float("nan")]},
        {**HONEST, "at": [1, 2, 10**400]},
        {**HONEST, "at": {"0": 1}},
        {**HONEST, "n": 7.0},
        {**HONEST, "n": True},
        {**HONEST, "n": 2**53},
    ],
    ids=str,
)
def test_nonsense_is_no_report(report: object) -> None:
    assert session.read_report(report, "here", 3) is None
