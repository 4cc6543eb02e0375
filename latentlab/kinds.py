"""Kinds of model: what each can do. Pages choose models by abilities, never by class or name.

Torch is not needed here: a card is judged by it before any network is built. How a kind is
measured and portrayed is registered under the same name in ``latentlab.evaluation``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from latentlab.registry import Registry

Modality = Literal["images", "sequences", "text"]  # what goes in or comes out
# encodes: pictures have codes; decodes: codes have pictures; classifies: names the class;
# denoises: takes noise of a known level out of pictures of any size; enlarges: gives a small
# picture more pixels; invents: draws pictures of a class that is named; translates: turns pictures
# of one sort into another, and back; predicts_factors: says the value of every factor of a picture;
# labels_positions: answers at each position of a sequence, from what has come so far
# continues: says what comes next in a text; fills: says which word is hidden; transcribes: reads a
# text and writes another
Ability = Literal[
    "encodes",
    "decodes",
    "classifies",
    "denoises",
    "enlarges",
    "invents",
    "translates",
    "predicts_factors",
    "labels_positions",
    "continues",
    "fills",
    "transcribes",
]


@dataclass(frozen=True)
class Kind:
    """One kind of model."""

    name: str
    modality: Modality
    abilities: frozenset[Ability]

    def can(self, abilities: Iterable[str], modality: Modality = "images") -> bool:
        """Whether it has all of these abilities, for this modality."""
        return self.modality == modality and self.abilities.issuperset(abilities)


kinds: Registry[Kind] = Registry("kind of model")


def _add(name: str, *abilities: Ability, modality: Modality = "images") -> None:
    kinds.add(name, Kind(name, modality, frozenset(abilities)))


_add("autoencoder", "encodes", "decodes")
_add("denoising_autoencoder", "encodes", "decodes")
_add("variational_autoencoder", "encodes", "decodes")
_add("generator", "decodes")
_add("classifier", "classifies")
_add("factor_classifier", "classifies", "predicts_factors")
_add("photo_denoiser", "denoises")
_add("enlarger", "enlarges")
_add("class_generator", "invents")
_add("translator", "translates")
_add("sequence_labeller", "labels_positions", modality="sequences")
_add("language_model", "continues", modality="text")
_add("masked_language_model", "fills", modality="text")
_add("encoder_decoder", "transcribes", modality="text")
_add("sentence_autoencoder", "encodes", "decodes", modality="text")
_add("sentence_vae", "encodes", "decodes", modality="text")
