"""The Applications page, without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_models import write_checkpoint

from latentlab import checkpoints, experiments
from latentlab.errors import DataError, UnsupportedError
from latentlab.experiments import Curve, Result
from latentlab.experiments.base import experiments as registered
from latentlab.ui.applications import results

NETWORKS = {
    "super_resolution.mnist_mse": ("mnist", (1, 28, 28)),
    "super_resolution.mnist_gan": ("mnist", (1, 28, 28)),
    "super_resolution.toon_faces_mse": ("toon_faces", (3, 64, 64)),
    "super_resolution.toon_faces_gan": ("toon_faces", (3, 64, 64)),
    "conditional_gan.mnist_1000": ("mnist", (1, 28, 28)),
    "cycle_gan.mnist": ("mnist", (1, 28, 28)),
    "classifier.mnist": ("mnist", (1, 28, 28)),
}


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Untrained networks of every sort that the page shows; no others."""
    for seed, (name, (data, shape)) in enumerate(NETWORKS.items()):
        write_checkpoint(tmp_path, name, data=data, image_shape=shape, seed=seed)
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def html(app, words: str) -> str:
    """The HTML on the page that holds these words."""
    return next(one.proto.body for one in app.get("html") if words in one.proto.body)


def _result(name: str) -> Result:
    curves = []
    for line in registered.get(name).lines:
        level = {"classical": 5.0, "gan": 9.0}.get(line.name.split(".")[1], 12.0)
        rows = tuple((level + seed, level / 2 + seed) for seed in range(3))
        curves.append(Curve(line, (100, 1_000), rows))
    return Result(
        experiment=name,
        version=1,
        quick=False,
        budget="a test",
        seeds=(0, 1, 2),
        curves=tuple(curves),
        seconds=1.0,
        machine="a test",
    )


def test_a_picture_is_enlarged_by_every_way(zoo: Path, open_page: Callable) -> None:
    app = open_page("applications")
    assert not app.exception and not app.error and not app.warning
    row = html(app, "applied ways")
    for title in (
        "Made small", "Bicubic", "Back-projected", "Fitted patches",
        "Squared error", "With a critic", "The true one",
    ):  # fmt: skip
        assert f"<b>{title}</b>" in row
    assert row.count("<img") == 7 and row.count("most dB") == 1
    assert row.count("nearest features") == 1
    said = next(one.value for one in app.markdown if one.value.startswith("By PSNR"))
    assert " dB." in said
    table = html(app, "feature distance")
    assert table.count("<tr>") == 6  # a head and five ways


def test_faces_have_no_judge_here_and_are_compared_by_structure(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("applications", applications_data="toon_faces")
    assert not app.exception and not app.error
    assert "nearest features" not in html(app, "applied ways")
    assert any("by SSIM" in one.value or "By SSIM" in one.value for one in app.markdown)


def test_closer_shows_the_middle_and_changes_no_number(zoo: Path, open_page: Callable) -> None:
    far = html(open_page("applications"), "applied ways")
    app = open_page("applications", applications_closer="true")
    near = html(app, "applied ways")
    assert near != far
    assert [part for part in far.split("<span>")[1:]][-1] == near.split("<span>")[1:][-1]


def test_why_the_blur_shows_other_pictures_and_their_mean(zoo: Path, open_page: Callable) -> None:
    app = open_page("applications", applications_blur="true")
    assert not app.exception and not app.error
    row = html(app, "applied answers")
    assert row.count("<b>Another</b>") == 5 and row.count("<b>Their mean</b>") == 1
    assert any(one.value.startswith("These 5 real pictures") for one in app.markdown)


def test_arms_are_shown_with_the_sentence_that_says_who_wins(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiments, "load", _result)

    app = open_page("applications", applications_section="more", applications_labels="1000")
    assert not app.exception and not app.error
    assert any("With 1,000 labels" in one.value for one in app.markdown)
    assert any("the classical way wins" in one.value for one in app.markdown)
    assert html(app, "class='arms'").count("<tr") == 6
    assert len(app.get("plotly_chart")) == 1
    rows = html(app, "class='added'")
    assert rows.count("<img") == 40 and "<b>GAN</b>" in rows


def test_others_draws_other_pictures(zoo: Path, open_page: Callable) -> None:
    first = html(open_page("applications", applications_section="more"), "class='added'")
    app = open_page("applications", applications_section="more")
    assert html(app, "class='added'") == first
    app.button(key="applications_seed.button").click().run()
    assert not app.exception and html(app, "class='added'") != first
    assert app.query_params["applications_seed"] == "1"


def test_garments_have_no_gan_and_say_so(zoo: Path, open_page: Callable) -> None:
    app = open_page("applications", applications_section="more", applications_of="fashion_mnist")
    assert not app.exception and not app.error
    assert html(app, "class='added'").count("<img") == 30
    assert any("do not ship" in one.value for one in app.caption)


def test_without_a_result_the_page_says_so_and_shows_the_rest(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> Result:
        raise UnsupportedError("The experiment has no result yet.", "Measure it.")

    monkeypatch.setattr(experiments, "load", load)
    app = open_page("applications", applications_section="more")
    assert not app.exception and not app.error
    assert "has no result yet" in app.info[0].value
    assert html(app, "class='added'").count("<img") == 40


def test_a_digit_is_turned_both_ways_beside_the_truth(zoo: Path, open_page: Callable) -> None:
    app = open_page("applications", applications_section="style")
    assert not app.exception and not app.error
    rows = html(app, "applied turned")
    assert rows.count("<img") == 10 and rows.count("<b>The truth</b>") == 2
    assert rows.count("read as") == 10
    assert any(one.value.startswith("The CycleGAN errs by") for one in app.markdown)


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"applications_section": "attic"}, "Section"),
        ({"applications_data": "emoji1"}, "Pictures"),
        ({"applications_pic": "99999999"}, "Picture"),
        ({"applications_blur": "maybe"}, "Why does PSNR prefer the blur?"),
        ({"applications_section": "more", "applications_labels": "7"}, "Labelled pictures"),
        ({"applications_section": "more", "applications_of": "<b>"}, "Pictures"),
        ({"applications_section": "more", "applications_seed": "-1"}, "Others"),
        ({"applications_section": "style", "applications_style": "1e9"}, "Picture"),
    ],
)
def test_a_setting_that_does_not_exist_is_one_sentence(
    zoo: Path, open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("applications", **setting)
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert "settings that do not exist here" in app.warning[0].value
    assert title.rstrip("?") in app.warning[0].value


@pytest.mark.parametrize("section", ["enlarge", "more", "style"])
def test_without_any_network_the_page_says_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_caches: None,
    open_page: Callable,
    section: str,
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("applications", applications_section=section)
    assert not app.exception
    if section == "more":  # what was measured needs no network
        assert not app.error and html(app, "class='added'").count("<img") == 30
    else:
        assert len(app.error) == 1 and "latentlab train" in app.error[0].value


def test_where_the_maps_of_patches_are_damaged_it_is_one_sentence(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fitted(data: str) -> None:
        raise DataError("The file of the patches of MNIST is damaged.", "Install latentlab again.")

    monkeypatch.setattr(results, "fitted", fitted)
    app = open_page("applications")
    assert not app.exception and len(app.error) == 1 and "damaged" in app.error[0].value
