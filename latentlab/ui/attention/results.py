"""What the Attention page computes and keeps, each result once for all visitors."""

import json
from typing import TYPE_CHECKING

from latentlab.ui.shared import cache, component

if TYPE_CHECKING:
    from latentlab.data import Vocabulary
    from latentlab.models import EncoderDecoder, LanguageModel, MaskedLanguageModel

LANGUAGE = "language_model.everyday"
MASKED = "masked_language_model.everyday"
SPEAKER = "encoder_decoder.pronunciations"
SPELLER = "language_model.spellings"
SHOWN = {  # what each section needs
    "hand": (LANGUAGE,),
    "scale": (),
    "positions": (LANGUAGE, MASKED),
    "three": (LANGUAGE, MASKED, SPEAKER),
    "letters": (SPELLER,),
    "layers": (),
}


def missing(section: str) -> list[str]:
    """Return the names of the models that a section needs and that are not here."""
    here = cache.names(modality="text")
    return [name for name in SHOWN[section] if name not in here]


def language_model() -> "LanguageModel":
    """The network that says which word comes next. Errors as ``cache.model``."""
    from latentlab.models import LanguageModel

    network = cache.model(LANGUAGE)
    assert isinstance(network, LanguageModel)
    return network


def speller() -> "LanguageModel":
    """The network that says which letter comes next. Errors as ``cache.model``."""
    from latentlab.models import LanguageModel

    network = cache.model(SPELLER)
    assert isinstance(network, LanguageModel)
    return network


def masked_model() -> "MaskedLanguageModel":
    """The network that says which word is hidden. Errors as ``cache.model``."""
    from latentlab.models import MaskedLanguageModel

    network = cache.model(MASKED)
    assert isinstance(network, MaskedLanguageModel)
    return network


def speaker() -> "EncoderDecoder":
    """The network that says how a word is spoken. Errors as ``cache.model``."""
    from latentlab.models import EncoderDecoder

    network = cache.model(SPEAKER)
    assert isinstance(network, EncoderDecoder)
    return network


@cache.per_checkpoint(max_entries=8)
def vocabulary(name: str) -> "Vocabulary":
    """The tokens that a network knows.

    Raises:
        LatentLabError: as ``cache.checkpoint``; or its file is damaged.
    """
    from latentlab.checkpoints import VOCABULARY
    from latentlab.data import Vocabulary

    return Vocabulary.from_json(cache.checkpoint(name).file(VOCABULARY))


@cache.per_checkpoint(max_entries=4)
def maps(name: str) -> bytes:
    """The weights that make queries, keys and values, layer by layer, as browsers fetch them."""
    from latentlab.models import LanguageModel
    from latentlab.models.sequences.attention import Block

    network = cache.model(name)
    assert isinstance(network, LanguageModel)
    layers = []
    for block in network.stack.blocks:
        assert isinstance(block, Block)
        own = {"q": block.attention.query, "k": block.attention.key, "v": block.attention.value}
        layers.append(
            {
                f"{part}_{kind}": component.floats(getattr(linear, kind).detach().flatten())
                for part, linear in own.items()
                for kind in ("weight", "bias")
            }
        )
    return json.dumps(layers).encode()
