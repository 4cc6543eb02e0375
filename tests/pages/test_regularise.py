"""The Regularise page, without a browser."""

import base64
import json
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
from latentlab.data import datasets
from latentlab.experiments import Curve, Result
from latentlab.experiments import regularise as experiment
from latentlab.tasks import regularise
from latentlab.ui.regularise import holes

K = 6


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, **fields: Any) -> None:
    """A small untrained model of the study."""
    made = small_models.card_for

    def card_for(*args: Any) -> ModelCard:
        return replace(made(*args), study="regularise")

    with monkeypatch.context() as patch:
        patch.setattr(small_models, "card_for", card_for)
        write_checkpoint(folder, name, **fields)


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Every column, the sparse one and the VAE in two versions; no other models."""
    kept = {"sparse": ("usual", "strong"), "vae": ("b1", "collapsed")}
    for column in regularise.COLUMNS:
        if column.name == regularise.PCA:
            continue
        for version in column.versions:
            if version.name in kept.get(column.name, (column.usual,)):
                name = regularise.checkpoint(column, "mnist", version)
                size = regularise.DIMENSIONS if column.name == "vae" else K
                code = {"code": "sigmoid"} if column.family == "shallow_autoencoder" else {}
                written(tmp_path, monkeypatch, name, latent_size=size, **code)
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def live(app) -> dict[str, Any]:
    return told(app, "columns")


def test_one_picture_goes_through_every_network(zoo: Path, open_page: Callable) -> None:
    app = open_page("regularise")
    assert not app.exception and not app.error and not app.warning
    data = live(app)
    assert [one["column"] for one in data["tried"]] == [c.name for c in regularise.COLUMNS]
    x = np.frombuffer(base64.b64decode(data["picture"]["values"]), "<f4")
    assert np.array_equal(x, datasets.get("mnist").samples().tensor()[0].flatten().numpy())
    for one in data["tried"]:
        again = np.frombuffer(base64.b64decode(one["again"]), np.uint8) / 255
        assert np.square(again - x).mean() == pytest.approx(one["error"], abs=1e-3)
        assert one["loss"][0] > 0
    sparse = next(column for column in data["columns"] if column["name"] == "sparse")
    assert [version["name"] for version in sparse["versions"]] == ["usual", "strong"]
    assert all(version["chain"] for column in data["columns"] for version in column["versions"])


def test_settings_in_the_browser_are_held_by_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("regularise")
    data = live(app)
    chosen = data["chosen"] | {"sparse": "strong"}
    report(app, "columns", chosen={"chosen": chosen, "sigma": 0.55, "roll": 3})
    assert app.query_params["regularise_sparse"] == "strong"
    assert app.query_params["regularise_sigma"] == "0.55"
    assert app.query_params["regularise_roll"] == "3"
    again = live(
        open_page(
            "regularise", regularise_sparse="strong", regularise_sigma=0.55, regularise_roll=3
        )
    )
    assert (again["chosen"]["sparse"], again["sigma"], again["roll"]) == ("strong", 0.55, 3)
    tried = {one["column"]: one for one in again["tried"]}
    before = {one["column"]: one for one in data["tried"]}
    assert tried["plain"]["again"] == before["plain"]["again"]
    assert tried["plain"]["noisy"] != before["plain"]["noisy"]
    assert tried["plain"]["invented"] != before["plain"]["invented"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"sigma": 9.0},
        {"sigma": True},
        {"sigma": float("nan")},
        {"roll": -1},
        {"roll": 16},
        {"roll": "1"},
        {"chosen": {"sparse": "strong"}},
        {"chosen": None},
        "all",
    ],
)
def test_what_are_no_settings_changes_nothing(
    zoo: Path, open_page: Callable, chosen: object
) -> None:
    app = open_page("regularise")
    before = live(app)
    usual = {key: before[key] for key in ("chosen", "sigma", "roll")}
    report(app, "columns", chosen=usual | chosen if isinstance(chosen, dict) else chosen)
    assert not app.exception and not app.error
    assert {key: live(app)[key] for key in usual} == usual


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"regularise_sparse": "absurd"}, "Sparse"),
        ({"regularise_sigma": "2"}, "Noise σ"),
        ({"regularise_sigma": "nan"}, "Noise σ"),
        ({"regularise_roll": "16"}, "Random code"),
        ({"regularise_feed": "perhaps"}, "Feed pure noise instead"),
        ({"regularise_section": "attic"}, "Section"),
        ({"regularise_section": "sampling", "regularise_beta": "7"}, "β"),
        ({"regularise_section": "sampling", "regularise_draw": "x"}, "Draw"),
        ({"regularise_section": "holes", "regularise_seed": "-1"}, "Other random codes"),
    ],
)
def test_a_setting_that_does_not_exist_is_one_sentence(
    zoo: Path, open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("regularise", **setting)
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert f"settings that do not exist here: {title} “" in app.warning[0].value


def test_pure_noise_is_fed_and_taken_away_again(zoo: Path, open_page: Callable) -> None:
    app = open_page("regularise")
    button = next(one for one in app.button if one.label == "Copying")
    button.click().run()
    assert live(app)["noise"] and app.query_params["regularise_feed"] == "true"
    next(one for one in app.button if one.label == "A picture again").click().run()
    assert not live(app)["noise"] and not app.exception


def test_a_vae_by_hand_collapses_and_is_mended(zoo: Path, open_page: Callable) -> None:
    app = open_page("regularise", regularise_section="sampling")
    data = told(app, "gaussian")
    assert data["version"] == "b1" and len(data["rolls"]) == regularise.ROLLS
    assert len(data["tried"]["decoded"]) == len(data["rolls"][0]) == 8
    next(one for one in app.button if one.label == "Collapse it").click().run()
    assert told(app, "gaussian")["version"] == "collapsed"
    assert app.query_params["regularise_beta"] == "collapsed"
    next(one for one in app.button if one.label == "β = 1").click().run()
    assert told(app, "gaussian")["version"] == "b1" and "regularise_beta" not in app.query_params
    report(app, "gaussian", chosen={"version": "collapsed", "roll": 2})
    assert app.query_params["regularise_draw"] == "2"
    report(app, "gaussian", chosen={"version": "b7", "roll": 2})
    assert told(app, "gaussian")["version"] == "collapsed" and not app.exception


def test_the_server_computes_where_a_link_asks_for_it(zoo: Path, open_page: Callable) -> None:
    data = live(open_page("regularise", decode="server"))
    assert "asks the server" in data["reason"] and data["tried"]
    assert not any(version["chain"] for column in data["columns"] for version in column["versions"])


def test_holes_say_which_models_are_missing(zoo: Path, open_page: Callable) -> None:
    app = open_page("regularise", regularise_section="holes", regularise_mend="true")
    assert not app.exception and not app.error
    assert len(app.info) == 1 and "And 8 more" in app.info[0].value


def test_random_codes_are_judged_by_the_classifier(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(zoo, monkeypatch, holes.PLAIN, latent_size=2)
    written(zoo, monkeypatch, "classifier.mnist")
    app = open_page("regularise", regularise_section="holes")
    assert not app.exception and not app.error
    said = next(one.value for one in app.markdown if one.value.startswith("**What random codes"))
    assert "100% with an autoencoder of 2 numbers" in said, "an untrained classifier is never sure"


def test_without_any_network_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("regularise")
    assert not app.exception and app.subheader[0].value == "No trained model here yet"


def test_a_damaged_network_is_one_sentence_and_the_others_stay(
    zoo: Path, open_page: Callable
) -> None:
    (zoo / "sparse_autoencoder.mnist_k256" / "model.safetensors").write_bytes(b"x")
    app = open_page("regularise")
    assert not app.exception and len(app.warning) == 1
    names = [one["column"] for one in live(app)["tried"]]
    assert "sparse" not in names and {"pca", "plain", "vae"} <= set(names)


# --- what was measured ---------------------------------------------------------------------------


def _result() -> Result:
    """Numbers of a test: PCA reads best, denoising cleans best, the VAE invents best."""
    values = {
        "probe": {"plain": 0.90, "denoising": 0.91, "vae_b1": 0.92},
        "noisy": {"plain": 0.03, "denoising": 0.01, "vae_b1": 0.05},
        "coverage": {"plain": 0.0, "denoising": 0.01, "vae_b1": 0.4},
        "error": {"plain": 0.004, "denoising": 0.008, "vae_b1": 0.02},
        "active": {"vae_b1": 11.0},
    }
    baseline = {"probe": 0.93, "noisy": 0.02, "coverage": 0.02, "error": 0.001}
    lines = {line.name: line for line in experiment.experiments.get("regularise").lines}
    curves = []
    for measure, by_network in values.items():
        rows = tuple(tuple(v + d for v in by_network.values()) for d in (-0.001, 0.001))
        curves.append(Curve(lines[f"mnist.{measure}"], tuple(by_network), rows))
        if measure in baseline:
            line = lines[f"mnist.{measure}.pca"]
            curves.append(Curve(line, ("pca_256",), ((baseline[measure],),)))
    return Result(
        experiment="regularise",
        version=1,
        quick=False,
        budget="a test",
        seeds=(0, 1),
        curves=tuple(curves),
        seconds=1.0,
        machine="a test",
    )


def test_where_pca_wins_the_page_says_so(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "load", lambda name: _result())
    app = open_page("regularise")
    said = next(one.value for one in app.markdown if one.value.startswith("**Noise**"))
    assert "undone by Denoising: error 0.0100 (best PCA: 0.0200)" in said
    assert "reads most from PCA with 256 numbers: 93.0 % (best network, VAE, β = 1: 92.0)" in said
    assert "with VAE, β = 1: 40.0 % (best PCA: 2.0)" in said
    table = next(one.proto.body for one in app.get("html") if "scores" in one.proto.body)
    assert table.count("<em>best</em>") == 4 and "± 0.0014" in table
    # A network that was not measured is in no row.
    assert "Contractive" not in table and json.dumps("Denoising")[1:-1] in table
