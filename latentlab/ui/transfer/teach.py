"""“Teach it a new class”: a lesson of a few drawings, and what four ways of looking make of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import ImageError, InputError, LatentLabError
from latentlab.ui.shared import (
    cache,
    draw_pad,
    fields,
    guard,
    model_choice,
    picture_source,
    widgets,
)
from latentlab.ui.shared.entry import View
from latentlab.ui.shared.picture_source import Given
from latentlab.ui.transfer import lesson, results

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.transfer import Lesson, Taught

MODEL, SET, COUNT, SOURCE, TRY = (
    "transfer_model",
    "transfer_set",
    "transfer_count",
    "transfer_from",
    "transfer_try",
)
DATA = ("mnist", "fashion_mnist")
USUAL = "classifier.mnist"
SETS = {"symbols": "Prepared symbols", "own": "My own"}
COUNTS = {"1": "1", "3": "3", "5": "5", "10": "10"}
SOURCES = {"draw": "Draw", "upload": "Upload"}
_PAD, _ROUND, _DRAWING, _FILE = (
    "transfer.pad",
    "transfer.round",
    "transfer.drawing",
    "transfer.upload",
)
_BRUSH = 0.07  # as on all pads

IDEA = """
A network that learnt digits has never seen a heart. Still it can be **taught** hearts: its layers
stay as they are (frozen), and a **logistic regression** on top of its features learns from a few
drawings. That takes milliseconds.

Whether what it learnt before helps can only be said beside others. The same logistic regression
gets the same drawings as

- **features of the network**: what its last layer but one makes of a drawing, or its code,
- **the same network with random weights**: what the shape of a network alone is worth,
- **PCA codes**: 64 principal components of the pictures that the network learnt from,
- **pixels**: the drawing as it is.

Each way is scaled by one number, so that none is treated better. *Left out*: every drawing is
classified by a lesson without it. *New*: 40 new drawings of each prepared symbol. A difference
counts where it is more than chance would make of so many.

The prepared symbols are drawn by rule, turned, stretched and trembling. Hands differ more: add your
own to them, or teach classes of your own.
"""
PAPERS = (
    "[Donahue et al. (2014), DeCAF: a deep convolutional activation feature]"
    "(https://arxiv.org/abs/1310.1531)",
    "[Saxe et al. (2011), On random weights and unsupervised feature learning]"
    "(https://icml.cc/2011/papers/551_icmlpaper.pdf)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import datasets, symbols
from latentlab.data.components import components
from latentlab.tasks import transfer

checkpoint = checkpoints.load("{model}")
data = checkpoint.card.data
ways = transfer.representations(
    checkpoint.load_model(), components(data), datasets.get(data).samples().tensor(slice(0, 300))
)
names = {names}
pictures, labels = symbols.drawings(names, {count}, seed=0)
lesson = transfer.Lesson(names, pictures, tuple(labels.tolist()))
new, truth = symbols.drawings(names, 40, seed=1)
for way in ways.values():
    taught = transfer.teach(way, lesson)
    right = transfer.tested(taught, new, truth.tolist())
    print(way.title, transfer.leave_one_out(way, lesson), right)
"""


@dataclass(frozen=True)
class Shown:
    """The picture that is classified: what somebody drew or gave, or a new symbol."""

    image: "Tensor | None"  # float32 [1,28,28]; None = nothing
    given: bool  # by the visitor
    words: str


def draw(view: View) -> None:
    """Draw the section."""
    options = _options()
    if not options:
        st.info("There is no network for pictures of 28 × 28 pixels.", icon=":material/info:")
        return
    _live(options, view.presents)
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(
        lambda: CODE.format(
            model=st.session_state[MODEL],
            names=lesson.PREPARED,
            count=st.session_state.get(COUNT, "3"),
        ),
        key="transfer.code",
    )


def _options() -> dict[str, str]:
    """Return the networks that can be taught, checkpoint -> label; classifiers first."""
    from latentlab.data import datasets

    found: dict[str, str] = {}
    for can in ("classifies", "encodes"):
        for data in DATA:
            for name in cache.names(data=data, can=(can,), modality="images"):
                title = datasets.get(data).title
                found.setdefault(name, widgets.plain(f"{model_choice.label(name)}, {title}"))
    return found


@st.fragment
def _live(options: Mapping[str, str], presents: bool) -> None:
    """Draw the controls, the board and the shelf; a stroke reruns this alone."""
    from latentlab.ui.transfer import figures

    with guard.errors():
        with st.container(key="transfer_controls", horizontal=True, vertical_alignment="bottom"):
            model = fields.url_select("Frozen network", options, key=MODEL, default=USUAL)
            chosen = fields.url_select("Classes", SETS, key=SET, style="buttons")
            prepared = chosen == "symbols"
            count = fields.url_select(
                "Drawings of each",
                COUNTS,
                key=COUNT,
                default="3",
                style="buttons",
                disabled=not prepared,
            )
        lesson.draw_note()
        learnt: Lesson | None = None
        taught: Mapping[str, Taught] = {}
        key = ""
        why = None
        try:
            learnt = lesson.made(prepared, int(count))
        except InputError as error:
            why = error
        if learnt is not None:
            key = results.key_of(learnt)
            taught = results.taught(model, key, learnt)
        with st.container(key="transfer_answer"):
            st.markdown(widgets.unbroken(_verdict(model, key, learnt, prepared, why)))
        with st.container(key="transfer_board"):
            left, right = st.columns([2, 3], gap="medium")
            with left, st.container(key="transfer_hand"):
                shown = _choose_picture(prepared)
            with right, st.container(key="transfer_answers"):
                answers = {}
                if shown.image is not None:
                    for name, machine in taught.items():
                        answers[name] = machine.answer(shown.image[None])[0]
                ways = results.ways(model)
                scores: dict[str, Mapping[str, float | None]] = {}
                if learnt is not None:
                    scores["Left out, right"] = results.left_out(model, key, learnt)
                    if prepared:
                        scores["New, right"] = results.tested(model, key, lesson.PREPARED, learnt)
                names = lesson.names(prepared)
                st.html(figures.answers(names, ways, answers, scores, shown.image, shown.words))
                _draw_buttons(prepared, shown)
                if names:
                    st.html(figures.shelf(names, learnt, lesson.own(prepared)))
        _draw_classes(prepared)


def _verdict(
    model: str, key: str, learnt: "Lesson | None", prepared: bool, why: LatentLabError | None
) -> str:
    from latentlab.tasks import transfer

    if learnt is None:
        assert why is not None
        return widgets.plain(f"{why.message} {why.hint or ''}")
    if prepared:
        new = results.tested(model, key, lesson.PREPARED, learnt)
        return transfer.lesson_words(new, results.NEW * len(lesson.PREPARED))
    scores = results.left_out(model, key, learnt)
    if any(score is None for score in scores.values()):
        return "Give every class a second drawing: then one can be left out, and classified."
    said = ", ".join(
        f"{title} **{scores[way]:.0f} %**"
        for way, title in (
            ("network", "features"),
            ("random", "random weights"),
            ("pca", "PCA codes"),
            ("pixels", "pixels"),
        )
    )
    return f"Of {len(learnt.labels)} drawings, each left out once, are classified right: {said}."


# --- the picture that is classified -----------------------------------------------------------


def _choose_picture(prepared: bool) -> Shown:
    """Draw the pad or the uploader, and return what is on it; else a new symbol."""
    number = 0
    with st.container(horizontal=True, vertical_alignment="center"):
        source = fields.url_select(
            "Picture", SOURCES, key=SOURCE, style="buttons", label_visibility="collapsed"
        )
        if prepared and st.session_state.get(_DRAWING if source == "draw" else _FILE) is None:
            number = fields.url_seed(
                "Another symbol", key=TRY, help="A new drawing, none of the lesson's"
            )
    with st.container(key="transfer_pad"):
        given = _drawn() if source == "draw" else picture_source.receive(_FILE, "upload", _read)
    if given is not None and given.pixels is not None:
        made = picture_source.prepared(
            given.digest, "mnist", (1, 28, 28), "auto", given.pixels
        ).image
        blank = float(made.max()) <= 0
        if blank:
            st.warning(
                "Nothing stands out in this picture. Draw something, or take one with more"
                " contrast.",
                icon=":material/info:",
            )
        words = "your drawing" if source == "draw" else widgets.plain(given.name)
        return Shown(None if blank else made, True, words)
    if not prepared:
        return Shown(None, False, "")
    pictures, _ = results.symbols(lesson.PREPARED, results.NEW, results.NEW_SEED)
    # One of each symbol, then the next of each.
    classes = len(lesson.PREPARED)
    place = (number % classes) * results.NEW + (number // classes) % results.NEW
    return Shown(pictures[place], False, f"a new {lesson.PREPARED[number % classes]}")


def _drawn() -> Given | None:
    """Draw the pad; return what this session has on it, if anything."""
    number = st.session_state.setdefault(_ROUND, 0)
    place = f"{_PAD}.{number}"

    def take() -> None:
        try:
            file = draw_pad.read_drawing(st.session_state[place].get("drawing"))
        except ImageError as error:
            st.session_state[_DRAWING] = Given("the drawing", "", error=error)
        else:
            st.session_state[_DRAWING] = _read("your drawing", file) if file else None

    kept: Given | None = st.session_state.get(_DRAWING)
    ground, *palette = picture_source.inks("mnist")
    draw_pad.draw_pad(
        key=place,
        ground=ground,
        palette=palette[:1],
        colourful=False,
        brush=_BRUSH,
        drawing=kept.file if kept and kept.pixels is not None else None,
        label="Pad: the arrow keys move the pen, the space bar puts it down and up",
        note="",
        follower=None,
        on_draw=take,
        beside=True,
    )
    if kept is not None and kept.error is not None:
        st.error(widgets.plain(str(kept.error)), icon=":material/info:")
    return kept


def _read(name: str, data: bytes) -> Given:
    """Decode a file, or say why not."""
    from latentlab.pictures import images, uploads

    digest = hashlib.sha256(data).hexdigest()
    try:
        picture = uploads.read_picture(data, name)
    except ImageError as error:
        return Given(name, digest, error=error)
    return Given(name, digest, images.to_uint8(picture), file=data)


# --- what is taught ----------------------------------------------------------------------------


def _draw_buttons(prepared: bool, shown: Shown) -> None:
    """Draw a button a class, which adds the picture to it."""

    def add(name: str) -> None:
        lesson.trying(partial(_add, prepared, name, shown))

    classes = lesson.names(prepared)
    if not classes:
        st.caption("Name two classes below; then draw, and say what it is.")
        return
    st.caption("Draw, and say what it is: that teaches it.")
    with st.container(key="transfer_add", horizontal=True):
        for place, name in enumerate(classes):
            st.button(
                widgets.plain(name),
                key=f"transfer.add.{place}",
                on_click=add,
                args=(name,),
                icon=":material/add:",
                help=f"Teach it that this is {widgets.plain(name)}",
            )


def _add(prepared: bool, name: str, shown: Shown) -> None:
    lesson.add_drawing(prepared, name, shown.image if shown.given else None)
    # Another pad, as what is on one is the browser's.
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_DRAWING] = None


def _draw_classes(prepared: bool) -> None:
    """Draw what adds classes and takes drawings back."""
    added = "transfer.name"

    def add() -> None:
        name = st.session_state[added]
        st.session_state[added] = ""
        if name.strip():
            lesson.trying(lambda: lesson.add_class(prepared, name))

    held = lesson.own(prepared)
    with st.container(key="transfer_classes", horizontal=True, vertical_alignment="bottom"):
        st.text_input("A new class", key=added, on_change=add, placeholder="its name", width=220)
        for place, name in enumerate(lesson.names(prepared)):
            if held.drawings.get(name):
                st.button(
                    f"Last {widgets.plain(name)} back",
                    key=f"transfer.back.{place}",
                    icon=":material/undo:",
                    on_click=lesson.forget,
                    args=(prepared, name),
                )
        if held.names or any(held.drawings.values()):
            st.button(
                "Forget all of mine",
                key="transfer.forget",
                icon=":material/delete:",
                on_click=lesson.forget,
                args=(prepared, None),
            )
    st.caption("What you draw stays here while you visit other pages. A link does not hold it.")
