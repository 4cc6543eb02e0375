"""What browsers fetch was made of the sources that lie here."""

import json
import shutil
from pathlib import Path

import pytest
from browser_modules import BROWSER, graph

from latentlab.errors import UnsupportedError
from latentlab.ui.browser import build
from latentlab.ui.browser.build import BUILT, BUNDLES


def outdated(browser: Path, bundles: Path) -> list[str]:
    """What differs from when the bundles were made; needs neither esbuild nor a network."""
    built = json.loads((bundles / BUILT).read_text(encoding="utf-8"))
    found = [] if built["esbuild"] == build.ESBUILD else ["esbuild"]
    for folder, files in ((browser, built["sources"]), (bundles, built["bundles"])):
        for name, digest in files.items():
            file = folder / name
            if not file.is_file() or build.digest(file) != digest:
                found.append(name)
    there = {file.name for file in bundles.iterdir()} - {BUILT}
    return found + sorted(there ^ set(built["bundles"]))


def test_bundles_are_made_of_the_present_sources() -> None:
    assert outdated(BROWSER, BUNDLES) == [], "run: make bundle"


def test_every_source_is_in_a_bundle_and_every_component_has_one() -> None:
    built = json.loads((BUNDLES / BUILT).read_text(encoding="utf-8"))
    assert set(built["sources"]) == set(graph())
    assert set(built["bundles"]) == {Path(entry).name for entry in build.entries()}
    assert {entry for entry in build.entries() if entry not in graph()} == set()


@pytest.mark.parametrize("name", ["shared/live.css", "decoder/kernel.js", "bundles/morph.js"])
def test_an_edit_is_noticed_until_it_is_bundled(name: str, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    shutil.copytree(BROWSER, browser)
    file = browser / name
    text = file.read_text(encoding="utf-8")
    # Other ends of lines, as git gives them on Windows, are no edit.
    file.write_text(text, encoding="utf-8", newline="\r\n")
    assert outdated(browser, browser / "bundles") == []
    file.write_text(text + "\n", encoding="utf-8")
    assert outdated(browser, browser / "bundles") == [name.removeprefix("bundles/")]
    file.unlink()
    assert name.removeprefix("bundles/") in outdated(browser, browser / "bundles")


def test_bundling_again_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_offline", "true")  # tests download nothing
    try:
        build.bundle(tmp_path / "bundles")
    except UnsupportedError as error:
        if error.hint.startswith("Run: ") or "ENOTCACHED" in error.hint:
            pytest.skip("esbuild is not here (make bundle fetches it)")
        raise
    for file in BUNDLES.iterdir():
        assert (tmp_path / "bundles" / file.name).read_bytes() == file.read_bytes(), "make bundle"


def test_without_node_the_build_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnsupportedError, match="no node here to bundle with"):
        build.bundle(tmp_path)
