"""The planes of the Embeddings page: which there are, how they come about, what is selected.

Every plane is a chart of its own, so that they stand under one another on a phone, and a slow one
keeps no other waiting. A selection in one is shown in all. The chart in which it was made is left
as it was drawn: Streamlit takes a changed figure for a new chart, which would forget its zoom and
the outline that was drawn around the points.
"""

import csv
import io
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from latentlab.errors import LatentLabError
from latentlab.ui.embeddings import AUTOENCODERS, figures, results
from latentlab.ui.embeddings.figures import Crowd
from latentlab.ui.shared import cache, fields, guard, state, waiting, widgets
from latentlab.ui.shared.figures import class_colour

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.experiments import Curve
    from latentlab.tasks.embeddings import Embedding
    from latentlab.ui.shared.picture_source import Picked

T = TypeVar("T")
Point = tuple[float, float]

MOST_SHOWN = 8  # selected pictures; more would be too small for the back row
MOST_IN_ADDRESS = 40  # a longer selection would make an address that mail programs break

PICKED = "embeddings_picked"  # ids of the selected pictures; also the name in the address
_SOURCE = "embeddings.source"  # the plane in which they were selected
_CHARTS = "embeddings.charts"  # plane -> _Chart


@dataclass(frozen=True)
class Plane:
    """One way to put pictures on a plane.

    Attributes:
        name: in the address; the same for every data set.
        label: above the plane.
        note: below it: what this plane knows of the pictures.
        checkpoint: whose encoder it is; None for the classical methods.
        slow: whether it is computed in the background.
    """

    name: str
    label: str
    note: str
    checkpoint: str | None = None
    slow: bool = False


def encoders(dataset: str) -> tuple[dict[str, int], list[LatentLabError]]:
    """Return the encoders for a data set with the size of their codes, and why others fail."""
    from latentlab.models import Autoencoder

    sizes: dict[str, int] = {}
    failures = []
    for name in cache.names_for(AUTOENCODERS, dataset):
        try:
            network = cache.model(name)
        except LatentLabError as error:
            failures.append(error)
        else:
            if isinstance(network, Autoencoder):
                sizes[name] = network.latent_size
    return sizes, failures


def offered(dataset: str, sizes: Mapping[str, int], deeper: str | None) -> dict[str, Plane]:
    """Return the planes that can be had for a data set, by name.

    Args:
        dataset: name of the data set.
        sizes: its encoders, as `encoders` returns them.
        deeper: the one with more than two dimensions that is projected onto two; None = none.
    """
    from latentlab.latents.projections import projections

    cards = {name: cache.checkpoint(name).card for name in sizes}
    titles = {name: _title(name) for name in sizes}
    planes = [Plane("pca", "PCA", "Linear; fitted to these very pictures.")]
    planes += [
        Plane(
            f"{cards[name].family}_{cards[name].tag}",  # one address for every data set
            f"{titles[name]}, k = 2",
            "Learnt from the training pictures; has never seen these.",
            checkpoint=name,
        )
        for name, size in sizes.items()
        if size == 2
    ]
    if deeper is not None:
        planes.append(
            Plane(
                "codes",
                f"{titles[deeper]}, k = {sizes[deeper]} → PCA",
                "Its codes, seen from the side where they spread most.",
                checkpoint=deeper,
            )
        )
    for name in projections:
        kind = projections.get(name)
        planes.append(
            Plane(
                name,
                kind.label if kind.available() else f"{kind.label} (not installed)",
                "Keeps neighbours; gaps between clusters and their sizes mean little.",
                slow=True,
            )
        )
    return {plane.name: plane for plane in planes}


def _title(name: str) -> str:
    """What a checkpoint's family is called, short enough to stand above a plane."""
    card = cache.checkpoint(name).card
    return widgets.plain(card.title)


@dataclass(frozen=True)
class Pending:
    """A plane that is being computed: for how long, and how many come before it."""

    seconds: float
    ahead: int


@dataclass(frozen=True)
class Setting:
    """What decides where points lie, the same for all planes."""

    dataset: str
    count: int
    perplexity: int = 30  # of t-SNE

    def key(self, plane: Plane) -> tuple[str, str, int, int]:
        """What decides where the points of one plane lie."""
        return plane.name, self.dataset, self.count, self.perplexity if plane.name == "tsne" else 0


def embedding(plane: Plane, setting: Setting) -> "Embedding | Pending":
    """Return a plane, or how far it is.

    Raises:
        LatentLabError: it cannot be made; the message says why.
    """
    from latentlab.tasks import embeddings

    if not plane.slow:
        return results.embedding(setting.dataset, setting.count, plane.checkpoint)
    pictures = results.drawn(setting.dataset, setting.count)
    return _ask(
        setting.key(plane),
        lambda: embeddings.embed_neighbours(
            plane.name, pictures.tensor(), perplexity=setting.perplexity
        ),
    )


def _ask(key: Hashable, work: Callable[[], T]) -> "T | Pending":
    progress = results.background().ask(key, work)
    if progress.result is None:  # work here always gives something
        return Pending(progress.seconds, progress.ahead)
    return progress.result


class Asked:
    """The planes of one run of the page: each is asked for once, whoever draws or measures it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._found: dict[str, Embedding | Pending | LatentLabError] = {}

    def of(self, plane: Plane) -> "Embedding | Pending":
        """As ``embedding``."""
        if plane.name not in self._found:
            try:
                self._found[plane.name] = embedding(plane, self.setting)
            except LatentLabError as error:
                self._found[plane.name] = error
        found = self._found[plane.name]
        if isinstance(found, LatentLabError):
            raise found.with_traceback(None)  # it would grow each time
        return found

    def ready(self, planes: Sequence[Plane]) -> "Iterator[tuple[Plane, Embedding]]":
        """Yield those of the planes that are there."""
        for plane in planes:
            try:
                found = self.of(plane)
            except LatentLabError:
                continue  # its chart says why
            if not isinstance(found, Pending):
                yield plane, found


def find(
    picked: "Picked", plane: Plane, setting: Setting, embedding: "Embedding", pictures: "Images"
) -> Point | Pending | None:
    """Return the point of the picture that one follows, or None where it has no place.

    A sample among the pictures has its point; any other is placed, where the plane can do that.
    """
    kind, _, rest = picked.identity.partition(":")
    if kind == "sample":
        found = np.flatnonzero(pictures.ids == int(rest.rpartition(":")[2]))
        if found.size:
            return _point(embedding.points[found[0]])
    place = embedding.place
    if place is None:
        return None
    if not plane.slow:
        return _point(place(picked.image[None])[0])
    return _ask(
        ("place", *setting.key(plane), picked.identity),
        lambda: _point(place(picked.image[None])[0]),
    )


def _point(row: NDArray[np.float32]) -> Point:
    x, y = row.tolist()
    return x, y


# --- selection -------------------------------------------------------------------------------


def selection(pictures: "Images") -> NDArray[np.int64]:
    """Return the positions of the selected pictures, after the address has had its say."""
    known = set(pictures.ids.tolist())

    def parse(text: str) -> list[int]:
        parts = text.split(",")
        if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
            raise ValueError(text)
        if len(parts) > MOST_IN_ADDRESS or not known.issuperset(map(int, parts)):
            raise ValueError(text)
        return [int(part) for part in parts]

    nothing: list[int] = []
    chosen = state.url_value(PICKED, "Selected pictures", parse, nothing)
    text = ",".join(map(str, chosen)) if 0 < len(chosen) <= MOST_IN_ADDRESS else None
    state.publish(PICKED, text)
    return np.flatnonzero(np.isin(pictures.ids, chosen))


def clear_selection() -> None:
    """Select nothing."""
    st.session_state[PICKED] = []
    st.session_state.pop(_SOURCE, None)


def side_by_side(
    planes: Sequence[Plane],
    asked: Asked,
    pictures: "Images",
    followed: "Picked | None",
    *,
    dark: bool,
) -> None:
    """Draw the planes with one legend, and the selected pictures below them.

    Args:
        planes: which ones.
        asked: where their points lie.
        pictures: whose points they are.
        followed: the picture that gets a star, if any.
        dark: the theme.
    """
    crowd, select_by = _choose_looks(asked.setting.dataset, pictures)
    positions = selection(pictures)
    made: dict[str, Embedding] = {}
    if not planes:
        widgets.empty_state("No plane chosen", "Choose one or more of the planes above.")
    remaining = list(planes)
    for row in columns(len(planes)):
        view = _View(select_by, {1: 600, 2: 430, 3: 320}[row], dark)
        for plane, column in zip(remaining[:row], st.columns(row), strict=True):
            with column, guard.errors():
                st.markdown(f"##### {plane.label}")
                found = asked.of(plane)
                if isinstance(found, Pending):
                    wait(partial(embedding, plane, asked.setting))
                    continue
                made[plane.label] = found
                _draw_with_star(plane, found, crowd, view, asked.setting, pictures, followed)
                st.caption(plane.note)
        del remaining[:row]
    _selected(made, pictures, positions, crowd.class_names)


def _choose_looks(data: str, pictures: "Images") -> tuple[Crowd, str]:
    """Draw the legend, which chooses classes, and what a drag does; return both."""
    from latentlab.data import datasets

    dataset = datasets.get(data)
    names = dataset.class_names
    st.html(_legend_colours(len(names)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(key="class_legend", width="content"):
            shown = fields.url_choices(
                f"Show only this {dataset.label_title}",
                {str(k): widgets.plain(name) for k, name in enumerate(names)},
                key="embeddings_classes",
                default=(),
            )
        select_by = fields.url_select(
            "Select points by",
            {"click": "Click", "lasso": "Lasso", "box": "Box"},
            key="embeddings_select_by",
            style="buttons",
        )
    return Crowd(pictures.labels, pictures.ids, names, tuple(int(k) for k in shown)), select_by


@dataclass(frozen=True)
class _View:
    """How all planes of a row are drawn."""

    select_by: str  # what a drag does
    height: int  # CSS pixels
    dark: bool  # the theme


def _draw_with_star(
    plane: Plane,
    found: "Embedding",
    crowd: Crowd,
    view: _View,
    setting: Setting,
    pictures: "Images",
    followed: "Picked | None",
) -> None:
    """Draw one plane, with a star where the followed picture lies, once that is known."""
    star = None if followed is None else find(followed, plane, setting, found, pictures)
    draw(plane, found, crowd, None if isinstance(star, Pending) else star, view, setting)
    if followed is None:
        return
    if isinstance(star, Pending):
        wait(partial(find, followed, plane, setting, found, pictures))
    elif star is None:
        st.caption("★ has no place here: this plane cannot take a new picture.")


def _legend_colours(count: int) -> str:
    """Style of the class buttons: each has the colour of its points."""
    rules = "".join(
        f".st-key-class_legend button:nth-of-type({k + 1})::before{{background:{class_colour(k)}}}"
        for k in range(count)
    )
    return (
        "<style>.st-key-class_legend button::before{content:'';width:.8em;height:.8em;"
        f"border-radius:50%;margin-right:.4em;flex:none}}{rules}</style>"
    )


@dataclass
class _Chart:
    """What this visitor's browser shows of one plane."""

    highlighted: Sequence[int] = ()  # ids that its figure highlights
    outlined: object = None  # how it looked when a selection was drawn in it; None = there is none
    edition: int = 0  # a new one makes the browser forget the outline


def draw(
    plane: Plane,
    embedding: "Embedding",
    crowd: Crowd,
    star: Point | None,
    view: _View,
    setting: Setting,
) -> None:
    """Draw one plane whose selection all planes share.

    Args:
        plane: which one.
        embedding: its points.
        crowd: whose points they are.
        star: the picture that one follows.
        view: how it is drawn.
        setting: where the points lie.
    """
    # All that decides how the plane looks, but the selection.
    looks = (setting, crowd.shown, star, view)
    key = f"embeddings_plane_{plane.name}"
    chart = _chart(plane, key, looks)

    def select() -> None:
        points = st.session_state[key].selection.points
        # The first of two traces may be the grey points, which carry no ids.
        ids = [_first(point["customdata"]) for point in points if "customdata" in point]
        st.session_state[PICKED] = sorted(ids)
        st.session_state[_SOURCE] = plane.name
        chart.outlined = looks

    st.plotly_chart(
        figures.plane(
            crowd,
            embedding.points,
            chosen=chart.highlighted,
            edition=chart.edition,
            star=star,
            select_by=view.select_by,
            height=view.height,
            dark=view.dark,
        ),
        key=key,
        on_select=select,
        config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]},
        alt=f"{len(embedding.points)} pictures on the plane of {plane.label}",
    )


def _chart(plane: Plane, key: str, looks: object) -> _Chart:
    """Return what the browser shall show of a plane: as it was, where a selection stands in it."""
    charts: dict[str, _Chart] = st.session_state.setdefault(_CHARTS, {})
    chart = charts.setdefault(plane.name, _Chart())
    # Streamlit forgets a chart's selection when its page is left, and with it the chart's key.
    kept = (
        st.session_state.get(_SOURCE) == plane.name
        and chart.outlined == looks
        and key in st.session_state
    )
    if not kept:
        chart.highlighted = st.session_state[PICKED]
        if chart.outlined is not None:
            chart.edition += 1
            chart.outlined = None
    return chart


def _first(value: int | list[int]) -> int:
    return value[0] if isinstance(value, list) else value


def wait(ask: Callable[[], object]) -> None:
    """Show how long something has been computing, and rerun the page when it is there.

    Args:
        ask: returns `Pending` until it is there.
    """

    def unfinished() -> Pending | None:
        found = ask()
        return found if isinstance(found, Pending) else None

    waiting.wait_for(unfinished, _draw_pending, every=1.0)


def _draw_pending(pending: Pending) -> None:
    with st.container(border=True):
        if pending.ahead:
            others = "another map" if pending.ahead == 1 else f"{pending.ahead} other maps"
            st.markdown(f":material/hourglass_empty: Waiting for {others} …")
        else:
            st.markdown(f":material/hourglass_top: Computing, **{pending.seconds:.0f} s** so far …")
        st.caption("You can go on using the page.")


def columns(count: int) -> Sequence[int]:
    """Return how many planes stand in each row: at most three, and rows as even as can be."""
    rows = -(-count // 3)
    return [count // rows + (row < count % rows) for row in range(rows)]


def _selected(
    made: "Mapping[str, Embedding]",
    pictures: "Images",
    positions: NDArray[np.int64],
    class_names: Sequence[str],
) -> None:
    """Draw the selected pictures and, under them, what each plane makes of their two numbers."""
    from latentlab.tasks import embeddings

    if not len(positions):
        st.info(
            "Select points to see their pictures: click one, or draw a lasso or a box around many.",
            icon=":material/touch_app:",
        )
        return
    # Evenly over the selection, so that a large one is not shown by its first few alone.
    spread = np.linspace(0, len(positions) - 1, min(MOST_SHOWN, len(positions)))
    few = positions[spread.round().astype(int)]
    x = pictures.tensor(few)
    counts = np.bincount(pictures.labels[positions], minlength=len(class_names))
    found = ", ".join(
        f"{counts[k]} × {widgets.plain(class_names[k])}" for k in np.argsort(-counts) if counts[k]
    )
    left, right = st.columns([5, 1], vertical_alignment="center")
    more = f"; {len(few)} of them below" if len(few) < len(positions) else ""
    left.markdown(f"**{len(positions):,} selected**: {found}{more}")
    right.button("Clear", on_click=clear_selection, icon=":material/close:", width="stretch")

    errors = {
        label: float(embeddings.reconstruction_errors(plane, x, few).mean())
        for label, plane in made.items()
        if plane.reconstruct is not None
    }
    best = min(errors.values(), default=None)
    _row("**Pictures**", x)
    for label, plane in made.items():
        if plane.reconstruct is None:
            _row(f"**{label}**  \nno way back from this plane to pictures", None)
            continue
        mark = " · **best**" if len(errors) > 1 and errors[label] == best else ""
        made_again = plane.reconstruct(plane.points[few])
        _row(f"**{label}**  \nmse {errors[label]:.4f}{mark}", made_again)


def _row(label: str, x: "Tensor | None") -> None:
    from latentlab.pictures import images

    left, right = st.columns([1, 3.4], vertical_alignment="center")
    left.markdown(label)
    if x is not None:
        with right:
            sheet = images.grid(x, columns=MOST_SHOWN, gap=1, background=0.5)
            widgets.picture(
                images.to_uint8(sheet), alt=f"{len(x)} pictures: {label}", width=100 * len(x)
            )


def perplexity() -> int:
    """Draw the choice of t-SNE's perplexity and return it."""
    chosen = fields.url_select(
        "t-SNE perplexity",
        {"5": "5", "30": "30", "100": "100"},  # few, so that visitors share their maps
        key="embeddings_perplexity",
        default="30",
        style="buttons",
        help="About how many neighbours of a picture count",
    )
    return int(chosen)


def as_csv(
    planes: Sequence[Plane], asked: Asked, pictures: "Images", class_names: Sequence[str]
) -> bytes:
    """Return the points of all planes that are there, one picture a row."""
    made = list(asked.ready(planes))
    file = io.StringIO()
    writer = csv.writer(file)
    axes = [f"{plane.name}_{axis}" for plane, _ in made for axis in "xy"]
    writer.writerow(["test_picture", "label", "class", *axes])
    points = np.concatenate([np.empty((len(pictures), 0)), *(e.points for _, e in made)], axis=1)
    for number, label, row in zip(pictures.ids, pictures.labels, points, strict=True):
        writer.writerow([number, label, class_names[label], *(f"{value:.6g}" for value in row)])
    return file.getvalue().encode()


def error_curve(
    dataset: str, sizes: Mapping[str, int]
) -> "tuple[tuple[Curve, ...], list[tuple[str, int, float]]]":
    """Return the error over k of dense autoencoders and PCA, and other models as (name, k, mse).

    The curves are those of the experiment that ships, none for a data set that it does not have;
    the other models are as their cards state them.

    Args:
        dataset: name of the data set.
        sizes: its encoders, as `encoders` returns them.

    Raises:
        LatentLabError: the result of the experiment cannot be read.
    """
    cards = {name: cache.checkpoint(name).card for name in sizes}
    others = [
        (f"{_title(name)}, k = {sizes[name]}", sizes[name], score.value)
        for name, card in cards.items()
        if card.family != "autoencoder" and (score := card.score("mse")) is not None
    ]
    return results.error_over_k().group(dataset), others


def score_table(planes: Sequence[Plane], asked: Asked) -> None:
    """Draw what the planes keep, one a row; those that are not there yet have dashes."""
    from latentlab.tasks.embeddings import NEIGHBOURS

    # A row for each from the start: the table does not jump when a slow plane arrives.
    rows: dict[str, list[float | None]] = {plane.label: [None] * 4 for plane in planes}
    compared = 0
    setting = asked.setting
    for plane, found in asked.ready(planes):
        digest = cache.checkpoint(plane.checkpoint).digest if plane.checkpoint else ""
        key = repr(setting.key(plane))
        kept = results.quality(setting.dataset, setting.count, key, digest, found)
        compared = kept.compared
        rows[plane.label] = [kept.mse, 100 * kept.accuracy, kept.trustworthiness, found.seconds]
    if not rows:
        return
    widgets.score_table(
        [
            widgets.Measure("Error of pictures", "mse", higher_is_better=False, digits=4),
            widgets.Measure(f"{NEIGHBOURS}-NN accuracy", "%", higher_is_better=True, digits=1),
            widgets.Measure("Trustworthiness", "0–1", higher_is_better=True, digits=3),
            widgets.Measure("Time", "s", higher_is_better=False, digits=3),
        ],
        rows,
        caption="Error: of the pictures made from the two numbers alone; t-SNE and UMAP have no "
        "way back. Accuracy: does the majority of the 10 nearest points have the same class? "
        "Trustworthiness: are neighbours on the plane neighbours as pictures? Measured on "
        f"{compared:,} points. Time: to make the plane on this server; the training of an encoder, "
        "done before, is not in it.",
    )
