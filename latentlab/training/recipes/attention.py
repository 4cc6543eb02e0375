"""Recipes of the page *Attention*: three architectures."""

from latentlab.data.text.everyday import EVERYDAY, KNOWN
from latentlab.data.text.spellings import PRONUNCIATIONS, SPELLINGS
from latentlab.data.text.vocabulary import SPECIAL
from latentlab.models.text.encoder_decoder import EncoderDecoderConfig
from latentlab.models.text.language_model import LanguageModelConfig
from latentlab.models.text.masked_language_model import MaskedLanguageModelConfig
from latentlab.training.objectives import MaskedTokens, NextToken, Transcription
from latentlab.training.recipes.base import Recipe, add

SOUNDS = len(SPECIAL) + 26 + 39  # and letters
CAPTIONS = (
    f"It knows {KNOWN - len(SPECIAL):,} words, most of them from captions of photographs of people;"
    " of anything else it knows little.",
)

add(
    Recipe(
        name="language_model.everyday",
        data="everyday",
        summary="Says which word comes next: three layers of four heads, 64 numbers a word.",
        config=LanguageModelConfig(tokens=KNOWN, length=EVERYDAY.length, depth=3, dropout=0.0),
        objective=NextToken(),
        epochs=1,
        batch_size=64,
        learning_rate=3e-3,
        limits=CAPTIONS,
    )
)
add(
    Recipe(
        name="masked_language_model.everyday",
        data="everyday",
        summary="Says which word is hidden, from both sides: three layers of four heads.",
        config=MaskedLanguageModelConfig(
            tokens=KNOWN, length=EVERYDAY.length, depth=3, dropout=0.0
        ),
        objective=MaskedTokens(share=0.25),
        epochs=4,
        batch_size=64,
        learning_rate=3e-3,
        limits=CAPTIONS,
    )
)
add(
    Recipe(
        name="encoder_decoder.pronunciations",
        data="pronunciations",
        summary="Reads a spelling and writes its sounds: two layers that read, two that write.",
        config=EncoderDecoderConfig(
            tokens=SOUNDS, length=PRONUNCIATIONS.length, width=96, depth=2, dropout=0.1
        ),
        objective=Transcription(smoothing=0.1),
        epochs=26,
        batch_size=64,
        learning_rate=3e-3,
        by_length=True,
        limits=("One pronunciation a word, American English, without stress.",),
    )
)
add(
    Recipe(
        name="language_model.spellings",
        data="spellings",
        summary="Says which letter of an English word comes next: four layers of four heads.",
        config=LanguageModelConfig(
            corpus="spellings",
            tokens=len(SPECIAL) + 26,
            length=SPELLINGS.length,
            positions="rotary",
            dropout=0.0,
        ),
        objective=NextToken(),
        epochs=10,
        batch_size=64,
        learning_rate=4e-3,
        limits=("English words and names of two to sixteen letters from a to z.",),
    )
)
