"""The training loop, as a generator: it yields its progress and may be stopped at any time.

Every step draws its randomness from (seed, step), every epoch its order from (seed, epoch): a run
that was killed and resumed ends in the same weights as one that was not.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from latentlab import checkpoints
from latentlab.data import Images, TrainingData
from latentlab.data.text.base import Rows
from latentlab.errors import TrainingError
from latentlab.models import GAN, ConvAutoencoder, Network, families
from latentlab.training import snapshots, state
from latentlab.training.objectives import Learner, OptimiserSettings
from latentlab.training.recipes import Recipe

SAVE_SECONDS = 60.0  # a kill loses at most this much
FEWEST = 2  # items: the statistics of one are none
WARM_UP = 0.03  # share of the run over which the learning rate rises
SNAPSHOT = "snapshot_"  # how the names of their files begin, in the folder of the state

# What safetensors, JSON and torch raise for a state that is cut off, altered or something else.
DAMAGE = (
    SafetensorError,
    OSError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RecursionError,
    RuntimeError,
)


@dataclass(frozen=True)
class Progress:
    """Where a run stands after a step."""

    step: int  # steps done
    steps: int  # steps in all
    losses: dict[str, float]  # running means
    seconds: float  # spent training, over all sessions of the run


class Run:
    """One recipe being trained on ``device``, with its state in ``state_file`` (None = nowhere).

    Raises:
        TrainingError: on construction, the recipe's parts do not fit one another, or the
            checkpoint that it starts from; or the device is not here.
        CheckpointError, UnknownNameError: that checkpoint cannot be had.
    """

    def __init__(self, recipe: Recipe, device: str, state_file: Path | None) -> None:
        check_device(device)
        self.recipe = recipe
        self.device = device
        self.state_file = state_file
        self.step = 0
        self.seconds = 0.0
        self.unsaved = ""  # why the state could not be written, the last time that was tried
        self.learner = _learner(recipe, device)
        self._moments: dict[int, dict[str, Tensor]] = {}  # snapshots by step

    def resume(self) -> bool:
        """Continue from the state file; return whether there was one.

        Raises:
            TrainingError: the file, or that of a snapshot, is damaged or belongs to another recipe.
        """
        if self.state_file is None or not self.state_file.exists():
            return False
        file = self.state_file
        try:
            facts, tensors = state.read(file)
            step, seconds = facts["step"], float(facts["seconds"])
            if not isinstance(step, int) or step < 0:
                raise ValueError(f"step {step!r}")
            self._refuse_another(facts["recipe"], file)
            state.load(facts, tensors, self.learner.modules, self.learner.optimisers)
            for taken in facts["snapshots"]:
                file = self._snapshot_file(taken)
                about, self._moments[taken] = state.read(file)
                self._refuse_another(about["recipe"], file)
            self.step, self.seconds = step, seconds
        except DAMAGE as error:
            raise TrainingError(
                f"The training state {file} cannot be read ({error}).",
                "Delete it, or train without --resume.",
            ) from error
        return True

    def _refuse_another(self, identity: object, file: Path) -> None:
        if identity != self.recipe.identity:
            raise TrainingError(
                f"{file} belongs to another version of {self.recipe.name}.",
                "Delete it, or train without --resume.",
            )

    def save(self) -> None:
        """Write the state; the old one stays until the new one is whole.

        Where it cannot be written, ``unsaved`` says why: what is trained is not thrown away for it.
        """
        if self.state_file is None:
            return
        facts = {
            "recipe": self.recipe.identity,
            "step": self.step,
            "seconds": self.seconds,
            "snapshots": sorted(self._moments),
        }
        try:
            state.save(self.state_file, facts, self.learner.modules, self.learner.optimisers)
            self.unsaved = ""
        except (OSError, SafetensorError) as error:
            self.unsaved = str(error)

    def fit(self, items: TrainingData) -> Iterator[Progress]:
        """Train to the end on ``items``, yielding after every step.

        Raises:
            TrainingError: there is too little to learn from, the loss stopped being a number, or
                snapshots are too large.
        """
        recipe = self.recipe
        if len(items) < FEWEST:
            raise TrainingError(
                f"{recipe.name} has {len(items)} item(s) to learn from; {FEWEST} are needed.",
                "Look at what LATENTLAB_DATA holds.",
            )
        per_epoch = max(1, len(items) // recipe.batch_size)  # the odd rest waits for next time
        steps = recipe.epochs * per_epoch
        means: dict[str, float] = {}
        saved = started = time.monotonic()
        before = self.seconds
        order = torch.empty(0, dtype=torch.long)
        for module in self.learner.modules.values():
            module.train()
        rates = [
            _scheduler(optimiser, self.step, steps)
            for optimiser in self.learner.optimisers.values()
        ]
        self._take_snapshot(items, steps)
        while self.step < steps:
            epoch, place = divmod(self.step, per_epoch)
            if place == 0 or not len(order):
                order = _order(items, recipe, epoch)
            chosen = order[place * recipe.batch_size : (place + 1) * recipe.batch_size]
            rng = _rng(recipe.seed, "step", self.step)
            x, labels = items.batch(chosen.numpy(), rng, self.step / steps)
            x, labels = _to(x, self.device), labels.to(self.device)
            losses = self.learner.step(x, labels, rng, self.step / steps)
            if not all(math.isfinite(value) for value in losses.values()):
                raise TrainingError(
                    f"The loss of {recipe.name} is no longer a number at step {self.step}.",
                    "Lower the learning rate of its recipe.",
                )
            for key, value in losses.items():
                means[key] = 0.98 * means.get(key, value) + 0.02 * value
            for rate in rates:
                rate.step()
            self.step += 1
            now = time.monotonic()
            self.seconds = before + now - started
            self._take_snapshot(items, steps)
            if now - saved > SAVE_SECONDS:
                self.save()
                saved = now
            yield Progress(self.step, steps, dict(means), self.seconds)
        self.save()

    def result(self) -> Network:
        """Return the trained network on the CPU, ready to use."""
        network = self.learner.result().cpu().eval()
        for parameter in network.parameters():
            parameter.data = parameter.data.contiguous()  # from channels_last
        return network

    @property
    def moments(self) -> dict[int, dict[str, Tensor]]:
        """What has been kept so far, by step."""
        return dict(self._moments)

    def snapshots(self) -> dict[str, bytes]:
        """Return what goes beside the checkpoint: contents by file name; none, if none are kept.

        Raises:
            TrainingError: snapshots that were read again do not fit one another.
        """
        if not self._moments:
            return {}
        try:
            together = snapshots.stacked(self._moments)
        except (KeyError, RuntimeError) as error:
            raise TrainingError(
                f"The snapshots of {self.recipe.name} do not fit one another ({error}).",
                "Train without --resume.",
            ) from error
        return {"snapshots.safetensors": safetensors.torch.save(together)}

    def _take_snapshot(self, items: TrainingData, steps: int) -> None:
        """Keep this moment, if the recipe wants it."""
        wanted = self.recipe.snapshots
        if wanted is None or self.step in self._moments or self.step not in wanted.steps(steps):
            return
        self._moments[self.step] = wanted.take(self.learner.result(), items, self.learner.beside())
        if self.state_file is not None:
            facts = {"recipe": self.recipe.identity, "step": self.step}
            state.write(self._snapshot_file(self.step), facts, self._moments[self.step])

    def _snapshot_file(self, step: int) -> Path:
        assert self.state_file is not None
        return self.state_file.with_name(f"{SNAPSHOT}{step:d}.safetensors")


def schedule(done: float) -> float:
    """Return the learning rate as a share of its peak: a short rise, then half a cosine to 0."""
    if done < WARM_UP:
        return (done + 1e-3) / (WARM_UP + 1e-3)
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def check_device(device: str) -> None:
    """Refuse a device that this machine does not have.

    Raises:
        TrainingError: it is not here.
    """
    kind = device.partition(":")[0]
    here: dict[str, Callable[[], bool]] = {
        "cuda": torch.cuda.is_available,
        "mps": torch.backends.mps.is_available,
    }
    if kind in here and not here[kind]():
        raise TrainingError(
            f"There is no device “{device}” that torch can use on this machine.",
            "Leave out --device, or say --device cpu.",
        )


def best_device() -> str:
    """Return the fastest device there is: cuda, mps or cpu."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _scheduler(optimiser: torch.optim.Optimizer, step: int, steps: int) -> LambdaLR:
    """Return what sets the learning rate to that after ``step`` of ``steps`` steps, and goes on."""
    for group in optimiser.param_groups:
        group.setdefault("initial_lr", group["lr"])
    return LambdaLR(optimiser, lambda done: schedule(done / steps), last_epoch=step - 1)


def _learner(recipe: Recipe, device: str) -> Learner:
    settings = OptimiserSettings(recipe.learning_rate, recipe.weight_decay)
    start = None if recipe.starts_from is None else checkpoints.load(recipe.starts_from)
    known = None if start is None else start.load_model()
    # Layers initialise themselves from torch's global state: seeded here, put back afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = families.get(recipe.family)(recipe.config)
        if isinstance(network, GAN) and isinstance(known, ConvAutoencoder):
            _begin_as(known, network, recipe)
        elif known is not None:
            _start_from(known, network, recipe)
        learner = recipe.objective.learner(network, settings)
    for module in learner.modules.values():
        module.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return learner


def _start_from(known: Network, network: Network, recipe: Recipe) -> None:
    """Give ``network`` the weights of ``known``, the network that the recipe starts from."""
    if type(known) is not type(network):
        raise TrainingError(
            f"{recipe.name} cannot start from {recipe.starts_from}, which is a"
            f" {type(known).__name__}."
        )
    theirs, ours = known.state_dict(), network.state_dict()
    for key in sorted(theirs.keys() | ours.keys()):
        shapes = [tuple(each[key].shape) if key in each else None for each in (theirs, ours)]
        if shapes[0] != shapes[1]:
            raise TrainingError(
                f"The weights of {recipe.starts_from} do not fit {recipe.name}: its tensor"
                f" “{key}” is {shapes[0] or 'missing'}, and should be {shapes[1] or 'missing'}.",
                "Give both the same config.",
            )
    network.load_state_dict(theirs)


def _order(items: TrainingData, recipe: Recipe, epoch: int) -> Tensor:
    """Return the places of all items in the order in which an epoch draws its batches."""
    rng = _rng(recipe.seed, "order", epoch)
    order = torch.randperm(len(items), generator=rng)
    if not recipe.by_length:
        return order
    if not isinstance(items, Rows):
        raise TrainingError(f"{recipe.name} orders texts by length, and learns from none.")
    size = min(recipe.batch_size, len(items))
    whole = order[: len(items) // size * size]  # the rest is another one in every epoch
    batches = torch.from_numpy(items.by_length(whole.numpy())).view(-1, size)
    return batches[torch.randperm(len(batches), generator=rng)].flatten()


def _begin_as(known: ConvAutoencoder, network: GAN, recipe: Recipe) -> None:
    """Let a generator begin as the decoder of the autoencoder that the recipe starts from."""
    try:
        network.begin_as(known, _codes_of(known, recipe))
    except ValueError as error:
        raise TrainingError(
            f"{recipe.name} cannot begin as the decoder of {recipe.starts_from}: {error}.",
            "Give both the same latent_size, channels and hidden.",
        ) from error


@torch.no_grad()
def _codes_of(known: ConvAutoencoder, recipe: Recipe) -> Tensor:
    """Return the codes ``[N, k]`` of what a recipe trains on."""
    items = recipe.training_data()
    assert isinstance(items, Images)  # a GAN takes no others
    return torch.cat([known.encode(x).mode() for x in items.batches(recipe.batch_size)])


def _to(x: Tensor, device: str) -> Tensor:
    """Return a batch on a device; pictures ``[B, C, H, W]`` with their channels last in memory."""
    if x.ndim == 4:
        return x.to(device, memory_format=torch.channels_last)
    return x.to(device)


def _rng(seed: int, purpose: str, index: int) -> torch.Generator:
    """Return a generator that depends on its arguments alone."""
    salt = {"order": 1, "step": 2}[purpose]
    return torch.Generator().manual_seed((seed * 1_000_003 + index) * 4 + salt)


def state_file(name: str) -> Path:
    """Return where a run of the recipe ``name`` keeps its state: ``runs/`` where you stand."""
    return Path("runs") / name / "state.safetensors"


def forget(name: str) -> None:
    """Delete the state of a run and its snapshots, if there are any."""
    for file in (state_file(name), *state_file(name).parent.glob(f"{SNAPSHOT}*.safetensors")):
        file.unlink(missing_ok=True)
