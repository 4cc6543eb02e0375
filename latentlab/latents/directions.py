"""Directions in a latent space that may mean something: found with labels, or without.

    vector = supervised.get("mean_difference").find(codes, yes, others)   # [D], unit length
    basis = unsupervised.get("sefa").find(model, codes)                   # [D, P]
    line = through(vector, codes, yes)                                    # with its ends
    drift = measured(space, line, attribute, judge, factors, z, truth)    # what else moves
    drift.named, drift.earned                                             # may it bear the name?

A direction is named after an attribute only if moving along it changes the attribute, and nothing
else: see `Drift`, also for why there are two rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from latentlab.data import Attribute, Factor
from latentlab.errors import InputError, UnsupportedError
from latentlab.latents import spaces
from latentlab.latents.spaces import Space
from latentlab.models import FactorClassifier, LatentModel
from latentlab.registry import Registry

ENDS = 0.01, 0.99  # quantiles of the codes between which a slider moves
STEPS = 8  # of a slider, from where a picture stands to the end
SWITCHED, DRIFTED = 0.8, 0.1  # what a named direction has to reach, and must not pass
NOTICED = 0.1  # of a number's range: less is no drift
DRAWN = 0.5  # share of pictures in which a factor must be read as it is, for the model to draw it
CLEAR = 0.8  # the same, for the model to draw it clearly
BELIEVED = 0.9  # of the classifier's certainty at the start: a slider ends where less is left
PLACES = 9  # along a slider at which that is asked
HELD = 0.9  # share of what other factors do to codes that is projected away
MOST = 16  # directions of an unsupervised method
BATCH = 250


@dataclass(frozen=True)
class Supervised:
    """A method that is told of every code whether an attribute holds."""

    label: str
    paper: str
    # codes [N, D], answers [N], the other factors' values [N, F] -> a direction [D], unit length
    find: Callable[[Tensor, NDArray[np.bool_], NDArray[np.int64]], Tensor]


@dataclass(frozen=True)
class Unsupervised:
    """A method that sees the network alone, or codes without labels."""

    label: str
    paper: str
    find: Callable[[LatentModel, Tensor], Tensor]  # codes [N, D] -> directions [D, P], unit length


supervised: Registry[Supervised] = Registry("method for directions with labels")
unsupervised: Registry[Unsupervised] = Registry("method for directions without labels")


@dataclass(frozen=True)
class Line:
    """A direction with the ends of its slider; the attribute holds towards ``high``."""

    vector: Tensor  # [D], unit length
    low: float
    high: float


@dataclass(frozen=True)
class Drift:
    """What happens to pictures that are moved along a line until an attribute switches.

    A picture without the attribute is moved towards the end where it holds, and the other way
    round, in eight steps; it stops at the first where the classifier says that the attribute has
    switched, or at the end.

    Attributes:
        switched: share of pictures whose attribute switched.
        changed: ``[F]``, share of pictures of whose factor the classifier says something else
            afterwards; for numbers, something else by more than a tenth of their range. NaN for the
            attribute's own factor.
        legible: ``[F]``, share of the pictures, decoded and not moved, in which the classifier
            reads the factor as it is.
        known: ``[F]``, `changed` among those pictures alone.
    """

    switched: float
    changed: NDArray[np.float64]
    legible: NDArray[np.float64]
    known: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Drift of another factor, on average."""
        return float(np.nanmean(self.changed))

    @property
    def worst(self) -> float:
        """Drift of the other factor that drifts most."""
        return float(np.nanmax(self.changed))

    @property
    def worst_drawn(self) -> float:
        """Drift of the other factor that drifts most, of those that the model draws.

        A factor counts as drawn where it is read as it is in half of the pictures that were not
        moved, or more; its drift is counted over these. 0 where it draws no other factor.
        """
        return self.worst_among(DRAWN)

    def worst_among(self, share: float) -> float:
        """Return the same for factors that are read as they are in such a share of pictures."""
        among = self.known[(self.legible >= share) & ~np.isnan(self.changed)]
        return float(among.max(initial=0.0))

    @property
    def named(self) -> bool:
        """Whether the strict rule gives a name: 80 % switch, and no factor drifts above 10 %.

        A factor that a network does not draw, say the mouth, is read by chance; the least change of
        the picture changes that reading. So no direction of such a network gets a name.
        """
        return self.switched >= SWITCHED and self.worst <= DRIFTED

    @property
    def earned(self) -> bool:
        """Whether the rule among what the model draws gives a name.

        What it does not draw at all cannot drift.
        """
        return self.switched >= SWITCHED and self.worst_drawn <= DRIFTED


# --- with labels -------------------------------------------------------------------------------


def _mean_difference(codes: Tensor, yes: NDArray[np.bool_], others: NDArray[np.int64]) -> Tensor:
    """From the mean of those without to the mean of those with."""
    return _unit(_difference(codes, yes))


def _probe(codes: Tensor, yes: NDArray[np.bool_], others: NDArray[np.int64]) -> Tensor:
    """The normal of a linear boundary between standardised codes, in their own scale again."""
    return _unit(_normal(codes, yes) * _spread(codes))


def _conditioned(codes: Tensor, yes: NDArray[np.bool_], others: NDArray[np.int64]) -> Tensor:
    """The same normal, at right angles to what all other factors do to codes.

    Shen et al. 2020, section 3.2, project on the complement of one other attribute's normal. Here
    the complement is that of the span in which the class means of all other factors lie, but for
    the tenth of their variance that would take most dimensions.
    """
    spread = _spread(codes)
    held = _means_of(codes / spread, others)
    normal = _normal(codes, yes)
    return _unit((normal - held @ (held.T @ normal)) * spread)


def _conditioned_difference(
    codes: Tensor, yes: NDArray[np.bool_], others: NDArray[np.int64]
) -> Tensor:
    """The difference of means, at right angles to what all other factors do to codes."""
    spread = _spread(codes)
    held = _means_of(codes / spread, others)
    step = _difference(codes, yes) / spread
    return _unit((step - held @ (held.T @ step)) * spread)


supervised.add(
    "mean_difference",
    Supervised("Difference of class means", "Larsen et al. 2016, ICML", _mean_difference),
)
supervised.add("probe", Supervised("Linear probe", "Shen et al. 2020, CVPR", _probe))
supervised.add(
    "conditioned_probe",
    Supervised("Linear probe, others held", "Shen et al. 2020, CVPR", _conditioned),
)
supervised.add(
    "conditioned_difference",
    Supervised(
        "Difference of class means, others held",
        "Larsen et al. 2016, ICML; Shen et al. 2020, CVPR",
        _conditioned_difference,
    ),
)


def _unit(vector: Tensor) -> Tensor:
    return nn.functional.normalize(vector, dim=0)


def _spread(codes: Tensor) -> Tensor:
    return codes.std(0).clamp(min=1e-6)  # a dead number has none


def _difference(codes: Tensor, yes: NDArray[np.bool_]) -> Tensor:
    chosen = torch.from_numpy(yes)
    if yes.all() or not yes.any():
        raise InputError("A direction needs codes with the attribute, and without it.")
    return codes[chosen].mean(0) - codes[~chosen].mean(0)


def _normal(codes: Tensor, yes: NDArray[np.bool_]) -> Tensor:
    """Return the weights of logistic regression on standardised codes, ``[D]``."""
    from sklearn.linear_model import LogisticRegression

    if yes.all() or not yes.any():
        raise InputError("A direction needs codes with the attribute, and without it.")
    standard = ((codes - codes.mean(0)) / _spread(codes)).numpy()
    # Balanced: a rare attribute is no less an attribute.
    fitted = LogisticRegression(max_iter=1000, class_weight="balanced").fit(standard, yes)
    return torch.from_numpy(fitted.coef_[0]).float()


def _means_of(codes: Tensor, factors: NDArray[np.int64]) -> Tensor:
    """Return an orthonormal basis ``[D, R]`` of where class means of factors ``[N, F]`` lie."""
    scatter = torch.zeros(codes.shape[1], codes.shape[1])
    mean = codes.mean(0)
    for column in factors.T:
        for value in np.unique(column):
            chosen = torch.from_numpy(column == value)
            step = codes[chosen].mean(0) - mean
            scatter += chosen.float().mean() * torch.outer(step, step)
    values, vectors = torch.linalg.eigh(scatter)
    share = values.flip(0).clamp(min=0).cumsum(0) / values.clamp(min=0).sum().clamp(min=1e-12)
    kept = min(int((share < HELD).sum()) + 1, codes.shape[1] - 1)
    basis: Tensor = vectors.flip(1)[:, :kept]
    return basis


# --- without labels ----------------------------------------------------------------------------


def _axes(model: LatentModel, codes: Tensor) -> Tensor:
    """The numbers of the code themselves, those that vary most first."""
    return torch.eye(codes.shape[1])[:, codes.var(0).argsort(descending=True)]


def _sefa(model: LatentModel, codes: Tensor) -> Tensor:
    """Eigenvectors of AᵀA for the first layer A, largest first (Shen & Zhou 2021, eq. 5)."""
    weight = _first_layer(model).weight.detach()  # [out, D]
    vectors: Tensor = torch.linalg.eigh(weight.T @ weight).eigenvectors
    return vectors.flip(1)[:, :MOST]


def _principal(model: LatentModel, codes: Tensor) -> Tensor:
    """Principal directions of what the first layer gives, led back to codes by least squares.

    Härkönen et al. 2020, section 2.1.
    """
    given = codes @ _first_layer(model).weight.detach().T
    centred = given - given.mean(0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    places = centred @ directions[: min(MOST, codes.shape[1])].T  # [N, P]
    led = torch.linalg.lstsq(places, codes - codes.mean(0)).solution  # [P, D]
    basis: Tensor = nn.functional.normalize(led, dim=1).T
    return basis


unsupervised.add("axes", Unsupervised("Numbers of the code", "Higgins et al. 2017, ICLR", _axes))
unsupervised.add("sefa", Unsupervised("SeFa", "Shen & Zhou 2021, CVPR", _sefa))
unsupervised.add("principal", Unsupervised("GANSpace", "Härkönen et al. 2020, NeurIPS", _principal))


def _first_layer(model: LatentModel) -> nn.Linear:
    first = model.decoder_layers()[0]
    if not isinstance(first, nn.Linear):
        raise UnsupportedError("These directions are those of a decoder that begins linear.")
    return first


# --- what they do ------------------------------------------------------------------------------


def through(vector: Tensor, codes: Tensor, yes: NDArray[np.bool_]) -> Line:
    """Return the line along ``vector`` ``[D]`` whose ends hold 98 % of the codes ``[N, D]``.

    It is turned so that codes for which ``yes`` ``[N]`` holds lie further along it.
    """
    places = codes @ vector
    chosen = torch.from_numpy(yes)
    if places[chosen].mean() < places[~chosen].mean():
        vector, places = -vector, -places
    low, high = np.quantile(places.numpy(), ENDS)
    return Line(vector, float(low), float(high))


def best_of(basis: Tensor, codes: Tensor, yes: NDArray[np.bool_]) -> Tensor:
    """Return the direction of ``basis`` ``[D, P]`` along which the answers differ most.

    By the difference of the two means, in standard deviations of the codes along it.
    """
    places = codes @ basis
    chosen = torch.from_numpy(yes)
    apart = (places[chosen].mean(0) - places[~chosen].mean(0)).abs() / places.std(0).clamp(1e-9)
    return basis[:, int(apart.argmax())]


@torch.inference_mode()
def read(judge: FactorClassifier, x: Tensor) -> NDArray[np.float64]:
    """Return the factors ``[N, F]`` that a classifier reads in pictures ``[N, C, H, W]``."""
    said = []
    for part in x.split(BATCH):
        heads = judge.factors(part)
        said.append(
            torch.stack([h.argmax(1).float() if h.shape[1] > 1 else h[:, 0] for h in heads], dim=1)
        )
    return torch.cat(said).cpu().double().numpy()


def differ(
    one: NDArray[np.float64], other: NDArray[Any], factors: Sequence[Factor]
) -> NDArray[np.bool_]:
    """Return where readings ``[N, F]`` differ: numbers, by more than a tenth of their range."""
    reach = np.array([0.0 if factor.values else NOTICED * factor.span for factor in factors])
    apart: NDArray[np.bool_] = np.abs(one - other) > reach
    return apart


@torch.inference_mode()
def measured(
    space: Space,
    line: Line,
    attribute: Attribute,
    judge: FactorClassifier,
    factors: Sequence[Factor],
    z: Tensor,
    truth: NDArray[np.int64],
) -> Drift:
    """Return what a line does to the pictures of codes ``z`` ``[N, D]``: see `Drift`.

    ``factors`` are the data set's, and ``truth`` ``[N, F]`` those of the pictures; ``judge`` says
    what a picture shows, before and after. Codes, line and networks lie on one device.
    """
    before = read(judge, spaces.decode(space, z))
    yes = attribute.holds(before)
    turned = torch.from_numpy(yes).to(z.device)
    # Codes beyond the end of the slider stay where they are.
    places = z @ line.vector
    way = torch.where(turned, (line.low - places).clamp(max=0), (line.high - places).clamp(min=0))
    after, left = before.copy(), np.arange(len(z))
    for step in range(1, STEPS + 1):
        moved = z[left] + (way[left] * step / STEPS)[:, None] * line.vector
        after[left] = read(judge, spaces.decode(space, moved))
        left = left[attribute.holds(after[left]) == yes[left]]
        if not len(left):
            break
    apart, right = differ(after, before, factors), ~differ(before, truth, factors)
    own = np.arange(len(factors)) == attribute.factor
    known = (apart & right).sum(0) / np.maximum(right.sum(0), 1)
    return Drift(
        switched=1 - len(left) / len(z),
        changed=np.where(own, np.nan, apart.mean(0)),
        legible=right.mean(0),
        known=np.where(own, np.nan, known),
    )


@torch.inference_mode()
def believed(
    space: Space, line: Line, judge: FactorClassifier, drawn: NDArray[np.bool_], z: Tensor
) -> Line:
    """Return a line whose ends are no further than the classifier believes the pictures.

    Codes ``z`` ``[N, D]`` are moved to each of nine places along the line. How certain the
    classifier is, on average over pictures and over the choices that the model draws (``drawn``
    ``[F]``), must stay nine tenths of what it is where they were.
    """
    usual = _certainty(judge, spaces.decode(space, z), drawn)
    places = np.linspace(line.low, line.high, PLACES)
    sure = [
        _certainty(
            judge,
            spaces.decode(space, z + (place - z @ line.vector)[:, None] * line.vector),
            drawn,
        )
        >= BELIEVED * usual
        for place in places
    ]
    middle = int(np.abs(places - float((z @ line.vector).mean())).argmin())
    first, last = middle, middle
    while first > 0 and sure[first - 1]:
        first -= 1
    while last < PLACES - 1 and sure[last + 1]:
        last += 1
    return Line(line.vector, float(places[first]), float(places[last]))


def _certainty(judge: FactorClassifier, x: Tensor, drawn: NDArray[np.bool_]) -> float:
    """Return the highest probability that heads give, its mean over choices and pictures."""
    means = []
    for part in x.split(BATCH):
        heads = judge.factors(part)
        chosen = [h for h, wanted in zip(heads, drawn, strict=True) if wanted and h.shape[1] > 1]
        means += [h.softmax(1).amax(1) for h in chosen]
    return float(torch.cat(means).mean()) if means else 1.0
