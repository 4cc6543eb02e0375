"""Attention: a sentence through a small language model, number by number.

Also what positions do, what three architectures make of a text, and why a linear layer on one-hot
vectors is an embedding.
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from latentlab.baselines import bags
from latentlab.data import Vocabulary
from latentlab.data.text import sentence_classes
from latentlab.data.text.spoken import SpokenWord, letters, spoken_words
from latentlab.data.text.vocabulary import SPECIAL, words
from latentlab.errors import InputError
from latentlab.models.sequences.attention import sinusoidal_positions
from latentlab.models.text.encoder_decoder import BEAMS
from latentlab.models.text.language_model import chances_of

if TYPE_CHECKING:
    from latentlab.models import EncoderDecoder, LanguageModel, MaskedLanguageModel

MAX_CHARACTERS = 100_000  # of what is read at all
LONGEST_LABEL = 18  # characters of a token as it is shown


@dataclass(frozen=True)
class Sentence:
    """What was written, as a network reads it.

    Attributes:
        tokens: words as they are shown, without the start.
        known: whether each is in the vocabulary; others are one and the same to the network.
        numbers: the start and the words, int64 ``[1, T + 1]``.
        left_out: how many words did not fit.
    """

    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    numbers: Tensor
    left_out: int

    @property
    def words(self) -> str:
        """What has to be said about it: nothing, or one sentence."""
        said = []
        if not self.tokens:
            said.append("There is no word in it, so all that you see is the start of a sentence.")
        unknown = [token for token, known in zip(self.tokens, self.known, strict=True) if not known]
        if unknown:
            each = ", ".join(f"“{token}”" for token in dict.fromkeys(unknown))
            verb = "is" if len(set(unknown)) == 1 else "are"
            said.append(f"{each} {verb} unknown: the network sees one and the same mark for it.")
        if self.left_out:
            said.append(
                f"Only the first {len(self.tokens)} of {len(self.tokens) + self.left_out:,} words"
                " are read."
            )
        return " ".join(said)


def read_sentence(text: str, vocabulary: Vocabulary, most: int) -> Sentence:
    """Return a visitor's text as a network reads it.

    Args:
        text: anything.
        vocabulary: of the network.
        most: words at most; what comes after is left out, and counted.
    """
    found = words(text[:MAX_CHARACTERS])
    kept = found[:most]
    numbers = torch.tensor([[vocabulary.start, *vocabulary.encode(kept)]])
    return Sentence(
        tuple(_shortened(token) for token in kept),
        tuple(token in vocabulary.numbers and token not in SPECIAL for token in kept),
        numbers,
        len(found) - len(kept),
    )


def _shortened(token: str) -> str:
    return token if len(token) <= LONGEST_LABEL else f"{token[: LONGEST_LABEL - 1]}…"


# --- by hand -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """What a browser needs to compute attention again, layer by layer; all float32.

    Attributes:
        x: what queries, keys and values are made of, ``[L, T, D]``.
        q: queries of all heads side by side, ``[L, T, D]``; ``k`` and ``v`` likewise.
        weights: as the network itself computed them, ``[L, H, T, T]``.
    """

    x: Tensor
    q: Tensor
    k: Tensor
    v: Tensor
    weights: Tensor


@torch.inference_mode()
def opened(network: "LanguageModel", sentence: Sentence) -> Opened:
    """Return every layer's numbers for a sentence."""
    layers = network.layers(sentence.numbers)

    def together(x: Tensor) -> Tensor:
        return x[0].transpose(0, 1).flatten(1)  # [H, T, E] -> [T, D]

    traces = [layer.attention for layer in layers]
    return Opened(
        torch.stack([layer.normed[0] for layer in layers]),
        torch.stack([together(trace.q) for trace in traces]),
        torch.stack([together(trace.k) for trace in traces]),
        torch.stack([together(trace.v) for trace in traces]),
        torch.stack([trace.weights[0] for trace in traces]),
    )


def entropy(weights: Tensor) -> Tensor:
    """Return -Σ w ln w of each row of weights ``[..., S]``, in nats, ``[...]``; 0 ln 0 is 0."""
    summed: Tensor = torch.special.entr(weights).sum(-1)
    return summed


@dataclass(frozen=True)
class Sharpness:
    """How sharp softmax is over random scores of one width.

    Attributes:
        plain: weights of one query without the scale, ``[keys]``, the largest first.
        scaled: with 1/√d.
        entropies: in nats, means over many queries: without, and with the scale.
        gradients: how much a change of scores changes the weights, the mean size of an entry of
            softmax's Jacobian's diagonal, w (1 - w): without, and with the scale.
    """

    plain: Tensor
    scaled: Tensor
    entropies: tuple[float, float]
    gradients: tuple[float, float]


KEYS, QUERIES = 8, 500


def sharpness(width: int, seed: int = 0) -> Sharpness:
    """Return how sharp softmax is over products of random vectors with ``width`` numbers each.

    Their numbers have mean 0 and variance 1, so a product has variance d (Vaswani et al. 2017,
    footnote 4): the wider, the larger the scores, unless they are divided by √d.
    """
    rng = torch.Generator().manual_seed(seed)
    q = torch.randn(QUERIES, width, generator=rng)
    k = torch.randn(KEYS, width, generator=rng)
    scores = q @ k.T
    each = [scores.softmax(1), (scores / math.sqrt(width)).softmax(1)]
    first = [weights[0].sort(descending=True).values for weights in each]
    entropies = [float(entropy(weights).mean()) for weights in each]
    gradients = [float((weights * (1 - weights)).mean()) for weights in each]
    return Sharpness(first[0], first[1], (entropies[0], entropies[1]), (gradients[0], gradients[1]))


# --- positions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """One way to say where a token stands: vectors ``[T, D]``, and their products ``[T, T]``."""

    vectors: Tensor
    products: Tensor


def places(vectors: Tensor) -> Places:
    """Return positions with the cosines of the angles between them, in [-1, 1]."""
    unit = vectors / vectors.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return Places(vectors, unit @ unit.T)


def sinusoidal_places(length: int, width: int) -> Places:
    """Return the positions of Vaswani et al. 2017, section 3.5."""
    return places(sinusoidal_positions(length, width))


@torch.inference_mode()
def learnt_places(network: "LanguageModel") -> Places | None:
    """Return the positions that a network has learnt; None where it has none of its own."""
    own = network.stack.embedding.places
    return None if own is None else places(own.weight.clone())


@dataclass(frozen=True)
class Shuffled:
    """What another order of the words changes in what a network makes of each.

    Attributes:
        order: the words, shuffled.
        placed: how far the code of each word moves, relative to its length, with positions.
        unplaced: without positions.
    """

    order: tuple[str, ...]
    placed: tuple[float, ...]
    unplaced: tuple[float, ...]


@torch.inference_mode()
def shuffled(network: "MaskedLanguageModel", sentence: Sentence, seed: int) -> Shuffled:
    """Return what another order of the words changes, word by word in the new order.

    Raises:
        InputError: a single word has one order.
    """
    count = len(sentence.tokens)
    if count < 2:
        raise InputError("One word has one order.", "Type two words or more.")
    order = list(range(count))
    rng = random.Random(seed)
    while order == sorted(order):
        rng.shuffle(order)
    numbers = sentence.numbers[:, 1:]
    moved = []
    for placed in (True, False):
        before = network.codes(numbers, placed=placed)[0][order]
        after = network.codes(numbers[:, order], placed=placed)[0]
        change = (after - before).norm(dim=1) / before.norm(dim=1).clamp(min=1e-12)
        moved.append(tuple(change.tolist()))
    return Shuffled(tuple(sentence.tokens[i] for i in order), moved[0], moved[1])


# --- three architectures -----------------------------------------------------------------------


@dataclass(frozen=True)
class Guess:
    """A token and how likely it is, in [0, 1]."""

    token: str
    chance: float


def _never(vocabulary: Vocabulary) -> tuple[int, ...]:
    """Tokens that are no words; the end of a text may come."""
    return (vocabulary.pad, vocabulary.unknown, vocabulary.start, vocabulary.mask)


END = "end of the sentence"


@torch.inference_mode()
def next_words(
    network: "LanguageModel",
    vocabulary: Vocabulary,
    sentence: Sentence,
    temperature: float,
    top: int,
    count: int = 6,
) -> tuple[Guess, ...]:
    """Return the likeliest next words after temperature and top-k; none that have no chance."""
    scores = network(sentence.numbers)[0, -1]
    chances = chances_of(scores, temperature=temperature, top=top, banned=_never(vocabulary))
    best = chances.topk(min(count, len(chances)))
    return tuple(
        Guess(END if token == vocabulary.end else vocabulary.tokens[token], chance)
        for chance, token in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        if chance > 0
    )


@torch.inference_mode()
def go_on(
    network: "LanguageModel",
    vocabulary: Vocabulary,
    sentence: Sentence,
    temperature: float,
    top: int,
    seed: int,
) -> str:
    """Return what the network adds to a sentence, drawn word by word to its end."""
    numbers = network.continued(
        sentence.numbers,
        network.length,
        torch.Generator().manual_seed(seed),
        temperature=temperature,
        top=top,
        banned=_never(vocabulary),
        end=vocabulary.end,
    )
    added = numbers[0, sentence.numbers.shape[1] :].tolist()
    return " ".join(vocabulary.decode(added))


@torch.inference_mode()
def hidden_word(
    network: "MaskedLanguageModel",
    vocabulary: Vocabulary,
    sentence: Sentence,
    place: int,
    count: int = 6,
) -> tuple[tuple[Guess, ...], float]:
    """Return the likeliest words at a hidden place, and the chance of what really stands there.

    Args:
        network: sees everything else.
        vocabulary: of the network.
        sentence: with a word at ``place``.
        place: of the hidden word, from 0.
        count: guesses at most.

    Raises:
        InputError: there is no word at that place.
    """
    if not 0 <= place < len(sentence.tokens):
        raise InputError("There is no word at this place.", "Type a sentence first.")
    numbers = torch.cat([sentence.numbers, torch.tensor([[vocabulary.end]])], 1)
    true = int(numbers[0, place + 1])
    numbers[0, place + 1] = vocabulary.mask
    scores = network(numbers)[0, place + 1]
    chances = chances_of(scores, banned=(*_never(vocabulary), vocabulary.end))
    best = chances.topk(count)
    guesses = tuple(
        Guess(vocabulary.tokens[token], chance)
        for chance, token in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    )
    return guesses, float(chances[true])


@dataclass(frozen=True)
class Classed:
    """Which of two classes a sentence is of, by a network and by a bag of words.

    Attributes:
        classes: what the two are called.
        network: the chance of each from the mean of the network's codes, in [0, 1]; they sum to 1.
        words: the chance of each from which words there are.
    """

    classes: tuple[str, str]
    network: tuple[float, float]
    words: tuple[float, float]


@torch.inference_mode()
def sentence_class(
    network: "MaskedLanguageModel",
    vocabulary: Vocabulary,
    sentence: Sentence,
    question: sentence_classes.Name,
) -> Classed:
    """Return the class of a sentence.

    Args:
        network: whose mean code is asked; the shipped head is for `sentence_classes.NETWORK`.
        vocabulary: of the network.
        sentence: with at least one word; marks at its end count for nothing.
        question: "source" or "order".

    Raises:
        InputError: there is no word in it.
        DataError: what ships for it is damaged.
    """
    kept = sentence.numbers[0, 1 : 1 + len(sentence_classes.bare(sentence.tokens))].tolist()
    if not kept:
        raise InputError("There is no word in this sentence.", "Type a sentence first.")
    heads = sentence_classes.shipped()[question]
    code = network.mean_codes(torch.tensor([[vocabulary.start, *kept, vocabulary.end]]))
    seen = float(heads.code.chances(code.double().numpy())[0])
    counted = float(heads.words.chances(bags.counted([kept], len(vocabulary)))[0])
    return Classed(sentence_classes.CLASSES[question], (1 - seen, seen), (1 - counted, counted))


@dataclass(frozen=True)
class Spoken:
    """A spelling, its sounds, and where the network looked while it wrote each.

    Attributes:
        letters: as they were read, the end of the word last.
        sounds: as they were written, the end last.
        weights: of cross-attention, ``[L, H, sounds, letters]``; each row sums to 1.
        left_out: letters that the network does not know or have no room for.
    """

    letters: tuple[str, ...]
    sounds: tuple[str, ...]
    weights: Tensor
    left_out: int


STOP = "■"  # the end of a word, as it is drawn


@torch.inference_mode()
def speak(network: "EncoderDecoder", vocabulary: Vocabulary, text: str) -> Spoken:
    """Return the sounds of a spelling, letter by letter.

    Raises:
        InputError: there is no letter from a to z in it.
    """
    written = [letter for letter in text[:MAX_CHARACTERS].casefold() if not letter.isspace()]
    usable = [letter for letter in written if letter.isascii() and letter.isalpha()]
    kept = usable[: network.length - 2]
    if not kept:
        raise InputError(
            "There is no letter from a to z in it.", "Type one English word, such as “attention”."
        )
    x = torch.tensor([[vocabulary.start, *vocabulary.encode(kept), vocabulary.end]])
    answer = network.answers(x, beams=BEAMS)
    _, writing = network.layers(x, answer[:, :-1])
    crossed = [layer.cross.weights[0] for layer in writing if layer.cross is not None]
    # Row t is where it looked to write token t + 1; the start is read, but is no letter.
    sounds = [
        STOP if token == vocabulary.end else vocabulary.tokens[token]
        for token in answer[0, 1:].tolist()
    ]
    return Spoken(
        ("▸", *kept, STOP),
        tuple(sounds),
        torch.stack(crossed),
        len(written) - len(kept),
    )


def dictionary_of(word: str) -> SpokenWord | None:
    """Return how the dictionary and joint n-grams speak a word; None, where that does not ship."""
    return spoken_words().get(word.strip().casefold())


def unseen_word(seed: int) -> str:
    """Return one of the shipped words that nothing was trained on."""
    return random.Random(seed).choice([one.word for one in spoken_words().values() if one.unseen])


# --- letter by letter --------------------------------------------------------------------------

MOST_LETTERS = 12  # of a beginning


@dataclass(frozen=True)
class NextLetter:
    """A letter, or the end of a word, and how likely it comes next, in [0, 1].

    Attributes:
        letter: as it is shown.
        network: what the network says, that sees all letters so far.
        bigram: what the bigram says, that sees the last one.
    """

    letter: str
    network: float
    bigram: float


@dataclass(frozen=True)
class MadeUp:
    """Words that begin as was wished, drawn by chance.

    Attributes:
        beginning: what is left of the beginning: its letters from a to z.
        next: the letters that are likeliest next, by the network.
        network: words drawn from the network.
        seven: of words that were drawn from the 7-gram beforehand, those that begin so, some of
            them; maybe none.
        bigram: words drawn from the bigram.
        kept: how many words were drawn from the 7-gram beforehand.
    """

    beginning: str
    next: tuple[NextLetter, ...]
    network: tuple[str, ...]
    seven: tuple[str, ...]
    bigram: tuple[str, ...]
    kept: int


END_OF_WORD = "end"


@torch.inference_mode()
def made_up(
    network: "LanguageModel",
    vocabulary: Vocabulary,
    beginning: str,
    temperature: float,
    seed: int,
    count: int = 8,
) -> MadeUp:
    """Return words that the network, a 7-gram and a bigram make up.

    Args:
        network: knows the next letter.
        vocabulary: of the network: letters from a to z.
        beginning: of all words; what is no letter is passed over.
        temperature: of network and bigram; words of the 7-gram were drawn at temperature 1.
        seed: of all draws.
        count: words of each.
    """
    begun = [letter for letter in beginning.casefold() if letter in ascii_lowercase][:MOST_LETTERS]
    kept = letters()
    shown = [vocabulary.end, *vocabulary.encode(ascii_lowercase)]
    banned = [number for number in range(len(vocabulary)) if number not in shown]
    x = torch.tensor([[vocabulary.start, *vocabulary.encode(begun)]])
    chances = chances_of(network(x)[0, -1], temperature=temperature, banned=banned)[shown]
    row = 1 + ascii_lowercase.index(begun[-1]) if begun else 0
    counted = chances_of(torch.from_numpy(kept.bigram).log(), temperature=temperature)
    best = chances.topk(8)
    rng = torch.Generator().manual_seed(seed)
    drawn = network.continued(
        x.expand(count, -1),
        network.length - 1 - x.shape[1],  # letters; the end of a word is none
        rng,
        temperature=temperature,
        banned=banned,
        end=vocabulary.end,
    )
    begins = "".join(begun)
    fitting = [word for word in kept.words if word.startswith(begins)]
    return MadeUp(
        begins,
        tuple(
            NextLetter((END_OF_WORD, *ascii_lowercase)[place], chance, float(counted[row, place]))
            for chance, place in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ),
        tuple("".join(vocabulary.decode(word)) for word in drawn.tolist()),
        tuple(random.Random(seed).sample(fitting, min(count, len(fitting)))),
        tuple(_by_pairs(counted, begins, network.length - 2, rng) for _ in range(count)),
        len(kept.words),
    )


def _by_pairs(shares: Tensor, begun: str, longest: int, rng: torch.Generator) -> str:
    """Return a word drawn by the letter before; row 0 is the start, column 0 the end."""
    word = begun
    while len(word) < longest:
        row = 1 + ascii_lowercase.index(word[-1]) if word else 0
        drawn = int(torch.multinomial(shares[row], 1, generator=rng))
        if drawn == 0:
            break
        word += ascii_lowercase[drawn - 1]
    return word


# --- a linear layer on one-hot vectors is an embedding -----------------------------------------


@dataclass(frozen=True)
class OneHot:
    """Two layers with the same weights, side by side.

    Attributes:
        equal: whether their outputs are the same to the last bit.
        microseconds: for a batch: of the linear layer on one-hot vectors, and of the embedding.
        multiplications: for a batch, of the two.
        bytes: of what goes in: one-hot vectors in float32, and numbers in int64.
    """

    equal: bool
    microseconds: tuple[float, float]
    multiplications: tuple[int, int]
    bytes: tuple[int, int]


BATCH = 64  # tokens
_REPEATS = 9


@torch.inference_mode()
def one_hot(tokens: int, width: int, seed: int = 0) -> OneHot:
    """Return how a linear layer on one-hot vectors and an embedding of the same weights compare.

    Args:
        tokens: in the vocabulary.
        width: numbers of an embedding.
        seed: of weights and tokens.
    """
    rng = torch.Generator().manual_seed(seed)
    weight = torch.randn(tokens, width, generator=rng)
    numbers = torch.randint(tokens, (BATCH,), generator=rng)
    # Straight calls of what nn.Linear and nn.Embedding call: layers would draw weights in vain.
    as_rows = nn.functional.one_hot(numbers, tokens).float()

    def linear() -> Tensor:
        return as_rows @ weight

    def embedding() -> Tensor:
        return nn.functional.embedding(numbers, weight)

    return OneHot(
        torch.equal(linear(), embedding()),
        (_microseconds(linear), _microseconds(embedding)),
        (BATCH * tokens * width, 0),
        (as_rows.numel() * 4, numbers.numel() * 8),
    )


def _microseconds(act: Callable[[], Tensor]) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return sorted(times)[_REPEATS // 2] * 1e6


@dataclass(frozen=True)
class Trained:
    """How far the vector of one word has moved from where it began, step by step, ``[steps + 1]``.

    Attributes:
        linear: of a linear layer on one-hot vectors.
        dense: of an embedding whose gradients are as large as itself.
        sparse: of an embedding whose gradients are those of the words that were there.
        seen: at which steps the word was in the batch.
        apart: the largest difference between the weights of the first two, at the end.
    """

    linear: tuple[float, ...]
    dense: tuple[float, ...]
    sparse: tuple[float, ...]
    seen: tuple[int, ...]
    apart: float


WORDS, STEPS, EVERY = 12, 24, 6  # the word that is watched is in every sixth batch


def trained(optimiser: str, seed: int = 0) -> Trained:
    """Train three layers of equal weights on the same batches, and watch one rare word.

    Each batch holds some words, each once, so that sums over a batch have one term, and equal
    layers can be equal to the last bit. All three learn the same targets.

    Args:
        optimiser: "sgd" or "adam"; for sparse gradients Adam is ``SparseAdam``.
        seed: of weights, targets and batches.

    Raises:
        InputError: another optimiser.
    """
    if optimiser not in ("sgd", "adam"):
        raise InputError(f"There is no optimiser “{optimiser}” here.", "Choose sgd or adam.")
    rng = torch.Generator().manual_seed(seed)
    weight = torch.randn(WORDS, 4, generator=rng)
    target = torch.randn(WORDS, 4, generator=rng)
    batches = []
    for step in range(STEPS):
        others = 1 + torch.randperm(WORDS - 1, generator=rng)[: WORDS // 2]
        first = torch.tensor([0] if step % EVERY == 0 else [], dtype=torch.int64)
        batches.append(torch.cat([first, others]))
    linear = nn.utils.skip_init(nn.Linear, WORDS, 4, bias=False)
    dense = nn.Embedding(WORDS, 4, _weight=weight.clone())
    sparse = nn.Embedding(WORDS, 4, sparse=True, _weight=weight.clone())
    with torch.no_grad():
        linear.weight.copy_(weight.T)
    ways: dict[str, tuple[nn.Linear | nn.Embedding, Callable[[Tensor], Tensor]]] = {
        "linear": (linear, lambda batch: linear(nn.functional.one_hot(batch, WORDS).float())),
        "dense": (dense, dense),
        "sparse": (sparse, sparse),
    }
    paths: dict[str, tuple[float, ...]] = {}
    for name, (layer, ask) in ways.items():
        step_by: torch.optim.Optimizer
        if optimiser == "sgd":
            step_by = torch.optim.SGD(layer.parameters(), lr=0.3)
        elif name == "sparse":
            step_by = torch.optim.SparseAdam(layer.parameters(), lr=0.1)
        else:
            step_by = torch.optim.Adam(layer.parameters(), lr=0.1)
        path = [0.0]
        for batch in batches:
            step_by.zero_grad()
            loss = (ask(batch) - target[batch]).square().sum() / 2
            loss.backward()  # type: ignore[no-untyped-call]
            step_by.step()
            now = layer.weight.detach().T if name == "linear" else layer.weight.detach()
            path.append(float((now[0] - weight[0]).norm()))
        paths[name] = tuple(path)
    apart = float((linear.weight.detach().T - dense.weight.detach()).abs().max())
    seen = tuple(step for step, batch in enumerate(batches) if 0 in batch.tolist())
    return Trained(paths["linear"], paths["dense"], paths["sparse"], seen, apart)
