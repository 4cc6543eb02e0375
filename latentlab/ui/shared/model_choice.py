"""The choice of a model, and of several that stand side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import cache, fields, state, widgets
from latentlab.ui.shared.entry import Need

if TYPE_CHECKING:
    from latentlab.checkpoints import ModelCard
    from latentlab.models import Autoencoder


def choose_autoencoders(
    main: str, data: str, need: Need, *, key: str, default: Sequence[str]
) -> "dict[str, tuple[str, Autoencoder]]":
    """Draw the choice and return checkpoint name -> its label and its network, ``main`` first.

    A checkpoint that cannot be loaded is left out, and a sentence says why.

    Args:
        main: the checkpoint that is there in any case.
        data: name of the data set.
        need: what they have to be able to.
        key: address parameter. It holds names without their data set (``vae.k16``), so that a
            choice outlives a change of data.
        default: such short names; those that do not exist are left out.
    """
    from latentlab.models import Autoencoder

    names: dict[str, str] = {}
    cards = cache.cards()
    for name in cache.names_for(need, data):
        card = cards[name]
        short = f"{card.family}.{card.tag}" if card.tag else card.family
        names[name if short in names else short] = name
    chosen = [main]
    if len(names) > 1:
        labels = {short: widgets.plain(label(name)) for short, name in names.items()}
        times = Counter(labels.values())
        options = {  # Streamlit tells options apart by their labels alone
            short: text if times[text] == 1 else f"{text} ({widgets.plain(short)})"
            for short, text in labels.items()
        }
        for short in fields.url_choices("Networks side by side", options, key=key, default=default):
            if names[short] != main:
                chosen.append(names[short])
    networks: dict[str, tuple[str, Autoencoder]] = {}
    for name in chosen:
        try:
            network = cache.model(name)
        except LatentLabError as error:  # the others can still be compared
            st.warning(widgets.plain(str(error)), icon=":material/info:")
            continue
        if isinstance(network, Autoencoder):
            taken = {text for text, _ in networks.values()}
            text = label(name)
            networks[name] = (f"{text} ({name})" if text in taken else text, network)
    return networks


def label(name: str) -> str:
    """What a checkpoint is called beside others of its data set: title and size of its code."""
    card = cache.cards().get(name)
    if card is None:
        return name
    if version := _version(card):
        return f"{card.title} k={card.latent_size}, {version}"
    return card.title if card.k is None else f"{card.title} k={card.k}"


def _version(card: "ModelCard") -> str:
    """What tells a model of no study from another of the same size: "labels" of "k32_labels"."""
    size, _, version = card.tag.partition("_")
    return version if size == f"k{card.latent_size}" and not card.study else ""


def data_set_buttons(names: Sequence[str], *, key: str, default: str | None = None) -> list[str]:
    """Draw a button for every data set that models are of; return the models of the chosen one.

    In order of title and size of code. The model alone is in the address, under ``key``: it tells
    its data set. Whoever turns to another data set gets the model of it that is most like the last
    one. Draw the choice of a model with the same ``key`` and ``default`` afterwards.

    Args:
        names: all models that the page can use.
        key: address parameter of the model.
        default: the model to start with; None, or a name that is not there = the first.
    """
    from latentlab.data import datasets

    cards = cache.cards()
    order = list(datasets)
    of: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: _order(name, cards, order)):
        of.setdefault(cards[name].data if name in cards else "", []).append(name)
    if len(of) < 2:
        return next(iter(of.values()), [])
    start = default if default is not None and default in names else next(iter(of.values()))[0]

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    held = state.url_value(key, "Model", parse, start)
    model = held if held in names else start  # its folder may be gone
    st.session_state[key] = model
    data = next(data for data, held in of.items() if model in held)
    place = f"{key}.data"

    def turn() -> None:
        st.session_state[key] = most_alike(model, of[st.session_state[place]])

    st.session_state[place] = data
    st.segmented_control(
        "Data set",
        list(of),
        required=True,
        format_func=lambda data: datasets.get(data).title if data in datasets else data or "Others",
        key=place,
        on_change=turn,
        label_visibility="collapsed",
        wrap=True,
    )
    return of[data]


def few_pictures(name: str) -> None:
    """Say how much better a model knows the pictures it learnt from, where those were few.

    Draws nothing for a model whose card has one error only.
    """
    card = cache.checkpoint(name).card
    new, learnt = card.score("mse"), card.score("mse, training pictures")
    if new is None or learnt is None or new.baseline is None or learnt.baseline is None:
        return
    linear = widgets.plain(new.baseline_name or "PCA")
    better = "it" if new.value < new.baseline else linear.partition(",")[0]
    st.caption(
        f"It learnt from few pictures. Its error: {learnt.value:.4f} on those,"
        f" {new.value:.4f} on new ones, {new.value / learnt.value:.1f} times as much."
        f" {linear}: {learnt.baseline:.4f} and {new.baseline:.4f},"
        f" {new.baseline / learnt.baseline:.1f} times."
        f" On new pictures {better} has the lower error."
    )


def most_alike(model: str, names: Sequence[str]) -> str:
    """Return which of ``names`` (not empty) is of the family, and if it can be the size, of one."""
    cards = cache.cards()
    if model not in cards:
        return names[0]
    card = cards[model]

    def unlike(name: str) -> tuple[bool, bool]:
        other = cards.get(name)
        if other is None:
            return True, True
        return other.family != card.family, other.latent_size != card.latent_size

    return min(names, key=unlike)  # the first of those that are equally like it


def _order(
    name: str, cards: "Mapping[str, ModelCard]", order: Sequence[str]
) -> tuple[int, str, int, str]:
    """Sort by data set as registered, then by title and by size of code."""
    if name not in cards:
        return len(order), "", 0, name
    card = cards[name]
    data = order.index(card.data) if card.data in order else len(order)
    return data, card.title, card.k or 0, name


def choose_checkpoint(
    names: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    label: str | None = None,
    width: int = 280,
) -> str:
    """Draw the choice among the checkpoints of one data set and return the chosen name.

    The address holds the name (``?denoise_model=vae.mnist_k16``). Where there is no checkpoint at
    all, the page shows what to do about it and ends here.

    Args:
        names: what this page can use, e.g. ``cache.names_for(ENTRY.needs[0])``.
        key: address parameter, one per page, so that every page remembers its own choice.
        default: name to start with; None, or a name that is not there = the first.
        label: above the menu; None = nothing, as beside ``data_set_buttons``.
        width: of the menu, in pixels.
    """
    if not names:
        widgets.empty_state(
            "No trained model here yet",
            "This page needs a model, and none of the kind it uses is in `checkpoints/` or in "
            "`$LATENTLAB_CHECKPOINTS`. Train the whole set, or copy a checkpoint folder there and "
            "reload the page.",
            "latentlab train --all",
        )
        st.stop()
    cards = cache.cards()
    labels = {name: _label(name, cards) for name in names}
    alike = _repeated(labels)  # those that differ in their tag alone
    labels = {
        name: f"{text} · {cards[name].tag}"
        if text in alike and name in cards and cards[name].tag
        else text
        for name, text in labels.items()
    }
    shared = _repeated(labels)
    with st.container(width=width):
        return fields.url_select(
            label or "Model",
            # Streamlit tells options apart by their labels alone.
            {name: f"{text} ({name})" if text in shared else text for name, text in labels.items()},
            key=key,
            default=default,
            label_visibility="visible" if label else "collapsed",
            # Of another data set than the page's default, the address has to say the model: it
            # alone tells the data set.
            omit_default=default in names,
        )


def _repeated(labels: Mapping[str, str]) -> set[str]:
    """The labels that stand there more than once."""
    return {text for text, times in Counter(labels.values()).items() if times > 1}


def _label(name: str, cards: "Mapping[str, ModelCard]") -> str:
    """What a checkpoint is among those of one data set, ``Autoencoder · 2 numbers``."""
    if name not in cards:
        return name
    card = cards[name]
    if version := _version(card):
        return f"{card.title} · {card.latent_size} numbers, {version}"
    return card.title if card.k is None else f"{card.title} · {card.k} numbers"
