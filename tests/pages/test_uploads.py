"""An upload on the pages that take one: what is doubted in it, and the part that is meant."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
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


def two_ones(height: int = 200) -> bytes:
    picture = Image.fromarray(np.full((height, 400), 240, np.uint8))
    draw = ImageDraw.Draw(picture)
    for left in (100, 300):
        draw.line((left, 0.2 * height, left - 5, 0.8 * height), fill=20, width=18)
    return png(picture)


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def first_step(app) -> str:
    captions = [image.proto.imgs[0].caption for image in app.image]
    return next(caption for caption in captions if caption.startswith("**1 "))


OPEN = {
    "denoise": {"denoise_model": "vae.test", "denoise_pic_from": "upload"},
    "explore": {"explore_model": "vae.test", "explore_pic_from": "upload"},
    "embeddings": {
        "embeddings_follow": "true",
        "embeddings_pic_from": "upload",
        "embeddings_points": "200",
    },
    "interpolate": {"interpolate_model": "vae.test", "interpolate_a_from": "upload"},
}


@pytest.mark.parametrize("page", OPEN)
def test_several_digits_are_doubted_until_the_box_holds_one(
    zoo: Path, open_page: Callable, page: str
) -> None:
    app = open_page(page, **OPEN[page])
    app.get("file_uploader")[0].upload("two.png", two_ones(), "image/png").run()
    assert not app.exception and not app.error
    assert any("several digits" in each.value for each in app.warning)
    shown = told(app, "crop_box")
    assert shown["size"] == [400, 200] and shown["box"] is None and shown["ratio"] is None
    of = shown["revision"]
    report(app, "crop_box", box={"of": of, "box": [0, 0, 0.5, 1]})
    assert not app.exception and not app.error
    assert not any("several digits" in each.value for each in app.warning)
    assert "200 × 200 pixels" in first_step(app)
    assert told(app, "crop_box")["box"] == [0, 0, 0.5, 1]
    report(app, "crop_box", box={"of": of, "box": "everything"})
    assert not app.exception and not app.error
    assert told(app, "crop_box")["box"] == [0, 0, 0.5, 1], "nonsense moves nothing"
    report(app, "crop_box", box={"of": of, "box": None})
    assert any("several digits" in each.value for each in app.warning)


def test_the_code_cuts_the_part_that_was_chosen(zoo: Path, open_page: Callable) -> None:
    app = open_page("denoise", **OPEN["denoise"])
    app.file_uploader[0].upload("two.png", two_ones(), "image/png").run()
    report(app, "crop_box", box={"of": told(app, "crop_box")["revision"], "box": [0.5, 0, 1, 1]})
    assert any("[:, 0:200, 200:400]" in element.value for element in app.code)


@pytest.mark.parametrize("height", [20, 28])
def test_a_picture_as_small_as_the_model_needs_no_box(
    zoo: Path, open_page: Callable, height: int
) -> None:
    app = open_page("denoise", **OPEN["denoise"])
    small = Image.fromarray(np.full((height, 28), 240, np.uint8))
    app.file_uploader[0].upload("small.png", png(small), "image/png").run()
    assert not app.exception
    assert not [each for each in app.get("bidi_component") if "crop_box" in str(each.proto)]


def test_a_photograph_for_a_model_of_cartoons_is_doubted(zoo: Path, open_page: Callable) -> None:
    app = open_page("denoise", denoise_model="vae.faces", denoise_pic_from="upload")
    noise = np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8)
    app.file_uploader[0].upload("me.png", png(Image.fromarray(noise)), "image/png").run()
    assert any("looks like a photograph" in each.value for each in app.warning)
    assert told(app, "crop_box")["ratio"] == 1
