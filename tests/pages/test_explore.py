"""The Explore page, without a browser."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_models
import torch
from browser_reports import ask, report, told
from small_models import write_checkpoint
from streamlit.testing.v1 import AppTest

from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.pictures import images
from latentlab.ui.shared import _streamlit, browser_models
from latentlab.ui.shared.crop_box import Box

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
    button(app, "A random code").click().run()
    first = code(app)
    assert app.query_params["z_start"] == "random-0"
    button(app, "A random code").click().run()
    assert app.query_params["z_start"] == "random-1"
    second = code(app)
    assert second != first
    again = open_page("explore", explore_model="vae.test", z_start="random-1")
    assert code(again) == second
    button(app, "The average code").click().run()
    assert code(app) == pytest.approx([0, 0, 0])


def test_another_start_or_model_forgets_the_sliders(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="autoencoder.test", z="1,1,1")
    button(app, "The average code").click().run()
    assert "z" not in app.query_params
    assert code(app) == pytest.approx([0, 0, 0])


def test_a_gan_says_that_it_cannot_encode(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="gan.test", z_view="nearest")
    assert button(app, "A picture’s code").disabled
    assert any("no encoder" in caption.value for caption in app.caption)
    app.selectbox(key="explore_model").set_value("vae.test").run()
    assert not button(app, "A picture’s code").disabled
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


def shown_picture(app) -> np.ndarray:
    """The picture on the page, as the server decodes it, [H,W,C]."""
    sent = live(app)["picture"]
    channels, *sides = sent["shape"]
    pixels = np.frombuffer(base64.b64decode(sent["pixels"]), np.uint8)
    return pixels.reshape(*sides, channels)


def picture_of_the_code(app, monkeypatch: pytest.MonkeyPatch, folder: Path) -> np.ndarray:
    """What the shown lines make, run as they are, [H,W,C]."""
    monkeypatch.chdir(folder)
    values: dict[str, Any] = {}
    exec(app.code[0].value, values)
    assert (folder / "picture.png").exists()
    return images.to_uint8(values["picture"]).reshape(shown_picture(app).shape)


@pytest.mark.parametrize("drawn_by", ["network", "pca"])
@pytest.mark.parametrize(
    "address",
    [
        {"explore_model": "autoencoder.test"},
        {"explore_model": "autoencoder.test", "z": "0.5,-1.25,2"},
        {"explore_model": "gan.test", "z_start": "random-3"},
        {"explore_model": "vae.test", "z_start": "average"},
        {"explore_model": "denoising_autoencoder.test", "z": ",".join(["0.5"] * 16)},
    ],
)
def test_the_code_that_is_shown_makes_the_picture_on_the_page(
    zoo: Path,
    open_page: Callable,
    monkeypatch: pytest.MonkeyPatch,
    drawn_by: str,
    address: dict[str, str],
) -> None:
    if drawn_by == "pca" and "denoising" in address["explore_model"]:
        return  # its PCA has other numbers to move
    app = open_page("explore", z_by=drawn_by, **address)
    assert not app.code  # nobody has asked for it
    app.session_state["explore.code"] = True  # as a click on "Show the code" does
    app.run()
    made = picture_of_the_code(app, monkeypatch, zoo)
    assert np.abs(made.astype(int) - shown_picture(app)).max() <= 1


def test_the_code_of_an_upload_needs_no_file(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    digit = images.to_png(datasets.get("mnist").samples().tensor(slice(3, 4))[0], scale=8)
    app = open_page("explore", explore_model="vae.test", explore_pic_from="upload")
    app.file_uploader[0].set_value(("me.png", digit, "image/png")).run()
    app.session_state["explore.code"] = True
    app.run()
    made = picture_of_the_code(app, monkeypatch, zoo)
    assert np.abs(made.astype(int) - shown_picture(app)).max() <= 1


def test_the_code_of_a_part_of_an_upload_is_of_that_part(
    zoo: Path, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a code that is too long to be written down: there the lines read the file."""
    monkeypatch.setattr("latentlab.latents.spaces.MOST_SLIDERS", 2)
    digits = datasets.get("mnist").samples().tensor()[3:5]
    file = images.to_png(images.grid(digits, columns=2), scale=8)
    (zoo / "two digits.png").write_bytes(file)
    app = open_page("explore", explore_model="vae.test", explore_pic_from="upload")
    app.file_uploader[0].set_value(("two digits.png", file, "image/png")).run()
    given = app.session_state["explore_pic.upload"]
    app.session_state["explore_pic.upload"] = replace(given, box=Box(0.5, 0, 1, 1))
    app.session_state["explore.code"] = True
    app.run()
    assert "# the box" in app.code[0].value
    made = picture_of_the_code(app, monkeypatch, zoo)
    assert np.abs(made.astype(int) - shown_picture(app)).max() <= 1


def test_a_data_set_is_chosen_first_and_the_model_most_like_the_last_comes_with_it(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("explore", explore_model="autoencoder.test")
    buttons = app.segmented_control(key="explore_model.data")
    assert buttons.options == ["MNIST", "Toon faces"]
    menu = app.selectbox(key="explore_model")
    assert not app.sidebar.selectbox and len(menu.options) == 5  # the digits' models alone
    buttons.set_value("toon_faces").run()
    assert app.selectbox(key="explore_model").value == "vae.faces"
    assert app.query_params["explore_model"] == "vae.faces"
    app.segmented_control(key="explore_model.data").set_value("mnist").run()
    assert app.selectbox(key="explore_model").value == "vae.test"  # of the same family
    assert not app.exception and not app.warning


def test_the_plane_of_two_numbers_is_one_click_away(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.test")
    button(app, "Plane of two numbers").click().run()
    assert app.query_params["explore_model"] == "autoencoder.plane"
    assert app.query_params["z_start"] == "average"
    assert len(code(app)) == 2
    assert button(app, "Plane of two numbers").disabled  # one is there
    faces = open_page("explore", explore_model="vae.faces")
    assert button(faces, "Plane of two numbers").disabled


def test_draws_of_vae_autoencoder_and_gan_stand_side_by_side(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("explore", explore_model="vae.test", z_view="draws")
    assert not app.exception and not app.error
    drawn = [shown.alt for image in app.image for shown in image.proto.imgs]
    drawn = [alt for alt in drawn if alt.startswith("16 pictures of")]
    assert [alt.split(" of ")[1].split(",")[0] for alt in drawn] == [
        "VAE", "VAE", "Autoencoder", "Autoencoder", "GAN",
    ]  # fmt: skip
    assert sum("N(0, I)" in alt for alt in drawn) == 3
    assert any("no encoder" in caption.value for caption in app.caption)


def test_a_vae_shows_the_cloud_of_codes_of_a_picture_and_others_say_why_not(
    zoo: Path, open_page: Callable
) -> None:
    app = open_page("explore", explore_model="vae.test", z_view="cloud")
    table = next(html.proto.body for html in app.get("html") if "class='cloud'" in html.proto.body)
    assert table.count("<th scope='row'>") == 3 and table.count("<i ") == 3 * 16
    for address, words in (
        ({"explore_model": "autoencoder.test"}, "a single point"),
        ({"explore_model": "gan.test"}, "no encoder"),
        ({"explore_model": "vae.test", "z_by": "pca"}, "a single point"),
        ({"explore_model": "vae.test", "z_start": "average"}, "start from"),
    ):
        app = open_page("explore", z_view="cloud", **address)
        assert not app.exception and any(words in info.value for info in app.info)


def test_the_explanation_is_of_the_model_that_is_shown(zoo: Path, open_page: Callable) -> None:
    def explained(name: str, **address: str) -> str:
        app = open_page("explore", explore_model=name, **address)
        return " ".join(text.value for text in (*app.markdown, *app.latex))

    assert "here all 3 speak" in explained("vae.test")
    gan = explained("gan.test")
    assert "discriminator" in gan and "codes that real pictures have" not in gan
    assert "damaged picture" in explained("denoising_autoencoder.test")
    assert "explained_variance_ratio_" in explained("gan.test", z_by="pca")


def test_only_dimensions_that_are_silent_are_called_so() -> None:
    from latentlab.latents import spaces
    from latentlab.ui.explore import explanations

    network = small_models.small_network("vae")
    statistics = small_models.statistics_for(3)
    silent = replace(statistics, importance=statistics.importance * 0.04)  # 0.12, 0.08, 0.04
    assert "here 2 of 3" in explanations.of(spaces.network_space(network, silent)).own
    assert "fall silent" not in explanations.of(spaces.network_space(network, statistics)).own


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


# --- faces: sliders with names, what else moved, arithmetic, search -------------------------------


def test_a_slider_bears_a_name_only_where_it_is_earned(
    zoo: Path, open_page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.latents.spaces import Axis

    def made(name: str) -> tuple[Axis, ...]:
        axis = Axis("beard", torch.eye(3)[0], torch.zeros(3), -1.0, 1.0, 0.9, "switches")
        return (axis, replace(axis, name="direction 4")) if name == "vae.faces" else ()

    monkeypatch.setattr(browser_models, "named_axes", made)
    app = open_page("explore", explore_model="vae.faces", z_axes="attributes")
    assert not app.exception and live(app)["along"] == "attributes"
    assert "bears a name" in live(app)["text"]["note"]
    other = open_page("explore", explore_model="vae.test", z_axes="attributes")
    assert live(other)["along"] == "dimensions" and len(other.warning) == 1


def test_what_else_moved_is_told_where_factors_are_known(zoo: Path, open_page) -> None:
    write_checkpoint(
        zoo, "factor_classifier.toon_faces", data="toon_faces", image_shape=(3, 64, 64),
        heads=(5, 5, 6, 5, 5, 5, 5, 5, 6, 10, 5, 1, 1), label=8,
    )  # fmt: skip
    app = open_page("explore", explore_model="vae.faces", z_view="moved")
    assert not app.exception
    assert any(text.value == "What moved: **nothing**." for text in app.markdown)
    tables = [one for one in app.get("html") if "class='readings'" in one.proto.body]
    assert len(tables) == 1 and tables[0].proto.body.count("<tr") == 14
    assert live(app)["follow"]
    digits = open_page("explore", explore_model="vae.test", z_view="moved")
    assert len(digits.warning) == 1  # nothing is known of digits but their class


def test_arithmetic_with_pictures(zoo: Path, open_page) -> None:
    app = open_page("explore", explore_model="vae.faces", z_view="arithmetic", z_minus="3")
    assert not app.exception
    captions = [one.proto.imgs[0].caption for one in app.image]
    assert "− B: test picture 3" in captions and "**A − B + C**" in captions
    assert any("nearest other picture" in caption for caption in captions)
    gan = open_page("explore", explore_model="gan.test", z_view="arithmetic")
    assert any("no encoder" in text.value for text in gan.info)


def test_a_gan_searches_for_the_code_of_a_picture(
    zoo: Path, open_page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.tasks import explore
    from latentlab.ui.explore import results
    from latentlab.ui.shared.background import Background

    monkeypatch.setattr(results, "_work", lambda: work)
    work = Background(inline=True)
    real = explore.search
    monkeypatch.setattr(explore, "search", lambda space, x, seed: real(space, x, seed, steps=8))
    app = open_page("explore", explore_model="gan.test", z_view="search")
    assert not app.exception
    (path,) = [one.proto.body for one in app.get("html") if "class='search'" in one.proto.body]
    assert path.count("<figure>") >= 4 and "8 steps" in path
    encoder = open_page("explore", explore_model="vae.test", z_view="search")
    assert not encoder.exception and len(encoder.warning) == 1
