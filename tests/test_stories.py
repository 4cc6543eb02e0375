"""Stories of trainings: what is measured is what is read, and what is damaged is one sentence."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from small_stories import STEPS, kept, told, write_story

from latentlab import checkpoints, stories
from latentlab.checkpoints import Checkpoint
from latentlab.errors import BadConfig, CheckpointError, MissingFile, WeightsMismatch
from latentlab.models import GAN
from latentlab.tasks import time_machine

SHAPE = (1, 28, 28)
NAME = "gan.mnist_k64"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_story(tmp_path_factory.mktemp("stories"))


@pytest.fixture
def story_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(folder.parent))
    return checkpoints.load(NAME)


@pytest.fixture
def damaged(
    story_of: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, bytes], Checkpoint]:
    """Function that returns the checkpoint with another content in one file."""

    def damage(file: str, content: bytes) -> Checkpoint:
        target = tmp_path / NAME
        target.mkdir()
        for each in story_of.folder.iterdir():
            (target / each.name).write_bytes(each.read_bytes())
        (target / file).write_bytes(content)
        checkpoints.write_card(target, story_of.card)  # hashes it anew
        monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
        return checkpoints.load(NAME)

    return damage


def test_a_story_has_every_moment_beside_real_pictures(story_of: Checkpoint) -> None:
    assert stories.has(story_of)
    story = stories.read(story_of)
    assert [moment.step for moment in story.moments] == list(STEPS) and story.steps == STEPS[-1]
    assert story.live == (0, 1, 2, 3) and story.opinions[-1].moment == 3
    assert story.real.coverage > 0.7 > max(m.reading.coverage for m in story.moments)
    assert all(sum(m.reading.shares) == pytest.approx(1, abs=1e-3) for m in story.moments)
    assert all(m.told_apart_linearly > 0.9 for m in story.moments)  # untrained: noise


def test_the_sheet_holds_what_each_moment_draws_from_the_same_codes(story_of: Checkpoint) -> None:
    story = stories.read(story_of)
    sheet = stories.samples(story_of, story, SHAPE)
    assert sheet.shape == (4, story.shown, *SHAPE)
    of = kept()
    network = of.network
    assert isinstance(network, GAN)
    z = network.sample_prior(story.shown, torch.Generator().manual_seed(story.seed))
    for place, step in enumerate(STEPS):
        tensors = {k: v.float() for k, v in of.moments[step].items() if "critic" not in k}
        network.load_state_dict(tensors, strict=False)
        with torch.inference_mode():
            drawn = (network.decode(z) * 255).round().numpy()
        assert np.abs(sheet[place] - drawn).max() <= 3  # of 255; it has 64 greys


def test_nearest_pictures_are_those_of_the_training_part(story_of: Checkpoint) -> None:
    story = stories.read(story_of)
    pictures = stories.nearest(story_of, story, SHAPE).astype(np.float32) / 255
    sheet = stories.samples(story_of, story, SHAPE).astype(np.float32) / 255
    for place, moment in enumerate(story.moments):
        found = pictures[list(moment.nearest)]
        far = np.sqrt(((sheet[place] - found) ** 2).sum((1, 2, 3)))
        assert far == pytest.approx(np.array(moment.distances), abs=0.3)  # 64 greys


def test_generators_and_critics_of_the_moments_come_back(story_of: Checkpoint) -> None:
    story, weights = stories.read(story_of), stories.live(story_of)
    network = story_of.load_model()
    assert isinstance(network, GAN)
    sheet = stories.samples(story_of, story, SHAPE)
    z = network.sample_prior(story.shown, torch.Generator().manual_seed(story.seed))
    before = {k: v.clone() for k, v in network.state_dict().items()}
    for place, moment in enumerate(story.live):
        then = time_machine.generator_at(network, weights, place)
        with torch.inference_mode():
            drawn = then.decode(z).numpy()
        # They lie on a grid, which moves pixels by less than a hundredth.
        assert np.abs(drawn - sheet[moment] / 255).max() < 0.03
    assert all(torch.equal(v, network.state_dict()[k]) for k, v in before.items())
    for place, opinion in enumerate(story.opinions):
        critic = time_machine.critic_at(weights, place, opinion, SHAPE)
        then = time_machine.generator_at(network, weights, story.live.index(opinion.moment))
        with torch.inference_mode():
            said = [critic.score(each) for each in then.decode(z)]
        # What the page decodes and asks is what was counted.
        nearest = [min(abs(one - other) for other in opinion.samples) for one in said]
        assert max(nearest) < 1e-5


def test_a_critic_is_right_as_often_as_a_real_picture_gets_more() -> None:
    opinion = stories.Opinion(0, 0.0, (1.0, 3.0), (0.0, 1.0, 2.0, 4.0))
    assert time_machine.right(opinion) == (1 + 0.5 + 3) / 8


def test_a_critic_among_pictures_says_what_its_chain_says() -> None:
    from latentlab.models.images.gan import Discriminator

    x = torch.rand(20, *SHAPE, generator=torch.Generator().manual_seed(0))
    for spread in (True, False):
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(0)
            critic = Discriminator(SHAPE, (3, 4), blocks=1, spread=spread)
            chain = critic.chain(critic.spread_among(x))
            assert torch.allclose(chain(x).flatten(), critic(x), atol=1e-5)


def test_a_brief_story_keeps_fewer_weights() -> None:
    long, brief = (
        json.loads(told(kept(), s)[stories.HISTORY]) for s in ("adversaries", "adversaries_brief")
    )
    assert len(brief["opinions"]) < len(long["opinions"]) or brief["live"] == long["live"]
    assert len(brief["moments"]) == len(long["moments"])


def test_a_checkpoint_without_a_story_says_so() -> None:
    plain = checkpoints.load("vae.mnist_k2")
    assert not stories.has(plain)
    with pytest.raises(MissingFile, match=r"history\.json"):
        stories.read(plain)


# --- damaged ------------------------------------------------------------------------------------


def changed(story_of: Checkpoint, change: Callable[[dict[str, Any]], None]) -> bytes:
    values = json.loads(story_of.file(stories.HISTORY))
    change(values)
    return json.dumps(values).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.update(steps="many"),
        lambda v: v.update(more=1),
        lambda v: v.pop("near"),
        lambda v: v["moments"][0].update(step=99),
        lambda v: v["moments"][1]["reading"].update(coverage=1.5),
        lambda v: v["moments"][1]["reading"].update(shares=[0.5, 0.5]),
        lambda v: v["moments"][1]["reading"].update(shares=[0.9] * 10),
        lambda v: v["moments"][1]["nearest"].pop(),
        lambda v: v["moments"][1]["nearest"].__setitem__(0, 9999),
        lambda v: v.update(live=[3, 1]),
        lambda v: v.update(live=[0, 4]),
        lambda v: v["opinions"][0]["real"].reverse(),
        lambda v: v["opinions"][0].update(moment=-1),
        lambda v: v.update(shown=10**9),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(
    change: Callable[[dict[str, Any]], None],
    story_of: Checkpoint,
    damaged: Callable[[str, bytes], Checkpoint],
) -> None:
    broken = damaged(stories.HISTORY, changed(story_of, change))
    with pytest.raises(BadConfig, match=r"history\.json cannot be used"):
        stories.read(broken)


@pytest.mark.parametrize("content", [b"", b"[]", b"{" * 100_000, b"\xff\xfe", b"null", b"NaN"])
def test_a_history_that_is_none_is_refused(
    content: bytes, damaged: Callable[[str, bytes], Checkpoint]
) -> None:
    with pytest.raises(CheckpointError):
        stories.read(damaged(stories.HISTORY, content))


def png(size: tuple[int, int], mode: str = "L") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        png((28, 28)),
        png((16 * 28, 4 * 28), "RGB"),
        b"GIF89a" + b"0" * 99,
    ],
)
def test_a_sheet_of_another_form_is_refused(
    content: bytes, story_of: Checkpoint, damaged: Callable[[str, bytes], Checkpoint]
) -> None:
    story = stories.read(story_of)
    broken = damaged(stories.SAMPLES, content)
    with pytest.raises(BadConfig, match=r"samples\.png"):
        stories.samples(broken, story, SHAPE)


def npz(**arrays: Any) -> bytes:
    written = io.BytesIO()
    np.savez_compressed(written, **arrays)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + b"0" * 50,
        npz(x=np.zeros(3, np.float64)),
        npz(x=np.array([np.nan], np.float16)),
        npz(x=np.array(["a"], object)),
        npz(x=np.zeros((2, 3), np.int8), **{"x.step": np.ones(3, np.float32)}),
        npz(x=np.zeros((2, 3), np.int8), **{"x.step": np.array([1, np.inf], np.float32)}),
        npz(x=np.zeros((2, 3), np.int8), **{"x.step": np.ones((2, 1), np.float32)}),
        npz(x=np.int8(3)),
        npz(x=np.zeros(2, np.float16), **{"x.step": np.float32(1)}),
        npz(x=np.zeros(2, np.float16), **{"x.step": np.array(["a", "b"])}),
        npz(x=np.zeros(stories.MAX_NUMBERS + 1, np.float16)),
    ],
)
def test_weights_that_are_none_are_refused(
    content: bytes, damaged: Callable[[str, bytes], Checkpoint]
) -> None:
    with pytest.raises(WeightsMismatch, match=r"live\.npz"):
        stories.live(damaged(stories.LIVE, content))


@pytest.mark.parametrize("lost", ["generator.0.weight", "generator.0.running_mean"])
def test_weights_of_another_network_are_refused(lost: str, story_of: Checkpoint) -> None:
    weights = stories.live(story_of)
    network = story_of.load_model()
    assert isinstance(network, GAN)
    name = lost if lost in weights else next(k for k in weights if k.endswith("running_mean"))
    for other in (None, weights[name][:, :1], weights[name][:1]):
        bent = {k: v for k, v in weights.items() if k != name}
        if other is not None:
            bent[name] = other
        with pytest.raises(WeightsMismatch, match="does not fit"):
            time_machine.generator_at(network, bent, 3)


@pytest.mark.parametrize(
    "lost", ["critic.head.weight", "critic.maps.0.weight", "critic.maps.2.bias"]
)
def test_a_critic_that_does_not_fit_together_is_refused(lost: str, story_of: Checkpoint) -> None:
    story, weights = stories.read(story_of), stories.live(story_of)
    assert lost in weights
    for other in (None, weights[lost][..., :1], weights[lost][:0]):
        bent = {k: v for k, v in weights.items() if k != lost}
        if other is not None:
            bent[lost] = other
        with pytest.raises(WeightsMismatch, match="critic"):
            time_machine.critic_at(bent, 0, story.opinions[0], SHAPE)
