"""The Bottleneck page, without a browser."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_models
import torch
from browser_reports import report, told
from safetensors.torch import save_file
from small_models import small_network, write_checkpoint

from latentlab import checkpoints, experiments
from latentlab.checkpoints import ModelCard
from latentlab.data import datasets
from latentlab.errors import UnsupportedError
from latentlab.experiments import Axis, Curve, Line, Result
from latentlab.tasks import bottleneck
from latentlab.ui.bottleneck import results

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1, 8, 64)


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, **fields: Any) -> None:
    """A small untrained model of the study."""
    made = small_models.card_for

    def card_for(*args: Any) -> ModelCard:
        return replace(made(*args), study="bottleneck")

    with monkeypatch.context() as patch:
        patch.setattr(small_models, "card_for", card_for)
        write_checkpoint(folder, name, **fields)


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Networks of some sizes, linear ones among them; no others."""
    for k in SIZES:
        for method in ("linear", "autoencoder"):
            name = bottleneck.checkpoint(method, "mnist", k)
            written(tmp_path, monkeypatch, name, latent_size=k)
    written(tmp_path, monkeypatch, results.WIDE, latent_size=1024)
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def live(app) -> dict[str, Any]:
    return told(app, "squeeze")


def test_one_picture_is_made_again_at_every_k_by_every_method(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("bottleneck")
    assert not app.exception and not app.error and not app.warning
    data = live(app)
    made = {(one["method"], one["k"]): one for one in data["tried"]}
    assert set(made) == {("pca", k) for k in bottleneck.SIZES} | {
        (method, k) for method in ("linear", "autoencoder") for k in SIZES
    }
    x = np.frombuffer(base64.b64decode(data["picture"]["values"]), "<f4")
    assert np.array_equal(x, datasets.get("mnist").samples().tensor()[0].flatten().numpy())
    one = made["pca", 64]
    again = np.frombuffer(base64.b64decode(one["pixels"]), np.uint8) / 255
    assert np.square(again - x).mean() == pytest.approx(one["error"], abs=1e-4)
    # PCA's error falls with k, whatever else is here.
    errors = [made["pca", k]["error"] for k in bottleneck.SIZES]
    assert errors == sorted(errors, reverse=True)
    # What browsers fetch: every network once, of PCA the largest alone.
    chains = {row["name"]: sorted(map(int, row["chains"])) for row in data["rows"]}
    assert chains == {"pca": [64], "linear": list(SIZES), "autoencoder": list(SIZES)}
    # Those that are not here yet are named.
    assert any("2, 4, 16 and 32 numbers are not here yet" in one.value for one in app.caption)


def test_a_choice_in_the_browser_is_held_by_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("bottleneck")
    assert "bottleneck_k" not in app.query_params and live(app)["k"] == 8
    report(app, "squeeze", chosen={"k": 64, "opened": "pca"})
    assert app.query_params["bottleneck_k"] == "64"
    assert app.query_params["bottleneck_opened"] == "pca"
    again = open_page("bottleneck", bottleneck_k=64, bottleneck_opened="pca")
    assert (live(again)["k"], live(again)["opened"]) == (64, "pca")


@pytest.mark.parametrize(
    "chosen",
    [
        {"k": 3, "opened": "pca"},
        {"k": True, "opened": "pca"},
        {"k": 8, "opened": "denoiser"},
        {"k": 8},
        "8",
        None,
    ],
)
def test_what_is_no_choice_changes_nothing(zoo: Path, open_page: Callable, chosen: object) -> None:
    app = open_page("bottleneck")
    report(app, "squeeze", chosen=chosen)
    assert not app.exception and not app.error
    assert (live(app)["k"], live(app)["opened"]) == (8, "autoencoder")


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"bottleneck_k": "3"}, "k"),
        ({"bottleneck_k": "8.0"}, "k"),
        ({"bottleneck_opened": "<b>"}, "Opened network"),
        ({"bottleneck_data": "toon_faces"}, "Data set"),
        ({"bottleneck_section": "attic"}, "Section"),
        ({"bottleneck_pic": "99999999"}, "Picture"),
        ({"bottleneck_section": "linear", "bottleneck_moment": "-1"}, "Moment"),
    ],
)
def test_a_setting_that_does_not_exist_is_one_sentence(
    zoo: Path, open_page: Callable, setting: dict[str, str], title: str
) -> None:
    _keep_moments(zoo)
    app = open_page("bottleneck", **setting)
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert f"settings that do not exist here: {title} “" in app.warning[0].value


def test_the_server_computes_where_a_link_asks_for_it(zoo: Path, open_page: Callable) -> None:
    data = live(open_page("bottleneck", decode="server"))
    assert "asks the server" in data["reason"]
    assert all(not row["chains"] for row in data["rows"]) and data["tried"]


def test_without_any_network_the_page_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("bottleneck")
    assert not app.exception and app.subheader[0].value == "No trained model here yet"


def test_a_damaged_network_is_one_sentence_and_the_others_stay(
    zoo: Path, open_page: Callable
) -> None:
    (zoo / bottleneck.checkpoint("autoencoder", "mnist", 8) / "model.safetensors").write_bytes(b"x")
    app = open_page("bottleneck")
    assert not app.exception and len(app.warning) == 1
    assert ("autoencoder", 64) in {(one["method"], one["k"]) for one in live(app)["tried"]}


# --- curves ------------------------------------------------------------------------------------


def _result() -> Result:
    def curve(method: str, baseline: bool, *means: float) -> Curve:
        line = Line(
            name=f"{method}.mnist.probe",
            label={"pca": "PCA", "autoencoder": "Autoencoder"}[method],
            group="mnist.probe",
            y=Axis("accuracy"),
            higher_is_better=True,
            baseline=baseline,
            seeded=not baseline,
        )
        rows = (means,) if baseline else tuple(tuple(m + d for m in means) for d in (-0.01, 0.01))
        return Curve(line, (2, 8, 64), rows)

    curves = (
        curve("pca", True, 0.4, 0.8, 0.92),
        curve("autoencoder", False, 0.6, 0.85, 0.9),
    )
    return Result(
        experiment="bottleneck",
        version=1,
        quick=False,
        budget="a test",
        seeds=(0, 1),
        curves=curves,
        seconds=1.0,
        machine="a test",
    )


def test_where_pca_wins_the_page_says_so(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "load", lambda name: _result())
    app = open_page("bottleneck", bottleneck_measure="probe")
    assert not app.exception and not app.error
    assert any(
        one.value == "**PCA wins, too:** it lets a linear classifier read more than the"
        " autoencoder at k = 64."
        for one in app.markdown
    )
    assert len(app.get("plotly_chart")) == 1


def test_without_a_result_the_page_says_so(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> Result:
        raise UnsupportedError("The experiment has no result yet.", "Measure it.")

    monkeypatch.setattr(experiments, "load", load)
    app = open_page("bottleneck")
    assert not app.exception and not app.error
    assert "has no result yet" in app.info[0].value


# --- a linear autoencoder over its training ------------------------------------------------------


def _keep_moments(zoo: Path, count: int = 3) -> None:
    """Give the linear autoencoder of 8 numbers moments of a training, as a real one has."""
    folder = zoo / bottleneck.checkpoint("linear", "mnist", 8)
    network = small_network("linear_autoencoder", latent_size=8)
    moments = {
        name: torch.stack([tensor + 0.01 * n for n in range(count)]).half()
        for name, tensor in network.state_dict().items()
    }
    save_file(moments | {"steps": torch.arange(count) * 10}, folder / "snapshots.safetensors")
    listed = json.loads((folder / checkpoints.MANIFEST).read_text())
    data = (folder / "snapshots.safetensors").read_bytes()
    listed["snapshots.safetensors"] = hashlib.sha256(data).hexdigest()
    (folder / checkpoints.MANIFEST).write_text(json.dumps(listed))


def test_the_axes_turn_over_the_moments_of_a_training(zoo: Path, open_page: Callable) -> None:
    _keep_moments(zoo)
    app = open_page("bottleneck", bottleneck_section="linear", bottleneck_moment=1)
    assert not app.exception and not app.error and not app.warning
    assert told(app, "turning")["at"] == 1
    report(app, "turning", at=0)
    assert app.query_params["bottleneck_moment"] == "0"
    report(app, "turning", at=99)  # no such moment
    assert app.query_params["bottleneck_moment"] == "0" and not app.exception


def test_without_moments_the_page_says_so(zoo: Path, open_page: Callable) -> None:
    app = open_page("bottleneck", bottleneck_section="linear")
    assert not app.exception and not app.error
    assert "there is no file snapshots" in app.info[0].value


# --- copying -------------------------------------------------------------------------------------


def test_one_click_breaks_the_page_and_one_more_mends_it(zoo: Path, open_page: Callable) -> None:
    app = open_page("bottleneck")
    next(one for one in app.button if one.label == "Break it").click().run()
    assert not app.exception and not app.error
    assert app.query_params["bottleneck_section"] == "copy"
    assert titles(app) == ["It gets", "1,024 numbers"]
    next(one for one in app.button if one.label == "Mend it").click().run()
    assert not app.exception and app.query_params["bottleneck_mend"] == "true"
    assert titles(app) == ["It gets", "1,024 numbers", "8 numbers"]
    said = next(one.value for one in app.markdown if one.value.startswith("Pure noise"))
    assert "through 1,024 numbers with" in said and "through 8 numbers with" in said


def titles(app) -> list[str]:
    drawn = next(one.proto.body for one in app.get("html") if "class='copies'" in one.proto.body)
    return re.findall("<h4>(.*?)</h4>", drawn)


def test_pandas_does_not_take_the_page_for_a_package_of_its_name() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'pages')!r})\n"
        "import pandas\n"
        "print('bottleneck' in sys.modules, 'latentlab.ui.bottleneck.page' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == ["False", "False"], run.stderr
