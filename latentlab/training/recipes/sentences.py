"""Recipes of sentence autoencoders: whole, damaged, and as VAEs whose code is used or is not."""

from dataclasses import replace

from latentlab.data.text.everyday import EVERYDAY
from latentlab.data.text.grammar import GRAMMAR
from latentlab.data.text.wordnet import KNOWN, WORDNET
from latentlab.models.text.sentence_autoencoder import SentenceConfig
from latentlab.training.objectives import Objective, SentenceElbo, SentenceReconstruction
from latentlab.training.recipes.base import Recipe, add

CONFIG = SentenceConfig(tokens=84, length=GRAMMAR.length)
WORDNET_CONFIG = SentenceConfig(
    tokens=KNOWN, length=WORDNET.length, hidden_size=144, latent_size=32
)
CAPTIONS_CONFIG = SentenceConfig(
    tokens=2_000, length=EVERYDAY.length, hidden_size=144, latent_size=32
)
PLAIN_EPOCHS, DENOISING_EPOCHS, FREE_EPOCHS, COLLAPSED_EPOCHS, WORDNET_EPOCHS = 2, 3, 3, 1, 40
CAPTIONS_EPOCHS = 6
BATCH = 128
LEARNING_RATE = 4e-3
# With 4e-3 a code without noise stayed at 2.3 nats, ln 10: it never said one of ten values. With
# less it stayed at more.
PLAIN_RATE = 1e-2
MASKED = 0.2  # share of words that a denoising autoencoder is not shown
FREE_BITS = 2.0  # nats for each number of the code of the network that ships
WORDNET_FREE_BITS = 1.0
PULL = 10.0  # weight of the divergence of the VAE that collapses
DROPPED = 0.3  # share of words that the writer of WordNet's VAE is not told at first

OWN_WORDS = "It knows the sentences of a small grammar alone: 79 words."
NO_PRIOR = (
    "Nothing but reconstruction decides where the codes lie: between them there may be holes."
)
UNSEEN = "Learnt from 8,417 examples: a new one mostly comes back as another."
UNKNOWN = "It knows 3,495 words, and has learnt from no example with another one."


def _family(objective: Objective) -> str:
    return "sentence_vae" if isinstance(objective, SentenceElbo) else "sentence_autoencoder"


def _rate(objective: Objective) -> float:
    return LEARNING_RATE if isinstance(objective, SentenceElbo) else PLAIN_RATE


def grammar(tag: str, objective: Objective, epochs: int, does: str, *limits: str) -> Recipe:
    """Return a recipe for the grammar; they differ in what is minimised, and for how long."""
    return Recipe(
        name=f"{_family(objective)}.{GRAMMAR.name}{'_' if tag else ''}{tag}",
        data=GRAMMAR.name,
        tag=tag,
        summary=f"Reads a sentence of a small grammar into 16 numbers and writes it again; {does}.",
        config=CONFIG,
        objective=objective,
        epochs=epochs,
        batch_size=BATCH,
        learning_rate=_rate(objective),
        limits=(OWN_WORDS, *limits),
    )


def plain() -> Recipe:
    """Return the recipe of the autoencoder."""
    does = "nothing else is asked of it"
    return grammar("", SentenceReconstruction(), PLAIN_EPOCHS, does, NO_PRIOR)


def denoising() -> Recipe:
    """Return the recipe of the autoencoder that is shown damaged sentences."""
    does = "one word in five was hidden from it while it learnt"
    return grammar("denoising", SentenceReconstruction(MASKED), DENOISING_EPOCHS, does, NO_PRIOR)


def variational(free_bits: float = FREE_BITS, tag: str = "", word_dropout: float = 0.0) -> Recipe:
    """Return the recipe of a VAE whose code is used, thanks to free bits and words not told."""
    does = f"{free_bits:g} nats for each of them cost nothing"
    objective = SentenceElbo(free_bits=free_bits, warm_up=0.2, word_dropout=word_dropout)
    return grammar(tag, objective, FREE_EPOCHS, does)


def bound() -> Recipe:
    """Return the recipe of the VAE on the plain bound, without annealing."""
    return grammar("bound", SentenceElbo(), COLLAPSED_EPOCHS, "the plain bound is maximised")


def collapsed() -> Recipe:
    """Return the recipe of the VAE whose posterior collapses for good, without annealing."""
    return grammar(
        "collapsed",
        SentenceElbo(weight=PULL),
        COLLAPSED_EPOCHS,
        f"a divergence that weighs {PULL:g} times made its writer do without the code: the"
        " posterior has collapsed",
        "Its codes say nothing of a sentence: it writes the same one for all.",
    )


def wordnet() -> Recipe:
    """Return the recipe of the VAE of WordNet's usage examples."""
    return Recipe(
        name=f"sentence_vae.{WORDNET.name}",
        data=WORDNET.name,
        summary="Reads a short example of usage into 32 numbers and writes it again;"
        f" {WORDNET_FREE_BITS:g} nat for each of them costs nothing.",
        config=WORDNET_CONFIG,
        objective=SentenceElbo(free_bits=WORDNET_FREE_BITS, warm_up=0.2, word_dropout=DROPPED),
        epochs=WORDNET_EPOCHS,
        batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        limits=(UNSEEN, UNKNOWN),
    )


def captions() -> Recipe:
    """Return the recipe of a VAE of captions and WordNet's examples, for numbers alone."""
    return replace(
        wordnet(),
        name=f"sentence_vae.{EVERYDAY.name}",
        data=EVERYDAY.name,
        config=CAPTIONS_CONFIG,
        epochs=CAPTIONS_EPOCHS,
    )


for _recipe in (
    plain(),
    denoising(),
    variational(),
    collapsed(),
    wordnet(),
):
    add(_recipe)
