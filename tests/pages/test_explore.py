"""The Explore page, without a browser."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_models
from browser_reports import ask, report, told
from small_models import write_checkpoint
from streamlit.testing.v1 import AppTest

from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.pictures import images
from latentlab.ui.shared import _streamlit, browser_models

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ("autoencoder", "denoising_autoencoder", "vae", "gan")


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    """Small untrained models of the kinds that the page treats differently; no others."""
    for family in FAMILIES:
        write_checkpoint(tmp_path, f"{family}.test")
    monkeypatch.setitem(small_models.SMALL["autoencoder"], "latent_size", 2)
    write_checkpoint(tmp_path, "autoencoder.plane")
    write_checkpoint(tmp_path, "vae.faces", data="toon_faces", image_shape=(3, 64, 64))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def button(app, label: str):
    return next(button for button in app.button if button.label == label)


def live(app) -> dict[str, Any]:
    """What the sliders in the browser are told."""
    return told(app, "latent_sliders")


def code(app) -> list[float]:
    """The code that the sliders show, for codes of few numbers."""
    data = live(app)
    start = np.frombuffer(base64.b64decode(data["start"]), "<f4").tolist()
    return start if data["at"] is None else data["at"]


def say(app, event: str, at: object, **changed: object):
    """Run the page as after a report; ``changed`` replaces what an honest one says."""
    data = live(app)
    said = {"origin": data["origin"], "at": at, "n": data["picture"]["n"] + 1, **changed}
    if event == "z":  # where the code rests: a state
        return report(app, "latent_sliders", z=said)
    return ask(app, "latent_sliders", event, said)  # a question: a trigger


@pytest.mark.parametrize("view", ["pca", "traversal", "nearest"])
@pytest.mark.parametrize("name", [*(f"{f}.test" for f in FAMILIES), "autoencoder.plane"])
def test_every_kind_of_model_opens_in_every_view(
    zoo: Path, open_page: Callable, name: str, view: str
) -> None:
    for drawn_by in ("network", "pca"):
        app = open_page("explore", explore_model=name, z_view=view, z_by=drawn_by)
        assert not app.exception and not app.error and not app.warning
        assert live(app)["decoder"], live(app)["text"]["server"]


def test_colour_models_open_too(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.faces")
    assert not app.exception and not app.error


def test_where_the_code_rests_is_held_by_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    assert "z" not in app.query_params and live(app)["at"] is None
    start = code(app)
    say(app, "z", [0.5, 1.5, -0.25])
    assert app.query_params["z"] == "0.500,1.500,-0.250"
    # The browser is there already: it is told nothing new.
    assert live(app)["revision"] == 1

    again = open_page("explore", explore_model="autoencoder.test", z=app.query_params["z"])
    assert code(again) == [0.5, 1.5, -0.25]
    assert live(again)["picture"]["pixels"] == live(app)["picture"]["pixels"]

    say(app, "z", None)
    assert "z" not in app.query_params
    assert code(app) == start


def test_a_report_changes_what_follows_the_sliders(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z_view="nearest")

    def decoded() -> str:
        drawn = [image.proto.imgs[0] for image in app.image]
        return next(image.url for image in drawn if image.alt == "the decoded picture")

    before = decoded()
    say(app, "z", [2.0, -2.0, 2.0])
    assert decoded() != before


def test_a_report_that_comes_with_a_page_switch_keeps_nobody_from_that_page(zoo: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.query_params["explore_model"] = "autoencoder.test"
    app.switch_page("pages/explore.py").run()
    app.switch_page("pages/models.py")
    say(app, "z", [1.0, 1.0, 1.0])
    assert not app.exception and not app.error
    assert app.title[0].value == "Models"
    assert "z" not in app.query_params
    app.switch_page("pages/explore.py").run()
    assert live(app)["at"] == [1.0, 1.0, 1.0]  # nor is it lost


def test_the_server_decodes_when_asked_and_nothing_else_moves(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("explore", explore_model="autoencoder.test", decode="server")
    assert live(app)["decoder"] is None and "asks the server" in live(app)["text"]["server"]
    before = live(app)
    say(app, "ask", [2.0, -2.0, 2.0])
    after = live(app)
    assert after["picture"]["n"] == before["picture"]["n"] + 1  # the answer to that question
    assert after["picture"]["pixels"] != before["picture"]["pixels"]
    assert after["at"] is None and "z" not in app.query_params
    assert app.query_params["decode"] == "server"


def test_the_server_decodes_only_for_a_browser_that_needs_it(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    assert live(app)["picture"]["pixels"]  # the decoder is still on its way
    monkeypatch.setattr(_streamlit, "is_fragment_run", lambda: True)
    say(app, "z", [1.0, 1.0, 1.0])
    assert live(app)["picture"] == {"n": 1, "shape": [1, 28, 28], "pixels": None}
    say(app, "ask", [1.0, 1.0, 2.0])
    assert live(app)["picture"]["pixels"] and live(app)["picture"]["n"] == 2
    server = open_page("explore", explore_model="autoencoder.test", decode="server")
    assert live(server)["picture"]["pixels"]


@pytest.mark.parametrize(("view", "follows"), [("pca", False), ("nearest", True)])
def test_the_browser_is_told_whether_anything_follows_the_code(
    zoo: Path, open_page: Callable, view: str, follows: bool
) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z_view=view)
    assert live(app)["follow"] is follows
    app.segmented_control(key="z_view").set_value("traversal").run()
    assert live(app)["follow"] is True


def test_a_rerun_leaves_the_address_to_a_browser_that_keeps_it(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="1,1,1")
    app.query_params["z"] = "2.000,2.000,2.000"  # as the browser has written, and not reported
    app.run()
    assert app.query_params["z"] == "2.000,2.000,2.000"
    assert live(app)["revision"] == 1  # nor is the browser sent back


def test_a_plane_on_the_server_has_a_backdrop(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.plane", decode="server")
    assert live(app)["backdrop"].endswith(".png")
    assert live(open_page("explore", explore_model="autoencoder.plane"))["backdrop"] == ""


def test_a_decoder_that_is_too_large_stays_on_the_server(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_models, "MOST_BYTES", 100)
    app = open_page("explore", explore_model="autoencoder.test")
    assert not app.exception and not app.error
    assert live(app)["decoder"] is None and "too much to send" in live(app)["text"]["server"]


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "another start"},
        {"at": [1.0, 2.0]},
        {"at": [1.0, 2.0, "3"]},
        {"at": [1.0, 2.0, 1e9]},
        {"at": [1.0, 2.0, float("nan")]},
        {"at": [1.0, 2.0, True]},
        {"at": "1,2,3"},
        {"n": -1},
        {"n": "1"},
        {"n": None},
    ],
    ids=str,
)
def test_a_report_that_cannot_be_is_not_believed(
    zoo: Path, open_page: Callable, changed: dict[str, object]
) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    before = live(app)
    for event in ("z", "ask"):
        say(app, event, **{"at": [1.0, 1.0, 1.0], **changed})
        assert not app.exception and not app.error
        assert live(app) == before and "z" not in app.query_params


def test_directions_and_dimensions_show_the_same_code(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="0.5,-0.25,1.0")
    before = live(app)
    app.segmented_control(key="z_axes").set_value("directions").run()
    after = live(app)
    assert (before["along"], after["along"]) == ("dimensions", "directions")
    assert after["at"] == before["at"] == [0.5, -0.25, 1.0]
    assert after["revision"] == before["revision"]


def test_a_code_of_many_numbers_is_linked_by_its_directions(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="denoising_autoencoder.test")
    say(app, "z", [0.0, 0.0, 2.5, *[0.0] * 13])
    link = app.query_params["z"]
    assert len(link.split(",")) == 16
    again = open_page("explore", explore_model="denoising_autoencoder.test", z=link)
    assert live(again)["at"] == live(app)["at"]
    assert live(again)["picture"]["pixels"] == live(app)["picture"]["pixels"]


def test_random_draws_differ_and_are_in_the_link(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.test")
    button(app, "Random draw").click().run()
    first = code(app)
    assert app.query_params["z_start"] == "random-0"
    button(app, "Random draw").click().run()
    assert app.query_params["z_start"] == "random-1"
    second = code(app)
    assert second != first
    again = open_page("explore", explore_model="vae.test", z_start="random-1")
    assert code(again) == second
    button(app, "Average").click().run()
    assert code(app) == pytest.approx([0, 0, 0])


def test_another_start_or_model_forgets_the_sliders(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="1,1,1")
    button(app, "Average").click().run()
    assert "z" not in app.query_params
    assert code(app) == pytest.approx([0, 0, 0])


def test_a_gan_says_that_it_cannot_encode(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="gan.test", z_view="nearest")
    assert button(app, "A picture").disabled
    assert any("no encoder" in caption.value for caption in app.caption)
    app.selectbox(key="explore_model").set_value("vae.test").run()
    assert not button(app, "A picture").disabled
    assert "the code of a test picture" in live(app)["text"]["start"]


def test_a_reconstruction_stands_beside_pca(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    table = next(html.proto.body for html in app.get("html") if "<table" in html.proto.body)
    assert "PCA, 3 components" in table
    assert table.count("class='best'") == 1
    assert "On the whole test split: 0.0400, PCA, 3 components 0.0500" in table


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ({"z": "1,nan,2"}, "Code z"),
        ({"z": "1,2"}, "Code z"),
        ({"z": "inf,0,0"}, "Code z"),
        ({"z": "'; drop table"}, "Code z"),
        ({"z_start": "random--1"}, "Start"),
        ({"z_start": "random-٣"}, "Start"),
        ({"z_start": "nowhere"}, "Start"),
        ({"z_by": "magic"}, "Drawn by"),
        ({"decode": "nowhere"}, "Decode"),
        ({"z_view": "<script>"}, "Look closer"),
        ({"explore_model": "no.such"}, "Model"),
        ({"explore_pic": "NaN"}, "Picture"),
    ],
)
def test_garbage_in_the_address_gives_a_sentence_and_the_default(
    zoo: Path, open_page: Callable, address: dict[str, str], named: str
) -> None:
    app = open_page("explore", **{"explore_model": "autoencoder.test", **address})
    assert not app.exception and not app.error
    assert len(app.warning) == 1 and named in app.warning[0].value
    assert live(app)["at"] is None


def test_without_a_model_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None, open_page: Callable
) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    app = open_page("explore")
    assert not app.exception
    assert app.subheader[0].value == "No trained model here yet"


def test_a_damaged_model_is_one_sentence_and_the_choice_stays(
    zoo: Path, open_page: Callable
) -> None:
    weights = zoo / "vae.test" / checkpoints.WEIGHTS
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    app = open_page("explore", explore_model="vae.test")
    assert not app.exception
    assert len(app.error) == 1 and checkpoints.WEIGHTS in app.error[0].value
    app.selectbox(key="explore_model").set_value("gan.test").run()
    assert not app.error and live(app)["decoder"]


@pytest.mark.parametrize("drawn_by", ["network", "pca"])
@pytest.mark.parametrize("name", ["autoencoder.test", "gan.test"])
def test_the_code_that_is_shown_runs(
    zoo: Path, open_page: Callable, name: str, drawn_by: str
) -> None:
    app = open_page("explore", explore_model=name, z_by=drawn_by)
    values: dict[str, object] = {}
    exec(app.code[0].value, values)
    assert values["picture"].shape == (1, 28, 28)


def test_an_upload_becomes_the_start_and_a_bad_one_one_sentence(
    zoo: Path, open_page: Callable
) -> None:
    digit = images.to_png(datasets.get("mnist").samples().tensor(slice(3, 4))[0], scale=8)
    app = open_page("explore", explore_model="vae.test", explore_pic_from="upload")
    sample = code(app)
    app.file_uploader[0].set_value(("me.png", digit, "image/png")).run()
    assert not app.exception and not app.error
    assert "me.png" in live(app)["text"]["start"]
    assert code(app) != sample
    app.file_uploader[0].set_value(("bad.png", b"<svg onload=alert(1)>", "image/png")).run()
    assert not app.exception
    assert len(app.error) == 1 and "bad" in app.error[0].value
    assert code(app) == sample
