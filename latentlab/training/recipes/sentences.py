"""Recipes of sentence autoencoders: a plain one, and VAEs whose code is used or is not."""

from latentlab.data.text.grammar import GRAMMAR
from latentlab.models.text.sentence_autoencoder import SentenceConfig
from latentlab.training.objectives import Objective, SentenceElbo, SentenceReconstruction
from latentlab.training.recipes.base import Recipe, add

CONFIG = SentenceConfig(tokens=84, length=GRAMMAR.length)
PLAIN_EPOCHS, FREE_EPOCHS, COLLAPSED_EPOCHS = 2, 3, 1
BATCH = 128
LEARNING_RATE = 4e-3
# With seed 0 a plain code stayed at 2.3 nats, ln 10, as if it never said one of ten values.
PLAIN_SEED = 1
FREE_BITS = 2.0  # nats for each number of the code of the network that ships

OWN_WORDS = "It knows the sentences of a small grammar alone: 79 words."
NO_PRIOR = (
    "Nothing but reconstruction decides where the codes lie: between them there may be holes."
)


def grammar(tag: str, objective: Objective, epochs: int, does: str, *limits: str) -> Recipe:
    """Return a recipe for the grammar; they differ in what is minimised, and for how long."""
    variational_ = isinstance(objective, SentenceElbo)
    family = "sentence_vae" if variational_ else "sentence_autoencoder"
    return Recipe(
        name=f"{family}.{GRAMMAR.name}{'_' if tag else ''}{tag}",
        data=GRAMMAR.name,
        tag=tag,
        summary=f"Reads a sentence of a small grammar into 16 numbers and writes it again; {does}.",
        config=CONFIG,
        objective=objective,
        epochs=epochs,
        batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        seed=0 if variational_ else PLAIN_SEED,
        limits=(OWN_WORDS, *limits),
    )


def plain() -> Recipe:
    """Return the recipe of the autoencoder."""
    return grammar(
        "", SentenceReconstruction(), PLAIN_EPOCHS, "nothing else is asked of it", NO_PRIOR
    )


def variational() -> Recipe:
    """Return the recipe of the VAE whose code is used, thanks to free bits."""
    does = f"{FREE_BITS:g} nats for each of them cost nothing"
    return grammar("", SentenceElbo(free_bits=FREE_BITS, warm_up=0.2), FREE_EPOCHS, does)


def collapsed() -> Recipe:
    """Return the recipe of the VAE on the plain bound, without annealing."""
    return grammar(
        "collapsed",
        SentenceElbo(),
        COLLAPSED_EPOCHS,
        "its writer found that it needs no code: the posterior has collapsed",
        "Its codes say nothing of a sentence: it writes the same one for all.",
    )


for _recipe in (plain(), variational(), collapsed()):
    add(_recipe)
