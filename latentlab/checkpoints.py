"""Checkpoints: folders ``<family>.<tag>/`` that hold a trained network and say what it is.

    config.json             family and config: the network is rebuilt from it alone
    model.safetensors       weights
    statistics.safetensors  where the codes of the training split lie (latent models only)
    reference.safetensors   a few inputs and outputs that every installation must reproduce
    README.md               the card: data, licence, recipe, scores, limits
    …                       further files that a family needs, such as a vocabulary or snapshots
    manifest.json           sha256 of every other file

They are looked for in ``$LATENTLAB_CHECKPOINTS`` (one or more folders) and in the repository's
``checkpoints/``. Everything read here may come from a stranger: sizes are bounded, hashes and
shapes are compared before a weight is used, and nothing is unpickled.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from latentlab import records
from latentlab.data.one_class import OneClass
from latentlab.errors import (
    BadConfig,
    CheckpointError,
    LatentLabError,
    MissingFile,
    UnknownNameError,
    WeightsMismatch,
)
from latentlab.kinds import Ability, kinds
from latentlab.places import expanded, root
from latentlab.records import Number

if TYPE_CHECKING:  # torch takes seconds to import: listing checkpoints must not wait for it
    from torch import Tensor

    from latentlab.latents.statistics import LatentStatistics
    from latentlab.models import Network

FORMAT = 2  # of the folder; raised when old code could no longer read a new folder
MAX_TEXT = 1 << 20  # bytes of a JSON file or card
MAX_WEIGHTS = 1 << 30  # bytes of a safetensors file
MAX_BUFFERS = 1 << 24  # numbers that a network makes for itself, beside its weights
NAME = re.compile(r"[a-z0-9_]+\.[A-Za-z0-9_-]+")

Size = Annotated[int, Meta(ge=1, le=2**24)]
Natural = Annotated[int, Meta(ge=0, le=2**53)]

CONFIG, WEIGHTS, STATISTICS = "config.json", "model.safetensors", "statistics.safetensors"
REFERENCE, CARD, MANIFEST = "reference.safetensors", "README.md", "manifest.json"
OWN_FILES = (CONFIG, WEIGHTS, STATISTICS, REFERENCE, CARD, MANIFEST)
VOCABULARY = "vocabulary.json"  # further file of a network for text
_TEXTS = (".json", ".md", ".txt")
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")  # no hidden files, no folders


@dataclass(frozen=True)
class Score:
    """One measured number, with the number that it has to beat."""

    name: str
    value: Number
    unit: str
    higher_is_better: bool
    baseline: Number | None = None  # the same score of the classical method
    baseline_name: str | None = None  # which method that is


@dataclass(frozen=True)
class ModelCard:
    """What a person should know of a checkpoint before believing it."""

    title: str
    summary: str
    family: str
    kind: str  # a name in `latentlab.kinds`
    modality: str  # of that kind
    data: str  # name of the data set
    tag: str  # what tells it from others of its family and data set, "k16"; may be empty
    latent_size: Size | None  # numbers in a code; None where there are no codes
    licence: str  # of the weights, as they follow from the data
    credit: str
    recipe: str  # command that remakes it
    seed: Natural
    parameters: Natural
    seconds: Number  # of training
    machine: str  # class of the machine that took them
    scores: tuple[Score, ...] = ()
    limits: tuple[str, ...] = ()
    study: str = ""  # the question that it belongs to, with others alike but for one thing
    only: OneClass | None = None  # the part of the training split that it has seen; None = all

    @property
    def abilities(self) -> frozenset[Ability]:
        """What its kind can do."""
        return kinds.get(self.kind).abilities

    @property
    def k(self) -> int | None:
        """The size of its code, where the model is known by that: "k16"."""
        return self.latent_size if self.tag == f"k{self.latent_size}" else None

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
    files: tuple[str, ...] = ()  # all that the manifest lists

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
        if (network.kind, network.latent_size) != (self.card.kind, self.card.latent_size):
            raise BadConfig(
                f"{self.name}: {CARD} and {CONFIG} describe different kinds of model.", _AGAIN
            )
        stored = _tensors(self.folder / WEIGHTS)
        expected = network.state_dict()
        for key in sorted(set(stored) ^ set(expected)):
            state = "lacks" if key in expected else "has an unknown"
            raise WeightsMismatch(f"{self.name}: {WEIGHTS} {state} tensor “{key}”.", _AGAIN)
        for key, tensor in stored.items():
            wanted = expected[key]
            halved = (tensor.dtype, wanted.dtype) == (torch.float16, torch.float32)
            if tensor.shape != wanted.shape or not (halved or tensor.dtype == wanted.dtype):
                raise WeightsMismatch(
                    f"{self.name}: tensor “{key}” of {WEIGHTS} is {tensor.dtype}"
                    f" {tuple(tensor.shape)}, but its config needs {wanted.dtype}"
                    f" {tuple(wanted.shape)}.",
                    _AGAIN,
                )
            if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
                raise WeightsMismatch(f"{self.name}: “{key}” holds values that are no numbers.", "")
            stored[key] = tensor.to(wanted.dtype)
        network.load_state_dict(stored, assign=True)
        self._restore_buffers(network)
        return network.requires_grad_(False).eval().to(device)

    def _restore_buffers(self, network: "Network") -> None:
        """Give ``network`` the buffers that no file holds, such as masks: its own, of a real build.

        Raises:
            BadConfig: they would take more memory than a checkpoint may ask for.
        """
        import torch

        from latentlab.models import build

        lost = {name: buffer for name, buffer in network.named_buffers() if buffer.is_meta}
        if not lost:
            return
        if sum(buffer.numel() for buffer in lost.values()) > MAX_BUFFERS:
            raise BadConfig(f"{self.name}: {CONFIG} asks for buffers beyond all measure.", "")
        with torch.random.fork_rng(devices=[]):  # layers draw initial values that nobody needs
            made = dict(build(self.card.family, self.config).named_buffers())
        for name in lost:
            owner, _, own = name.rpartition(".")
            network.get_submodule(owner).register_buffer(own, made[name], persistent=False)

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

    def file(self, name: str) -> bytes:
        """Return a further file of the folder, one that its manifest lists.

        Raises:
            MissingFile: there is none of that name.
        """
        if name in OWN_FILES or name not in self.files:
            raise MissingFile(f"{self.name}: there is no file {name}.", _AGAIN)
        return (self.folder / name).read_bytes()

    @property
    def size(self) -> int:
        """Bytes of the weights."""
        return (self.folder / WEIGHTS).stat().st_size

    @property
    def weights_digest(self) -> str:
        """The sha256 of the weights alone: what is measured of a network holds for these."""
        return _sha256(self.folder / WEIGHTS)


_AGAIN = "Get the folder again, or remake it with its recipe."


def folders() -> list[Path]:
    """Return the folders that hold checkpoints, the user's before ours."""
    own = [expanded(p) for p in os.environ.get("LATENTLAB_CHECKPOINTS", "").split(os.pathsep) if p]
    return [*own, root() / "checkpoints"]


def names(
    *,
    data: str | None = None,
    can: Iterable[str] = (),
    modality: str | None = None,
    study: str | None = None,
    known: "Mapping[str, ModelCard] | None" = None,
) -> list[str]:
    """Return the names of all checkpoints, or of those for a data set that have all abilities.

    Checkpoints whose card cannot be read are in the full list only.

    Args:
        data: name of a data set; None = any.
        can: abilities of `latentlab.kinds`, such as "encodes" and "decodes".
        modality: as there; None = any.
        study: which one they belong to, "" = none; None = any.
        known: the cards by name, where they have been read; None = read them.
    """
    everything = sorted(_places(), key=_natural)
    wanted = frozenset(can)
    if data is None and modality is None and study is None and not wanted:
        return everything
    found = {
        name
        for name, card in (cards() if known is None else known).items()
        if data in (None, card.data) and modality in (None, card.modality)
        if study in (None, card.study)
        if wanted <= card.abilities
    }
    return [name for name in everything if name in found]


def cards() -> dict[str, ModelCard]:
    """Return the cards that can be read, by name."""
    found = {}
    places = _places()
    for name in sorted(places, key=_natural):
        with contextlib.suppress(LatentLabError):
            found[name] = _card(name, places[name])
    return found


def load(name: str) -> Checkpoint:
    """Return the checkpoint called ``name``, with every file's hash compared.

    Raises:
        UnknownNameError: no such folder.
        CheckpointError: the folder is incomplete or damaged; the message names the file.
    """
    folder = _folder(name)
    manifest = _json(folder, MANIFEST)
    for file, expected in manifest.items():
        if not isinstance(expected, str) or not FILE.fullmatch(file):
            raise BadConfig(f"{name}: {MANIFEST} is not a list of files and hashes.", _AGAIN)
        path = folder / file
        if not _is_file(path):
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
    return Checkpoint(name, folder, content["config"], card, digest, tuple(manifest))


def read_card(name: str) -> ModelCard:
    """Return the card of a checkpoint, read without touching its weights.

    Raises:
        UnknownNameError, MissingFile, BadConfig: there is no such folder, card or front matter.
    """
    return _card(name, _folder(name))


def _card(name: str, folder: Path) -> ModelCard:
    text = _text(folder, CARD)
    _, _, rest = text.partition("---\n")
    front, found, _ = rest.partition("\n---\n")
    try:
        values = json.loads(front if found else "")
        if isinstance(values, dict):
            values.setdefault("study", "")  # cards from before there were studies
            values.setdefault("only", None)
        card = records.read(ModelCard, values)
    except (ValueError, RecursionError) as error:
        raise BadConfig(
            f"{name}: the front matter of {CARD} is not a model card ({error}).", _AGAIN
        ) from None
    if card.kind not in kinds or kinds.get(card.kind).modality != card.modality:
        raise BadConfig(f"{name}: {CARD} names a kind of model that is not known here.", _AGAIN)
    return card


def save(
    folder: Path,
    network: "Network",
    card: ModelCard,
    statistics: "LatentStatistics | None",
    reference: "dict[str, Tensor]",
    further: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write a whole checkpoint; ``load`` finds it once its parent is a checkpoint folder.

    Args:
        folder: made where it is missing.
        network: its floating-point weights are stored as they are, float32 or float16.
        card: with the scores.
        statistics: of a model with codes.
        reference: inputs and outputs.
        further: other files by name, such as a vocabulary; `Checkpoint.file` reads them.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "family": card.family, "config": network.config.to_json()}
    (folder / CONFIG).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / WEIGHTS)
    save_file({k: v.contiguous() for k, v in reference.items()}, folder / REFERENCE)
    for file, data in further.items():
        if not FILE.fullmatch(file) or file in OWN_FILES:
            raise ValueError(f"a checkpoint holds no file {file!r}")
        (folder / file).write_bytes(data)
    if statistics is not None:
        tensors = {name: tensor.contiguous() for name, tensor in vars(statistics).items()}
        save_file(tensors, folder / STATISTICS)
    write_card(folder, card)


def write_card(folder: Path, card: ModelCard) -> None:
    """Write the card of a checkpoint, and the manifest that now holds."""
    values = {**asdict(card), "limits": list(card.limits)}
    front = json.dumps(values, indent=2, ensure_ascii=False)
    (folder / CARD).write_text(f"---\n{front}\n---\n{_prose(folder.name, card)}", encoding="utf-8")
    files = sorted(path.name for path in folder.iterdir() if FILE.fullmatch(path.name))
    manifest = {file: _sha256(folder / file) for file in files if file != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _prose(name: str, card: ModelCard) -> str:
    rows = []
    for s in card.scores:
        baseline = (
            "–" if s.baseline is None else f"{printed(s.baseline, s.unit)} ({s.baseline_name})"
        )
        rows.append(f"| {s.name} | {printed(s.value, s.unit)} | {baseline} |")
    seen = any("training pictures" in s.name for s in card.scores)
    elsewhere = ", but where training pictures are named" if seen else ""
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
            f"| On the full test split{elsewhere} | Model | Classical baseline |",
            "|---|---|---|",
            *rows,
            "",
            *(f"- {limit}" for limit in card.limits),
            "",
            f"Licence: {card.licence}. {card.credit}.",
            "",
        ]
    )


def printed(value: float, unit: str) -> str:
    """Return a score as cards print it: four digits, and its unit."""
    return f"{value:.4g} {unit}".strip()


def _places() -> dict[str, Path]:
    places: dict[str, Path] = {}
    for parent in folders():
        # A folder that is not there, or that nobody may look into, has no checkpoints.
        with contextlib.suppress(OSError):
            for folder in sorted(parent.iterdir()):
                with contextlib.suppress(OSError):
                    if NAME.fullmatch(folder.name) and folder.is_dir():
                        places.setdefault(folder.name, folder)
    return places


def _folder(name: str) -> Path:
    places = _places()
    if name not in places:
        raise UnknownNameError("checkpoint", name, places)
    return places[name]


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort key that puts k2 before k16."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


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
    if not _is_file(path):
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

    if not _is_file(path):
        raise MissingFile(f"{path.parent.name}: the file {path.name} is missing.", _AGAIN)
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise WeightsMismatch(
            f"{path.parent.name}: {path.name} is not a whole safetensors file.", _AGAIN
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that nobody may look into
        return False


def _sha256(path: Path) -> str:
    """Return the hash of a file; of text with line endings of one byte, whatever it came with.

    Git for Windows and some archives turn them into two.
    """
    try:
        if path.suffix in _TEXTS and path.stat().st_size <= MAX_TEXT:
            content = path.read_bytes().replace(b"\r\n", b"\n")
            return hashlib.sha256(content).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CheckpointError(f"{path.parent.name}: {path.name} cannot be read.", "") from error
