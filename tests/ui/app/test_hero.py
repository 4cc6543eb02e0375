"""What the home page says of its moving pictures is what the shipped models give."""

import gzip
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab import checkpoints
from latentlab.data.photographs import SAMPLES
from latentlab.latents import spaces
from latentlab.pictures import images
from latentlab.restoration.restore import NoisyPhoto
from latentlab.tasks import photographs
from latentlab.ui.app import hero
from latentlab.ui.shared import browser_models

BAR = 250_000  # bytes before the face moves; the scripts need about 15,000 of them


@pytest.fixture(scope="module")
def face() -> hero.Face:
    return hero.make()


def test_the_face_is_small_and_nearly_its_models_own(face: hero.Face) -> None:
    manifest: dict[str, Any] = json.loads(face.manifest)
    assert len(face.weights) + len(gzip.compress(face.manifest)) < BAR - 15_000
    assert manifest["latent_size"] == 2
    assert manifest["reference"]["fp16_error"] < 0.12  # of its worst pixel, on the edge of an eye
    assert face.size == 32


@torch.inference_mode()
def test_the_still_face_is_the_one_in_the_middle(face: hero.Face) -> None:
    space = browser_models.latent_space(hero.FACES, "network")
    middle = torch.tensor(face.code((0.0, 0.0)))
    expected = images.to_uint8(spaces.decode(space, middle[None])[0])
    assert np.array_equal(np.asarray(Image.open(hero.FACE)), expected), "run: …ui.app.covers"


@pytest.mark.parametrize(
    "nonsense",
    [None, "photo ", [], [0.1], [0.1, 0.2, 0.3], [0.1, "0.2"], [float("nan"), 0.0], [0.0, 9e9],
     [True, False], {"x": 1}, [[0], [0]], [-2.6, 0.0]],
    ids=repr,
)  # fmt: skip
def test_a_report_of_nonsense_leads_nowhere(face: hero.Face, nonsense: object) -> None:
    assert hero._place(nonsense, face) is None
    assert hero._place([0.5, -1], None) is None  # before there is a face
    assert hero._place([0.5, -1], face) == (0.5, -1.0)


def test_a_face_that_comes_while_the_page_is_drawn_is_waited_for(face, monkeypatch) -> None:
    waits: list[bool] = []

    def mounted(**data: Any) -> SimpleNamespace:
        hero._face, hero._coming = face, False  # the warm-up ends here
        return SimpleNamespace(go=None)

    monkeypatch.setattr(hero, "_face", None)
    monkeypatch.setattr(hero, "_coming", True)
    monkeypatch.setattr(hero, "_wait_for_face", lambda: waits.append(True))
    monkeypatch.setattr(hero.component, "publish", lambda *_: "/media/some")
    monkeypatch.setattr(hero.component, "mount", lambda _: mounted)
    hero.draw()  # without the face, but with a look for it
    hero.draw()  # with it
    assert waits == [True]


@torch.inference_mode()
def test_the_decibels_under_the_photograph_are_measured() -> None:
    said = json.loads(hero.MEASURED.read_text(encoding="utf-8"))
    width, height = said["size"]
    clean = SAMPLES.get(said["sample"]).pixels()[:height, :width]
    noisy = NoisyPhoto(clean, said["sigma"] / 255, seed=0)
    window = photographs.Window(0, 0, width, height)
    name = "photo_denoiser.gaussian"
    network = checkpoints.load(name).load_model()
    before = photographs.attempt(photographs.NOISY, noisy, window, clean=clean)
    after = photographs.attempt(name, noisy, window, clean=clean, network=network)
    assert said["psnr"]["noisy"] == pytest.approx(before.psnr, abs=0.01)
    assert said["psnr"]["network"] == pytest.approx(after.psnr, abs=0.01)
    shown = hero._photo()
    assert f"{after.psnr:.1f} dB" in shown["tags"][1]
    assert f"{said['psnr']['filter']:.1f} dB" in shown["words"]
    for file, attempt in ((hero.NOISY, before), (hero.DENOISED, after)):
        pixels = np.asarray(Image.open(file)).astype(float)
        error = np.abs(pixels - images.to_uint8(attempt.picture).astype(float)).mean()
        assert error < (30 if file == hero.NOISY else 4)  # lossy, and noise is what that loses
