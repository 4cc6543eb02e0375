"""What do codes of sentences say? Autoencoders, a VAE with free bits, and a collapsed one.

All networks are alike but for what is minimised, and all learn from the grammar alone, whose
sentences carry 11.54 nats each. TF-IDF and SVD to as many numbers answer with the nearest of *all*
sentences of the grammar, which no network is given; trigrams count which word follows two others.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.models import SentenceModel
    from latentlab.training.recipes import Recipe

QUICK_EPOCHS = 1
SIZE = 16  # numbers of a code
TITLES = {
    "ae": "Autoencoder",
    "dae": "Denoising autoencoder",
    "vae": "VAE, free bits",
    "collapsed": "VAE, collapsed",
}
NETWORKS = tuple(TITLES)
QUICK = ("ae", "vae")
VARIATIONAL = ("vae", "collapsed")

KNOWN = 5_000  # training sentences whose codes are looked at
ASKED = 1_000  # test sentences: of arithmetic and of neighbours; as many random codes
PAIRS, STEPS = 200, 11  # walks, and lines of each
FIRST_WORD = 5  # numbers of tokens below stand for no word
MASKED = "masked_language_model.everyday"
FACTORS = ("tense", "polarity", "person", "number", "subject", "verb", "object", "place")

EVERYWHERE = {
    "exact": Axis("sentences that come back word for word"),
    "words": Axis("words in place"),
    "gap": Axis("loss by a foreign code", "nats"),
    "gap_error": Axis("standard error of that loss", "nats"),
    "distinct": Axis("different lines of a walk"),
    "grammatical": Axis("lines between the ends that are sentences of the grammar"),
    "fluency": Axis("nats a word of these lines, by trigrams"),
    "neighbour": Axis("factors shared with the nearest training sentence"),
    "probe": Axis("accuracy of linear probes of factors"),
    "probe_words": Axis("the same, of the mean of word embeddings"),
    **{f"hits_{factor}": Axis(f"sentences with the {factor} asked for") for factor in FACTORS},
}
OF_POSTERIORS = {
    "rate": Axis("rate", "nats"),
    "active": Axis("active units"),
    "nll": Axis("−log p(x), by importance sampling", "nats"),
    "random": Axis("sentences of the grammar among random codes"),
}
BY_COUNTING = ("nll", "random")  # what trigrams can do
BY_READING = ("neighbour", "probe")  # what a masked language model can do without training
BY_SEMANTICS = ("neighbour", "probe", *(f"hits_{factor}" for factor in FACTORS))
LESS = ("gap_error", "fluency", "rate", "nll")  # the lower the better


def recipe(network: str) -> "Recipe":
    """Return the recipe behind a name on the x axis."""
    from latentlab.training.recipes import sentences

    return {
        "ae": sentences.plain,
        "dae": sentences.denoising,
        "vae": sentences.variational,
        "collapsed": sentences.collapsed,
    }[network]()


def measures(network: str) -> dict[str, Axis]:
    """Return what is measured of a network."""
    return EVERYWHERE | (OF_POSTERIORS if network in VARIATIONAL else {})


def _lines() -> Iterator[Line]:
    for name, y in (EVERYWHERE | OF_POSTERIORS).items():
        better = name not in LESS
        yield Line(name=name, label="Networks", group=name, y=y, higher_is_better=better)
        for label, names, end in (
            ("Trigrams", BY_COUNTING, "baseline"),
            ("TF-IDF and SVD", BY_SEMANTICS, "baseline"),
            ("Masked language model", BY_READING, "masked"),
        ):
            if name in names:
                yield Line(
                    name=f"{name}.{end}",
                    label=label,
                    group=name,
                    y=y,
                    higher_is_better=better,
                    baseline=True,
                    seeded=False,
                )


def _plan(quick: bool) -> tuple[Cell, ...]:
    return (
        Cell(
            "counting",
            tuple((f"{name}.baseline", "trigrams") for name in BY_COUNTING),
            _counting,
        ),
        Cell(
            "semantics",
            tuple((f"{name}.baseline", "tfidf") for name in BY_SEMANTICS),
            _semantics,
        ),
        Cell(
            "masked",
            tuple((f"{name}.masked", "masked") for name in BY_READING),
            _masked,
        ),
        *(
            Cell(
                network,
                tuple((name, network) for name in measures(network)),
                partial(_network, network),
            )
            for network in (QUICK if quick else NETWORKS)
        ),
    )


experiments.add(
    "sentences",
    Experiment(
        name="sentences",
        title="What do codes of sentences say?",
        question="What do the codes of sentence autoencoders and VAEs say of a sentence?",
        x=Axis("network"),
        data=(),  # the grammar is made by rule
        lines=tuple(_lines()),
        plan=_plan,
        budget="autoencoder 2 epochs, denoising autoencoder 3, VAE with free bits 3, collapsed 1",
        quick_budget="1 epoch a network",
        seeds=3,
    ),
)


def _network(name: str, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.experiments import networks
    from latentlab.models import SentenceModel

    network = yield from networks.obtain(recipe(name), seed, effort, QUICK_EPOCHS)
    assert isinstance(network, SentenceModel)
    with torch.inference_mode():
        return list(_measured(network, seed))


def _measured(network: "SentenceModel", seed: int) -> Iterator[float]:
    """Yield what ``measures`` names, in its order."""
    import torch

    from latentlab import metrics
    from latentlab.data.text import grammar
    from latentlab.evaluation import sentences
    from latentlab.latents import changes
    from latentlab.metrics import sentences as scores_of
    from latentlab.models import SentenceVAE

    vocabulary = grammar.GRAMMAR.vocabulary()
    train, test = sentences.rows_of("grammar")

    def texts(z: "Tensor") -> list[list[str]]:
        return [vocabulary.decode(row) for row in sentences.written(network, z).tolist()]

    z = sentences.codes(network, test)
    back = sentences.written(network, z)
    yield scores_of.exact_match(back, test)
    yield scores_of.token_accuracy(back, test)
    yield from scores_of.shuffled_gap(
        sentences.likelihoods(network, test, z),
        sentences.likelihoods(network, test, scores_of.shifted(z)),
    )
    walked = [texts(way) for way in changes.walks(z[: 2 * PAIRS].view(PAIRS, 2, -1), STEPS)]
    yield sum(scores_of.distinct([" ".join(t) for t in lines]) for lines in walked) / PAIRS
    inner = [line for lines in walked for line in lines[1:-1]]
    yield sum(grammar.parse(line) is not None for line in inner) / len(inner)
    counted = sentences.trigrams_of("grammar")
    yield sum(counted.nats_a_word(line) for line in inner) / len(inner)

    known_numbers = grammar.split("train")[:KNOWN]
    asked_numbers = grammar.split("test")[:ASKED]
    known, of_asked = sentences.codes(network, train[:KNOWN]), z[:ASKED]
    yield _shared(known, of_asked, known_numbers, asked_numbers)
    yield _probed(known, of_asked, known_numbers, asked_numbers)
    yield _probed(
        _means_of_words(network, train[:KNOWN]),
        _means_of_words(network, test[:ASKED]),
        known_numbers,
        asked_numbers,
    )
    means = changes.Means.of(known, changes.factors_of(known_numbers))
    places = {int(number): place for place, number in enumerate(asked_numbers)}
    for factor in range(len(FACTORS)):
        asked = changes.questions(asked_numbers, factor, seed=0)
        start = of_asked[[places[each.sentence] for each in asked]]
        yield changes.hits(texts(changes.moved(start, means, asked)), asked)
    if not isinstance(network, SentenceVAE):
        return
    rng = torch.Generator().manual_seed(seed)
    yield sentences.rate(network, test)
    yield float(metrics.active_units(z))
    yield sentences.nll(network, test, rng)
    drawn = texts(network.sample_prior(ASKED, rng))
    yield sum(grammar.parse(line) is not None for line in drawn) / ASKED


def _counting(seed: int, effort: Effort) -> Work:
    import numpy as np

    from latentlab.data.text import grammar
    from latentlab.evaluation import sentences

    yield 0.0
    counted = sentences.trigrams_of("grammar")
    asked = [grammar.sentence(int(number)) for number in grammar.split("test")[: sentences.WEIGHED]]
    rng = np.random.default_rng(seed)
    drawn = [counted.sample(rng, grammar.longest()) for _ in range(ASKED)]
    return [
        sum(counted.nats(text) for text in asked) / sentences.WEIGHED,
        sum(grammar.parse(text) is not None for text in drawn) / ASKED,
    ]


def _masked(seed: int, effort: Effort) -> Work:
    """The mean of a code a word, by a network that has learnt from other sentences."""
    import torch

    from latentlab import checkpoints
    from latentlab.data import corpora
    from latentlab.data.text import grammar
    from latentlab.models.text.masked_language_model import MaskedLanguageModel

    yield 0.0
    network = checkpoints.load(MASKED).load_model()
    assert isinstance(network, MaskedLanguageModel)
    corpus = corpora.get(network.corpus)
    known_numbers, asked_numbers = grammar.split("train")[:KNOWN], grammar.split("test")[:ASKED]

    def codes(numbers: "NDArray[np.int64]") -> "Tensor":
        texts = [[*grammar.sentence(int(number)), "."] for number in numbers]
        x = torch.tensor(corpus.vocabulary().rows(texts, corpus.length))
        with torch.inference_mode():
            found = torch.cat([network.codes(part) for part in x.split(500)])
        words = (x >= FIRST_WORD) | (x == corpus.vocabulary().unknown)
        return (found * words[:, :, None]).sum(1) / words.sum(1, keepdim=True)

    known, asked = codes(known_numbers), codes(asked_numbers)
    return [
        _shared(known, asked, known_numbers, asked_numbers),
        _probed(known, asked, known_numbers, asked_numbers),
    ]


def _semantics(seed: int, effort: Effort) -> Work:
    """Arithmetic answers with the nearest of all sentences, the one asked for among them."""
    import torch

    from latentlab.baselines.tfidf import LatentSemantics
    from latentlab.data.text import grammar
    from latentlab.latents import changes

    yield 0.0
    everything = [grammar.sentence(number) for number in range(grammar.COUNT)]
    fitted = LatentSemantics.fit(everything, SIZE)
    codes = torch.from_numpy(fitted.codes).float()
    known_numbers, asked_numbers = grammar.split("train")[:KNOWN], grammar.split("test")[:ASKED]
    known, of_asked = codes[known_numbers], codes[asked_numbers]
    means = changes.Means.of(known, changes.factors_of(known_numbers))
    values = [
        _shared(known, of_asked, known_numbers, asked_numbers),
        _probed(known, of_asked, known_numbers, asked_numbers),
    ]
    for factor in range(len(FACTORS)):
        yield (1 + factor) / (1 + len(FACTORS))
        asked = changes.questions(asked_numbers, factor, seed=0)
        start = codes[[each.sentence for each in asked]]
        answers = fitted.nearest(changes.moved(start, means, asked).double().numpy())
        values.append(changes.hits(answers, asked))
    return values


def _shared(
    known: "Tensor", asked: "Tensor", numbers: "NDArray[np.int64]", of_asked: "NDArray[np.int64]"
) -> float:
    """Return the share of factors that sentences have in common with the nearest known one."""
    from sklearn.neighbors import NearestNeighbors

    from latentlab.latents import changes

    search = NearestNeighbors(n_neighbors=1).fit(known.numpy())
    places = search.kneighbors(asked.numpy(), return_distance=False)[:, 0]
    return changes.shared(of_asked, numbers[places])


def _probed(
    known: "Tensor", asked: "Tensor", numbers: "NDArray[np.int64]", of_asked: "NDArray[np.int64]"
) -> float:
    """Return the accuracy of linear probes, mean over factors."""
    from latentlab import metrics
    from latentlab.latents import changes

    truth, wanted = changes.factors_of(numbers), changes.factors_of(of_asked)
    found = [
        metrics.probe_accuracy(known.numpy(), truth[:, f], asked.numpy(), wanted[:, f])
        for f in range(truth.shape[1])
    ]
    return sum(found) / len(found)


def _means_of_words(network: "SentenceModel", x: "Tensor") -> "Tensor":
    """Return the mean embedding of the words of each sentence ``[N, T]``, ``[N, E]``."""
    words = x >= FIRST_WORD
    embedded = network.embedding(x) * words[:, :, None]
    mean: Tensor = embedded.sum(1) / words.sum(1, keepdim=True)
    return mean
