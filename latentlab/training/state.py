"""The file from which a killed run goes on: tensors as safetensors, all else as JSON beside them.

Any optimiser's state is understood: numbers, tensors, and lists and dictionaries of them. Groups of
parameters are not kept, since the recipe decides them. Nothing is unpickled.
"""

import json
import os
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

TENSOR = "tensor"  # {TENSOR: name} stands in the JSON for a tensor


def save(
    path: Path,
    facts: dict[str, Any],
    modules: Mapping[str, nn.Module],
    optimisers: Mapping[str, Optimizer],
) -> None:
    """Write the state of modules and optimisers, with facts about it, as ``write`` does."""
    tensors: dict[str, Tensor] = {}
    for name, module in modules.items():
        _pack(module.state_dict(), f"module.{name}", tensors)
    states = {
        name: _pack(optimiser.state_dict()["state"], f"optimiser.{name}", tensors)
        for name, optimiser in optimisers.items()
    }
    write(path, facts | {"optimisers": states}, tensors)


def write(path: Path, facts: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    """Write tensors with facts about them; an old file stays until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata={"run": json.dumps(facts)})
    os.replace(partial, path)


def read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the facts and the tensors that ``write`` wrote.

    Raises:
        SafetensorError, OSError, KeyError, TypeError, ValueError, RecursionError: it is damaged.
    """
    with safe_open(path, framework="pt") as file:
        facts = json.loads((file.metadata() or {})["run"])
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    if not isinstance(facts, dict):
        raise TypeError("its facts are no dictionary")
    return facts, tensors


def load(
    facts: dict[str, Any],
    tensors: dict[str, Tensor],
    modules: Mapping[str, nn.Module],
    optimisers: Mapping[str, Optimizer],
) -> None:
    """Put what ``read`` returned into the modules and optimisers of a run.

    Raises:
        KeyError, TypeError, ValueError, RuntimeError: it is the state of other ones.
    """
    for name, module in modules.items():
        prefix = f"module.{name}."
        module.load_state_dict(
            {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        )
    for name, optimiser in optimisers.items():
        packed = facts["optimisers"][name]
        state = {int(index): _unpack(entry, tensors) for index, entry in packed.items()}
        _load_optimiser(optimiser, name, state)


def _load_optimiser(optimiser: Optimizer, name: str, state: dict[int, Any]) -> None:
    forms = _forms(optimiser)
    # Before the first step there is no state; after it, every parameter has its own.
    if state and state.keys() != forms.keys():
        raise KeyError(f"the state of some parameters of {name}")
    for index, entry in state.items():
        if _form(entry) != forms[index]:
            raise ValueError(f"the state of parameter {index} of {name} is another optimiser's")
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})
    # Fused kernels walk over memory: moments must lie as their weights do (channels last).
    for parameter, entry in optimiser.state.items():
        for key, value in entry.items():
            if isinstance(value, Tensor) and value.shape == parameter.shape:
                entry[key] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _forms(optimiser: Optimizer) -> dict[int, Any]:
    """Return of what form the state of each parameter is after a step."""
    tried = deepcopy(optimiser)
    for group in tried.param_groups:
        for parameter in group["params"]:
            parameter.grad = torch.zeros_like(parameter)
    tried.step()
    return {index: _form(entry) for index, entry in tried.state_dict()["state"].items()}


def _form(value: Any) -> Any:
    """Return a value with shapes in place of tensors, and types in place of all else."""
    if isinstance(value, Tensor):
        return tuple(value.shape)
    if isinstance(value, dict):
        return {key: _form(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_form(each) for each in value]
    return type(value)


def _pack(value: Any, name: str, tensors: dict[str, Tensor]) -> Any:
    """Return a value as JSON; its tensors are put into ``tensors``, under names from ``name``."""
    if isinstance(value, Tensor):
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {TENSOR: name}
    if isinstance(value, dict):
        return {str(key): _pack(each, f"{name}.{key}", tensors) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(each, f"{name}.{place}", tensors) for place, each in enumerate(value)]
    return value


def _unpack(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {TENSOR}:
            return tensors[value[TENSOR]]
        return {key: _unpack(each, tensors) for key, each in value.items()}
    if isinstance(value, list):
        return [_unpack(each, tensors) for each in value]
    return value
