"""Where a page's picture comes from: a shipped sample, an upload, the camera or a drawing.

    picked = sources.pick_image("denoise_pic", "mnist", (1, 28, 28))
    picked.image      # float32 [1,28,28] in [0,1], as the model wants it

The address holds the sample's number and where the picture comes from. A picture that somebody
gave stays with the session, also over page switches, but no link can hold it: whoever opens the
link sees the sample until they give one of their own.
"""

import base64
import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from latentlab.errors import ImageError, InputError, LatentLabError, ShapeError
from latentlab.ui.shared import _streamlit, cache, crop_box, draw_pad, fields, state, widgets
from latentlab.ui.shared.crop_box import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from streamlit.delta_generator import DeltaGenerator
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.pictures.doubts import Doubt
    from latentlab.pictures.preparation import Invert, Prepared, Step

STYLE = Path(__file__).with_suffix(".css")  # a page that picks pictures draws it

Mode = Literal["sample", "upload", "camera", "draw"]

_MODES: dict[Mode, str] = {
    "sample": "Sample",
    "upload": "Upload",
    "camera": "Camera",
    "draw": "Draw",
}
_THUMBNAIL = 48  # pixels; what is larger in the gallery only costs transfer
FRAMED = (
    "This page is shown inside another site, and browsers then keep the server from trusting an "
    "upload. Open it in a tab of its own."
)
_GALLERY = 10  # pictures to choose from at a time, about
INKS = 13  # of a pad, with its ground
_BRUSH = 0.07  # of a pad's side: two pixels of 28, as wide as the strokes of MNIST


@dataclass(frozen=True)
class Picked:
    """A picture, ready for a model."""

    image: "Tensor"  # float32 [C,H,W] in [0,1]
    steps: "tuple[Step, ...]"  # how an upload was prepared; empty for a sample
    label: str | None  # class of a sample; nobody knows that of an upload
    description: str  # what it is, for people; may hold a file name: `widgets.plain` it
    identity: str  # equal for equal pictures: the key of a cache
    sample: int | None = None  # its place among the shipped samples
    # Of an upload, as it is read: the rows and columns that were chosen; None = all of it.
    part: tuple[slice, slice] | None = None
    invert: "Invert" = "auto"  # how its brightness was read


@dataclass(frozen=True)
class Given:
    """What somebody uploaded, photographed or drew; or the reason why it cannot be used."""

    name: str
    digest: str
    pixels: "NDArray[np.uint8] | None" = None  # [H,W,3]; None where the file is kept instead
    error: LatentLabError | None = None
    file: bytes = b""  # of a drawing, which goes on where it was left; of a photograph
    box: Box | None = None  # which part of the pixels is meant; None = all


def pick_image(
    key: str,
    dataset: str,
    image_shape: tuple[int, int, int],
    *,
    modes: Sequence[Mode] = ("sample", "upload", "camera", "draw"),
    steps_in: "DeltaGenerator | None" = None,
    follower: Callable[[], draw_pad.Follower | draw_pad.Listener | None] = lambda: None,
) -> Picked:
    """Draw the choice of a picture and return it, prepared as the data set's pictures were.

    Args:
        key: address parameter that holds the sample's number in the official test split; unique
            over the app. ``{key}_from`` holds the mode.
        dataset: whose samples are offered, and whose look an upload is given.
        image_shape: (C,H,W) of the model.
        modes: the sources offered, the first one at first.
        steps_in: container for the steps of a preparation, where there is more room for them;
            None draws them in place.
        follower: gives a model that follows the pen, if there is one; called while a pad is drawn.

    Raises:
        UnknownNameError, DataError: the data set's samples cannot be had.
        ShapeError, UnsupportedError: the model's input is not what the data set holds.
    """
    st.html(STYLE)
    mode = modes[0]
    if len(modes) > 1:
        mode = fields.url_select(  # type: ignore[assignment]
            "Picture",
            {name: _MODES[name] for name in modes},
            key=f"{key}_from",
            style="buttons",
            label_visibility="collapsed",
        )
    samples = cache.samples(dataset)
    index = _sample_index(key, samples)
    if mode == "sample":
        index = _gallery(key, dataset, samples, index)
    _publish_sample(key, samples, index)
    if mode != "sample":
        given = (
            _drawn(key, dataset, follower())
            if mode == "draw"
            else receive(f"{key}.{mode}", mode, _read)
        )
        if given is not None and given.pixels is not None:
            if mode != "draw":
                say_if_kept(f"{key}.{mode}", given)
                _choose_part(f"{key}.{mode}", dataset, image_shape, given)
            hints = st.container()
            with steps_in or st.container():
                return _prepared(key, dataset, image_shape, given, hints)
        if given is None:
            st.caption("Until then you see the sample.")
    return _sample(dataset, samples, index, image_shape)


@st.cache_resource(max_entries=16, show_spinner=False)
def inks(dataset: str) -> list[str]:
    """Colours to draw a picture of a data set with, the ground first, then from light to dark."""
    from latentlab.ui.shared import draw_pad

    pictures = cache.samples(dataset).images
    if pictures.shape[1] == 1:
        return ["#000000", "#ffffff", "#aaaaaa", "#555555"]
    ground, *inks = draw_pad.common_colours(pictures[:300], INKS)
    return [ground, *sorted(inks, key=lambda ink: -sum(bytes.fromhex(ink[1:])))]


@st.cache_resource(max_entries=32, show_spinner=False)
def prepared(
    digest: str,
    dataset: str,
    image_shape: tuple[int, int, int],
    invert: "Invert",
    _pixels: "NDArray[np.uint8]",
) -> "Prepared":
    """An upload [H,W,3], known by ``digest``, prepared as the data set's pictures are.

    Raises:
        ShapeError: the model's input is not what the data set holds.
    """
    from latentlab.data import datasets
    from latentlab.pictures import images, preparation

    picture = images.from_uint8(_pixels)
    return preparation.prepare(picture, image_shape, datasets.get(dataset).convention, invert)


@st.cache_resource(max_entries=32, show_spinner=False)
def doubted(
    digest: str,
    dataset: str,
    image_shape: tuple[int, int, int],
    invert: "Invert",
    _pixels: "NDArray[np.uint8]",
    _prepared: "Prepared",
) -> "tuple[Doubt, ...]":
    """What may be wrong with an upload; arguments as of ``prepared``, and what that returned."""
    from latentlab.data import datasets
    from latentlab.pictures import doubts, images

    samples = cache.samples(dataset).tensor(slice(0, 100))
    convention = datasets.get(dataset).convention
    return doubts.doubts(images.from_uint8(_pixels), _prepared, convention, samples)


# --- samples ---------------------------------------------------------------------------------


def _sample_index(key: str, samples: "Images") -> int:
    """Which sample is chosen, after the address has had its say; the first one by default."""
    places = {int(number): place for place, number in enumerate(samples.ids)}

    def parse(text: str) -> int:
        # isdecimal would let other scripts' digits through.
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) in places):
            raise ValueError(text)
        return int(text)

    chosen = state.url_value(key, "Picture", parse, int(samples.ids[0]))
    if chosen not in places:  # another data set
        st.session_state[key] = int(samples.ids[0])
    return places[st.session_state[key]]


def _publish_sample(key: str, samples: "Images", index: int) -> None:
    state.publish(key, str(samples.ids[index]) if index else None)


def _gallery(key: str, dataset: str, samples: "Images", index: int) -> int:
    """Draw about ten samples, the same number of each class, and return the chosen one.

    Which ones follows from the chosen one alone, so that a link shows the same gallery: with the
    p-th picture of its class stand the p-th of the others.
    """
    import numpy as np

    classes = [np.flatnonzero(samples.labels == k) for k in np.unique(samples.labels)]
    each = max(1, _GALLERY // len(classes))
    own = next(members for members in classes if index in members)
    rank = int(np.flatnonzero(own == index)[0])

    def row(page: int) -> list[int]:
        return [
            int(members[(page * each + j) % len(members)])
            for members in classes
            for j in range(each)
        ]

    def turn() -> None:
        st.session_state[key] = int(samples.ids[own[(rank + each) % len(own)]])

    shown = sorted({*row(rank // each), index}, key=lambda place: (samples.labels[place], place))
    labels = {int(samples.ids[place]): _picture_label(dataset, place) for place in shown}
    with st.container(key=f"gallery_{key}", horizontal=True, vertical_alignment="center"):
        st.pills(
            "Sample",
            list(labels),
            format_func=lambda number: labels.get(number, str(number)),
            key=key,
            required=True,
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        st.button(
            "Others",
            key=f"{key}.others",
            on_click=turn,
            icon=":material/shuffle:",
            help="Another sample of each class",
        )
    places = {int(samples.ids[place]): place for place in shown}
    return places[st.session_state[key]]


# Not among the app's other caches: ten of these are drawn in every run of a page, and looking one
# up there takes as long as making it.
@functools.lru_cache(maxsize=4096)
def _picture_label(dataset: str, place: int) -> str:
    """The sample as a label: markdown of a small picture, for a button."""
    from latentlab.pictures import images

    samples = cache.samples(dataset)
    x = samples.tensor(slice(place, place + 1))[0]
    if x.shape[1] > _THUMBNAIL:
        x = images.resize(x, (_THUMBNAIL, _THUMBNAIL))
    data = base64.b64encode(images.to_png(x)).decode()
    return f"![{_describe(dataset, samples, place)}](data:image/png;base64,{data})"


def _describe(dataset: str, samples: "Images", place: int) -> str:
    from latentlab.data import datasets

    of = datasets.get(dataset)
    name = of.class_names[samples.labels[place]]
    return f"{of.title}, {of.label_title} {name}, test picture {samples.ids[place]}"


def _sample(
    dataset: str, samples: "Images", place: int, image_shape: tuple[int, int, int]
) -> Picked:
    from latentlab.data import datasets

    of = datasets.get(dataset)
    if of.image_shape != image_shape:
        raise ShapeError(f"A picture of {of.title} for this model", image_shape, of.image_shape)
    return Picked(
        image=samples.tensor(slice(place, place + 1))[0],
        steps=(),
        label=of.class_names[samples.labels[place]],
        description=_describe(dataset, samples, place),
        identity=f"sample:{dataset}:{samples.ids[place]}",
        sample=place,
    )


# --- uploads and camera ----------------------------------------------------------------------


def receive(key: str, mode: Mode, read: Callable[[str, bytes], Given]) -> Given | None:
    """Draw the uploader or the camera; return what this session was last given, if anything.

    The widgets forget their file when their page is left, so what they gave is kept beside them,
    as ``read`` made it of its name and its bytes when it arrived.
    """
    from latentlab.pictures import uploads

    def take() -> None:
        file = st.session_state[f"{key}.file"]
        st.session_state[key] = None if file is None else read(file.name, file.getvalue())

    if mode == "upload":
        st.file_uploader(
            "Picture to use",
            type=None,  # .jfif, .jpe or nothing: what a file is, `uploads` finds in its content
            max_upload_size=uploads.MAX_BYTES >> 20,
            key=f"{key}.file",
            on_change=take,
            label_visibility="collapsed",
        )
    else:
        st.camera_input(
            "Picture to use", key=f"{key}.file", on_change=take, label_visibility="collapsed"
        )
    if _streamlit.refuses_uploads():
        st.warning(FRAMED, icon=":material/open_in_new:")
    return _kept(key)


def say_if_kept(key: str, given: Given) -> None:
    """Say what is still used where the widget, which had been left, has forgotten its file."""
    if st.session_state.get(f"{key}.file") is None:
        st.caption(f"Still using {widgets.plain(given.name)}.")


def _kept(key: str) -> Given | None:
    """Return what this session was last given, after a sentence on what was wrong with it."""
    given: Given | None = st.session_state.get(key)
    if given is not None and given.error is not None:
        hint = f" {given.error.hint}" if given.error.hint else ""
        st.error(widgets.plain(given.error.message + hint), icon=":material/info:")
    return given


def _drawn(
    key: str, dataset: str, follower: draw_pad.Follower | draw_pad.Listener | None
) -> Given | None:
    """Draw the pad; return what this session has on it, if anything. One pad per data set."""
    place = f"{key}.draw.{dataset}"

    def take() -> None:
        try:
            file = draw_pad.read_drawing(st.session_state[f"{place}.pad"].get("drawing"))
        except ImageError as error:
            st.session_state[place] = Given("the drawing", "", error=error)
        else:
            given = _read("your drawing", file) if file else None
            st.session_state[place] = given and replace(given, file=file)

    kept: Given | None = st.session_state.get(place)
    ground, *palette = inks(dataset)
    draw_pad.draw_pad(
        key=f"{place}.pad",
        ground=ground,
        palette=palette,
        colourful=cache.samples(dataset).images.shape[1] == 3,
        brush=_BRUSH,
        drawing=kept.file if kept and kept.pixels is not None else None,
        label="Pad: the arrow keys move the pen, the space bar puts it down and up",
        follower=None if st.session_state.get(f"{key}.invert") == "yes" else follower,
        note="The drawing stays here while you visit other pages. A link does not hold it.",
        on_draw=take,
    )
    return _kept(place)


def _read(name: str, data: bytes) -> Given:
    """Decode a file, or say why not."""
    from latentlab.pictures import images, uploads

    digest = hashlib.sha256(data).hexdigest()
    try:
        picture = uploads.read_picture(data, name)
    except ImageError as error:
        return Given(name, digest, error=error)
    return Given(name, digest, images.to_uint8(picture))  # a quarter of the float picture


def _choose_part(place: str, dataset: str, image_shape: tuple[int, int, int], given: Given) -> None:
    """Draw the box that says which part of an upload is meant, where it is larger than needed."""
    from latentlab.data import datasets

    assert given.pixels is not None  # the caller has looked
    height, width = given.pixels.shape[:2]
    if height <= image_shape[1] and width <= image_shape[2]:
        return
    square = datasets.get(dataset).convention.centring == "square"
    ratio = image_shape[2] / image_shape[1] if square else None
    of = f"{given.digest}:{ratio}"

    def take() -> None:
        held: Given | None = st.session_state.get(place)
        try:
            box = crop_box.read_box(st.session_state[f"{place}.crop"].get("box"), of)
        except InputError:
            return  # it stays where it is
        if held is not None and held.digest == given.digest:
            st.session_state[place] = replace(held, box=box)

    crop_box.crop_box(
        key=f"{place}.crop",
        pixels=given.pixels,
        of=of,
        box=given.box,
        ratio=ratio,
        label="Your picture",
        note="Draw a box around what is meant.",
        on_crop=take,
    )


def _prepared(
    key: str,
    dataset: str,
    image_shape: tuple[int, int, int],
    given: Given,
    hints: "DeltaGenerator",
) -> Picked:
    """Prepare what was given, and draw every step of that, with the choice of polarity.

    What may be wrong with it is drawn in ``hints``.
    """
    from latentlab.data import datasets
    from latentlab.pictures import images

    convention = datasets.get(dataset).convention
    assert given.pixels is not None  # the caller has looked
    pixels, digest, part = given.pixels, given.digest, None
    if given.box is not None:
        part = given.box.slices(*pixels.shape[:2])
        pixels, digest = pixels[part], f"{digest}:{given.box}"
    expander = st.expander("What the model sees, step by step", icon=":material/conversion_path:")
    with expander:
        invert: Invert = "auto"
        if convention.polarity == "light_on_dark":
            choices: dict[Invert, str] = {"auto": "Automatic", "no": "As it is", "yes": "Negative"}
            invert = st.segmented_control(
                "Brightness (the model knows light on dark)",
                list(choices),
                format_func=lambda name: choices[name],
                key=f"{key}.invert",
                default="auto",
                required=True,
                persist_state="session",
            )
        made = prepared(digest, dataset, image_shape, invert, pixels)
        with st.container(key=f"steps_{key}", horizontal=True):
            for number, step in enumerate(made.steps, start=1):
                said = step.explanation
                if number == 1 and part is not None:
                    said = f"What the box holds, {pixels.shape[1]} × {pixels.shape[0]} pixels."
                with st.container(width=150):
                    widgets.picture(
                        images.to_uint8(step.image),
                        alt=f"step {number}: {step.name}",
                        caption=f"**{number} {step.name}.** {widgets.plain(said)}",
                        width=140,
                    )
    if made.image.min() == made.image.max():
        hints.warning(
            "Nothing stands out in this picture, so the model sees an empty one. Take one with a "
            "plain ground and more contrast.",
            icon=":material/info:",
        )
    drawn = bool(given.file)
    for doubt in doubted(digest, dataset, image_shape, invert, pixels, made):
        if not drawn:
            hints.warning(f"{doubt.what} {doubt.remedy}", icon=":material/info:")
        elif doubt.name == "several":
            hints.warning(f"{doubt.what} Take the others back.", icon=":material/info:")
    return Picked(
        image=made.image,
        steps=made.steps,
        label=None,
        description=given.name,
        identity=f"given:{digest}:{dataset}:{image_shape}:{invert}",
        part=part,
        invert=invert,
    )
