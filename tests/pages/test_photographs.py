"""The photographs of the Denoise page without a browser: happy path, links, files, bad input."""

import colorsys
import io
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from browser_reports import report, told
from PIL import Image, ImageCms
from small_models import card_for, reference_for, small_config, write_checkpoint
from streamlit.testing.v1 import AppTest

from latentlab import checkpoints
from latentlab.data import photographs
from latentlab.errors import BusyError
from latentlab.models import families
from latentlab.pictures import photo_files
from latentlab.restoration import restore
from latentlab.restoration.restore import MethodNoise
from latentlab.ui.denoise import photo_figures, photo_work
from latentlab.ui.denoise import photographs as photographs_bench

PATIENCE = 60.0  # seconds; only a stuck page takes this long


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained denoisers with the names that ship, and the digit autoencoder."""
    folder = tmp_path_factory.mktemp("checkpoints")
    write_checkpoint(folder, "photo_denoiser.gaussian", "photographs", (3, 16, 16))
    config = replace(small_config("photo_denoiser", (3, 16, 16)), levels="found")
    real = families.get("photo_denoiser")(config).eval()
    card = card_for(real, "photo_denoiser", "photographs")
    checkpoints.save(folder / "photo_denoiser.real", real, card, None, reference_for(real))
    write_checkpoint(folder, "denoising_autoencoder.mnist")
    return folder


@pytest.fixture(autouse=True)
def only_these(zoo: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [zoo])


@pytest.fixture(autouse=True)
def small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """A corner of each sample: the classical methods are slow."""
    whole = photographs.SamplePhotograph.pixels
    monkeypatch.setattr(
        photographs.SamplePhotograph, "pixels", lambda sample: whole(sample)[60:124, 100:180]
    )


@pytest.fixture
def bench(open_page: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """Function that opens the bench with an address and waits for its background work."""

    def open_it(**address: object) -> AppTest:
        return settled(open_page("denoise", denoise_of="photographs", **address))

    return open_it


def settled(app: AppTest) -> AppTest:
    """Rerun until no progress bar is left."""
    end = time.monotonic() + PATIENCE
    while app.get("progress") and time.monotonic() < end:
        # The page asks every few moments; a test that did so would only be in the work's way.
        for thread in threading.enumerate():
            if thread.name == "latentlab background":
                thread.join(2)
        app.run()
    assert not app.get("progress"), "the background work does not end"
    assert not app.exception, app.exception
    return app


def html(app: AppTest, mark: str) -> str:
    """The one piece of HTML that holds ``mark``."""
    (found,) = [element.body for element in app.get("html") if mark in element.body]
    return found


def png(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def colours(height: int = 60, width: int = 90) -> np.ndarray:
    """A smooth picture with some noise."""
    y, x = np.mgrid[:height, :width]
    base = np.stack([x * 2, y * 3, 200 - x], 2) + np.random.default_rng(0).normal(
        0, 8, (height, width, 3)
    )
    return base.clip(0, 255).astype(np.uint8)


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content, "image/png").run()
    return settled(app)


def test_a_sample_is_restored_whole_and_every_method_has_the_window(bench) -> None:
    app = bench()
    shown = told(app, "photo_viewer")
    assert shown["size"] == [80, 64]
    assert shown["before"]["label"] == "Noisy" and shown["after"]["label"] == "Restored"
    assert shown["before"]["address"] != shown["after"]["address"]
    assert "dB</b> restored" in html(app, "The whole picture")
    table = html(app, "class='scores'")
    for label in ("Photo denoiser", "Non-local means", "Total variation", "Wavelet"):
        assert label in table
    assert "PSNR" in table and "SSIM" in table
    assert html(app, "class='tiles windows'").count("class=best") == 1
    assert "Eileen Collins" in " ".join(each.value for each in app.caption)


def test_stronger_noise_and_other_noise_change_the_pictures(bench) -> None:
    app = bench()
    seen = {told(app, "photo_viewer")["before"]["address"]}
    settled(app.slider(key="denoise_photo_sigma").set_value(60).run())
    seen.add(told(app, "photo_viewer")["before"]["address"])
    settled(app.button(key="denoise_photo_seed.button").click().run())
    seen.add(told(app, "photo_viewer")["before"]["address"])
    assert len(seen) == 3
    again = bench(denoise_photo_sigma=60, denoise_photo_seed=1)
    assert told(again, "photo_viewer")["before"]["address"] in seen
    assert "dB</b> restored" in html(again, "The whole picture")


def test_beyond_the_training_range_the_page_says_so(bench) -> None:
    def warned(**address: object) -> bool:
        return any("never saw noise this strong" in e.value for e in bench(**address).caption)

    assert not warned(denoise_photo_sigma=75)
    assert warned(denoise_photo_sigma=76)


def test_a_grey_sample_stays_grey(bench) -> None:
    app = bench(denoise_photo="camera")
    assert not app.error
    assert "dB</b> restored" in html(app, "The whole picture")


def test_a_network_that_is_told_a_wrong_level_gives_another_picture(bench) -> None:
    right = bench()
    wrong = bench(denoise_photo_override="true", denoise_photo_level=90)
    pictures = [told(app, "photo_viewer")["after"]["address"] for app in (right, wrong)]
    assert pictures[0] != pictures[1]


def found(name: str) -> int:
    """The noise level that is found in a sample, of 255."""
    return round(255 * restore.level_of(photographs.SAMPLES.get(name).pixels()))


def test_another_level_begins_at_the_one_found_in_this_picture(bench) -> None:
    app = bench(denoise_photo_noise="none", denoise_photo_override="true")
    assert app.slider(key="denoise_photo_level").value == found("astronaut") != 25
    assert "denoise_photo_level" not in app.query_params
    settled(app.slider(key="denoise_photo_level").set_value(77).run())
    settled(app.segmented_control(key="denoise_photo").set_value("coffee").run())
    assert app.slider(key="denoise_photo_level").value == found("coffee"), "77 was another's"


def test_another_level_begins_at_the_noise_that_is_added_and_follows_it(bench) -> None:
    app = bench(denoise_photo_sigma=60, denoise_photo_override="true")
    assert app.slider(key="denoise_photo_level").value == 60
    settled(app.slider(key="denoise_photo_sigma").set_value(40).run())
    assert app.slider(key="denoise_photo_level").value == 40, "nobody has moved it"
    settled(app.slider(key="denoise_photo_level").set_value(10).run())
    settled(app.slider(key="denoise_photo_sigma").set_value(50).run())
    assert app.slider(key="denoise_photo_level").value == 10, "somebody has"


def test_a_link_keeps_the_level_that_was_set(bench) -> None:
    app = bench(denoise_photo_override="true", denoise_photo_level=90)
    settled(app.run())
    assert app.slider(key="denoise_photo_level").value == 90


def test_the_window_goes_where_the_visitor_puts_it(bench) -> None:
    app = bench(denoise_photo_noise="none")
    first = told(app, "photo_viewer")["window"]
    settled(report(app, "photo_viewer", place={"x": 0.0, "y": 1.0}))
    window = told(app, "photo_viewer")["window"]
    assert window[2:] == first[2:]
    assert window[0] == 0 and window[1] + window[3] == 64
    settled(report(app, "photo_viewer", place={"x": "left", "y": 7}))
    assert not app.error
    assert told(app, "photo_viewer")["window"] == window


def test_painted_damage_is_in_the_picture_and_a_bad_report_changes_nothing(bench) -> None:
    app = bench(denoise_photo_noise="brush")
    clean = told(app, "photo_viewer")
    assert clean["clean"] and clean["brush"]
    stroke = {"kind": "gaussian", "strength": 1.0, "radius": 0.1, "points": [[0.5, 0.5]]}
    settled(report(app, "photo_viewer", strokes=[stroke]))
    painted = told(app, "photo_viewer")
    assert painted["before"]["address"] != clean["before"]["address"]
    assert painted["strokes"][0]["kind"] == "gaussian"
    settled(report(app, "photo_viewer", strokes=[stroke, {**stroke, "strength": 7}]))
    assert told(app, "photo_viewer")["before"] == painted["before"]
    assert "Paint another" in app.error[0].value


def test_what_was_taken_away_and_its_structure_are_shown(bench) -> None:
    for shown, caption in (("removed", "taken away"), ("autocorrelation", "neighbours")):
        app = bench(denoise_photo_show=shown)
        assert caption in html(app, "class='tiles windows'")


def test_best_is_marked_where_its_score_is_shown_and_nowhere_else(bench) -> None:
    for shown, marks in (("restored", 1), ("removed", 0), ("autocorrelation", 0)):
        gallery = html(bench(denoise_photo_show=shown), "class='tiles windows'")
        assert gallery.count("class=best") == marks, shown


def test_the_text_names_the_colour_that_is_there() -> None:
    peak = torch.zeros(5, 5)
    peak[2, 2] = 1.0
    noise = MethodNoise(torch.zeros(3, 8, 8), 0.1, peak)
    pixel = photo_figures.autocorrelation_picture(noise)[:, 2, 2]
    hue, saturation, _ = colorsys.rgb_to_hsv(*pixel.tolist())
    hues = {"red": 0, "orange": 30, "yellow": 60, "green": 120, "blue": 240}  # degrees
    nearest = min(hues, key=lambda name: abs(360 * hue - hues[name]))
    assert saturation > 0.9
    assert f"only the middle should be {nearest}" in photographs_bench.ABOUT["autocorrelation"]


def test_poisson_noise_has_one_name_and_strokes_are_said_to_be_missing_from_a_link(bench) -> None:
    app = bench(denoise_photo_noise="brush")
    captions = " ".join(each.value for each in app.caption)
    assert "photon" not in captions
    assert "A link does not hold what you paint" in captions
    assert html(app, "Nothing is painted yet")


def test_the_model_is_chosen_in_the_row_at_the_top_where_phones_see_it(bench) -> None:
    app = bench()
    assert not app.sidebar.selectbox
    menu = app.selectbox(key="denoise_photo_model")
    assert menu.options[0] == "Photo denoiser · gaussian", "told apart by their tags"


STROKE = {"kind": "gaussian", "strength": 1.0, "radius": 0.1, "points": [[0.5, 0.5], [0.6, 0.5]]}


@pytest.mark.parametrize("own", [False, True], ids=["sample", "upload"])
@pytest.mark.parametrize(
    "address",
    [
        {"denoise_photo_sigma": 40, "denoise_photo_seed": 3},
        {"denoise_photo_override": "true", "denoise_photo_level": 60},
        {"denoise_photo_noise": "none"},
        {"denoise_photo_noise": "brush"},
    ],
    ids=["noise", "another level", "as it is", "painted"],
)
def test_the_code_on_the_page_restores_what_the_page_shows(
    bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool, address: dict[str, object]
) -> None:
    if own:
        noise = address.get("denoise_photo_noise", "gaussian")
        address = {**address, "denoise_photo_from": "upload", "denoise_photo_noise_own": noise}
    app = bench(**address)
    if own:
        file = png(colours())
        (tmp_path / 'mine, "in" colour.png').write_bytes(file)
        upload(app, 'mine, "in" colour.png', file)
    if "brush" in address.values():
        settled(report(app, "photo_viewer", strokes=[STROKE]))
    (snippet,) = [element.value for element in app.code if "restore_photo" in element.value]
    monkeypatch.chdir(tmp_path)
    made: dict[str, Any] = {}
    exec(snippet, made)
    assert (tmp_path / "restored.png").exists()
    if "none" in address.values():
        assert f"<b>{255 * restore.grain_of(made['restored']):.1f}</b> after" in html(
            app, "in the flattest places: σ"
        )
    else:
        decibels = restore.psnr(made["clean"], made["restored"])
        assert f"<b>{decibels:.1f} dB</b> restored" in html(app, "The whole picture")


# --- uploads ---------------------------------------------------------------------------------


def test_an_upload_that_comes_noisy_has_no_scores_but_its_noise_before_and_after(bench) -> None:
    app = upload(bench(denoise_photo_from="upload"), "holiday.png", png(colours()))
    assert not app.error
    assert told(app, "photo_viewer")["size"] == [90, 60]
    assert "PSNR cannot be known" in html(app, "in the flattest places: σ")
    table = html(app, "class='scores'")
    assert "<th scope='col'>PSNR" not in table and "left in flat places" in table
    menu = app.selectbox(key="denoise_photo_model_own")
    assert menu.value == "photo_denoiser.real", "cameras' noise is its subject"
    settled(app.segmented_control(key="denoise_photo_noise_own").set_value("gaussian").run())
    assert "dB</b> restored" in html(app, "The whole picture")


def rotated() -> bytes:
    exif = Image.Exif()
    exif[274] = 6  # a phone held upright
    exif[315] = "A. Photographer"
    return png(colours(), "JPEG", exif=exif, quality=95)


def with_thumbnail() -> bytes:
    """A JPEG whose EXIF holds a smaller JPEG, as cameras write it."""
    small = png(colours(16, 24), "JPEG")
    entries = struct.pack("<HHHII", 1, 0x0201, 4, 1, 8 + 2 + 4 + 2 + 24 + 4)[2:]
    entries += struct.pack("<HHII", 0x0202, 4, 1, len(small))
    block = b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 14)
    block += struct.pack("<H", 2) + entries + struct.pack("<I", 0) + small
    return png(colours(), "JPEG", exif=block)


def deep() -> bytes:
    photo = photo_files.Photo(colours().astype(np.uint16) * 257, None, None, None)
    return photo_files.encode(photo, "PNG")


def palette() -> bytes:
    file = io.BytesIO()
    Image.fromarray(colours()).quantize(32).save(file, "PNG")
    return file.getvalue()


def cmyk(**options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(colours()).convert("CMYK").save(file, "JPEG", **options)
    return file.getvalue()


def profiled() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return png(colours(), "JPEG", icc_profile=profile)


def transparent() -> bytes:
    alpha = np.full((60, 90, 1), 120, np.uint8)
    return png(np.concatenate([colours(), alpha], 2))


ODD = {
    "panorama.png": (lambda: png(colours(20, 2000)), [2000, 20]),
    "deep.png": (deep, [90, 60]),
    "palette.png": (palette, [90, 60]),
    "cmyk.jpg": (cmyk, [90, 60]),
    "profiled.jpg": (profiled, [90, 60]),
    "thumbnail.jpg": (with_thumbnail, [90, 60]),
    "rotated.jpg": (rotated, [60, 90]),
    "transparent.png": (transparent, [90, 60]),
    "grey.jpg": (lambda: png(colours()[..., 0], "JPEG"), [90, 60]),
}


@pytest.mark.parametrize("name", list(ODD))
def test_odd_pictures_are_restored_and_given_back_in_their_own_format(bench, name: str) -> None:
    make, size = ODD[name]
    app = upload(bench(denoise_photo_from="upload"), name, make())
    assert not app.error, [each.value for each in app.error]
    assert told(app, "photo_viewer")["size"] == size
    assert told(app, "photo_viewer")["after"]
    (button,) = [each for each in app.get("download_button") if "Restored" in each.proto.label]
    assert button


BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    for kind, content in (
        (b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)),
        (b"IEND", b""),
    )
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.png", b"", "empty"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing"),
        ("cut.jpg", png(colours(), "JPEG")[:600], "cut"),
        ("bomb.png", BOMB, "pixels"),
        ("tiny.png", png(colours(4, 4)), "8"),
        ("noise.png", bytes(range(256)), "noise"),
    ],
)
def test_a_bad_upload_gives_one_sentence_and_the_page_goes_on(
    bench, name: str, content: bytes, words: str
) -> None:
    app = upload(
        bench(denoise_photo_from="upload", denoise_photo_noise="gaussian", denoise_photo_sigma=40),
        name,
        content,
    )
    assert len(app.error) == 1
    assert words in app.error[0].value
    settled(app.slider(key="denoise_photo_sigma").set_value(50).run())
    assert app.slider(key="denoise_photo_sigma").value == 50
    assert "dB</b> restored" in html(app, "The whole picture"), "the sample is there"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("denoise_of", "films"),
        ("denoise_photo", "mona_lisa"),
        ("denoise_photo_from", "telepathy"),
        ("denoise_photo_noise", "<script>"),
        ("denoise_photo_sigma", "nan"),
        ("denoise_photo_sigma", "101"),
        ("denoise_photo_seed", "-1"),
        ("denoise_photo_override", "perhaps"),
        ("denoise_photo_show", "all"),
        ("denoise_photo_model", "photo_denoiser.nobody"),
    ],
)
def test_garbage_in_a_link_gives_one_sentence_and_the_default(
    open_page, key: str, text: str
) -> None:
    app = open_page("denoise", **{"denoise_of": "photographs", key: text})
    assert not app.exception
    assert len(app.warning) == 1
    assert "This link asks for settings that do not exist here" in app.warning[0].value


def test_when_the_server_is_busy_the_page_says_so_and_asks_again(
    open_page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object, **options: object) -> None:
        raise BusyError("The server is busy.", "Try again in a minute.")

    with monkeypatch.context() as patch:
        patch.setattr(photo_work, "whole", busy)
        app = open_page("denoise", denoise_of="photographs")
        assert [each.value for each in app.error] == [
            "The server is busy.\n\nTry again in a minute."
        ]
        assert told(app, "photo_viewer")["after"] is None
    settled(app.run())
    assert not app.error
    assert told(app, "photo_viewer")["after"]


# --- the server ------------------------------------------------------------------------------


def test_the_restored_file_keeps_what_came_with_the_picture() -> None:
    photo = photo_files.decode(rotated(), "rotated.jpg").upright()
    result = photo_work.Whole(255 - photo.pixels, b"", 0.1, 0.0, None)
    suffix, mime = photo_work.format_of("holiday.JPG", photo)
    assert (suffix, mime) == (".jpg", "image/jpeg")
    with Image.open(io.BytesIO(photo_work.download(photo, result, suffix))) as given:
        assert given.size == (60, 90)
        assert given.getexif()[315] == "A. Photographer"
        assert given.getexif().get(274, 1) == 1
        assert abs(np.asarray(given).astype(int) - result.pixels).mean() < 3


def test_a_format_that_cannot_hold_the_picture_becomes_png() -> None:
    photo = photo_files.decode(transparent(), "x.png")
    assert photo_work.format_of("really_a_png.jpg", photo) == (".png", "image/png")
    assert photo_work.format_of("animation.gif", photo) == (".png", "image/png")
    assert photo_work.format_of("no suffix", photo) == (".png", "image/png")
