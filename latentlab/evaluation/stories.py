"""What becomes of the moments that a run has kept: a story, in the files of its checkpoint."""

import io
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from latentlab import metrics
from latentlab.adversaries.losses import losses
from latentlab.data import Images
from latentlab.errors import UnsupportedError
from latentlab.evaluation.shared import BATCH, classifier_of, principal_components, splits
from latentlab.export import grid_step
from latentlab.metrics import copying
from latentlab.models import GAN, Classifier, Network, count_parameters
from latentlab.models.images.gan import Discriminator
from latentlab.registry import Registry
from latentlab.stories import (
    HISTORY,
    LEVELS,
    LIVE,
    NEAREST,
    SAMPLES,
    STEP,
    Moment,
    Opinion,
    Reading,
    Story,
)

SHOWN = 64  # codes whose samples are drawn at each moment
MEASURED = 2_500  # samples of a reading, and real pictures
COMPARED = 500  # of them with all training pictures, the slowest part
COMPANY = 250  # pictures in a batch of the critic's
JUDGED = 400  # scores that an opinion lists
GREYS = 63  # steps from black to white of a sheet of samples: nobody sees more, and files halve
SMALL = 200_000  # weights of a critic: of a larger one fewer moments are kept
COMPONENTS = 64  # of which a logistic regression tells samples from pictures


@dataclass(frozen=True)
class Kept:
    """What a run hands to its story.

    Attributes:
        network: what the run ended in.
        beside: further networks that were kept, such as "critic".
        moments: tensors by name, by step; those of the network under their own names, those of
            another under "critic.…"; float16.
        data: name of the data set.
        held_back: how many pictures at the end of the training split the run has not seen.
        loss: of the game, a name in `adversaries.losses`; "" = there was none.
    """

    network: Network
    beside: Mapping[str, nn.Module]
    moments: Mapping[int, Mapping[str, Tensor]]
    data: str
    held_back: int
    loss: str


# (what was kept, device to measure on) -> files of the checkpoint, contents by name.
stories: Registry[Callable[[Kept, str], dict[str, bytes]]] = Registry("story")


def adversarial(
    kept: Kept, device: str, *, live: int = 12, critics: int = 4, share: float = 1.0
) -> dict[str, bytes]:
    """Return the files of `latentlab.stories` for a GAN.

    Args:
        kept: its moments.
        device: where to measure.
        live: how many moments keep the generator's weights.
        critics: how many of these keep the critic's, too; half as many of a large one.
        share: of the usual number of samples and pictures that a reading is of.

    Raises:
        UnsupportedError: something else was trained, or its critic was not kept.
        DataError: the full data set is not on this machine.
    """
    critic = kept.beside.get("critic")
    if not isinstance(kept.network, GAN) or not isinstance(critic, Discriminator):
        raise UnsupportedError("This story is told of a GAN and its critic.")
    if count_parameters(critic) > SMALL:
        critics = max(critics // 2, 1)
    with torch.inference_mode():
        return _Telling(kept, kept.network, critic, device, share).files(live, critics)


stories.add("adversaries", adversarial)
# Of a run that goes wrong: enough to see that.
stories.add("adversaries_brief", partial(adversarial, live=6, critics=3, share=0.2))


class _Telling:
    """One story being made: the networks, and the pictures that samples are measured against."""

    def __init__(
        self, kept: Kept, gan: GAN, critic: Discriminator, device: str, share: float
    ) -> None:
        self.kept, self.device = kept, device
        self.gan = deepcopy(gan).to(device).eval()
        self.critic = deepcopy(critic).to(device).eval()
        self.classifier: Classifier = classifier_of(kept.data).to(device)
        train, test = splits(kept.data)
        back = min(kept.held_back or len(train) // 10, len(train) - 1)
        self.seen = self._pictures(train.part(slice(0, len(train) - kept.held_back)))
        held = train.part(slice(len(train) - back, len(train)))
        count = min(round(share * MEASURED), len(test), len(held))
        self.compared = min(max(round(share * COMPARED), SHOWN), count)
        self.test, self.held = self._some(test, count), self._some(held, count)
        self.features, _ = self._seen_by_classifier(self.test)
        self.near = copying.near(copying.nearest(self.test, self.seen)[0])
        self.pca = principal_components(kept.data, COMPONENTS)
        # The first of these are the codes whose samples are shown.
        self.z = gan.sample_prior(count, torch.Generator().manual_seed(0)).to(device)

    def _pictures(self, images: Images) -> Tensor:
        return images.tensor().to(self.device)

    def _some(self, images: Images, count: int) -> Tensor:
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
        return self._pictures(images.part(np.sort(order[:count].numpy())))

    def _seen_by_classifier(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return features ``[N, F]`` and the class ``[N]`` of each picture."""
        parts = [self.classifier.features(part) for part in x.split(BATCH)]
        classes = [self.classifier.logits_of(part).argmax(1) for part in parts]
        return torch.cat(parts).cpu(), torch.cat(classes).cpu()

    def files(self, live: int, critics: int) -> dict[str, bytes]:
        steps = sorted(self.kept.moments)
        last = len(steps) - 1
        kept_live = sorted({round(place * last / max(live - 1, 1)) for place in range(live)})
        judged = kept_live[:: -max(len(kept_live) // critics, 1)][:critics][::-1]
        self.unique: dict[int, int] = {}  # places of training pictures, in the order of their use
        drawn, told, opinions = [], [], []
        for place, step in enumerate(steps):
            self._load(self.kept.moments[step])
            x = torch.cat([self.gan.decode(z) for z in self.z.split(BATCH)])
            drawn.append(x[:SHOWN].cpu())
            told.append(self._moment(step, x))
            if place in judged:
                opinions.append(self._opinion(place, self.kept.moments[step]))
        story = Story(
            steps=steps[-1],
            loss=self.kept.loss,
            seed=0,
            shown=len(drawn[0]),
            measured=len(self.test),
            compared=self.compared,
            near=_short(self.near),
            real=self._reading(self.held),
            pictures=len(self.unique),
            moments=tuple(told),
            live=tuple(kept_live),
            opinions=tuple(opinions),
        )
        known = self.seen[list(self.unique)].cpu()
        blank = torch.zeros(-len(known) % story.shown, *known.shape[1:])
        weights = self._weights([steps[k] for k in kept_live], [steps[k] for k in judged])
        return {
            HISTORY: json.dumps(asdict(story), separators=(",", ":")).encode(),
            SAMPLES: _sheet((torch.cat(drawn) * GREYS).round() / GREYS, story.shown),
            NEAREST: _sheet(torch.cat([known, blank]), story.shown),
            LIVE: weights,
        }

    def _load(self, tensors: Mapping[str, Tensor]) -> None:
        """Give both networks the weights of a moment; counters of batches are not kept."""
        for prefix, network in (("", self.gan), ("critic.", self.critic)):
            wanted = network.state_dict()
            known = {k: tensors.get(prefix + k, v) for k, v in wanted.items()}
            network.load_state_dict({k: v.to(wanted[k].dtype) for k, v in known.items()})

    def _reading(self, x: Tensor, distances: Tensor | None = None) -> Reading:
        features, classes = self._seen_by_classifier(x)
        count = self.classifier.logits_of(features[:1].to(self.device)).shape[1]
        shares = torch.bincount(classes, minlength=count) / len(x)
        coverage, density = metrics.coverage_and_density(self.features, features)
        if distances is None:
            distances, _ = copying.nearest(x[: self.compared], self.seen)
        return Reading(
            shares=tuple(_short(share) for share in shares.tolist()),
            coverage=_short(coverage),
            density=_short(density),
            fid=_short(metrics.frechet_distance(self.features, features)),
            distance=_short(distances.median().item()),
            copies=_short((distances < self.near).float().mean().item()),
        )

    def _moment(self, step: int, x: Tensor) -> Moment:
        distances, places = copying.nearest(x[: self.compared], self.seen)
        found = [self.unique.setdefault(k, len(self.unique)) for k in places[:SHOWN].tolist()]
        loss = losses.get(self.kept.loss)
        parts = list(zip(self.test.split(COMPANY), x.split(COMPANY), strict=True))
        said = [(self.critic(real), self.critic(fake)) for real, fake in parts]
        critics = [loss.discriminator(real, fake).item() for real, fake in said]
        generators = [loss.generator(real, fake).item() for real, fake in said]
        return Moment(
            step=step,
            critic_loss=_short(sum(critics) / len(critics)),
            generator_loss=_short(sum(generators) / len(generators)),
            reading=self._reading(x, distances),
            told_apart=_short(self._told_apart(x)),
            told_apart_linearly=_short(self._told_apart_linearly(x)),
            nearest=tuple(found),
            distances=tuple(_short(far) for far in distances[:SHOWN].tolist()),
        )

    def _scores(self, x: Tensor) -> Tensor:
        """Return what the critic says of pictures among real ones ``[N]``, on the CPU."""
        chain = self.critic.chain(self._spread()).to(self.device)
        return torch.cat([chain(part) for part in x.split(BATCH)]).flatten().cpu()

    def _spread(self) -> float:
        spreads = [self.critic.spread_among(part) for part in self.test.split(COMPANY)]
        return sum(spreads) / len(spreads)

    def _told_apart(self, x: Tensor) -> float:
        from sklearn.metrics import roc_auc_score

        half = len(x) // 2
        real, fake = self._scores(self.test[half:]), self._scores(x[half:])
        truth = np.repeat([1, 0], [len(real), len(fake)])
        return float(roc_auc_score(truth, torch.cat([real, fake]).numpy()))

    def _codes(self, x: Tensor) -> NDArray[np.float32]:
        """Return the principal components of pictures, ``[N, k]``."""
        return self.pca.encode(x.cpu()).numpy()

    def _told_apart_linearly(self, x: Tensor) -> float:
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score

        half = len(x) // 2
        known = np.concatenate([self._codes(self.held[:half]), self._codes(x[:half])])
        unknown = np.concatenate([self._codes(self.test[half:]), self._codes(x[half:])])
        model = LogisticRegression(max_iter=1000).fit(known, np.repeat([1, 0], half))
        truth = np.repeat([1, 0], len(x) - half)
        return float(roc_auc_score(truth, model.decision_function(unknown)))

    def _opinion(self, place: int, tensors: Mapping[str, Tensor]) -> Opinion:
        """Return what the critic says, both networks as they are stored: rounding shifts scores."""
        self._load({name: _stored(tensor) for name, tensor in tensors.items()})
        z = self.z[:JUDGED]
        x = torch.cat([self.gan.decode(part) for part in z.split(BATCH)])
        real, fake = self._scores(self.test[:JUDGED]), self._scores(x)
        return Opinion(
            moment=place,
            spread=self._spread(),
            real=tuple(_short(score) for score in real.sort().values.tolist()),
            samples=tuple(_short(score) for score in fake.sort().values.tolist()),
        )

    def _weights(self, generators: list[int], critics: list[int]) -> bytes:
        arrays: dict[str, NDArray[Any]] = {}
        names = self.kept.moments[generators[0]]
        for name in names:
            critic = name.startswith("critic.")
            rows = [self.kept.moments[step][name] for step in (critics if critic else generators)]
            if rows[0].ndim < 2:
                arrays[name] = torch.stack(rows).half().numpy()
                continue
            grid = [grid_step(row.float(), LEVELS) for row in rows]
            whole = [(row.float() / step).round() for row, step in zip(rows, grid, strict=True)]
            arrays[name] = torch.stack(whole).to(torch.int8).numpy()
            arrays[name + STEP] = np.array(grid, np.float32)
        written = io.BytesIO()
        np.savez_compressed(written, **arrays)  # type: ignore[arg-type]
        return written.getvalue()


def _stored(tensor: Tensor) -> Tensor:
    """Return a tensor as `_weights` stores it: on a grid, if it is a matrix or a kernel."""
    if tensor.ndim < 2:
        return tensor
    step = grid_step(tensor.float(), LEVELS)
    return (tensor.float() / step).round() * step


def _short(value: float) -> float:
    """Return a number with five digits: more are noise, and history.json is text."""
    return float(f"{value:.5g}")


def _sheet(x: Tensor, columns: int) -> bytes:
    """Return pictures ``[N, C, H, W]`` in rows of ``columns``, as a PNG file."""
    from PIL import Image

    _, channels, height, width = x.shape
    pixels = (x.clamp(0, 1) * 255).round().byte().numpy()
    tiles = pixels.reshape(-1, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    whole = tiles.reshape(-1, columns * width, channels)
    written = io.BytesIO()
    Image.fromarray(whole[..., 0] if channels == 1 else whole).save(written, "PNG", optimize=True)
    return written.getvalue()
