"""The Interpolate page, without a browser."""

import base64
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from browser_reports import report, told
from PIL import Image
from small_models import write_checkpoint

from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.pictures import images
from latentlab.tasks import interpolate
from latentlab.ui.shared.crop_box import Box

SAMPLES = datasets.get("mnist").samples()


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Small untrained models of the kinds that the page treats differently, and a classifier."""
    for name in ("autoencoder.test", "vae.test", "gan.test", "denoising_autoencoder.test"):
        write_checkpoint(tmp_path, name)
    write_checkpoint(tmp_path, "classifier.mnist")
    write_checkpoint(tmp_path, "vae.faces", data="toon_faces", image_shape=(3, 64, 64))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def drawn(app) -> str:
    """Everything that the page drew as HTML."""
    return "".join(element.proto.body for element in app.get("html"))


def strips(app) -> list[str]:
    """The label of every filmstrip."""
    return re.findall(r"walk-strip[^>]*><figcaption><b>(.*?)</b>", drawn(app))


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def sources_of_ends(app) -> list[str]:
    """The names under the pictures of the endpoints."""
    return [caption.value for caption in app.main.caption[:2]]


@pytest.mark.parametrize("between", ["two", "four"])
@pytest.mark.parametrize(
    "name", ["autoencoder.test", "vae.test", "gan.test", "denoising_autoencoder.test", "vae.faces"]
)
def test_every_kind_of_model_opens(zoo: Path, open_page: Callable, name: str, between: str) -> None:
    app = open_page("interpolate", interpolate_model=name, interpolate_between=between)
    assert not app.exception and not app.error and not app.warning
    if between == "two":
        assert strips(app) == ["Linear", "Spherical", "Cross-fade"]
    else:
        assert drawn(app).count("class='walk-grid'") == 2
    assert "class='scores'" in drawn(app)


def test_the_judge_reads_every_path_and_is_missed_where_there_is_none(
    zoo: Path, open_page: Callable
) -> None:
    classified = open_page("interpolate", interpolate_model="vae.test")
    assert drawn(classified).count("least certain at step") == 3
    assert any("off real pictures" in text.value for text in classified.markdown)
    assert "Classifier is certain" in drawn(classified)
    faces = open_page("interpolate", interpolate_model="vae.faces")
    assert "least certain" not in drawn(faces) and "Classifier is certain" not in drawn(faces)
    assert "Edges kept" in drawn(faces)
    assert any("no classifier for Toon faces" in caption.value for caption in faces.caption)


def test_a_damaged_judge_leaves_the_page_usable(zoo: Path, open_page: Callable) -> None:
    (zoo / "classifier.mnist" / "model.safetensors").write_bytes(b"no weights")
    app = open_page("interpolate", interpolate_model="vae.test")
    assert not app.exception and not app.error
    assert strips(app)


def test_a_damaged_model_is_one_sentence_that_names_the_file(
    zoo: Path, open_page: Callable
) -> None:
    (zoo / "vae.test" / "model.safetensors").write_bytes(b"no weights")
    app = open_page("interpolate", interpolate_model="vae.test")
    assert not app.exception
    assert len(app.error) == 1 and "safetensors" in app.error[0].value


def test_without_any_model_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("interpolate")
    assert not app.exception and not app.error
    assert app.subheader[0].value == "No trained model here yet"


def test_a_link_reproduces_ends_and_steps(zoo: Path, open_page: Callable) -> None:
    a, b = (int(SAMPLES.ids[SAMPLES.labels == k][3]) for k in (4, 9))
    app = open_page(
        "interpolate",
        interpolate_model="vae.test",
        interpolate_a=a,
        interpolate_b=b,
        interpolate_steps=7,
        interpolate_swap="true",
    )
    assert sources_of_ends(app) == ["digit: 9", "digit: 4"]
    assert "--frames:7" in drawn(app)
    assert not app.warning


@pytest.mark.parametrize(("setting", "text"), [("steps", "999"), ("steps", "8"), ("side", "3")])
def test_a_count_of_pictures_that_cannot_be_had_is_said(
    zoo: Path, open_page: Callable, setting: str, text: str
) -> None:
    between = "two" if setting == "steps" else "four"
    address = {f"interpolate_{setting}": text, "interpolate_between": between}
    app = open_page("interpolate", interpolate_model="vae.test", **address)
    assert len(app.warning) == 1 and text in app.warning[0].value
    assert app.selectbox(key=f"interpolate_{setting}").value == ("11" if between == "two" else "6")


def test_garbage_in_the_address_is_one_sentence_and_the_defaults(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page(
        "interpolate",
        interpolate_model="../../etc",
        interpolate_a="nan",
        interpolate_b="-1",
        interpolate_a_from="tape",
        interpolate_b_random="perhaps",
        interpolate_steps="NaN",
        interpolate_t="1e999",
        interpolate_xy="nan,0",
        interpolate_swap="<b>",
        interpolate_between="nine",
    )
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert strips(app) == ["Linear", "Spherical", "Cross-fade"]


def endpoints(player: dict) -> list[list[float]]:
    """The codes that the player in the browser is told."""
    codes = np.frombuffer(base64.b64decode(player["ends"]), "<f4")
    return codes.reshape(player["count"], -1).tolist()


def test_the_player_gets_the_way_and_says_where_it_rests(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test", interpolate_steps=5)
    player = told(app, "morph")
    assert player["decoder"]["manifest"] is not None
    assert (player["columns"], player["rows"], player["shape"]) == (5, 1, [1, 28, 28])
    assert [track["path"] for track in player["tracks"]] == ["linear", "spherical", None]
    assert all(len(track["readings"]) == 5 for track in player["tracks"])
    assert player["at"] == [0.5]
    assert "interpolate_t" not in app.query_params

    report(app, "morph", at={"at": [0.8], "n": 7})
    assert app.query_params["interpolate_t"] == "0.800"
    again = told(app, "morph")
    assert (again["at"], again["handled"]) == ([0.8], 7)
    assert again["ends"] == player["ends"]

    linked = open_page("interpolate", interpolate_model="vae.test", interpolate_t="0.800")
    assert told(linked, "morph")["at"] == [0.8]


def test_swap_turns_the_way_round(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test")
    a, b = endpoints(told(app, "morph"))
    press(app, "Swap")
    assert endpoints(told(app, "morph")) == [b, a] and a != b


def test_a_player_that_talks_nonsense_is_not_listened_to(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test")
    report(app, "morph", at={"at": [7], "n": 1})
    assert not app.exception and not app.error
    assert told(app, "morph")["at"] == [0.5]
    assert "interpolate_t" not in app.query_params


def test_four_corners_have_a_square(zoo: Path, open_page: Callable) -> None:
    app = open_page(
        "interpolate",
        interpolate_model="vae.test",
        interpolate_between="four",
        interpolate_side=4,
        interpolate_path="spherical",
        interpolate_xy="0.250,1.000",
    )
    square = told(app, "morph")
    assert (square["columns"], square["rows"]) == (4, 4)
    assert [track["path"] for track in square["tracks"]] == ["spherical", None]
    assert len(endpoints(square)) == 4 and square["at"] == [0.25, 1.0]
    report(app, "morph", at={"at": [0.5, 0.5], "n": 1})
    assert "interpolate_xy" not in app.query_params  # the middle is where everybody starts
    assert told(app, "morph")["at"] == [0.5, 0.5]


def test_the_player_of_a_model_without_a_browser_decoder_shows_the_servers_pictures(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("interpolate", interpolate_model="vae.test", decode="server")
    player = told(app, "morph")
    assert player["decoder"] is None and "asks the server" in player["text"]["server"]
    assert len(endpoints(player)) == 2


def test_swap_exchanges_the_ends_and_the_link_says_so(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test")
    start, end = sources_of_ends(app)
    assert start != end
    press(app, "Swap")
    assert sources_of_ends(app) == [end, start]
    assert app.query_params["interpolate_swap"] == "true"
    press(app, "Swap")
    assert sources_of_ends(app) == [start, end]
    assert "interpolate_swap" not in app.query_params


def test_draw_others_changes_both_ends_and_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test")
    before = [app.query_params[key] for key in ("interpolate_a", "interpolate_b")]
    for _ in range(3):  # one draw may hit the same picture again
        press(app, "Draw others")
    after = [app.query_params[key] for key in ("interpolate_a", "interpolate_b")]
    assert before != after and after[0] != after[1]
    assert not app.exception


def test_an_end_can_be_a_random_code_of_its_own(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test", interpolate_a_random="true")
    start, end = sources_of_ends(app)
    assert start.startswith("seed ") and not end.startswith("seed ")
    press(app, "Another code")
    assert sources_of_ends(app)[0] != start


def test_a_generator_says_why_it_takes_no_pictures(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="gan.test")
    assert any("no encoder" in text.value for text in app.markdown)
    assert not app.get("file_uploader")
    assert all(caption.startswith("seed ") for caption in sources_of_ends(app))


def test_another_data_set_gets_ends_of_its_own(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test")
    app.segmented_control(key="interpolate_model.data").set_value("toon_faces").run()
    assert not app.exception and not app.error
    assert app.selectbox(key="interpolate_model").value == "vae.faces"
    start, end = sources_of_ends(app)
    assert start != end
    assert start.removeprefix("hair colour: ") in datasets.get("toon_faces").class_names


def test_an_upload_is_an_end_and_a_broken_one_a_sentence(zoo: Path, open_page: Callable) -> None:
    app = open_page("interpolate", interpolate_model="vae.test", interpolate_a_from="upload")
    file = io.BytesIO()
    picture = Image.new("L", (60, 60), 255)
    picture.paste(0, (25, 10, 35, 50))  # a stroke
    picture.save(file, "PNG")
    uploader = app.get("file_uploader")[0]
    uploader.upload("one.png", file.getvalue(), "image/png").run()
    assert not app.exception and not app.error
    assert "one" in sources_of_ends(app)[0]
    app.get("file_uploader")[0].upload("bad.png", b"<svg/>", "image/png").run()
    assert not app.exception
    assert len(app.error) == 1
    assert strips(app)


@pytest.mark.parametrize("name", ["vae.test", "gan.test"])
def test_the_shown_code_runs(
    zoo: Path, open_page: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    app = open_page("interpolate", interpolate_model=name)
    monkeypatch.chdir(tmp_path)
    exec(compile(app.code[0].value, "shown code", "exec"), {})
    with Image.open(tmp_path / "walk.gif") as walk:
        assert walk.size == (224, 224) and walk.is_animated


@pytest.mark.parametrize(
    "address",
    [
        {"interpolate_model": "vae.test", "interpolate_steps": 7, "interpolate_swap": "true"},
        {"interpolate_model": "gan.test"},
        {"interpolate_model": "autoencoder.test", "interpolate_b_random": "true"},
        {"interpolate_model": "vae.test", "interpolate_a_from": "upload"},
        {"interpolate_model": "vae.test", "interpolate_between": "four", "interpolate_side": 4},
    ],
    ids=["swapped", "drawn", "one drawn", "an upload's part", "four corners"],
)
def test_the_code_that_is_shown_walks_as_the_page_does(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch, address: dict[str, object]
) -> None:
    seen: list[torch.Tensor] = []
    walk, fill = interpolate.interpolate, interpolate.fill_square

    def walked(*given):
        made = walk(*given)
        seen.append(next(one.images for one in made if one.label == "Spherical"))
        return made

    def filled(*given):
        made = fill(*given)
        seen.append(made[0].images.flatten(0, 1))
        return made

    monkeypatch.setattr(interpolate, "interpolate", walked)
    monkeypatch.setattr(interpolate, "fill_square", filled)
    app = open_page("interpolate", **address)
    if "upload" in address.values():
        file = images.to_png(images.grid(SAMPLES.tensor()[3:5], columns=2), scale=8)
        (zoo / "two digits.png").write_bytes(file)
        app.get("file_uploader")[0].upload("two digits.png", file, "image/png").run()
        given = app.session_state["interpolate_a.upload"]
        app.session_state["interpolate_a.upload"] = replace(given, box=Box(0.5, 0, 1, 1))
        app.run()
    assert not app.exception and not app.error
    (snippet,) = [shown.value for shown in app.code]
    monkeypatch.chdir(zoo)
    made: dict[str, Any] = {}
    exec(snippet, made)
    here = made["walk"] if "walk" in made else made["pictures"]
    assert torch.allclose(here, seen[-1], atol=1e-5)
