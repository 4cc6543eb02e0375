"""The Anomaly page, without a browser."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_models
from browser_reports import report, told
from small_models import write_checkpoint

from latentlab import checkpoints, experiments
from latentlab.checkpoints import ModelCard
from latentlab.errors import UnsupportedError
from latentlab.experiments import Curve, Result
from latentlab.experiments import anomaly as experiment
from latentlab.experiments.base import experiments as registered
from latentlab.tasks import anomaly

NETWORKS = ("ae", "vae_bound")


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Untrained networks of digit 8, and one of a training that was not clean; no others."""
    made = small_models.card_for

    def card_for(*args: Any) -> ModelCard:
        return replace(made(*args), study="anomaly")

    with monkeypatch.context() as patch:
        patch.setattr(small_models, "card_for", card_for)
        for score in NETWORKS:
            write_checkpoint(tmp_path, anomaly.checkpoint(score, "mnist", 8))
        write_checkpoint(tmp_path, anomaly.checkpoint("ae", "mnist", 8, 20))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def live(app) -> dict[str, Any]:
    return told(app, "threshold")


def scores(app, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(live(app)[name]), "<f4")


@pytest.mark.parametrize("score", anomaly.SCORES)
def test_a_picture_is_scored_among_the_test_pictures(
    zoo: Path, open_page: Callable, score: str
) -> None:
    app = open_page("anomaly", anomaly_normal=8, anomaly_score=score)
    assert not app.exception and not app.error and not app.warning
    data = live(app)
    normal, outliers = scores(app, "normal"), scores(app, "outliers")
    assert (len(normal), len(outliers)) == (200, 1800)
    # The page begins with a picture that ships, whose score is one of these.
    everything = np.concatenate([normal, outliers])
    assert np.isclose(everything, data["score"], rtol=1e-4).any()
    assert data["at"] is None and data["normalName"] == "digit 8"
    assert 0 < (normal > data["suggested"]).mean() < 0.2


def test_where_the_threshold_rests_is_held_by_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("anomaly", anomaly_normal=8)
    report(app, "threshold", at=321)
    assert app.query_params["anomaly_at"] == "321"
    again = open_page("anomaly", anomaly_normal=8, anomaly_at=321)
    assert live(again)["at"] == 321
    # Other scores have another scale: their threshold begins anew.
    again.selectbox(key="anomaly_score").select("pca").run()
    assert live(again)["at"] is None and "anomaly_at" not in again.query_params


@pytest.mark.parametrize("at", [-1, 1001, True, "7", None, {"at": 3}])
def test_what_is_no_position_changes_nothing(zoo: Path, open_page: Callable, at: object) -> None:
    app = open_page("anomaly", anomaly_normal=8)
    report(app, "threshold", at=at)
    assert not app.exception and not app.error and live(app)["at"] is None


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"anomaly_section": "attic"}, "Section"),
        ({"anomaly_data": "toon_faces"}, "Data set"),
        ({"anomaly_normal": "10", "anomaly_score": "pca"}, "Normal is"),
        ({"anomaly_score": "<b>"}, "Score"),
        ({"anomaly_at": "1001"}, "Threshold"),
        ({"anomaly_pic": "99999999"}, "Picture"),
    ],
)
def test_a_setting_that_does_not_exist_is_one_sentence(
    zoo: Path, open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("anomaly", **({"anomaly_normal": "8"} | setting))
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert f"settings that do not exist here: {title} “" in app.warning[0].value


def test_a_class_whose_network_is_missing_is_one_sentence(zoo: Path, open_page: Callable) -> None:
    app = open_page("anomaly", anomaly_normal="3")
    assert not app.exception and len(app.error) == 1
    assert "not here yet" in app.error[0].value and "latentlab train" in app.error[0].value
    assert not open_page("anomaly", anomaly_normal="3", anomaly_score="pca").error


def test_without_any_network_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("anomaly", anomaly_normal=8)
    assert not app.exception and app.subheader[0].value == "No trained model here yet"


def test_break_it_feeds_pictures_of_nothing_and_mend_it_shows_another_score(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("anomaly", anomaly_normal=8)
    app.button(key="anomaly.break").click().run()
    assert app.query_params["anomaly_section"] == "simple"
    said = [one.value for one in app.markdown if one.value.startswith("**Autoencoder")]
    assert len(said) == 1 and "smoothed" not in said[0]
    app.button(key="anomaly.repair").click().run()
    assert not app.exception and not app.error
    said = [one.value for one in app.markdown if one.value.startswith("**Autoencoder")]
    assert "smoothed error" in said[0]
    app.button(key="anomaly.break").click().run()
    assert app.session_state["anomaly_mend"] is False


def test_hindsight_is_shown_beside_its_mend(zoo: Path, open_page: Callable) -> None:
    app = open_page("anomaly", anomaly_section="hindsight", anomaly_score="pca")
    said = next(one.value for one in app.markdown if one.value.startswith("By hindsight"))
    assert "held-out" not in said
    app.button(key="anomaly.repair").click().run()
    assert not app.exception and not app.error
    said = next(one.value for one in app.markdown if one.value.startswith("By hindsight"))
    assert "From held-out normal pictures: promised 5 %" in said


# --- what was measured -------------------------------------------------------------------------


def _result(name: str) -> Result:
    lines = registered.get(name).lines
    xs = experiment.CLASSES if name == "anomaly" else (0, 5, 10, 20)
    level = {"pca": 0.9, "ae": 0.95, "knn": 0.8}
    curves = []
    for line in lines:
        value = level.get(line.name.split("_")[0].split(".")[0], 0.85)
        rows = tuple(tuple(value + 0.001 * s for _ in xs) for s in range(2 if line.seeded else 1))
        curves.append(Curve(line, xs, rows))
    return Result(
        experiment=name,
        version=1,
        quick=False,
        budget="a test",
        seeds=(0, 1),
        curves=tuple(curves),
        seconds=1.0,
        machine="a test",
    )


def test_the_table_has_our_rows_and_those_in_print(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "load", _result)
    app = open_page("anomaly", anomaly_section="table", anomaly_data="fashion_mnist")
    assert not app.exception and not app.error
    assert any(one.value.startswith("**Autoencoder") for one in app.markdown)
    table = next(one.proto.body for one in app.get("html") if "class='areas'" in one.proto.body)
    assert table.count("<tr") == 1 + len(experiment.METHODS) + 2
    assert "Golan" in table and "93.5" in table and "OCGAN" not in table and "T-shirt" in table


def test_training_that_was_not_clean_is_held_against_what_was(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "load", _result)
    app = open_page("anomaly", anomaly_section="dirty", anomaly_percent="20")
    assert not app.exception and not app.error
    assert any(one.value.startswith("With **20 %** others") for one in app.markdown)
    assert len(app.get("plotly_chart")) == 1 and live(app)["score"] is None
    assert any("lost from 0 to 20 %: PCA, 16 components 0.000" in one.value for one in app.caption)


@pytest.mark.parametrize("section", ["table", "dirty"])
def test_without_a_result_the_page_says_so(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch, section: str
) -> None:
    def load(name: str) -> Result:
        raise UnsupportedError("The experiment has no result yet.", "Measure it.")

    monkeypatch.setattr(experiments, "load", load)
    app = open_page("anomaly", anomaly_section=section)
    assert not app.exception and not app.error
    assert "has no result yet" in app.info[0].value
