"""The choice of several networks that stand side by side, all of one data set."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui import cache, widgets

if TYPE_CHECKING:
    from latentlab.models import Autoencoder


def choose_autoencoders(
    main: str, data: str, *, key: str, default: Sequence[str]
) -> "dict[str, tuple[str, Autoencoder]]":
    """Draw the choice and return checkpoint name -> its label and its network, ``main`` first.

    A checkpoint that cannot be loaded is left out, and a sentence says why.

    Args:
        main: the checkpoint that is there in any case.
        data: name of the data set.
        key: address parameter. It holds names without their data set (``vae.k16``), so that a
            choice outlives a change of data.
        default: such short names; those that do not exist are left out.
    """
    from latentlab.models import Autoencoder

    names: dict[str, str] = {}
    for name in cache.names(data=data, kind="autoencoder"):
        short = name.replace(f".{data}_", ".").removesuffix(f".{data}")
        names[name if short in names else short] = name
    chosen = [main]
    if len(names) > 1:
        labels = {short: widgets.plain(label(name)) for short, name in names.items()}
        times = Counter(labels.values())
        options = {  # Streamlit tells options apart by their labels alone
            short: text if times[text] == 1 else f"{text} ({widgets.plain(short)})"
            for short, text in labels.items()
        }
        for short in widgets.url_choices(
            "Networks side by side", options, key=key, default=default
        ):
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
    size = name.rpartition("_k")[2]
    title = name if card is None else card.title
    return f"{title} k={size}" if size.isdigit() else title
