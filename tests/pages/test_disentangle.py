"""The Disentangle page, without a browser."""

from pathlib import Path

import pytest
from small_models import write_checkpoint

from latentlab import checkpoints
from latentlab.experiments.disentanglement import MODEL
from latentlab.tasks import disentangle
from latentlab.ui.disentangle import results

STUDIED = "vae.toon_faces_k32_tc16"


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """One small untrained model of the study."""
    write_checkpoint(tmp_path, STUDIED, data="toon_faces", image_shape=(3, 64, 64), latent_size=32)
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def html(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_a_model_has_two_maps_and_its_pictures(zoo: Path, open_page) -> None:
    app = open_page("disentangle", disentangle_model=STUDIED)
    assert not app.exception
    shown = html(app)
    assert shown.count("class='heat'") == 2 and shown.count("class='sweep'") == 1
    assert shown.count("<td style='--part:") == 2 * 16 * 13
    assert any("a perfect code gets" in text.value for text in app.markdown)


def test_the_slider_goes_over_every_weight_of_the_series(zoo: Path, open_page) -> None:
    app = open_page("disentangle")
    (slider,) = app.select_slider
    assert slider.options == [f"β = {beta}" for beta in disentangle.series().values()]
    shown = set()
    for beta in disentangle.series().values():
        app = open_page("disentangle", disentangle_beta=str(beta))
        assert not app.exception and not app.warning
        (answer,) = [text.value for text in app.markdown if "a perfect code gets" in text.value]
        assert answer.startswith(f"**β = {beta}:**")
        shown.add(html(app))
    assert len(shown) == len(disentangle.series())
    assert not open_page("disentangle", disentangle_model=STUDIED).select_slider


def test_a_code_that_nothing_decodes_has_maps_alone(zoo: Path, open_page) -> None:
    app = open_page("disentangle", disentangle_model="perfect")
    shown = html(app)
    assert not app.exception and "class='heat'" in shown and "class='sweep'" not in shown


def test_a_model_that_is_not_here_has_maps_alone(zoo: Path, open_page) -> None:
    app = open_page("disentangle", disentangle_model=MODEL)
    assert not app.exception and "class='sweep'" not in html(app)


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({"disentangle_model": "vae.mnist_k16"}, "Code"),
        ({"disentangle_beta": "3"}, "Weight β of the rate"),
        ({"disentangle_score": "1"}, "Score against the error"),
    ],
)
def test_a_link_that_cannot_be_used_is_one_sentence(
    zoo: Path, open_page, settings: dict[str, str], title: str
) -> None:
    app = open_page("disentangle", **settings)
    assert not app.exception and len(app.warning) == 1
    assert f"settings that do not exist here: {title} “" in app.warning[0].value


def test_maps_that_are_not_there_are_a_calm_panel(
    zoo: Path, open_page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from latentlab.experiments import disentanglement_maps

    monkeypatch.setattr(results, "maps", lambda: disentanglement_maps.load(tmp_path / "none.npz"))
    app = open_page("disentangle")
    assert not app.exception
    assert [one.value for one in app.subheader] == ["Nothing has been measured yet"]
