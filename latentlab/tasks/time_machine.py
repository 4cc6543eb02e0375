"""What the Time machine page does: networks of kept moments, and what is said of them."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentlab.errors import WeightsMismatch
from latentlab.stories import Opinion, Reading, Story

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from latentlab.models import GAN

    Kept = Mapping[str, NDArray[np.float32]]

FAIR = 0.25  # of the share that a class has among real pictures: less, and it is left out
SLIDERS = 4  # directions along which the code of a moment can be moved


@dataclass(frozen=True)
class Row:
    """One line of the table at a moment, in the words in which it is shown.

    Attributes:
        title: what was measured.
        help: what that means.
        samples: of the samples of the moment.
        real: of as many real pictures; "" where that means nothing.
    """

    title: str
    help: str
    samples: str
    real: str


def fair_classes(reading: Reading, real: Reading) -> int:
    """Return how many classes have at least a quarter of the share that real pictures give them."""
    pairs = zip(reading.shares, real.shares, strict=True)
    return sum(share > 0 and share >= FAIR * usual for share, usual in pairs)


def when(story: Story, place: int) -> str:
    """Return when a moment is, in words."""
    step = story.moments[place].step
    if step == 0:
        return "Before the first step"
    if step == story.steps:
        return f"At the end, after {step:,} steps"
    return f"After {step:,} of {story.steps:,} steps" if step > 1 else "After one step"


def verdict(story: Story, place: int) -> str:
    """Return one sentence about the samples of a moment, real ones beside them."""
    reading, real = story.moments[place].reading, story.real
    classes, all_classes = fair_classes(reading, real), len(real.shares)
    if classes == all_classes:
        seen = f"all {all_classes} classes in fair share"
    elif classes == 1:
        seen = f"one class of {all_classes}"
    else:
        seen = f"{classes} of {all_classes} classes in fair share"
    return (
        f"{when(story, place)}: {seen}, coverage {reading.coverage:.2f}"
        f" (real pictures {real.coverage:.2f})."
    )


def rows(story: Story, place: int) -> list[Row]:
    """Return what was measured at a moment, each beside what as many real pictures read."""
    moment, real = story.moments[place], story.real
    reading = moment.reading
    return [
        Row(
            "Coverage",
            "Share of real pictures with a sample nearby, in a classifier’s features.",
            f"{reading.coverage:.3f}",
            f"{real.coverage:.3f}",
        ),
        Row(
            "Density",
            "How crowded real pictures are around a sample: 1 is as real ones are; more is tame.",
            f"{reading.density:.2f}",
            f"{real.density:.2f}",
        ),
        Row(
            "FID",
            "Distance of two Gaussians in these features; less is better.",
            _short(reading.fid),
            _short(real.fid),
        ),
        Row(
            "Nearest training picture",
            "Distance of pixels, the median.",
            f"{reading.distance:.2f}",
            f"{real.distance:.2f}",
        ),
        Row(
            "Copies",
            "Share that is nearer to a training picture than 99 of 100 unseen real ones.",
            f"{100 * reading.copies:.1f} %",
            f"{100 * real.copies:.1f} %",
        ),
        Row(
            "Critic tells them apart",
            "Area under the curve, on pictures that it has not seen: .5 is guessing.",
            f"{moment.told_apart:.3f}",
            "",
        ),
        Row(
            "A linear classifier does",
            "The same of a logistic regression on 64 principal components.",
            f"{moment.told_apart_linearly:.3f}",
            "",
        ),
    ]


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def copies(story: Story, place: int) -> str:
    """Return one sentence that answers whether a moment's samples are copies."""
    found, real = story.moments[place].reading, story.real
    much = "Hardly any copies" if found.copies <= real.copies + 0.01 else "Copies"
    return (
        f"{much}: {100 * found.copies:.1f} % of samples are nearer to a training picture than 99"
        f" of 100 unseen pictures are; of pictures held back, {100 * real.copies:.1f} %."
    )


# --- networks of a moment ----------------------------------------------------------------------


def generator_at(network: "GAN", kept: "Kept", place: int) -> "GAN":
    """Return the generator as it was at a kept moment; ``network`` stays as it is.

    Args:
        network: the generator at the end.
        kept: what `stories.live` reads.
        place: which of the kept moments.

    Raises:
        WeightsMismatch: what is kept are not the weights of such a network.
    """
    import torch

    made = deepcopy(network)
    wanted = made.state_dict()
    for name, tensor in wanted.items():
        if not tensor.is_floating_point():
            continue  # counters of batches
        found = kept.get(name)
        if found is None or found.shape[1:] != tensor.shape or not 0 <= place < len(found):
            raise WeightsMismatch(
                f"What was kept of “{name}” does not fit the generator.",
                "Get the folder again, or remake it with its recipe.",
            )
        wanted[name] = torch.from_numpy(found[place].copy())
    made.load_state_dict(wanted)
    return made.requires_grad_(False).eval()


@dataclass(frozen=True)
class Critic:
    """A critic as a plain chain of layers, which browsers can run: a picture in, one score out."""

    image: tuple[int, int, int]
    layers: "nn.Sequential"

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of what goes in: a picture."""
        return self.image

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Shape of what comes out: one number."""
        return (1, 1, 1)

    def decoder_layers(self) -> "list[nn.Module]":
        """All layers, in order."""
        return [*self.layers]

    def decode(self, z: "Tensor") -> "Tensor":
        """Return scores ``[B, 1, 1, 1]`` of pictures ``[B, C, H, W]``."""
        scores: Tensor = self.layers(z)
        return scores.reshape(-1, 1, 1, 1)

    def score(self, x: "Tensor") -> float:
        """Return what it says of one picture ``[C, H, W]``."""
        import torch

        with torch.inference_mode():
            return float(self.decode(x[None]))


def critic_at(kept: "Kept", place: int, opinion: Opinion, shape: tuple[int, int, int]) -> Critic:
    """Return the critic of a kept moment, as it judges pictures among real ones.

    Args:
        kept: what `stories.live` reads.
        place: which of the moments whose critic is kept.
        opinion: that of this moment.
        shape: of a picture, (C, H, W).

    Raises:
        WeightsMismatch: what is kept are not the weights of a critic of such pictures.
    """
    import torch

    from latentlab.models.images.gan import Discriminator

    prefix = "critic."
    own = {k.removeprefix(prefix): v for k, v in kept.items() if k.startswith(prefix)}
    convolutions = [k for k in own if k.startswith("maps.") and k.endswith(".weight")]
    heads = sorted((k for k in convolutions if k.count(".") == 2), key=lambda k: int(k[5:-7]))
    problem = WeightsMismatch(
        "What was kept of the critic does not fit together.",
        "Get the folder again, or remake it with its recipe.",
    )
    head = own.get("head.weight")
    if not heads or head is None or any(not 0 <= place < len(row) for row in own.values()):
        raise problem
    channels = tuple(own[name].shape[1] for name in heads)
    side = (shape[1] >> len(channels)) * (shape[2] >> len(channels))
    blocks = (len(convolutions) - len(heads)) // len(heads)
    spread = head.shape[-1] == (channels[-1] + 1) * side
    try:
        with torch.random.fork_rng(devices=[]):
            critic = Discriminator(shape, channels, blocks, spread)
        critic.load_state_dict({k: torch.from_numpy(v[place].copy()) for k, v in own.items()})
    except (RuntimeError, ValueError, IndexError) as error:
        raise problem from error
    return Critic(shape, critic.chain(opinion.spread).requires_grad_(False))


# --- what a critic says ------------------------------------------------------------------------


def share_below(scores: tuple[float, ...], score: float) -> float:
    """Return the share of ascending scores that are lower than ``score``."""
    return sum(each < score for each in scores) / len(scores)


def right(opinion: Opinion) -> float:
    """Return in which share of pairs the critic gives the real picture more; half of ties count."""
    import numpy as np

    real, fake = np.array(opinion.real)[:, None], np.array(opinion.samples)
    return float((real > fake).mean() + (real == fake).mean() / 2)


def opinion_words(story: Story, place: int, score: float) -> str:
    """Return one sentence about what a critic says of a picture, others beside it.

    Args:
        story: whose critic.
        place: which of its opinions.
        score: what it says of the picture.
    """
    opinion = story.opinions[place]
    real, fake = share_below(opinion.real, score), share_below(opinion.samples, score)
    return (
        f"{when(story, opinion.moment)}, the critic gives it {score:+.2f}: more than"
        f" {100 * real:.0f} % of real test pictures get, and more than {100 * fake:.0f} % of the"
        f" samples of that moment."
    )
