"""Checkpoints: folders ``<family>.<tag>/`` that hold a trained network and say what it is.

    config.json             family and config: the network is rebuilt from it alone
    model.safetensors       weights
    statistics.safetensors  where the codes of the training split lie (latent models only)
    reference.safetensors   a few inputs and outputs that every installation must reproduce
    README.md               the card: data, licence, recipe, scores, limits
    manifest.json           sha256 of every other file

They are looked for in ``$LATENTLAB_CHECKPOINTS`` (one or more folders) and in the repository's
``checkpoints/``. Everything read here may come from a stranger: sizes are bounded, hashes and
shapes are compared before a weight is used, and nothing is unpickled.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentlab.errors import (
    BadConfig,
    CheckpointError,
    LatentLabError,
    MissingFile,
    UnknownNameError,
    WeightsMismatch,
)

if TYPE_CHECKING:  # torch takes seconds to import: listing checkpoints must not wait for it
    from torch import Tensor

    from latentlab.latents.statistics import LatentStatistics
    from latentlab.models import Network

FORMAT = 1  # of the folder; raised when old code could no longer read a new folder
MAX_TEXT = 1 << 20  # bytes of a JSON file or card
MAX_WEIGHTS = 1 << 30  # bytes of a safetensors file
NAME = re.compile(r"[a-z0-9_]+\.[A-Za-z0-9_-]+")

CONFIG, WEIGHTS, STATISTICS = "config.json", "model.safetensors", "statistics.safetensors"
REFERENCE, CARD, MANIFEST = "reference.safetensors", "README.md", "manifest.json"


@dataclass(frozen=True)
class Score:
    """One measured number, with the number that it has to beat."""

    name: str
    value: float
    unit: str
    higher_is_better: bool
    floor: float | None = None  # the same score of the classical method
    floor_name: str | None = None  # which method that is


@dataclass(frozen=True)
class ModelCard:
    """What a person should know of a checkpoint before believing it."""

    title: str
    summary: str
    family: str
    kind: str  # "autoencoder", "generator" or "classifier"
    data: str  # name of the data set
    licence: str  # of the weights, as they follow from the data
    credit: str
    recipe: str  # command that remakes it
    seed: int
    parameters: int
    seconds: float  # of training
    machine: str  # class of the machine that took them
    scores: tuple[Score, ...] = ()
    limits: tuple[str, ...] = ()

    def score(self, name: str) -> Score | None:
        """Return the score of that name, if the card has it."""
        return next((score for score in self.scores if score.name == name), None)


@dataclass(frozen=True)
class Checkpoint:
    """One verified folder."""

    name: str
    folder: Path
    config: dict[str, Any]
    card: ModelCard
    digest: str  # changes whenever any file of the folder does

    def load_model(self, device: str = "cpu") -> "Network":
        """Return the network in evaluation mode, without gradients.

        Raises:
            BadConfig: the config does not fit the family.
            WeightsMismatch: the weights are not those of the config.
        """
        import torch

        from latentlab.models import build

        # Built without memory or initial values: a hostile config cannot ask for gigabytes, and
        # the shapes are compared before anything is allocated.
        try:
            with torch.device("meta"):
                network = build(self.card.family, self.config)
        except (RuntimeError, ValueError, TypeError) as error:
            raise BadConfig(
                f"{self.name}: {CONFIG} describes no network that can be built.", ""
            ) from error
        stored = _tensors(self.folder / WEIGHTS)
        expected = network.state_dict()
        for key in sorted(set(stored) ^ set(expected)):
            state = "lacks" if key in expected else "has an unknown"
            raise WeightsMismatch(f"{self.name}: {WEIGHTS} {state} tensor “{key}”.", _AGAIN)
        for key, tensor in stored.items():
            wanted = expected[key]
            if tensor.shape != wanted.shape or tensor.dtype != wanted.dtype:
                raise WeightsMismatch(
                    f"{self.name}: tensor “{key}” of {WEIGHTS} is {tensor.dtype}"
                    f" {tuple(tensor.shape)}, but its config needs {wanted.dtype}"
                    f" {tuple(wanted.shape)}.",
                    _AGAIN,
                )
            if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
                raise WeightsMismatch(f"{self.name}: “{key}” holds values that are no numbers.", "")
        network.load_state_dict(stored, assign=True)
        return network.requires_grad_(False).eval().to(device)

    def statistics(self) -> "LatentStatistics":
        """Return where the codes of the training split lie.

        Raises:
            MissingFile: a model without latents, such as a classifier, has none.
            WeightsMismatch: the file does not hold them.
        """
        from latentlab.latents.statistics import LatentStatistics

        stored = _tensors(self.folder / STATISTICS)
        try:
            statistics = LatentStatistics(**stored)
        except TypeError:
            statistics = None
        if statistics is None or not _coherent(statistics):
            raise WeightsMismatch(
                f"{self.name}: {STATISTICS} holds other tensors than it should.", _AGAIN
            )
        return statistics

    def reference(self) -> "dict[str, Tensor]":
        """Return a few inputs and the outputs that the model gives for them."""
        return _tensors(self.folder / REFERENCE)

    @property
    def size(self) -> int:
        """Bytes of the weights."""
        return (self.folder / WEIGHTS).stat().st_size


_AGAIN = "Get the folder again, or remake it with its recipe."


def folders() -> list[Path]:
    """Return the folders that hold checkpoints, the user's before ours."""
    own = [
        Path(p).expanduser()
        for p in os.environ.get("LATENTLAB_CHECKPOINTS", "").split(os.pathsep)
        if p
    ]
    return [*own, Path(__file__).parents[1] / "checkpoints"]


def names(*, data: str | None = None, kind: str | None = None) -> list[str]:
    """Return the names of all checkpoints, or of those for a data set or of a kind.

    ``kind`` is "autoencoder" (encodes and decodes), "generator" (decodes only), "latent" (either)
    or "classifier". Checkpoints whose card cannot be read are in the full list only.
    """
    everything = sorted(_places(), key=_natural)
    if data is None and kind is None:
        return everything
    found = {name: card for name, card in cards().items() if data in (None, card.data)}
    wanted = {"latent": ("autoencoder", "generator")}.get(kind or "", (kind,))
    return [
        name
        for name in everything
        if name in found and (kind is None or found[name].kind in wanted)
    ]


def cards() -> dict[str, ModelCard]:
    """Return the cards that can be read, by name; ``broken`` has the others."""
    return {name: card for name, card in _each(read_card).items() if isinstance(card, ModelCard)}


def broken() -> dict[str, LatentLabError]:
    """Return the checkpoints that cannot be used, with the reason."""
    return {name: why for name, why in _each(load).items() if isinstance(why, LatentLabError)}


def load(name: str) -> Checkpoint:
    """Return the checkpoint called ``name``, with every file's hash compared.

    Raises:
        UnknownNameError: no such folder.
        CheckpointError: the folder is incomplete or damaged; the message names the file.
    """
    folder = _folder(name)
    manifest = _json(folder, MANIFEST)
    for file, expected in manifest.items():
        if not isinstance(expected, str) or Path(file).name != file:
            raise BadConfig(f"{name}: {MANIFEST} is not a list of files and hashes.", _AGAIN)
        path = folder / file
        if not path.is_file():
            raise MissingFile(f"{name}: the file {file} is missing.", _AGAIN)
        if path.stat().st_size > MAX_WEIGHTS or _sha256(path) != expected:
            raise WeightsMismatch(
                f"{name}: the file {file} is damaged: its sha256 is not the one in {MANIFEST}.",
                _AGAIN,
            )
    for file in (CONFIG, WEIGHTS, REFERENCE, CARD):
        if file not in manifest:
            raise MissingFile(f"{name}: {MANIFEST} does not list {file}.", _AGAIN)
    content = _json(folder, CONFIG)
    card = read_card(name)
    if content.get("format") != FORMAT or not isinstance(content.get("config"), dict):
        raise BadConfig(
            f"{name}: {CONFIG} is not of format {FORMAT}.", "A newer latentlab may have written it."
        )
    if content.get("family") != card.family or card.family != name.partition(".")[0]:
        raise BadConfig(f"{name}: folder, {CONFIG} and {CARD} name different families.", _AGAIN)
    digest = _sha256(folder / MANIFEST)
    return Checkpoint(name, folder, content["config"], card, digest)


def read_card(name: str) -> ModelCard:
    """Return the card of a checkpoint, read without touching its weights.

    Raises:
        UnknownNameError, MissingFile, BadConfig: there is no such folder, card or front matter.
    """
    text = _text(_folder(name), CARD)
    _, _, rest = text.partition("---\n")
    front, found, _ = rest.partition("\n---\n")
    try:
        values = json.loads(front if found else "")
        scores = tuple(Score(**score) for score in values.pop("scores"))
        limits = values.pop("limits")
        if not isinstance(limits, list):
            raise TypeError(limits)
        card = ModelCard(**values, scores=scores, limits=tuple(limits))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadConfig(
            f"{name}: the front matter of {CARD} is not a model card.", _AGAIN
        ) from None
    if not _sound(card):
        raise BadConfig(f"{name}: {CARD} has a field of the wrong type.", _AGAIN)
    return card


def save(
    folder: Path,
    network: "Network",
    card: ModelCard,
    statistics: "LatentStatistics | None",
    reference: "dict[str, Tensor]",
) -> None:
    """Write a whole checkpoint; ``load`` finds it once its parent is a checkpoint folder."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "family": card.family, "config": network.config.to_json()}
    (folder / CONFIG).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / WEIGHTS)
    save_file({k: v.contiguous() for k, v in reference.items()}, folder / REFERENCE)
    if statistics is not None:
        tensors = {name: tensor.contiguous() for name, tensor in vars(statistics).items()}
        save_file(tensors, folder / STATISTICS)
    write_card(folder, card)


def write_card(folder: Path, card: ModelCard) -> None:
    """Write the card of a checkpoint, and the manifest that now holds."""
    values = {**asdict(card), "limits": list(card.limits)}
    front = json.dumps(values, indent=2, ensure_ascii=False)
    (folder / CARD).write_text(f"---\n{front}\n---\n{_prose(folder.name, card)}", encoding="utf-8")
    files = (CARD, CONFIG, WEIGHTS, STATISTICS, REFERENCE)
    manifest = {file: _sha256(folder / file) for file in files if (folder / file).exists()}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _prose(name: str, card: ModelCard) -> str:
    rows = []
    for s in card.scores:
        floor = "–" if s.floor is None else f"{_measure(s.floor, s.unit)} ({s.floor_name})"
        rows.append(f"| {s.name} | {_measure(s.value, s.unit)} | {floor} |")
    return "\n".join(
        [
            f"# {name}",
            "",
            card.summary,
            "",
            f"{card.title}, {card.parameters:,} parameters, trained on {card.data} for"
            f" {card.seconds / 60:.0f} min on {card.machine}, seed {card.seed}:",
            "",
            f"    {card.recipe}",
            "",
            "| On the full test split | Model | Classical floor |",
            "|---|---|---|",
            *rows,
            "",
            *(f"- {limit}" for limit in card.limits),
            "",
            f"Licence: {card.licence}. {card.credit}.",
            "",
        ]
    )


def _measure(value: float, unit: str) -> str:
    return f"{value:.4g} {unit}".strip()


def _places() -> dict[str, Path]:
    places: dict[str, Path] = {}
    for parent in folders():
        if parent.is_dir():
            for folder in parent.iterdir():
                if folder.is_dir() and NAME.fullmatch(folder.name):
                    places.setdefault(folder.name, folder)
    return places


def _folder(name: str) -> Path:
    places = _places()
    if name not in places:
        raise UnknownNameError("checkpoint", name, places)
    return places[name]


def _each(read: "Callable[[str], ModelCard | Checkpoint]") -> dict[str, object]:
    results: dict[str, object] = {}
    for name in names():
        try:
            results[name] = read(name)
        except LatentLabError as error:
            results[name] = error
    return results


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort key that puts k2 before k16."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _sound(card: ModelCard) -> bool:
    texts = [card.title, card.summary, card.family, card.kind, card.data, card.licence]
    texts += [card.credit, card.recipe, card.machine, *card.limits]
    for score in card.scores:
        texts += [score.name, score.unit]
        texts += [] if score.floor_name is None else [score.floor_name]
    floors = [score.floor for score in card.scores if score.floor is not None]
    return (
        all(isinstance(text, str) for text in texts)
        and type(card.seed) is type(card.parameters) is int
        and all(_is_finite(number) for number in (card.seed, card.parameters, card.seconds))
        and all(_is_finite(number) for number in (*floors, *(s.value for s in card.scores)))
        and all(isinstance(score.higher_is_better, bool) for score in card.scores)
    )


def _coherent(statistics: "LatentStatistics") -> bool:
    """Whether the tensors have the shapes and the order that LatentStatistics promises."""
    import torch

    size, kept = len(statistics.mean.flatten()), len(statistics.direction_std.flatten())
    shapes = {"directions": (size, kept), "direction_std": (kept,)}
    return all(
        tensor.dtype == torch.float32
        and tuple(tensor.shape) == shapes.get(name, (size,))
        and bool(tensor.isfinite().all())
        for name, tensor in vars(statistics).items()
    ) and bool((statistics.low <= statistics.high).all())


def _is_finite(value: object) -> bool:
    # Compared, not converted: JSON integers may have thousands of digits, which no float holds.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -1e300 < value < 1e300


def _json(folder: Path, file: str) -> dict[str, Any]:
    try:
        content = json.loads(_text(folder, file))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadConfig(f"{folder.name}: {file} is not a JSON object.", _AGAIN)
    return content


def _text(folder: Path, file: str) -> str:
    path = folder / file
    if not path.is_file():
        raise MissingFile(f"{folder.name}: the file {file} is missing.", _AGAIN)
    if path.stat().st_size > MAX_TEXT:
        raise BadConfig(f"{folder.name}: {file} is larger than {MAX_TEXT >> 20} MB.", _AGAIN)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadConfig(f"{folder.name}: {file} is not readable text.", _AGAIN) from None


def _tensors(path: Path) -> "dict[str, Tensor]":
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not path.is_file():
        raise MissingFile(f"{path.parent.name}: the file {path.name} is missing.", _AGAIN)
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise WeightsMismatch(
            f"{path.parent.name}: {path.name} is not a whole safetensors file.", _AGAIN
        ) from error


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CheckpointError(f"{path.parent.name}: {path.name} cannot be read.", "") from error
