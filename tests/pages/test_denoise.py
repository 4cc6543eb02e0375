"""The Denoise page without a browser: happy path, links, uploads, bad input."""

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from small_models import write_checkpoint
from streamlit.testing.v1 import AppTest

from latentlab import checkpoints
from latentlab.baselines import filters
from latentlab.data import datasets
from latentlab.noise.corruptions import corruptions
from latentlab.ui.denoise import results
from latentlab.ui.shared import cache
from latentlab.ui.shared.crop_box import Box

MODELS = (
    ("denoising_autoencoder.mnist", "mnist", {}),
    ("conv_autoencoder.mnist_k32", "mnist", {"latent_size": 32}),
    ("vae.mnist_k16", "mnist", {"latent_size": 16}),
    ("vae.toon_faces_k32", "toon_faces", {"latent_size": 32}),
)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained checkpoints with the names that ship."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name, data, fields in MODELS:
        write_checkpoint(folder, name, data, datasets.get(data).image_shape, **fields)
    return folder


@pytest.fixture(autouse=True)
def only_these(zoo: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> None:
    monkeypatch.setattr(checkpoints, "folders", lambda: [zoo])


@pytest.fixture
def denoise(open_page: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """Function that opens the page with an address, and finds no exception."""

    def open_it(**address: object) -> AppTest:
        app = open_page("denoise", **address)
        assert not app.exception, app.exception
        return app

    return open_it


def html(app: AppTest, mark: str) -> str:
    """The one piece of HTML that holds ``mark``."""
    (found,) = [element.body for element in app.get("html") if mark in element.body]
    return found


def large(app: AppTest) -> str:
    return html(app, "class='tiles large'")


def table(app: AppTest) -> str:
    return html(app, "class='scores'")


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def drawn_digit() -> bytes:
    """A dark 7 on white paper, 120 x 100 pixels."""
    paper = np.full((120, 100), 235, np.uint8)
    paper[20:30, 25:75] = 20
    for row in range(30, 100):
        right = 75 - (row - 30) // 2
        paper[row, right - 10 : right] = 20
    return png(paper)


def test_opens_with_every_method_scored_and_one_winner(denoise) -> None:
    app = denoise()
    assert app.title[0].value == "Denoise"
    rows = table(app)
    for label in ("Noisy", "Denoising autoencoder", "Conv. autoencoder k=32", "PCA"):
        assert label in rows
    for name in filters.denoisers:
        assert filters.denoisers.get(name).label in rows
    assert rows.count("best") >= 2  # class and word
    gallery = html(app, "class='tiles small'")
    assert gallery.count("<img") == 4 + 1 + len(list(filters.denoisers))
    assert gallery.count("class=best") == 1
    assert large(app).count("<img") == 4
    assert "wins by" in html(app, "class='verdict'") or "best here" in html(app, "verdict")


def test_a_data_set_is_chosen_first_and_then_one_of_its_models(denoise) -> None:
    app = denoise(denoise_model="vae.mnist_k16")
    assert len(app.selectbox(key="denoise_model").options) == 3
    app.segmented_control(key="denoise_model.data").set_value("toon_faces").run()
    (only,) = app.selectbox(key="denoise_model").options
    assert "32" in only
    assert app.query_params["denoise_model"] == "vae.toon_faces_k32"


def test_all_methods_stand_in_order_of_their_psnr_beside_the_pictures(denoise) -> None:
    ranking = html(denoise(), "class='ranking'")
    found = [float(psnr) for psnr in re.findall(r"<b>([0-9.]+) dB</b>", ranking)]
    assert len(found) == 5 + len(list(filters.denoisers))
    assert found == sorted(found, reverse=True)
    assert ranking.count(" best'") == 1


def test_stronger_noise_and_other_noise_change_the_pictures(denoise) -> None:
    app = denoise()
    before = large(app)
    app.slider(key="denoise_gaussian").set_value(0.8).run()
    stronger = large(app)
    assert stronger != before
    app.button(key="denoise_seed.button").click().run()
    assert large(app) != stronger
    assert app.query_params["denoise_seed"] == "1"


@pytest.mark.parametrize("kind", list(corruptions))
def test_every_noise_has_a_slider_with_its_own_bounds(denoise, kind: str) -> None:
    app = denoise(denoise_noise=kind)
    slider = app.slider(key=f"denoise_{kind}")
    bounds = corruptions.get(kind).bounds
    assert (slider.min, slider.max, slider.value) == (bounds.low, bounds.high, bounds.default)
    assert slider.label == corruptions.get(kind).strength_label


def test_a_link_reproduces_the_view(denoise) -> None:
    samples = datasets.get("mnist").samples()
    number = int(samples.ids[(samples.labels == 3).argmax()])
    app = denoise()
    app.selectbox(key="denoise_noise").set_value("masking").run()
    app.slider(key="denoise_masking").set_value(0.7).run()
    app.pills(key="denoise_with").set_value(["vae.k16"]).run()
    app.pills(key="denoise_pic").set_value(number).run()
    app.button(key="denoise_seed.button").click().run()
    again = denoise(
        denoise_noise="masking",
        denoise_masking=0.7,
        denoise_with="vae.k16",
        denoise_pic=number,
        denoise_seed=1,
    )
    assert large(again) == large(app)
    assert table(again) == table(app)
    assert not again.warning


def test_without_noise_the_page_says_that_nothing_can_be_won(denoise) -> None:
    app = denoise(denoise_gaussian=0.0)
    assert "There is no noise to remove" in html(app, "class='verdict'")
    assert "∞" in table(app)


def test_others_shows_another_sample_of_the_same_class(denoise) -> None:
    samples = datasets.get("mnist").samples()
    labels = dict(zip(samples.ids.tolist(), samples.labels.tolist(), strict=True))
    app = denoise()
    first = app.session_state["denoise_pic"]
    app.button(key="denoise_pic.others").click().run()
    second = app.session_state["denoise_pic"]
    assert second != first
    assert labels[second] == labels[first]
    assert app.query_params["denoise_pic"] == str(second)


def test_the_gallery_offers_every_class_once(denoise) -> None:
    app = denoise()
    assert len(app.pills(key="denoise_pic").options) == 10
    faces = denoise(denoise_model="vae.toon_faces_k32")
    assert len(faces.pills(key="denoise_pic").options) == len(
        datasets.get("toon_faces").class_names
    )


def test_colour_pictures_work_without_a_rival(denoise) -> None:
    app = denoise(denoise_model="vae.toon_faces_k32")
    assert "VAE k=32" in table(app)
    assert "denoise_with" not in [element.key for element in app.pills]


@pytest.mark.parametrize("name", ["seven.jfif", "seven", "seven.jpg_large"])
def test_a_picture_of_any_name_is_taken_by_its_content(denoise, name: str) -> None:
    app = denoise(denoise_pic_from="upload")
    app.file_uploader[0].upload(name, drawn_digit(), "image/jpeg").run()
    assert not app.exception and not app.error


def test_an_upload_is_prepared_step_by_step_and_restored(denoise) -> None:
    app = denoise(denoise_pic_from="upload")
    sample = large(app)
    app.file_uploader[0].upload("seven.png", drawn_digit(), "image/png").run()
    assert not app.exception
    assert not app.error
    mine = large(app)
    assert mine != sample
    captions = [image.captions[0] for image in app.image]
    assert captions[0].startswith("**1 Picture.**")
    assert any("Polarity" in caption for caption in captions)
    app.segmented_control(key="denoise_pic.invert").set_value("no").run()
    assert large(app) != mine
    # Another mode, and back: the upload is still there.
    app.segmented_control(key="denoise_pic_from").set_value("sample").run()
    assert large(app) == sample


BOMB = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0"
    b"\x00\x00\x00\x00" + b"\0\0\0\0IEND\xaeB`\x82"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.png", b""),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.png", b"<!doctype html><script>alert(1)</script>"),
        ("cut.png", drawn_digit()[:200]),
        ("bomb.png", BOMB),
        ("noise.png", bytes(range(256))),
    ],
)
def test_a_bad_upload_gives_one_sentence_and_the_sample(denoise, name: str, content: bytes) -> None:
    app = denoise(denoise_pic_from="upload")
    before = large(app)
    app.file_uploader[0].upload(name, content, "image/png").run()
    assert not app.exception
    assert len(app.error) == 1
    assert name.partition(".")[0] in app.error[0].value
    assert large(app) == before
    app.slider(key="denoise_gaussian").set_value(0.6).run()
    assert not app.exception
    assert large(app) != before


def test_a_picture_of_nothing_is_said_to_be_empty(denoise) -> None:
    app = denoise(denoise_pic_from="upload")
    app.file_uploader[0].upload("grey.png", png(np.full((1, 1), 90, np.uint8)), "image/png").run()
    assert not app.exception
    assert "Nothing stands out" in app.warning[0].value


@pytest.mark.parametrize("model", ["denoising_autoencoder.mnist", "vae.toon_faces_k32"])
@pytest.mark.parametrize(("width", "height"), [(4000, 20), (20, 4000), (4000, 1), (1, 4000)])
def test_a_panorama_and_a_tower_are_pictures_like_any_other(
    denoise, model: str, width: int, height: int
) -> None:
    pixels = np.full((height, width), 250, np.uint8)
    pixels[height // 4 : height // 2 + 1, width // 4 : width // 2 + 1] = 10
    app = denoise(denoise_model=model, denoise_pic_from="upload")
    app.file_uploader[0].upload("long.png", png(pixels), "image/png").run()
    assert not app.exception and not app.error
    assert app.image[0].captions[0].startswith("**1 Picture.**")


def test_a_file_name_cannot_draw_anything(denoise) -> None:
    app = denoise(denoise_pic_from="upload")
    app.file_uploader[0].upload("![x](http:evil).png", b"x", "image/png").run()
    assert "![x]" not in app.error[0].value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("denoise_model", "vae.nobody"),
        ("denoise_noise", "<script>"),
        ("denoise_gaussian", "nan"),
        ("denoise_gaussian", "-3"),
        ("denoise_seed", "1e9"),
        ("denoise_pic", "99999999999"),
        ("denoise_pic", "٣"),
        ("denoise_pic_from", "telepathy"),
        ("denoise_with", "vae.k16,nobody"),
        ("denoise_curve", "perhaps"),
    ],
)
def test_garbage_in_a_link_gives_one_sentence_and_the_default(denoise, key: str, text: str) -> None:
    app = denoise(**{key: text})
    assert len(app.warning) == 1
    assert "This link asks for settings that do not exist here" in app.warning[0].value
    assert large(app) == large(denoise())


def test_the_curve_is_drawn_when_it_is_asked_for(denoise) -> None:
    assert not denoise().get("plotly_chart")
    (chart,) = denoise(denoise_curve="true").get("plotly_chart")
    figure = json.loads(chart.proto.spec)
    names = [trace["name"] for trace in figure["data"]]
    assert names[:3] == ["best classical method", "nothing done", "Denoising autoencoder"]


def test_the_code_on_the_page_runs(denoise, capsys: pytest.CaptureFixture[str]) -> None:
    app = denoise(denoise_noise="speckle", denoise_seed=3)
    (snippet,) = [element.value for element in app.code if "corruptions.make" in element.value]
    exec(snippet, {})
    noisy, restored = (part.split("]")[0] for part in capsys.readouterr().out.split("tensor([")[1:])
    assert f"<td>{float(noisy):.1f}</td>" in table(app)
    assert f"{float(restored):.1f}</td>" in table(app)


def test_without_checkpoints_the_page_says_how_to_get_them(
    denoise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "folders", list)
    app = denoise()
    assert app.subheader[0].value == "No trained model here yet"


@pytest.fixture
def damaged(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The zoo with one flipped byte in the weights of conv_autoencoder.mnist_k32."""
    folder = shutil.copytree(zoo, tmp_path / "zoo")
    weights = folder / "conv_autoencoder.mnist_k32" / checkpoints.WEIGHTS
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    monkeypatch.setattr(checkpoints, "folders", lambda: [folder])
    return folder


def test_a_damaged_model_is_named_and_the_others_go_on(denoise, damaged: Path) -> None:
    app = denoise()
    assert "model.safetensors is damaged" in app.warning[0].value
    assert "VAE k=16" in table(app)
    assert "Conv. autoencoder k=32" not in table(app)


def test_a_damaged_main_model_gives_one_sentence(denoise, damaged: Path) -> None:
    app = denoise(denoise_model="conv_autoencoder.mnist_k32")
    assert len(app.error) == 1
    assert "model.safetensors is damaged" in app.error[0].value
    app.selectbox(key="denoise_model").set_value("vae.mnist_k16").run()
    assert not app.error
    assert large(app)


def test_principal_components_never_saw_the_picture_they_restore() -> None:
    samples = cache.samples("mnist").tensor()
    for sample in (0, 7):
        rest = samples[1 - sample % 2 :: 2]
        found = results.components("mnist", sample)
        assert torch.allclose(found.mean, rest.flatten(1).mean(0), atol=1e-6)
        assert not any(torch.equal(x, samples[sample]) for x in rest)


def test_the_code_of_a_part_of_an_upload_is_of_that_part(
    denoise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = drawn_digit()
    (tmp_path / "two digits.png").write_bytes(file)
    app = denoise(denoise_pic_from="upload")
    app.file_uploader[0].upload("two digits.png", file, "image/png").run()
    whole = table(app)
    given = app.session_state["denoise_pic.upload"]
    app.session_state["denoise_pic.upload"] = replace(given, box=Box(0.1, 0.1, 0.8, 0.55))
    app.run()
    app.segmented_control(key="denoise_pic.invert").set_value("yes").run()
    assert not app.exception and table(app) != whole
    (snippet,) = [element.value for element in app.code if "corruptions.make" in element.value]
    monkeypatch.chdir(tmp_path)
    exec(snippet, {})
    noisy, restored = (part.split("]")[0] for part in capsys.readouterr().out.split("tensor([")[1:])
    assert f"<td>{float(noisy):.1f}</td>" in table(app)
    assert f"{float(restored):.1f}</td>" in table(app)
