"""The Time machine page, without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_reports import report, told
from small_stories import write_story

from latentlab import checkpoints, stories
from latentlab.tasks import time_machine as task
from latentlab.ui.time_machine import binding, results

pytestmark = pytest.mark.usefixtures("fresh_caches")
LAST = 3  # moment of a small story


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("stories")
    for name, data in zip(results.HEALTHY, ("mnist", "fashion_mnist"), strict=True):
        write_story(parent, name, data)
    write_story(parent, results.COLLAPSED)
    return parent


@pytest.fixture(autouse=True)
def small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(folder))


def test_it_opens_at_the_end_of_the_digits_training(open_page: Callable) -> None:
    app = open_page("time_machine")
    assert not app.exception and not app.error and not app.warning
    shown = told(app, "reel")
    assert shown["choice"] == {"moment": LAST, "sample": 0, "seed": 0, "moves": [0, 0, 0, 0]}
    assert len(shown["reels"]) == 1 and len(shown["reels"][0]["live"]) == 4
    assert not any(key.startswith("time_machine") for key in app.query_params)


def test_what_a_visitor_chooses_is_held_by_the_address(open_page: Callable) -> None:
    app = open_page(
        "time_machine",
        time_machine_moment=1,
        time_machine_sample=5,
        time_machine_seed=77,
        time_machine_moves="1,-0.5,0,3",
    )
    assert not app.exception and not app.warning
    found = {"moment": 1, "sample": 5, "seed": 77, "moves": [1, -0.5, 0, 3]}
    assert told(app, "reel")["choice"] == found
    report(app, "reel", choice={"moment": 2, "sample": 6, "seed": 0, "moves": [0, 0, 0, 0]})
    assert app.query_params["time_machine_moment"] == "2"
    assert app.query_params["time_machine_sample"] == "6"
    assert "time_machine_seed" not in app.query_params
    assert "time_machine_moves" not in app.query_params


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {"moment": 4},
        {"moment": 0, "sample": 16, "seed": 0, "moves": [0] * 4},
        {"moment": True, "sample": 0, "seed": 0, "moves": [0] * 4},
        {"moment": 0, "sample": 0, "seed": -1, "moves": [0] * 4},
        {"moment": 0, "sample": 0, "seed": 0, "moves": [0] * 3},
        {"moment": 0, "sample": 0, "seed": 0, "moves": [0, 0, 0, 9]},
        {"moment": 0, "sample": 0, "seed": 0, "moves": [0, 0, 0, float("nan")]},
    ],
)
def test_a_report_that_is_none_changes_nothing(open_page: Callable, bad: object) -> None:
    with pytest.raises(ValueError, match="no choice"):
        binding.read_choice(bad, 4, 16)
    app = open_page("time_machine", time_machine_moment=1)
    report(app, "reel", choice=bad)
    assert not app.exception and app.query_params["time_machine_moment"] == "1"


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"time_machine_moment": "4"}, "Moment"),
        ({"time_machine_moment": "-1"}, "Moment"),
        ({"time_machine_moment": "²"}, "Moment"),
        ({"time_machine_sample": "9999999999999"}, "Sample"),
        ({"time_machine_seed": "1e3"}, "Code"),
        ({"time_machine_moves": "1,2"}, "Moves"),
        ({"time_machine_moves": "nan,0,0,0"}, "Moves"),
        ({"time_machine_moves": "0,0,0,1e9"}, "Moves"),
        ({"time_machine_data": "<b>"}, "Data set"),
        ({"time_machine_section": "attic"}, "Section"),
        ({"time_machine_section": "critic", "time_machine_critic": "99"}, "The critic"),
    ],
)
def test_a_link_that_cannot_be_used_is_one_sentence(
    open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("time_machine", **setting)
    assert not app.exception and not app.error
    assert [title in one.value for one in app.warning] == [True]


def test_the_collapsed_run_stands_beside_the_digits_alone(open_page: Callable) -> None:
    app = open_page("time_machine", time_machine_beside="true")
    assert not app.exception and not app.warning
    titles = [reel["title"] for reel in told(app, "reel")["reels"]]
    assert titles == ["The healthy run", "The collapsed run"]
    app = open_page("time_machine", time_machine_data="fashion_mnist", time_machine_beside="true")
    assert len(told(app, "reel")["reels"]) == 1


def test_a_link_may_ask_the_server_and_then_no_generator_is_sent(open_page: Callable) -> None:
    app = open_page("time_machine", decode="server")
    shown = told(app, "reel")
    assert shown["reason"] and shown["reels"][0]["live"] == []
    app = open_page("time_machine", time_machine_section="critic", decode="server")
    assert told(app, "opinion")["critic"] is None and not app.exception


def test_what_is_sent_is_what_was_measured() -> None:
    story = results.told("gan.mnist_k64").story
    network = results.generator("gan.mnist_k64")
    import torch

    codes = network.sample_prior(story.shown, torch.Generator().manual_seed(story.seed))
    classes = [str(k) for k in range(10)]
    content = json.loads(binding.packed(story, (1, 28, 28), classes, codes, torch.eye(6)[:4]))
    assert content["said"] == [task.verdict(story, place) for place in range(4)]
    assert content["curves"][0]["values"] == [m.reading.coverage for m in story.moments]
    assert content["nearest"] == [list(m.nearest) for m in story.moments]
    assert content["rows"][2][0]["real"] == f"{story.real.coverage:.3f}"


def test_every_critic_judges_the_picture(open_page: Callable) -> None:
    story = results.told("gan.mnist_k64").story
    for place in range(len(story.opinions)):
        app = open_page("time_machine", time_machine_section="critic", time_machine_critic=place)
        assert not app.exception and not app.error and not app.warning
        shown = told(app, "opinion")
        picture = results.cache.samples("mnist").tensor(slice(0, 1))[0]
        said = results.critic("gan.mnist_k64", place).score(picture)
        assert shown["score"] == pytest.approx(said, abs=1e-5)
        assert shown["critic"]["bytes"] > 0
        right = 100 * task.right(story.opinions[place])
        assert any(f"right in **{right:.0f} %**" in one.value for one in app.markdown)


def test_without_a_story_the_page_says_how_to_get_one(
    open_page: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "HEALTHY", ("gan.nowhere",))
    app = open_page("time_machine")
    assert not app.exception and not app.error
    assert any("latentlab train" in one.value for one in app.code)


@pytest.mark.parametrize("file", stories.FILES)
def test_a_damaged_file_is_a_sentence_and_no_stack_trace(
    open_page: Callable, file: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "gan.mnist_k64"
    target.mkdir()
    for each in (folder / "gan.mnist_k64").iterdir():
        (target / each.name).write_bytes(each.read_bytes())
    (target / file).write_bytes(b"something else")
    card = checkpoints.load("gan.mnist_k64").card
    checkpoints.write_card(target, card)  # hashes it anew
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", f"{tmp_path}:{folder}")
    app = open_page("time_machine")
    assert not app.exception
    assert any(file in one.value for one in [*app.error, *app.warning])


def test_a_damaged_collapsed_run_leaves_the_healthy_one(
    open_page: Callable, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / results.COLLAPSED
    target.mkdir()
    for each in (folder / results.COLLAPSED).iterdir():
        (target / each.name).write_bytes(each.read_bytes())
    (target / stories.HISTORY).write_bytes(b"{}")
    checkpoints.write_card(target, checkpoints.load(results.COLLAPSED).card)
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", f"{tmp_path}:{folder}")
    app = open_page("time_machine", time_machine_beside="true")
    assert not app.exception and not app.error
    assert len(told(app, "reel")["reels"]) == 1
    assert any("history.json" in one.value for one in app.warning)
