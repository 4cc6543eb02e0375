"""What the sentences of the scenes claim, measured on the models and pictures that ship."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch

from latentlab import checkpoints, experiments, metrics, stories
from latentlab.adaptation.plane import Bench, Read
from latentlab.adaptation.settings import Method, Plane
from latentlab.adaptation.shifts import Shift
from latentlab.adversaries import meter, targets
from latentlab.adversaries.arena import Arena
from latentlab.adversaries.settings import Settings
from latentlab.baselines.pca import PrincipalComponents
from latentlab.checkpoints import Checkpoint
from latentlab.data import components, datasets
from latentlab.data.photographs import SAMPLES
from latentlab.data.text import grammar
from latentlab.experiments import (
    correlated,
    disentanglement,
    disentanglement_maps,
    named_directions,
    pretrain_moments,
)
from latentlab.metrics.copying import likeness, pure_noise
from latentlab.models import Autoencoder, Classifier, LatentModel
from latentlab.noise import corruptions
from latentlab.restoration.restore import NoisyPhoto
from latentlab.tasks import (
    adaptation,
    adversaries,
    anomaly,
    applications,
    attention,
    bottleneck,
    denoise,
    disentangle,
    embeddings,
    photographs,
    pretrain,
    regularise,
    sentences,
    sequences,
    time_machine,
    transfer,
)
from latentlab.ui.adaptation import models as adaptation_models
from latentlab.ui.anomaly import results as anomaly_results
from latentlab.ui.app import contents, present
from latentlab.ui.applications import results as applications_results
from latentlab.ui.attention import results as attention_results
from latentlab.ui.attention import sentence as attention_sentence
from latentlab.ui.attention import three
from latentlab.ui.bottleneck import copying
from latentlab.ui.bottleneck import results as bottleneck_results
from latentlab.ui.denoise import photo_figures
from latentlab.ui.explore import comparisons, results
from latentlab.ui.sentences import choices as sentence_choices
from latentlab.ui.sentences import results as sentence_results
from latentlab.ui.sentences import walking
from latentlab.ui.shared.entry import Scene
from latentlab.ui.transfer import lesson
from latentlab.ui.transfer import results as transfer_results

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


def test_the_walk_of_a_scene_is_won_by_whom_it_says(open_page: Callable[..., "AppTest"]) -> None:
    app = open_page("interpolate", **scene("On a VAE").settings)
    assert not app.exception
    assert not app.error
    assert any(each.value.startswith("**Linear wins**") for each in app.markdown)


def test_on_a_gan_either_walk_through_codes_beats_mixing_pixels(
    open_page: Callable[..., "AppTest"],
) -> None:
    app = open_page("interpolate", **scene("On a GAN").settings)
    assert not app.exception
    assert not app.error
    (said,) = (each.value for each in app.markdown if "off real pictures" in each.value)
    far = {
        label: float(number)
        for label, number in re.findall(r"(Linear|Spherical|Cross-fade) ([0-9]+[.][0-9]+)", said)
    }
    assert max(far["Linear"], far["Spherical"]) < 0.95 * far["Cross-fade"], said


def test_of_few_pictures_new_ones_are_known_far_worse(open_page: Callable[..., "AppTest"]) -> None:
    settings = scene("1,675 emoji are few").settings
    app = open_page("interpolate", **settings)
    assert not app.exception
    assert not app.error
    (said,) = (each.value for each in app.caption if "learnt from few pictures" in each.value)
    card = checkpoints.load(settings["interpolate_model"]).card
    new, learnt = card.score("mse"), card.score("mse, training pictures")
    assert new is not None
    assert learnt is not None
    assert new.value > 2 * learnt.value
    assert new.baseline is not None
    assert learnt.baseline is not None
    assert learnt.value < learnt.baseline < new.baseline < new.value
    assert datasets.get("emoji").samples().split == "test"
    assert f"{learnt.value:.4f}" in said
    assert f"{new.value:.4f}" in said


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
        x = pure_noise((1, 28, 28), seed)
        assert likeness(x, wide(x[None])[0]) > 0.5
        assert likeness(x, narrow(x[None])[0]) < 0.25


def studied(family: str, tag: str) -> Checkpoint:
    return checkpoints.load(f"{family}.mnist_{tag}")


def test_pure_noise_comes_back_where_nothing_forbids_it() -> None:
    assert scene("Copying").settings == {"regularise_feed": "true"}
    x = pure_noise((1, 28, 28), seed=0)
    plain, vae = (
        likeness(x, studied(*name).load_model()(x[None])[0])
        for name in (("shallow_autoencoder", "k256"), ("dense_vae", "b1"))
    )
    assert plain > 0.4 > 0.2 > abs(vae)


def test_an_l1_penalty_leaves_units_dead_and_a_held_mean_does_not() -> None:
    assert scene("Dead units").settings == {"regularise_sparse": "l1"}
    x = datasets.get("mnist").samples().tensor()
    dead = [
        metrics.dead_units(studied("sparse_autoencoder", tag).load_model().encode(x).mode())
        for tag in ("k256_l1", "k256")
    ]
    assert dead[0] > 25 and dead[1] == 0


def test_a_collapsed_posterior_says_nothing() -> None:
    assert scene("Posterior collapse").settings["regularise_beta"] == "collapsed"
    x = datasets.get("mnist").samples().tensor()
    used = [
        metrics.active_units(studied("dense_vae", tag).load_model().encode(x).mode())
        for tag in ("collapsed", "b1")
    ]
    assert used[0] == 0 and used[1] >= 8


def test_the_more_numbers_the_more_random_codes_miss() -> None:
    judge = checkpoints.load("classifier.mnist").load_model()
    assert isinstance(judge, Classifier)
    unsure = {}
    for name in (*(f"autoencoder.mnist_stack_k{k}" for k in (4, 16, 64)), "dense_vae.mnist_b1"):
        held = checkpoints.load(name)
        network = held.load_model()
        assert isinstance(network, Autoencoder)
        unsure[name] = regularise.invent(network, held.statistics(), judge, seed=0).unsure
    four, sixteen, all_of_them, vae = unsure.values()
    assert four < sixteen < all_of_them and vae < sixteen - 0.1, unsure


# --- adversaries: a second of the core's own training is enough for what these claim --------------


def played(shown: Scene, loss: str, moves: str, **changes: object) -> Arena:
    """The arena of a scene with one loss, after some moves."""
    held = shown.settings
    settings = Settings(
        losses=((0, loss),),
        noise="none" if held.get("adversaries_noise") == "none" else "normal",
        depth=(int(held.get("adversaries_depth_g", 2)), int(held.get("adversaries_depth_d", 2))),
        width=(64, int(held.get("adversaries_width_d", 64))),
        rate=(
            float(held.get("adversaries_rate_g", 0.002)),
            float(held.get("adversaries_rate_d", 0.002)),
        ),
        turns=int(held.get("adversaries_turns", 1)),
        penalty=float(held["adversaries_penalty"]) if "adversaries_penalty" in held else None,
    )
    target = targets.get(held.get("adversaries_target", "ring"))
    arena = Arena(target, replace(settings, **changes))
    arena.play(adversaries.read_moves(moves))
    return arena


def pull(arena: Arena, loss: str) -> float:
    """How long the generator's gradient is under a loss."""
    arena.settings = replace(arena.settings, losses=((0, loss),))
    slopes = torch.autograd.grad(arena.generator_loss(), arena.generator.parameters)
    return float(torch.cat([slope.flatten() for slope in slopes]).norm())


@pytest.mark.parametrize(
    ("beginning", "collapses"), [("Against a small, slow", True), ("Against one that keeps", False)]
)
def test_points_run_to_one_mode_where_the_discriminator_is_too_slow(
    beginning: str, collapses: bool
) -> None:
    arena = played(scene(beginning), "non_saturating", "250s", batch=32)
    ring = arena.target
    divergence = meter.read(ring, arena.generate(500)).divergence
    assert (divergence > 1) if collapses else (divergence < 0.2)
    if collapses:
        away = np.abs(arena.generate(500)[:, None] - ring.anchors).sum(-1).argmin(1)
        assert np.bincount(away).max() > 300, "of 500 at one of eight"


def test_at_a_discriminators_best_minimax_pulls_at_nothing() -> None:
    shown = scene("Against a discriminator at its best")
    arena = played(shown, "minimax", "150d", batch=64)  # the link has more of them
    assert adversaries.read_moves(shown.settings["adversaries_moves"])[0] == ("discriminator", 400)
    assert pull(arena, "minimax") < 0.02 * pull(arena, "non_saturating")
    held = played(shown, "relativistic", "150d", batch=64)
    assert pull(held, "relativistic") > 10 * pull(arena, "minimax")


@pytest.mark.parametrize(
    ("beginning", "loss", "rests"),
    [
        ("Two linear networks", "non_saturating", False),
        ("Two linear networks", "wasserstein", False),
        ("With R1 and R2", "relativistic", True),
    ],
)
def test_linear_networks_circle_until_a_penalty_at_both_sides(
    beginning: str, loss: str, rests: bool
) -> None:
    shown = scene(beginning)
    assert loss in shown.settings["adversaries_losses"]
    arena = played(shown, loss, "180s", batch=4)
    away = []
    for _ in range(12):
        arena.play([("step", 10)])
        away.append(float(np.linalg.norm(arena.generate(1))))
    assert (max(away) < 0.1) if rests else (max(away) > 0.15)


def test_ten_steps_to_one_let_minimax_be_told_apart_and_not_a_loss_with_a_penalty() -> None:
    shown = scene("A discriminator with ten steps")
    said = {
        loss: played(shown, loss, "25s", batch=32).discriminator_loss().item()
        for loss in shown.settings["adversaries_losses"].split(",")
    }
    # Of what a discriminator says that knows nothing; with time the two go further apart.
    assert said["minimax"] < 0.6 * 2 * math.log(2), "it tells many of them apart"
    assert said["relativistic"] > 0.75 * math.log(2), "it does not"


def test_only_the_transformer_looks_the_digit_up() -> None:
    result = experiments.load("sequences")
    assert scene("Eight pairs in 64 signs").settings == {}
    most = sequences.over_gaps(result, 8)
    far = [point for point in most["transformer"] if point.x >= 8]
    assert len(far) == 7 and min(point.mean - (point.spread or 0) for point in far) > 99
    assert max(point.mean for point in most["lstm"]) < 25
    settings = scene("Of two pairs the LSTM").settings
    assert settings["sequences_net"] == "lstm"
    few = sequences.over_gaps(result, int(settings["sequences_pairs"]))
    # One of two, where ten digits could be said: at the gap that the page shows, too.
    assert all(40 < point.mean < 60 for point in few["lstm"] if point.x >= 8)


def test_several_heads_do_alike_and_one_is_needed() -> None:
    network = checkpoints.load("transformer.recall").load_model()
    gap = int(scene("Four heads find the digit").settings["sequences_gap"])
    tokens = sequences.example("recall", 8, gap, 0)
    (reply,) = sequences.ask({"transformer": network}, "recall", tokens).replies
    assert reply.right
    digit = len(tokens) - 2 - gap
    heads = sequences.why(network, tokens).heads
    assert [row.index(max(row)) for (layer, _), _, row in heads if layer == 1] == [digit] * 4
    whole, *less = sequences.ablations(network, "recall")
    needed = sequences.most_needed(less)
    assert whole.right > 0.95 and 0.4 < needed.right < 0.6 and needed.head is not None
    marks = next(row for head, _, row in heads if head == needed.head)
    assert needed.head[0] == 0 and marks.index(max(marks)) == digit - 1
    assert all(one.right > 0.9 for one in less if one.head != needed.head)


def test_an_lstm_keeps_parity_beyond_the_trained_length() -> None:
    assert scene("One bit turned").settings == {"sequences_section": "length"}
    curves = sequences.over_lengths(experiments.load("sequences_length"), "parity")
    assert [point.x for point in curves["lstm"]] == [1, 2, 4]
    assert min(point.mean for point in curves["lstm"]) > 99
    assert {point.mean for point in curves["floor"]} == {50}


def test_gates_and_attention_copy_ten_letters_and_an_rnn_guesses() -> None:
    assert scene("Ten letters to be kept").settings == {"sequences_task": "copying"}
    curves = sequences.by_length(experiments.load("sequences_tasks"), "copying", "right")
    last = {name: curve[-1] for name, curve in curves.items()}
    assert {point.x for point in last.values()} == {50}  # as long as the page's example
    assert min(last[name].mean for name in ("lstm", "gru", "transformer")) > 93
    assert abs(last["rnn"].mean - last["floor"].mean) < 2


def test_gated_networks_keep_brackets_beyond_the_trained_length() -> None:
    settings = {"sequences_section": "length", "sequences_length_task": "brackets"}
    assert scene("Brackets four times").settings == settings
    curves = sequences.over_lengths(experiments.load("sequences_tasks"), "brackets")
    assert [point.x for point in curves["lstm"]] == [1, 2, 4]
    assert min(point.mean for name in ("lstm", "gru") for point in curves[name]) > 97
    within, _, beyond = curves["transformer"]
    assert within.mean > 99 and beyond.mean < curves["floor"][-1].mean + 2


def test_positions_decide_what_is_left_beyond_the_trained_length() -> None:
    settings = {"sequences_section": "length", "sequences_compare": "positions"}
    assert scene("Four times the trained length").settings == settings
    result = experiments.load("sequences_positions")
    curves = sequences.over_positions(result)
    left = {name: curve[-1].mean for name, curve in curves.items()}
    assert curves["learnt"][0].mean == 100 and left["learnt"] < 55
    assert left["rotary"] > 80 and left["none"] > 90 and left["floor"] < 34
    sinusoidal = result.curve(
        "sinusoidal"
    )  # “one of the three never left the floor”, the page says
    assert sinusoidal is not None and sorted(run[0] > 40 for run in sinusoidal.values) == [0, 1, 1]


def test_attention_costs_more_the_longer_the_sequence() -> None:
    assert scene("A sign of attention").settings == {"sequences_section": "cost"}
    result = experiments.load("sequences_cost")
    for measure in ("time", "memory"):
        curves = sequences.costs(result, measure)
        attention, lstm = ([p.mean for p in curves[net]] for net in ("transformer", "lstm"))
        assert attention[-1] > 5 * attention[2] and lstm[-1] < 1.1 * lstm[2]


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
        row.point.mean > machine.mean and row.point.apart(machine)
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


def _taught(beginning: str) -> dict[str, float]:
    """How well each way classifies new symbols after the lesson of a scene."""
    settings = scene(beginning).settings
    prepared, _ = transfer_results.symbols(
        lesson.PREPARED, int(settings.get("transfer_count", 3)), 0
    )
    labels = [place for place in range(5) for _ in range(len(prepared) // 5)]
    learnt = transfer.Lesson(lesson.PREPARED, prepared, tuple(labels))
    model = settings.get("transfer_model", "classifier.mnist")
    return dict(transfer_results.tested(model, beginning, lesson.PREPARED, learnt))


def test_one_drawing_is_enough_after_digits_and_clothes_are_worth_no_more_than_chance() -> None:
    count = 5 * transfer_results.NEW
    digits = _taught("One drawing of each")
    assert digits["network"] > 97 and digits["random"] < 88
    assert "**What it learnt before helps**" in transfer.lesson_words(digits, count)
    clothes = _taught("What another network learnt")
    against = {"network": clothes["network"], "random": clothes["random"], "pca": 0, "pixels": 0}
    assert "helps" not in transfer.lesson_words(against, count)


def _rows(beginning: str) -> tuple[dict[str, experiments.Point], transfer.Verdict]:
    """What every method reached in a scene, and what the page says of it."""
    settings = scene(beginning).settings
    pair, labels = settings["transfer_pair"], int(settings.get("transfer_labels", 10))
    rows = transfer.compare(experiments.load("transfer"), pair, labels)
    return {row.method: row.point for row in rows}, transfer.verdict(rows, pair, labels)


def test_transfer_helps_from_digits_to_digits_and_not_to_clothes_and_can_hurt() -> None:
    found, said = _rows("From MNIST to digits")
    assert said.transfer == "helps"
    best = max((found[method] for method in transfer.TRANSFERRED), key=lambda point: point.mean)
    others = [point for method, point in found.items() if method not in transfer.TRANSFERRED]
    assert all(best.mean > other.mean and best.apart(other) for other in others)
    found, said = _rows("From digits to clothes")
    assert said.transfer == "within" and said.winner == "pixels"
    found, said = _rows("From clothes to KMNIST")
    assert "frozen features alone **hurt**" in said.sentence and said.winner == "knn"
    assert "PCA with nearest neighbours" in said.sentence and "beats every network" in said.sentence
    found, said = _rows("What learnt hair colour")
    assert "**hurt**" in said.sentence and "even against random weights" in said.sentence
    frozen = found["frozen"]
    for method in ("random", "scratch"):
        assert frozen.mean < found[method].mean and frozen.apart(found[method])


def test_every_layer_that_is_kept_adds_to_the_next_and_random_ones_do_not() -> None:
    settings = scene("The more layers stay").settings
    found = transfer.depth_curves(
        experiments.load("transfer_depth"), settings["transfer_pair"], transfer.DEPTH_LABELS[0]
    )
    means = [point.mean for point in found["frozen"]]
    assert means == sorted(means) and means[-1] > means[0] + 5
    assert found["frozen"][int(settings["transfer_depth"])].apart(found["frozen"][0])
    assert found["random"][-1].mean < means[0]


def _asked(beginning: str) -> tuple[float, anomaly.Judged]:
    """The score of a scene's picture, and those of the others."""
    settings = scene(beginning).settings
    normal, score = int(settings.get("anomaly_normal", 0)), settings.get("anomaly_score", "ae")
    samples = datasets.get("mnist").samples()
    place = int((samples.ids == int(settings.get("anomaly_pic", samples.ids[0]))).argmax())
    wanted = 1 if "1 passes" in beginning else 7
    assert samples.labels[place] == wanted
    by = anomaly_results.method(score, "mnist", normal)
    x = samples.tensor(slice(place, place + 1))
    return float(by(x)[0]), anomaly_results.judged(score, "mnist", normal)


def test_what_a_network_of_one_class_finds_and_what_it_lets_pass() -> None:
    strange, found = _asked("Trained on 0s alone")
    assert strange > found.threshold and found.auroc > 0.98
    faint, found = _asked("Trained on 8s alone, nearly every 1 passes")
    assert faint < found.threshold and dict(anomaly.missed(found))[1] > 0.9
    before, plain = _asked("So does this 7")
    after, smoothed = _asked("Smoothed and divided by its ink")
    assert before < plain.threshold and after > smoothed.threshold
    assert smoothed.auroc > plain.auroc + 0.05


def test_pictures_of_nothing_pass_one_score_and_not_the_other() -> None:
    assert scene("A picture of nothing").settings["anomaly_normal"] == "8"
    passed = []
    for score in ("ae", "ae_smoothed"):
        by, found = (f(score, "mnist", 8) for f in (anomaly_results.method, anomaly_results.judged))
        said = anomaly.tried(by, found, anomaly.simple_pictures((1, 28, 28)))
        passed.append({one.name for one in said if not one.alarm})
    assert "all black" in passed[0] and len(passed[0]) >= 3
    assert "all black" not in passed[1] and len(passed[1]) <= 1


def test_training_that_was_not_clean_lets_more_pass() -> None:
    percent = int(scene("With one training picture in five").settings["anomaly_percent"])
    for score in ("ae", "ae_smoothed"):
        clean, dirty = (anomaly_results.judged(score, "mnist", 8, share) for share in (0, percent))
        assert dirty.auroc < clean.auroc - 0.05


def test_hindsight_promises_and_held_out_pictures_keep() -> None:
    assert scene("A threshold chosen by hindsight").settings["anomaly_normal"] == "8"
    found = anomaly_results.hindsight("ae", "mnist", 8)
    assert found.real.recall < found.claimed.recall - 0.03
    assert found.real.false_alarms > found.claimed.false_alarms + 0.05
    assert abs(found.honest.false_alarms - anomaly.SHARE) < 0.05


def test_the_table_is_there(open_page: Callable[..., "AppTest"]) -> None:
    app = open_page("anomaly", anomaly_section="table")
    assert not app.exception and not app.error and not app.info
    rows = anomaly.table(anomaly_results.measured("anomaly"), "mnist")
    assert any(row.baseline for row in rows) and len(rows[0].classes) == 10


def test_framing_is_worth_more_than_every_method() -> None:
    pair = adaptation_models.PAIRS[scene("Framed as MNIST is").settings["adaptation_pair"]]
    result = experiments.load(pair[0])
    framed = {row.method: row for row in adaptation.scores(result, pair[1])}
    stretched = adaptation.scores(result, adaptation_models.STRETCHED)
    assert all(row.target < framed["source"].target for row in stretched if row.method != "oracle")
    assert "worth more than all of them" in adaptation.framing(tuple(framed.values()), stretched)


def test_on_photographs_dann_adds_to_what_batch_norm_gives() -> None:
    settings = scene("On photographs, batch norm").settings
    experiment, pair = adaptation_models.PAIRS[settings["adaptation_pair"]]
    rows = {row.method: row for row in adaptation.scores(experiments.load(experiment), pair)}
    alone = max(rows["source"].target, rows["plain"].target)
    given = rows["statistics"].target
    assert given > alone + 5 and 15 < rows["dann"].target - given < 16


def test_turned_digits_are_lost_on_a_network_that_reads_all_others() -> None:
    by = float(scene("Turned by 40 degrees").settings["adaptation_rotation"])
    classifier = checkpoints.load("classifier.mnist").load_model()
    assert isinstance(classifier, Classifier)
    source = adaptation.source_of(classifier)
    seen = adaptation.survey(classifier, source, Shift(rotation=by))
    assert seen.source.classifier > 0.99 and seen.target.classifier < 0.7


def benched(shown: Scene, method: Method) -> Read:
    """What the meters read at the end of a scene of two moons."""
    settings = shown.settings
    share = int(settings.get("adaptation_share", 50)) / 100
    bench = Bench(Plane(share=share, seed=int(settings.get("adaptation_seed", 0))), method)
    bench.play(adaptation.read_moves(settings["adaptation_moves"]))
    return bench.read()


def test_two_moons_are_aligned_rightly_and_with_one_of_them_rare_wrongly() -> None:
    even, rare = scene("Pulled on by λ"), scene("With the lower moon rare")
    for shown, right in ((even, True), (rare, False)):
        alone, drawn = benched(shown, "source"), benched(shown, "dann")
        assert drawn.source > 0.97 and drawn.domains > alone.domains + 0.05
        assert (drawn.target > alone.target + 0.1) is right, (alone, drawn)
        assert (drawn.target < alone.target - 0.1) is not right


def test_where_the_classes_moved_alignment_makes_a_good_network_bad() -> None:
    assert scene("Where the target has other classes").settings
    result = experiments.load("adaptation_balance")
    (before, after, domains), (_, alone, _) = (
        adaptation.fall(result, method) for method in ("mmd", "source")
    )
    assert before > 95 and after < alone - 20 and domains > 40


def test_every_page_has_something_to_show() -> None:
    assert all(entry.stage.hero for entry in contents.PAGES)


# --- time machine -------------------------------------------------------------------------------


def told(name: str) -> tuple[stories.Story, np.ndarray]:
    """The story of a checkpoint and its samples ``[moments, shown, C, H, W]`` from 0 to 1."""
    checkpoint = checkpoints.load(name)
    story = stories.read(checkpoint)
    return story, stories.samples(checkpoint, story, (1, 28, 28)) / 255


def test_before_the_first_step_every_code_gives_the_same_grey() -> None:
    assert scene("Before the first step").settings == {"time_machine_moment": "0"}
    _, drawn = told("gan.mnist_k64")
    assert drawn[0].std(0).max() < 0.05
    assert abs(drawn[0].mean() - 0.5) < 0.05 and drawn[0].std() < 0.05
    assert drawn[-1].std(0).max() > 0.3  # at the end they differ


def test_at_the_end_all_digits_are_there_as_often_as_among_real_ones() -> None:
    assert scene("At the end all ten digits").settings == {}
    story, _ = told("gan.mnist_k64")
    last = story.moments[-1].reading
    assert time_machine.fair_classes(last, story.real) == 10
    pairs = zip(last.shares, story.real.shares, strict=True)
    assert max(abs(mine - real) for mine, real in pairs) < 0.025


def test_a_generator_that_runs_ahead_draws_the_same_thing_for_every_code() -> None:
    assert scene("A generator that runs ahead").settings == {"time_machine_beside": "true"}
    healthy, drawn = told("gan.mnist_k64")
    collapsed, same = told("gan.mnist_collapsed")
    assert same[-1].std(0).mean() < drawn[-1].std(0).mean() / 4
    assert collapsed.moments[-1].reading.coverage < 0.05 < healthy.moments[-1].reading.coverage
    recipe_of = checkpoints.load("gan.mnist_collapsed").card.recipe
    assert recipe_of == "latentlab train gan.mnist_collapsed"


def test_samples_are_no_nearer_to_training_pictures_than_real_ones() -> None:
    data = scene("It does not copy").settings["time_machine_data"]
    for name in (f"gan.{data}_k64", "gan.mnist_k64"):
        story, _ = told(name)
        last = story.moments[-1].reading
        assert last.distance >= story.real.distance and last.copies <= story.real.copies


def test_an_early_critic_is_never_wrong_and_the_last_one_often_is() -> None:
    assert scene("An early critic").settings == {"time_machine_section": "critic"}
    story, _ = told("gan.mnist_k64")
    early, late = (time_machine.right(story.opinions[k]) for k in (0, -1))
    assert story.opinions[-1].moment == len(story.moments) - 1
    assert early == 1 and 0.5 < late < 0.75


# --- Applications -----------------------------------------------------------------------------


def _enlarged(beginning: str) -> applications.Enlarged:
    settings = scene(beginning).settings
    data = settings.get("applications_data", "mnist")
    samples = datasets.get(data).samples()
    place = int((samples.ids == int(settings.get("applications_pic", samples.ids[0]))).argmax())
    return applications.enlarge(
        samples.tensor()[place],
        applications_results.fitted(data),
        applications_results.enlargers(data),
        applications_results.judge(data),
    )


def test_only_networks_find_the_eyes_of_a_face() -> None:
    found = _enlarged("From 16 × 16 pixels")
    classical = max(way.psnr for way in found.ways if way.side == "classical")
    assert all(way.psnr > classical + 6 for way in found.ways if way.side == "network")
    # The eyes alone, which lie here: a white and a black within a few pixels.
    top, left, side = 30, 18, 16
    true = found.true[:, top : top + side, left : left + 2 * side]
    errors = {
        way.name: (way.image[:, top : top + side, left : left + 2 * side] - true).square().mean()
        for way in found.ways
    }
    networks = [errors[way.name] for way in found.ways if way.side == "network"]
    others = [errors[way.name] for way in found.ways if way.side == "classical"]
    assert max(networks) < min(others) / 4


def test_decibels_prefer_the_blur_and_features_the_other() -> None:
    found = _enlarged("The blur has more decibels")
    assert found.best("psnr").name.endswith("_mse")
    nearest = found.best("distance")
    assert nearest.name.endswith("_gan")
    assert nearest.distance is not None
    assert all(way is nearest or (way.distance or 0) > 2 * nearest.distance for way in found.ways)


def test_the_mean_of_real_digits_beats_each_of_them() -> None:
    settings = scene("The mean of five real digits").settings
    samples = datasets.get("mnist").samples()
    assert settings == {"applications_blur": "true"}  # of the first sample
    found = applications.plausible(samples.tensor()[0], samples.tensor(), 5)
    assert found.beaten == 5


def test_a_seven_comes_back_as_an_eight() -> None:
    found = _enlarged("Sharp, and wrong")
    judge = applications_results.judge("mnist")
    assert judge is not None
    gan = next(way for way in found.ways if way.name.endswith("_gan"))
    with torch.inference_mode():
        said = judge.class_probabilities(torch.stack([found.true, gan.image]))
    assert said.argmax(1).tolist() == [7, 8] and said.amax(1).min() > 0.95


def test_a_cyclegan_is_near_the_truth_and_dilation_is_the_truth() -> None:
    samples = datasets.get("mnist").samples()
    x, network = samples.tensor()[0], applications_results.translator()
    found = applications.translate(x, network, None)
    untouched = (found.thicker.given.image - found.thicker.true.image).abs().mean().item()
    assert found.thicker.classical.error == 0
    assert found.thicker.network.error is not None
    assert 0 < found.thicker.network.error < untouched / 2


def _walked(name: str) -> sentences.Walk:
    chosen = sentence_choices.chosen(name)
    a, b = (
        sentences.code(chosen.network, sentences.typed(text, chosen.corpus))
        for text in walking.usual(chosen.corpus.name)
    )
    return sentences.walk(chosen.network, chosen.corpus, (a, b), walking.STEPS)


def test_lines_between_two_sentences_are_sentences() -> None:
    assert scene("Nearly every line between two sentences").settings == {}
    found = _walked(sentence_choices.HEALTHY)
    assert (found.grammatical or 0) >= len(found.lines) - 1 and found.distinct > 5
    first, last = walking.usual(sentence_choices.GRAMMAR)
    assert (found.lines[0].text, found.lines[-1].text) == (first, last)


def test_a_collapsed_vae_writes_one_line() -> None:
    settings = scene("Collapsed, a VAE writes one and the same line").settings
    assert settings == {"sentences_model": sentence_choices.COLLAPSED}
    assert _walked(sentence_choices.COLLAPSED).distinct == 1


def test_a_foreign_code_costs_a_vae_that_listens_alone() -> None:
    assert scene("A foreign code costs").settings == {"sentences_section": "health"}
    healthy = sentence_results.health(sentence_choices.HEALTHY)
    collapsed = sentence_results.health(sentence_choices.COLLAPSED)
    assert round(healthy.gap / 10) in (18, 19) and not healthy.collapsed and healthy.active >= 4
    assert collapsed.collapsed and collapsed.gap < 0.001 and collapsed.exact < 0.01


def test_a_denoiser_keeps_the_words_that_it_knows() -> None:
    settings = scene("For a word that it does not know").settings
    chosen = sentence_choices.chosen(settings["sentences_model"])
    typed = sentences.typed(settings["sentences_from"], chosen.corpus)
    assert typed.unknown == ("wug",)
    code = sentences.code(chosen.network, typed)
    (words,) = sentences.texts(chosen.network, chosen.corpus, code[None])
    assert len(words) == len(typed.words) and words[4] in grammar.OBJECTS
    assert [*words[:4], *words[5:]] == [*typed.words[:4], *typed.words[5:]]
    kept = {
        name: checkpoints.load(name).card.score("all other words kept, one unknown")
        for name in (chosen.name, "sentence_autoencoder.grammar")
    }
    denoising, plain = (score.value for score in kept.values() if score is not None)
    assert denoising > 0.99 and plain < 0.7


def test_one_phrase_in_seven_comes_back() -> None:
    settings = scene("Of new phrases from a dictionary").settings
    assert settings == {"sentences_section": "health", "sentences_vital": "wordnet"}
    found = sentence_results.health(sentence_choices.OF_WORDNET)
    assert round(1 / found.exact) == 7 and not found.collapsed


def test_arithmetic_swaps_objects_and_not_tenses() -> None:
    settings = scene("Arithmetic of codes swaps the object").settings
    name = sentence_choices.HEALTHY
    chosen = sentence_choices.chosen(name)
    typed = sentences.typed(sentence_choices.FIRST, chosen.corpus)
    place = [factor.name for factor in grammar.FACTORS].index(settings["sentences_factor"])
    means = sentence_results.means(name)
    answer = sentences.change(chosen.network, means, typed, place, int(settings["sentences_value"]))
    assert answer.hit and answer.target != sentence_choices.FIRST
    result = experiments.load("sentences")
    hits = {f: sentences.value(result, f"hits_{f}", "vae") for f in ("object", "tense")}
    assert hits["object"] is not None and hits["tense"] is not None
    assert hits["object"][0] > 0.995 and round(1 / hits["tense"][0]) == 7


def test_what_the_scenes_of_separation_say_was_measured() -> None:
    rows = disentangle.scores(experiments.load("disentanglement"))
    maps = disentanglement_maps.load()
    plain, pressed, labelled = (
        disentanglement.checkpoint(version) for version in ("", "tc16", "labels")
    )
    assert scene("β = 1").settings == {}
    # No number tells half of any choice; most tell something of several factors.
    told = maps[plain].information
    assert told.max() < 0.5
    assert scene("β = 16").settings == {"disentangle_beta": "16"}
    dear = disentanglement.checkpoint("b16")
    rates = [checkpoints.load(name).card.score("rate (KL)") for name in (plain, dear)]
    assert [round(rate.value) for rate in rates if rate is not None] == [94, 53]
    assert maps[dear].information.max() < 0.5
    for score in ("mig", "disentanglement", "completeness", "sap"):
        assert abs(rows[dear][score] - rows[plain][score]) < 0.01
    assert scene("Total correlation").settings == {"disentangle_model": pressed}
    assert 1.9 < rows[pressed]["mig"] / rows[plain]["mig"] < 2.3
    active = checkpoints.load(pressed).card.score("active units")
    assert active is not None and 12 <= active.value <= 18
    assert scene("Told of the factors").settings == {"disentangle_model": labelled}
    assert rows[plain]["disentanglement"] < 0.2 and rows[labelled]["disentanglement"] > 0.8
    ordered = np.sort(maps[labelled].importance, axis=1)
    assert (ordered[:, -1] > 4 * ordered[:, -2]).sum() == 30 and len(ordered) == 32
    assert 2.8 < rows[labelled]["mse"] / rows[plain]["mse"] < 3.3
    assert scene("PCA gets").settings == {"disentangle_model": "pca"}
    assert rows["pca"]["mig"] == pytest.approx(rows[pressed]["mig"], abs=0.005)
    assert 2.8 < rows["pca"]["mse"] / rows[pressed]["mse"] < 3.3
    perfect = maps["perfect"].information[: maps["perfect"].information.shape[1]]
    assert scene("What a perfect").settings == {"disentangle_model": "perfect"}
    assert np.diag(perfect).min() > 0.8


def test_a_beard_brings_dark_hair_along_where_the_two_went_together() -> None:
    assert scene("Where beards").settings == {"disentangle_section": "together"}
    found = experiments.load("correlated")
    drift = {}
    for method in correlated.METHODS:
        curve = found.curve(correlated.line_name(method, "other"))
        assert curve is not None
        drift[method] = dict(zip(curve.x, curve.mean, strict=True))
    plain, held = drift.values()
    assert plain[50] < 0.05 and plain[100] > 0.6 and held[100] < 0.1


def test_sliders_that_bear_names_have_earned_them() -> None:
    earned = {}
    for words in ("A slider bears", "Told the factors"):
        settings = scene(words).settings
        kept = named_directions.load()[settings["explore_model"]]
        assert (kept.switched[kept.earned] >= 0.8).all()
        assert (kept.worst_drawn[kept.earned] <= 0.1).all()
        earned[words] = int(kept.earned.sum())
    assert earned["A slider bears"] == 7 and earned["Told the factors"] == 9
    plain, labelled = (
        checkpoints.load(disentanglement.checkpoint(version)).card.score("mse")
        for version in ("", "labels")
    )
    assert plain is not None and labelled is not None
    assert 2.8 < labelled.value / plain.value < 3.3


def test_a_critic_asks_for_edges() -> None:
    settings = scene("A critic asks for edges").settings
    assert settings == {"explore_model": "gan.toon_faces_k64", "z_view": "draws"}
    shares = {"real": wide_steps(datasets.get("toon_faces").samples().tensor(slice(0, 300)))}
    for name in ("gan.toon_faces_k64", "vae.toon_faces_k32"):
        network = checkpoints.load(name).load_model()
        assert isinstance(network, LatentModel)
        with torch.no_grad():
            z = network.sample_prior(300, torch.Generator().manual_seed(0))
            shares[name] = wide_steps(network.decode(z))
    assert shares["gan.toon_faces_k64"] == pytest.approx(shares["real"], rel=0.1)
    assert shares["vae.toon_faces_k32"] < 0.75 * shares["real"]


def wide_steps(x: torch.Tensor) -> float:
    """The share of pixels that differ from the one above by more than 0.15."""
    return float((x.diff(dim=2).abs() > 0.15).float().mean())


# --- attention ----------------------------------------------------------------------------------


def test_every_number_of_a_sentence_is_the_sum_that_is_shown() -> None:
    read = attention_sentence.read(attention_results.LANGUAGE, attention_sentence.DEFAULT)
    assert scene("A sentence by hand").settings == {} and all(read.known)
    network = attention_results.language_model()
    found = attention.opened(network, read)
    width = network.config.width // network.config.heads
    past = torch.ones(7, 7, dtype=torch.bool).tril()
    for head, weights in enumerate(found.weights[0]):
        own = slice(head * width, (head + 1) * width)
        scores = found.q[0][:, own] @ found.k[0][:, own].T / math.sqrt(width)
        shown = scores.masked_fill(~past, -torch.inf).softmax(1)
        assert torch.allclose(shown, weights, atol=1e-5)


def test_without_its_scale_softmax_has_one_winner() -> None:
    width = int(scene("Without 1/√d").settings["attention_width"])
    found = attention.sharpness(width)
    assert found.plain[0] > 0.8 and found.scaled[0] < 0.4
    assert found.entropies[0] < 0.2 < 1.6 < found.entropies[1]


def test_without_positions_another_order_changes_nothing() -> None:
    assert scene("Without positions")
    read = attention_sentence.read(attention_results.MASKED, attention_sentence.DEFAULT)
    found = attention.shuffled(attention_results.masked_model(), read, 0)
    assert max(found.unplaced) < 1e-4 and min(found.placed) > 0.1


def test_three_networks_have_three_masks() -> None:
    assert scene("Three masks")
    read = attention_sentence.read(attention_results.LANGUAGE, attention_sentence.DEFAULT)
    with torch.inference_mode():
        sees_all = attention_results.masked_model().layers(read.numbers)
        sees_past = attention_results.language_model().layers(read.numbers)
    future = torch.ones(7, 7, dtype=torch.bool).triu(1)
    assert all((layer.attention.weights[..., future] > 0).all() for layer in sees_all)
    assert all((layer.attention.weights[..., future] == 0).all() for layer in sees_past)
    vocabulary = attention_results.vocabulary(attention_results.SPEAKER)
    spoken = attention.speak(attention_results.speaker(), vocabulary, "attention")
    assert (spoken.weights > 0).all() and spoken.sounds[-1] == attention.STOP


def test_of_the_order_of_words_a_bag_knows_nothing_and_a_mean_code_little() -> None:
    settings = scene("A sentence’s class").settings
    assert settings["attention_question"] == "order" and settings["attention_asked"] == "class"
    vocabulary = attention_results.vocabulary(attention_results.MASKED)
    asked = []
    for text in ("The cat sat on the mat", "The cat on sat the mat"):
        read = attention_sentence.read(attention_results.MASKED, text)
        network = attention_results.masked_model()
        asked.append(attention.sentence_class(network, vocabulary, read, "order"))
    for found in asked:
        assert found.words == pytest.approx((0.5, 0.5), abs=1e-3)
    assert asked[0].network[0] > 0.5 > asked[1].network[0]
    card = checkpoints.load(attention_results.MASKED).card
    kept = {score.name: score for score in card.scores}
    order, source = (kept[three.SCORES[name]] for name in ("order", "source"))
    assert order.baseline is not None and source.baseline is not None
    assert 0.6 < order.value < 0.75 < order.baseline
    assert source.value > 0.95 and source.baseline > 0.95


def test_a_bigram_sees_one_letter_and_a_network_all() -> None:
    settings = scene("Letter by letter").settings
    network = attention_results.speller()
    vocabulary = attention_results.vocabulary(attention_results.SPELLER)
    whole, last = (
        attention.made_up(network, vocabulary, begun, 1.0, 0)
        for begun in (settings["attention_begun"], settings["attention_begun"][-1])
    )
    said = [{one.letter: (one.network, one.bigram) for one in each.next} for each in (whole, last)]
    both = said[0].keys() & said[1].keys()
    assert len(both) >= 3 and all(said[0][letter][1] == said[1][letter][1] for letter in both)
    assert max(abs(said[0][letter][0] - said[1][letter][0]) for letter in both) > 0.1
    kept = {
        score.name: score.value for score in checkpoints.load(attention_results.SPELLER).card.scores
    }
    assert kept["loss"] < kept["loss of a bigram"] - 0.4


def test_a_linear_layer_on_one_hot_vectors_is_an_embedding() -> None:
    assert scene("A linear layer on one-hot")
    assert attention.one_hot(5000, 64).equal
    assert attention.trained("sgd").apart == attention.trained("adam").apart == 0
