"""What the Anomaly page computes."""

import math

import pytest
import torch
from small_models import small_network

from latentlab.data import classes, datasets
from latentlab.errors import UnsupportedError
from latentlab.experiments import Axis, Curve, Line, Result
from latentlab.tasks import anomaly
from latentlab.tasks.anomaly import Judged


@pytest.fixture(scope="module")
def known() -> classes.Known:
    return classes.known_of("mnist", 1)


@pytest.mark.parametrize("score", anomaly.SCORES)
def test_every_score_is_one_number_a_picture(score: str, known: classes.Known) -> None:
    of = anomaly.family(score)
    network = None if of is None else small_network(of)
    method = anomaly.method(score, known, network)
    x = known.held_out[:7]
    scores = method(x)
    assert scores.shape == (7,) and scores.isfinite().all()
    assert method.again(x).shape == x.shape
    assert torch.allclose(method(x[2:3]), scores[2:3], atol=1e-4)


def test_scores_need_their_networks(known: classes.Known) -> None:
    with pytest.raises(UnsupportedError):
        anomaly.method("ae", known, None)
    with pytest.raises(UnsupportedError):
        anomaly.method("nonsense", known, small_network("conv_autoencoder"))
    with pytest.raises(UnsupportedError, match="VAE"):
        anomaly.method("vae_bound", known, small_network("conv_autoencoder"))


def test_names_of_checkpoints() -> None:
    assert anomaly.checkpoint("forest", "mnist", 8) == "conv_autoencoder.mnist_anomaly8"
    assert anomaly.checkpoint("ae", "mnist", 8, 10) == "conv_autoencoder.mnist_anomaly8_dirty10"
    assert anomaly.checkpoint("vae_bound", "fashion_mnist", 0) == "vae.fashion_mnist_anomaly0"
    assert anomaly.checkpoint("pca", "mnist", 8) is None


def test_ones_are_told_from_others_by_pca(known: classes.Known) -> None:
    samples = datasets.get("mnist").samples()
    found = anomaly.judged(anomaly.method("pca", known), samples, 1, known.held_out)
    assert len(found.normal) == 200 and len(found.outliers) == len(found.classes) == 1800
    assert found.auroc > 0.99
    honest = anomaly.alarms_at(found, found.threshold)
    assert 0 < honest.false_alarms < 0.15 and honest.recall > 0.9
    assert {k for k, _ in anomaly.missed(found)} == set(range(10)) - {1}
    shares = [share for _, share in anomaly.missed(found)]
    assert shares == sorted(shares, reverse=True)


def test_nothing_passes_for_what_is_hard(known: classes.Known) -> None:
    samples = datasets.get("mnist").samples()
    eights = classes.known_of("mnist", 8)
    method = anomaly.method("pca", eights)
    found = anomaly.judged(method, samples, 8, eights.held_out)
    said = {
        one.name: one for one in anomaly.tried(method, found, anomaly.simple_pictures((1, 28, 28)))
    }
    assert not said["all black"].alarm and said["all black"].below < 0.1
    assert said["noise"].alarm and said["noise"].below == 1
    assert said["a dot"].picture.sum() == 4


def test_hindsight_promises_more_than_it_keeps() -> None:
    rng = torch.Generator().manual_seed(0)
    normal, outliers = torch.rand(200, generator=rng), torch.rand(900, generator=rng) + 0.3
    found = Judged(normal, outliers, (2,) * 900, torch.rand(200, generator=rng))
    seen = anomaly.hindsight(found)

    def gain(alarms) -> float:
        return alarms.recall - alarms.false_alarms

    assert gain(seen.claimed) > gain(seen.real) + 0.05
    assert seen.honest.false_alarms == pytest.approx(0.05, abs=0.04)
    assert anomaly.hindsight(found) == seen  # nothing about it is random


def test_heat_is_where_they_differ() -> None:
    x, again = torch.zeros(1, 8, 8), torch.zeros(1, 8, 8)
    again[0, 2, 3] = 0.9
    heat = anomaly.heat(x, again)
    assert heat.shape == (8, 8) and heat[2, 3] == pytest.approx(0.01) and heat[6, 6] == 0


def test_the_table_has_the_best_first() -> None:
    def line(name: str, **fields: object) -> Line:
        return Line(
            name=f"{name}.mnist",
            label=name,
            group="mnist",
            y=Axis("AUROC"),
            higher_is_better=True,
            **fields,
        )  # type: ignore[arg-type]

    result = Result(
        experiment="anomaly",
        version=1,
        quick=False,
        budget="none",
        seeds=(0, 1),
        curves=(
            Curve(line("pca8", baseline=True, seeded=False), (0, 1), ((0.8, 0.9),)),
            Curve(line("ae"), (0, 1), ((0.9, 1.0), (0.8, 0.9))),
        ),
        seconds=1.0,
        machine="a test",
    )
    first, second = anomaly.table(result, "mnist")
    assert (first.name, second.name) == ("ae", "pca8") and second.baseline
    assert first.mean == pytest.approx(0.9) and first.spread == pytest.approx(math.sqrt(0.005))
    assert second.spread is None and second.classes == (0.8, 0.9)
    assert anomaly.table(result, "fashion_mnist") == ()
