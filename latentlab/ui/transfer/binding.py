"""The drawn network with its handle; ``freezer.js`` draws it."""

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from latentlab.ui.shared import component, widgets
from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS

if TYPE_CHECKING:
    from latentlab.experiments import Result
    from latentlab.experiments.transfer_filters import Filters

COLOURS = {"frozen": CLASS_COLOURS[0], "tuned": CLASS_COLOURS[6], "random": BASELINE}
TITLES = {
    "frozen": "Copied and frozen",
    "tuned": "Copied and fine-tuned",
    "random": "Random and frozen",
}
MOMENTS = ("Random weights", "After the source", "After fine-tuning")


def freezer(
    *,
    key: str,
    result: "Result",
    kept: "Filters",
    pair: str,
    labels: int,
    depth: int,
    ghost: bool,
    on_rest: Callable[[], None],
) -> None:
    """Draw the network, its handle and the curves.

    ``st.session_state[key]["depth"]`` is how many layers are frozen where the handle came to rest.

    Args:
        key: of the component.
        result: of the experiment over depths.
        kept: filters and seconds.
        pair: of tasks.
        labels: of each class.
        depth: layers to freeze.
        ghost: whether the curves in print are drawn.
        on_rest: called after a report of rest.
    """
    from latentlab.tasks import transfer

    place = list(transfer.DEPTH_PAIRS).index(pair)
    layers = transfer.layers_of(pair)
    curves = transfer.depth_curves(result, pair, labels)
    data = {
        "pair": f"{pair}.{labels}",
        "layers": [{"name": layer.name, "maps": layer.maps} for layer in layers],
        "depth": depth,
        "curves": [
            {
                "title": TITLES[method],
                "colour": COLOURS[method],
                "means": [round(point.mean, 2) for point in points],
                "spreads": [round(point.spread or 0, 2) for point in points],
            }
            for method, points in curves.items()
        ],
        "ghosts": [
            {"title": title, "dash": dash, "points": [list(point) for point in points]}
            for title, dash, points in (
                ("In print: ImageNet halves, frozen", "dotted", transfer.YOSINSKI),
                ("In print: a half to itself", "dashed", transfer.YOSINSKI_SELF),
            )
        ]
        if ghost
        else [],
        "words": [
            widgets.unbroken(transfer.depth_words(curves, at, labels).replace("*", ""))
            for at in transfer.DEPTHS
        ],
        "parameters": [transfer.trained_parameters(layers, at) for at in transfer.DEPTHS],
        "seconds": [round(float(value), 2) for value in kept.seconds[place]],
        "moments": list(MOMENTS),
        "colourful": transfer.is_colourful(pair),
        "filters": [base64.b64encode(part.tobytes()).decode() for part in kept.filters[place]],
        "side": kept.filters.shape[3],
    }
    component.mount("transfer/freezer")(key=key, data=data, on_depth_change=on_rest)
