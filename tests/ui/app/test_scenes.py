"""What the sentences of the scenes claim, measured on the models and pictures that ship."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
import torch

from latentlab import checkpoints, experiments
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import components, datasets
from latentlab.data.photographs import SAMPLES
from latentlab.experiments import pretrain_moments
from latentlab.models import Autoencoder, Classifier, LatentModel
from latentlab.noise import corruptions
from latentlab.restoration.restore import NoisyPhoto
from latentlab.tasks import bottleneck, denoise, embeddings, photographs, pretrain
from latentlab.ui.app import contents, present
from latentlab.ui.bottleneck import copying
from latentlab.ui.bottleneck import results as bottleneck_results
from latentlab.ui.denoise import photo_figures
from latentlab.ui.explore import comparisons, results
from latentlab.ui.shared.entry import Scene

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

# Other tests bring models of the same names, and what is kept of those must not be shown here.
pytestmark = pytest.mark.usefixtures("fresh_caches")

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


def test_a_network_that_has_seen_noise_beats_every_filter() -> None:
    settings = scene("A network that has seen").settings
    clean = datasets.get("mnist").samples().tensor(slice(0, 40))
    noise = corruptions.make("gaussian", float(settings["denoise_gaussian"]))
    name = "denoising_autoencoder.mnist"
    model = checkpoints.load(name).load_model()
    assert isinstance(model, Autoencoder)
    components = PrincipalComponents.fit(clean[1:], 30)
    lead = []
    for place in range(3):
        noisy = denoise.corrupt(clean[place], noise, seed=place)
        filters = denoise.restore_classically(clean[place], noisy, components)
        done = denoise.denoise(clean[place], noisy, {name: ("", model)}, filters)
        classical = [each.psnr for each in done.restorations if each.side == "classical"]
        lead.append(done.by(name).psnr - max(classical))
    assert min(lead) > 0, lead


def test_what_the_digit_network_does_to_a_photograph_no_other_method_does() -> None:
    for beginning in ("Trained on digits", "White noise in"):
        assert scene(beginning).settings["denoise_of"] == "photographs"
    pixels = SAMPLES.get(next(iter(SAMPLES))).pixels()
    noisy = NoisyPhoto(pixels, 25 / 255, seed=0)  # as the page begins
    height, width = pixels.shape[:2]
    window = photographs.window_at((width, height), (width // 2, height // 2))
    made = {
        name: photographs.attempt(
            name,
            noisy,
            window,
            clean=pixels,
            network=checkpoints.load(name).load_model() if "." in name else None,
        )
        for name in photographs.contenders(["photo_denoiser.gaussian"])
    }
    before, digits = made.pop(photographs.NOISY), made.pop(photographs.DIGITS)
    assert digits.psnr is not None
    assert before.psnr is not None
    assert digits.psnr < before.psnr - 5
    assert digits.noise is not None
    assert photo_figures.neighbours(digits.noise) > 0.5, "structure"
    for other in made.values():
        assert other.psnr is not None
        assert other.psnr > before.psnr
        assert other.noise is not None
        assert abs(photo_figures.neighbours(other.noise)) < 0.15, "nearly white"


@pytest.mark.parametrize(
    ("beginning", "winner"), [("On a GAN", "Spherical"), ("On a VAE", "Linear")]
)
def test_the_walk_of_a_scene_is_won_by_whom_it_says(
    open_page: Callable[..., "AppTest"], beginning: str, winner: str
) -> None:
    app = open_page("interpolate", **scene(beginning).settings)
    assert not app.exception
    assert not app.error
    assert any(each.value.startswith(f"**{winner} wins**") for each in app.markdown)


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


def test_with_one_number_a_network_is_far_ahead_of_pca() -> None:
    settings = scene("One number").settings
    k = int(settings["bottleneck_k"])
    x = datasets.get("mnist").samples().tensor()
    network = checkpoints.load(bottleneck.checkpoint("autoencoder", "mnist", k)).load_model()
    linear = components.components("mnist").truncate(k)
    errors = [((made - x) ** 2).mean((1, 2, 3)) for made in (network(x), linear.reconstruct(x))]
    assert errors[0][0] < 0.7 * errors[1][0], "the picture that the page begins with"
    assert errors[0].mean() < 0.85 * errors[1].mean()


def test_the_axes_of_a_linear_autoencoder_are_pcas_only_under_a_penalty() -> None:
    name = bottleneck.checkpoint("linear", "mnist", 8)
    shown = bottleneck_results.turning(name, f"{name}_l2")
    plain = int(scene("A linear autoencoder").settings["bottleneck_moment"])
    assert not shown.penalised[plain] and shown.penalised[plain + 1], "the last one without"
    assert "bottleneck_moment" not in scene("With an L2").settings  # the last one of all
    for moment in (plain, -1):
        assert shown.to_subspace[moment].max() < 2
    assert shown.to_axes[plain].max() > 20
    assert shown.to_axes[-1].max() < 2 and shown.untied[-1] < 0.01


def test_noise_comes_back_through_a_wide_code_and_not_through_a_narrow_one(
    open_page: Callable[..., "AppTest"],
) -> None:
    for beginning, verdicts in (
        ("More numbers", ["**it copies**"]),
        ("Through 8", ["**it copies**", "**noise cannot pass**"]),
    ):
        app = open_page("bottleneck", **scene(beginning).settings)
        assert not app.exception and not app.error
        said = next(one.value for one in app.markdown if one.value.startswith("Pure noise"))
        assert [f"**{part}**" for part in said.split("**")[1::2]] == verdicts
    wide, narrow = (
        checkpoints.load(name).load_model() for name in (bottleneck_results.WIDE, copying.MENDED)
    )
    for seed in range(5):
        x = bottleneck.noise((1, 28, 28), seed)
        assert bottleneck.likeness(x, wide(x[None])[0]) > 0.5
        assert bottleneck.likeness(x, narrow(x[None])[0]) < 0.25


def test_pretraining_was_needed_in_2006_and_is_not_today() -> None:
    few = experiments.load("pretrain")
    labels = 100
    old = pretrain.compare(few, None, "2006", labels)
    errors = {row.method: row.point.mean for row in old}
    assert "pretrain_era" not in scene("As in 2006").settings
    assert errors["scratch"] > 80 and errors["denoising"] < 25
    assert pretrain.verdict(old, "2006", labels).pretraining == "helps"
    era = scene("Trained as today").settings["pretrain_era"]
    assert pretrain.verdict(pretrain.compare(few, None, era, labels), era, labels).pretraining in (
        "within",
        "hurts",
    )


def test_a_support_vector_machine_beats_every_stack() -> None:
    settings = scene("With 1,000 labels").settings
    labels = int(settings["pretrain_labels"])
    rows = pretrain.compare(experiments.load("pretrain"), None, settings["pretrain_era"], labels)
    machine = next(row.point for row in rows if row.method == "svm")
    assert all(
        row.point.mean > machine.mean and pretrain.apart(row.point, machine)
        for row in rows
        if row.method != "svm"
    )


def test_the_stack_of_2006_stands_still_where_the_others_learn() -> None:
    kept = pretrain_moments.load()
    at = int(scene("The stack of 2006").settings["pretrain_moment"])
    assert scene("After pretraining").settings["pretrain_moment"] == str(at)
    epoch = pretrain_moments.MOMENTS[at]
    errors = [pretrain.error_at(kept, run, epoch) for run in range(3)]
    assert epoch == 0.5 and errors[0] > 85 and max(errors[1:]) < 10
    assert pretrain.drop_of_gradient(kept, 0, at) > 100
    assert max(pretrain.drop_of_gradient(kept, run, at) for run in (1, 2)) < 50


def test_a_number_chosen_by_the_test_set_looks_better_than_it_is() -> None:
    assert "pretrain_tuned_era" not in scene("Chosen by the test set").settings
    found = pretrain.hindsight(experiments.load("pretrain"), "today", 100)
    assert found.draw < found.row <= found.moment <= found.honest
    assert found.flattery > 1


def test_every_page_has_something_to_show() -> None:
    assert all(entry.stage.hero for entry in contents.PAGES)
