"""A drawing as a source of pictures, on the pages that offer one; without a browser."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_reports import report, told
from PIL import Image, ImageDraw
from small_models import write_checkpoint

from latentlab import checkpoints


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Path:
    write_checkpoint(tmp_path, "vae.test")
    write_checkpoint(tmp_path, "vae.faces", data="toon_faces", image_shape=(3, 64, 64))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    return tmp_path


def a_one() -> str:
    """What the browser says of a stroke."""
    picture = Image.new("RGB", (256, 256))
    ImageDraw.Draw(picture).line((150, 40, 140, 220), fill="white", width=20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def steps(app) -> list[str]:
    """The steps of a preparation, by their captions."""
    captions = [image.proto.imgs[0].caption for image in app.image]
    return [caption for caption in captions if caption.startswith("**")]


OPEN = {
    "denoise": {"denoise_model": "vae.test", "denoise_pic_from": "draw"},
    "explore": {"explore_model": "vae.test", "explore_pic_from": "draw"},
    "embeddings": {
        "embeddings_follow": "true",
        "embeddings_pic_from": "draw",
        "embeddings_points": "200",
    },
    "interpolate": {"interpolate_model": "vae.test", "interpolate_a_from": "draw"},
}


@pytest.mark.parametrize("page", OPEN)
def test_a_drawing_is_a_picture_that_is_prepared_and_can_be_taken_back(
    zoo: Path, open_page: Callable, page: str
) -> None:
    app = open_page(page, **OPEN[page])
    assert not app.exception and not app.error
    assert told(app, "draw_pad")["drawing"] is None
    assert not steps(app)  # the sample, until something is drawn

    report(app, "draw_pad", drawing=a_one())
    assert not app.exception and not app.error
    assert any("centre of mass" in caption for caption in steps(app))
    # If the visitor leaves and comes back, the pad goes on with it.
    assert told(app, "draw_pad")["drawing"] == a_one()

    report(app, "draw_pad", drawing="")
    assert told(app, "draw_pad")["drawing"] is None
    assert not steps(app)


@pytest.mark.parametrize("page", ["denoise", "explore"])
def test_the_pad_is_told_where_the_model_that_follows_the_pen_is(
    zoo: Path, open_page: Callable, page: str
) -> None:
    app = open_page(page, **OPEN[page])
    follower = told(app, "draw_pad")["follower"]
    assert follower["centring"] == "mass"
    parts = (follower["encoder"], follower["decoder"])
    assert all(
        part["bytes"] > 100 and set(part) == {"manifest", "weights", "bytes"} for part in parts
    )
    report(app, "draw_pad", drawing=a_one())
    assert told(app, "draw_pad")["follower"] == follower
    app.segmented_control(key=f"{page}_pic.invert").set_value("yes").run()
    assert told(app, "draw_pad")["follower"] is None  # the browser does not take the negative


def test_nothing_follows_the_pen_where_the_server_is_to_decode_or_pca_does(
    zoo: Path, open_page: Callable
) -> None:
    for options in ({"decode": "server"}, {"z_by": "pca"}):
        app = open_page("explore", **OPEN["explore"], **options)
        assert not app.exception and not app.error
        assert told(app, "draw_pad")["follower"] is None


@pytest.mark.parametrize(
    "hostile",
    [
        {"no": "text"},
        "A" * 500_000,
        base64.b64encode(b"<svg/>").decode(),
        a_one()[:400],
    ],
)
def test_a_hostile_report_is_one_sentence_and_the_sample(
    zoo: Path, open_page: Callable, hostile: object
) -> None:
    app = open_page("denoise", **OPEN["denoise"])
    report(app, "draw_pad", drawing=hostile)
    assert not app.exception
    assert len(app.error) == 1 and not steps(app)
    report(app, "draw_pad", drawing=a_one())
    assert not app.error and steps(app)


def test_every_data_set_has_a_pad_with_its_own_colours(zoo: Path, open_page: Callable) -> None:
    app = open_page("explore", explore_model="vae.test", explore_pic_from="draw")
    digits = told(app, "draw_pad")
    assert digits["ground"] == "#000000" and not digits["colourful"]
    report(app, "draw_pad", drawing=a_one())
    app.segmented_control(key="explore_model.data").set_value("toon_faces").run()
    faces = told(app, "draw_pad")
    assert faces["colourful"] and len(faces["palette"]) == 12
    assert faces["ground"] not in faces["palette"]
    assert faces["drawing"] is None and not steps(app)
