"""One head of attention as matrices; ``matrices.js`` draws them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from latentlab.ui.shared import component

if TYPE_CHECKING:
    from latentlab.tasks.attention import Opened, Sentence

MAX_REPORT = 2_000  # characters of a sentence that is reported
START = "▸"  # the start of a sentence, as it is drawn


def matrices(
    *,
    key: str,
    text: str,
    sentence: "Sentence",
    opened: "Opened",
    heads: int,
    layer: int,
    head: int,
    maps: str,
    on_choose: Callable[[], None],
) -> None:
    """Draw the numbers of one head.

    ``st.session_state[key]["chosen"]`` is ``{"sentence": …, "layer": …, "head": …}`` once somebody
    has typed or chosen.

    Args:
        key: of the component.
        text: what was typed.
        sentence: the same, as the network reads it.
        opened: the numbers of all its layers.
        heads: of each layer.
        layer: that is looked at, from 0.
        head: likewise.
        maps: address of the weights that make queries, keys and values.
        on_choose: called after a change has come to rest.
    """
    layers = zip(opened.x, opened.q, opened.k, opened.v, strict=True)
    names = [{"text": START, "known": True}]
    names += [
        {"text": token, "known": known}
        for token, known in zip(sentence.tokens, sentence.known, strict=True)
    ]
    data = {
        "sentence": text,
        "tokens": names,
        "note": sentence.words,
        "layers": [
            {
                name: component.floats(part.flatten())
                for name, part in zip("xqkv", each, strict=True)
            }
            for each in layers
        ],
        "heads": heads,
        "layer": layer,
        "head": head,
        "maps": maps,
    }
    component.mount("attention/matrices")(key=key, data=data, on_chosen_change=on_choose)


def read_chosen(report: object, layers: int, heads: int) -> tuple[str, int, int]:
    """Return the sentence, layer and head that a browser reports.

    Raises:
        ValueError: these are none.
    """
    if not isinstance(report, dict):
        raise ValueError("no choice")
    text, layer, head = (report.get(key) for key in ("sentence", "layer", "head"))
    if not isinstance(text, str):
        raise ValueError("no sentence")
    if type(layer) is not int or not 0 <= layer < layers:
        raise ValueError("no such layer")
    if type(head) is not int or not 0 <= head < heads:
        raise ValueError("no such head")
    return text[:MAX_REPORT], layer, head
