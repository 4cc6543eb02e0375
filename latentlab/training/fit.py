"""The training loop, as a generator: it yields its progress and may be stopped at any time.

Every step draws its randomness from (seed, step), every epoch its order from (seed, epoch): a run
that was killed and resumed ends in the same weights as one that was not.
"""

import contextlib
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from latentlab.data import TrainingData
from latentlab.errors import TrainingError
from latentlab.models import Network, families
from latentlab.training.objectives import Learner, OptimiserSettings
from latentlab.training.recipes import Recipe

SAVE_SECONDS = 60.0  # a kill loses at most this much
WARM_UP = 0.03  # share of the run over which the learning rate rises


@dataclass(frozen=True)
class Progress:
    """Where a run stands after a step."""

    step: int  # steps done
    steps: int  # steps in all
    losses: dict[str, float]  # running means
    seconds: float  # spent training, over all sessions of the run


class Run:
    """One recipe being trained on ``device``, with its state in ``state_file`` (None = nowhere)."""

    def __init__(self, recipe: Recipe, device: str, state_file: Path | None) -> None:
        self.recipe = recipe
        self.device = device
        self.state_file = state_file
        self.step = 0
        self.seconds = 0.0
        self.learner = _learner(recipe, device)

    def resume(self) -> None:
        """Continue from the state file, if there is one.

        Raises:
            TrainingError: the file is damaged or belongs to another recipe.
        """
        if self.state_file is None or not self.state_file.exists():
            return
        try:
            with safe_open(self.state_file, framework="pt") as file:
                facts = json.loads((file.metadata() or {})["run"])
                stored = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            step, seconds = facts["step"], facts["seconds"]
            if not isinstance(step, int) or step < 0:
                raise ValueError(f"step {step!r}")
            if facts["recipe"] != self.recipe.identity:
                raise TrainingError(
                    f"{self.state_file} belongs to another version of {self.recipe.name}.",
                    "Delete it, or train without --resume.",
                )
            for name, module in self.learner.modules.items():
                prefix = f"module.{name}."
                module.load_state_dict(
                    {k.removeprefix(prefix): v for k, v in stored.items() if k.startswith(prefix)}
                )
            for name, optimiser in self.learner.optimisers.items():
                _load_optimiser(optimiser, f"optimiser.{name}.", stored)
            self.step, self.seconds = step, float(seconds)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise TrainingError(
                f"The training state {self.state_file} cannot be read ({error}).",
                "Delete it, or train without --resume.",
            ) from error

    def save(self) -> None:
        """Write the state; the old one stays until the new one is whole."""
        if self.state_file is None:
            return
        tensors: dict[str, Tensor] = {}
        for name, module in self.learner.modules.items():
            for key, value in module.state_dict().items():
                tensors[f"module.{name}.{key}"] = value.detach().cpu().contiguous().clone()
        for name, optimiser in self.learner.optimisers.items():
            for index, state in optimiser.state_dict()["state"].items():
                for key, value in state.items():
                    tensors[f"optimiser.{name}.{index}.{key}"] = (
                        value.detach().cpu().contiguous().clone()
                    )
        facts = {"recipe": self.recipe.identity, "step": self.step, "seconds": self.seconds}
        self.state_file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.state_file.with_suffix(".partial")
        save_file(tensors, partial, metadata={"run": json.dumps(facts)})
        os.replace(partial, self.state_file)

    def fit(self, images: TrainingData) -> Iterator[Progress]:
        """Train to the end on ``images``, yielding after every step.

        Raises:
            TrainingError: the loss stopped being a number.
        """
        recipe = self.recipe
        per_epoch = max(1, len(images) // recipe.batch_size)  # the odd rest waits for next time
        steps = recipe.epochs * per_epoch
        means: dict[str, float] = {}
        saved = started = time.monotonic()
        before = self.seconds
        order = torch.empty(0, dtype=torch.long)
        for module in self.learner.modules.values():
            module.train()
        while self.step < steps:
            epoch, place = divmod(self.step, per_epoch)
            if place == 0 or not len(order):
                order = torch.randperm(len(images), generator=_rng(recipe.seed, "order", epoch))
            chosen = order[place * recipe.batch_size : (place + 1) * recipe.batch_size]
            rng = _rng(recipe.seed, "step", self.step)
            x, labels = images.batch(chosen.numpy(), rng)
            x = x.to(self.device, memory_format=torch.channels_last)
            self._set_learning_rate(schedule(self.step / steps))
            losses = self.learner.step(x, labels.to(self.device), rng, self.step / steps)
            if not all(math.isfinite(value) for value in losses.values()):
                raise TrainingError(
                    f"The loss of {recipe.name} is no longer a number at step {self.step}.",
                    "Lower the learning rate of its recipe.",
                )
            for key, value in losses.items():
                means[key] = 0.98 * means.get(key, value) + 0.02 * value
            self.step += 1
            now = time.monotonic()
            self.seconds = before + now - started
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

    def _set_learning_rate(self, share: float) -> None:
        for optimiser in self.learner.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = share * group.setdefault("peak", group["lr"])


def schedule(done: float) -> float:
    """Return the learning rate as a share of its peak: a short rise, then half a cosine to 0."""
    if done < WARM_UP:
        return (done + 1e-3) / (WARM_UP + 1e-3)
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def best_device() -> str:
    """Return the fastest device there is: cuda, mps or cpu."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _learner(recipe: Recipe, device: str) -> Learner:
    settings = OptimiserSettings(recipe.learning_rate, recipe.weight_decay)
    # Layers initialise themselves from torch's global state: seeded here, put back afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = families.get(recipe.family)(recipe.config)
        learner = recipe.objective.learner(network, settings)
    for module in learner.modules.values():
        module.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return learner


def _rng(seed: int, purpose: str, index: int) -> torch.Generator:
    """Return a generator that depends on its arguments alone."""
    salt = {"order": 1, "step": 2}[purpose]
    return torch.Generator().manual_seed((seed * 1_000_003 + index) * 4 + salt)


def _load_optimiser(
    optimiser: torch.optim.Optimizer, prefix: str, stored: dict[str, Tensor]
) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in stored.items():
        if key.startswith(prefix):
            index, _, name = key.removeprefix(prefix).partition(".")
            state.setdefault(int(index), {})[name] = value
    blank = optimiser.state_dict()
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    whole = {"step", "exp_avg", "exp_avg_sq"}  # what both of our optimisers, Adam's kin, remember
    if state and [set(state.get(i, ())) for i in range(len(parameters))] != [whole] * len(state):
        raise KeyError(prefix)
    optimiser.load_state_dict({"state": state, "param_groups": blank["param_groups"]})
    # The fused kernels walk over memory: moments must lie as their weights do (channels last).
    for parameter in parameters:
        for key, value in optimiser.state[parameter].items():
            if value.shape == parameter.shape:
                optimiser.state[parameter][key] = torch.empty_like(parameter).copy_(value)


def state_file(name: str) -> Path:
    """Return where a run of the recipe ``name`` keeps its state: ``runs/`` where you stand."""
    return Path("runs") / name / "state.safetensors"


def forget(name: str) -> None:
    """Delete the state of a run, if there is one."""
    with contextlib.suppress(FileNotFoundError):
        state_file(name).unlink()
