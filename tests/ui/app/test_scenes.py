"""What the sentences of the scenes claim, measured on the models and pictures that ship."""

from urllib.parse import parse_qs

import torch

from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.models import Classifier, LatentModel
from latentlab.noise import corruptions
from latentlab.tasks import embeddings
from latentlab.ui.app import contents, present
from latentlab.ui.explore import comparisons, results
from latentlab.ui.shared.entry import Scene

SCENES = {scene.sentence: scene for entry in contents.PAGES for scene in entry.scenes}


def scene(beginning: str) -> Scene:
    return next(each for sentence, each in SCENES.items() if sentence.startswith(beginning))


def test_a_link_holds_the_setting_the_presentation_and_the_number() -> None:
    shown = scene("Too much noise")
    held = {key: values[0] for key, values in parse_qs(present.link(shown, 2)[1:]).items()}
    assert held == {**shown.settings, "present": "1", "scene": "2"}


def test_a_page_owns_the_settings_of_its_scenes_and_no_sentence_stands_twice() -> None:
    for entry in contents.PAGES:
        assert all(entry.owns(key) for each in entry.scenes for key in each.settings)
    assert len(SCENES) == sum(len(entry.scenes) for entry in contents.PAGES)


def test_too_much_noise_makes_a_nine_of_a_seven() -> None:
    settings = scene("Too much noise").settings
    samples = datasets.get("mnist").samples()
    place = int((samples.ids == int(settings["denoise_pic"])).argmax())
    assert samples.labels[place] == 7
    noise = corruptions.make("gaussian", float(settings["denoise_gaussian"]))
    noisy = noise(
        samples.tensor()[place : place + 1],
        torch.Generator().manual_seed(int(settings["denoise_seed"])),
    )
    restored = checkpoints.load("denoising_autoencoder.mnist").load_model()(noisy)
    classifier = checkpoints.load("classifier.mnist").load_model()
    assert isinstance(classifier, Classifier)
    assert int(classifier(restored).argmax()) == 9


def test_a_vae_draws_what_an_autoencoder_cannot() -> None:
    shown = scene("From N(0, I)").settings
    names = comparisons.compared(shown["explore_model"])
    assert names[0] == shown["explore_model"]
    sure = {name: results.samples(name, "network", "normal", 4)[1] for name in names[:2]}
    vae, autoencoder = (sure[name] or 0.0 for name in names[:2])
    assert vae > autoencoder + 0.2, sure


def test_an_autoencoder_parts_what_pca_mixes() -> None:
    pictures = embeddings.choose(datasets.get("mnist").samples(), count=1000)
    encoder = checkpoints.load("autoencoder.mnist_k2").load_model()
    assert isinstance(encoder, LatentModel)
    linear, bent = (
        embeddings.quality(plane, pictures)
        for plane in (
            embeddings.embed_pca(pictures.tensor()),
            embeddings.embed_codes(encoder, pictures.tensor()),
        )
    )
    assert bent.accuracy > linear.accuracy + 0.2


def test_every_page_has_something_to_show() -> None:
    assert all(entry.stage.hero for entry in contents.PAGES)
