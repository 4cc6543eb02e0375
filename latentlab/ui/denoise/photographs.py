"""The photographs of the Denoise page: a whole picture restored, and a window of it compared.

The network takes the whole picture, in the background: a photograph of a phone takes seconds, one
of a camera a minute. Filters that take longer by far, and what people want to see pixel by pixel,
have a window of it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeVar

import streamlit as st

from latentlab.errors import BusyError, InputError
from latentlab.ui.denoise import (
    PHOTO_DENOISERS,
    figures,
    photo_code,
    photo_figures,
    photo_source,
    photo_work,
    viewer,
)
from latentlab.ui.denoise.photo_work import Case, Noise
from latentlab.ui.shared import (
    _streamlit,
    cache,
    component,
    fields,
    guard,
    model_choice,
    state,
    waiting,
    widgets,
)

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from latentlab.tasks.photographs import Attempt, Window
    from latentlab.ui.denoise.photo_source import PickedPhoto
    from latentlab.ui.shared.background import Progress

T = TypeVar("T")
Shown = Literal["restored", "removed", "autocorrelation"]

NOISES: dict[str, str] = {"gaussian": "Add noise", "brush": "Paint it", "none": "As it is"}
GAUSSIAN, REAL = "photo_denoiser.gaussian", "photo_denoiser.real"
STRONGEST = 100  # of 255, on the slider
PATIENCE = 1.0  # seconds that a run waits for a small picture before it shows a progress bar

VIEWER = "denoise_photo.viewer"
PLACE = "denoise_photo.place"  # (identity of the picture, middle of the window)
BEGAN = "denoise_photo.began"  # (the case's picture, where the slider of the level began there)
REFUSED = "denoise_photo.refused"  # why what was painted last cannot be used
REVISION = "denoise_photo.revision"  # (identity of the picture, a count of pictures)
STROKES = "denoise_photo.strokes"  # (identity of the picture, what is painted on it)

SHOWN: dict[str, str] = {
    "restored": "What is left",
    "removed": "What was taken away",
    "autocorrelation": "Does that have structure?",
}
ABOUT: dict[Shown, str] = {
    "restored": "The window at full size, by every method.",
    "removed": (
        "Noisy minus restored, the **method noise**, three times as strong around mid grey. If you "
        "can see the picture in it, detail was lost."
    ),
    "autocorrelation": (
        "How much the pixels that were taken away know of one another, for shifts up to 8 pixels: "
        "white is nothing, as for white noise, and only the middle should be orange. Edges and "
        "texture that went with the noise show as streaks."
    ),
}
ORACLE = (
    "Classical methods are set with the clean picture in hand, to the best of a grid: that favours "
    "them. The networks see the noisy picture and the noise level. Seconds are those of one run on "
    "this server, for the window alone."
)
BEYOND = (
    "It never saw noise this strong in training. That it works all the same is due to its form: "
    "without biases, a picture with twice the contrast and twice the noise is to it the same "
    "picture, as long as it is conditioned on the right level."
)
UNKNOWN = (
    "Nobody has the clean picture, so PSNR and SSIM cannot be known. What can be measured is "
    "how much noise is left, and whether what was taken away looks like noise: white noise has "
    "neighbours that know nothing of one another."
)


def draw(row: "DeltaGenerator") -> None:
    """Draw the bench: a photograph, what is wrong with it, and who mends it.

    ``row`` is what stands at the top of the page; the model is chosen there.
    """
    answer = st.empty()
    controls, stage = st.columns([1, 2], gap="medium")
    with controls:
        picked = photo_source.pick_photo("denoise_photo")
        case, zone = _choose_corruption(picked)
    # Cameras' noise is not white: a picture that comes noisy begins with the network for that.
    usual, key = (
        (REAL, "denoise_photo_model_own")
        if case.noise == "none"
        else (GAUSSIAN, "denoise_photo_model")
    )
    with row:
        name = model_choice.choose_checkpoint(
            cache.names_for(PHOTO_DENOISERS), key=key, default=usual
        )
    if zone is not None:
        _mark_training(zone, case.sigma)
    with controls:
        level = _choose_level(case)
        if name in cache.cards():
            st.caption(widgets.plain(cache.cards()[name].summary))
    with stage:
        whole = _view(picked, case, name, level, answer)
    if whole is not None:
        answer.html(_report(case, whole))
    with st.container(key="denoise_photo_windows"), guard.errors():
        _compare(picked, case, name, level)
    if whole is not None:
        _downloads(picked, whole)
    _explain()
    widgets.show_code(photo_code.lines(picked, case, name, level))


# --- controls --------------------------------------------------------------------------------


def _choose_corruption(picked: "PickedPhoto") -> "tuple[Case, DeltaGenerator | None]":
    """Draw what is done to the picture first; return the case, and the place under its slider."""
    own = picked.sample is None
    noise: Noise = fields.url_select(  # type: ignore[assignment]
        "Noise",
        NOISES,
        # What somebody brings is most often noisy already, a sample never is.
        key="denoise_photo_noise_own" if own else "denoise_photo_noise",
        default="none" if own else "gaussian",
        style="buttons",
    )
    if noise == "gaussian":
        level = fields.url_slider(
            "Strength, σ of 255",
            key="denoise_photo_sigma",
            low=0,
            high=STRONGEST,
            default=25,
            step=1,
        )
        zone = st.container()
        seed = fields.url_seed("New noise", key="denoise_photo_seed")
        case = Case(picked.identity, picked.load, "gaussian", sigma=level / 255, seed=seed)
        return case, zone
    if noise == "brush":
        strokes = _of(STROKES, picked.identity, ())
        st.caption(
            "Paint damage on the picture. The network is given a map of where you painted, and "
            "how strong it is there. A link does not hold what you paint."
        )
        refused: InputError | None = st.session_state.pop(REFUSED, None)
        if refused is not None:
            st.error(f"{refused.message} {refused.hint or ''}", icon=":material/info:")
        return Case(picked.identity, picked.load, "brush", strokes=strokes), None
    return Case(picked.identity, picked.load, "none"), None


def _mark_training(zone: "DeltaGenerator", sigma: float) -> None:
    """Draw under the slider how far the networks were trained, and what to expect beyond."""
    from latentlab.models.images import photo_denoiser

    trained = 255 * photo_denoiser.HIGHEST
    with zone:
        st.html(photo_figures.trained_range(STRONGEST, trained))
        if 255 * sigma > trained + 0.5:
            st.caption(BEYOND)


def _choose_level(case: Case) -> float | None:
    """Draw the noise level that the network is conditioned on; None: what is true, or found."""
    key = "denoise_photo_level"
    if not fields.url_toggle(
        "Condition it on another level",
        key="denoise_photo_override",
        help="The network is conditioned on the strength of the noise. Too low a level leaves "
        "noise, too high a level takes detail with it.",
    ):
        return None
    begin = min(round(255 * photo_work.level_at_first(case)), STRONGEST)
    _begin_level(key, f"{case.identity}, {case.noise}", begin)
    level = fields.url_slider(
        "Conditioned on σ",
        key=key,
        low=0,
        high=STRONGEST,
        default=begin,
        step=1,
        help=f"{'Added' if case.noise == 'gaussian' else 'Found'} in this picture: σ {begin}.",
    )
    return level / 255


def _begin_level(key: str, picture: str, begin: int) -> None:
    """Let the slider begin anew on another picture, and follow while nobody has moved it."""
    linked = key in st.query_params and state.address_may_decide(key)
    of, began = st.session_state.get(BEGAN, ("", None))
    if not linked and (of != picture or st.session_state.get(key) == began):
        st.session_state[key] = begin
    st.session_state[BEGAN] = (picture, begin)


def _of(key: str, identity: str, default: T) -> T:
    """What the session holds under ``key`` for this picture; ``default`` if for another."""
    held = st.session_state.get(key)
    return held[1] if held is not None and held[0] == identity else default


# --- the whole picture -----------------------------------------------------------------------


def _view(
    picked: "PickedPhoto",
    case: Case,
    name: str,
    level: float | None,
    answer: "DeltaGenerator",
) -> photo_work.Whole | None:
    """Draw the picture before and after; return it restored once that is done.

    Until then ``answer`` says how far it is.
    """

    def ask() -> "Progress[photo_work.Whole]":
        return photo_work.whole(case, name, level, owner=_streamlit.session_id())

    before = photo_work.before(case)
    try:
        whole = _at_once(ask).result
    except BusyError:  # what waits below says so, and asks again
        whole = None
    paints = case.noise == "brush"
    strokes, window = _of(STROKES, picked.identity, ()), _window(picked)
    viewer.photo_viewer(
        key=VIEWER,
        size=picked.size,
        clean=_layer(photo_work.clean(case), "clean", "Clean") if paints else None,
        before=_layer(before, "before", "Before" if case.noise == "none" else "Noisy"),
        after=_layer(whole.file, "after", "Restored") if whole else None,
        window=(window.left, window.top, window.width, window.height),
        brush=_brush() if paints else None,
        strokes=strokes,
        revision=_revision(picked.identity),
        label=f"{picked.title}, before and after",
        on_place=lambda: _place(picked),
        on_paint=lambda: _paint(picked),
    )
    if whole is None:
        with answer.container():
            _wait(ask)
    return whole


def _brush() -> viewer.Brush:
    from latentlab.noise import painting

    return viewer.Brush({name: kind.label for name, kind in painting.KINDS.items()})


def _layer(file: bytes, name: str, label: str) -> viewer.Layer:
    kind = "image/png" if file.startswith(b"\x89PNG") else "image/jpeg"
    return viewer.Layer(component.publish(file, kind, f"photo.{name}"), label)


def _at_once(ask: "Callable[[], Progress[T]]") -> "Progress[T]":
    """Ask until it is done, or for `PATIENCE` seconds; small pictures need no progress bar."""
    end = time.monotonic() + PATIENCE
    progress = ask()
    while not progress.done and not progress.ahead and time.monotonic() < end:
        time.sleep(0.03)
        progress = ask()
    return progress


def _wait(ask: "Callable[[], Progress[photo_work.Whole]]") -> None:
    """Show how far the work is and how long it will take; rerun the page when it is there."""

    def unfinished() -> "Progress[photo_work.Whole] | None":
        progress = ask()
        return None if progress.done else progress

    waiting.wait_for(
        unfinished,
        lambda progress: st.progress(progress.share, photo_figures.waiting(progress)),
        every=0.5,
    )


def _revision(identity: str) -> int:
    """A number that changes with the picture, so that the viewer forgets the strokes on another."""
    of, revision = st.session_state.get(REVISION, ("", 0))
    if of != identity:
        revision += 1
        st.session_state[REVISION] = (identity, revision)
    return int(revision)


def _place(picked: "PickedPhoto") -> None:
    """Take where the visitor wants the window."""
    try:
        place = viewer.read_place(st.session_state[VIEWER].get("place"), picked.size)
    except InputError:
        return  # the window stays where it is
    if place is not None:
        st.session_state[PLACE] = (picked.identity, place)


def _paint(picked: "PickedPhoto") -> None:
    """Take what the visitor has painted."""
    from latentlab.noise import painting

    try:
        strokes = viewer.read_strokes(st.session_state[VIEWER].get("strokes"), painting.KINDS)
    except InputError as error:
        st.session_state[REFUSED] = error
    else:
        st.session_state[STROKES] = (picked.identity, strokes)


def _window(picked: "PickedPhoto") -> "Window":
    from latentlab.tasks import photographs

    width, height = picked.size
    middle = _of(PLACE, picked.identity, (width // 2, height // 2))
    return photographs.window_at(picked.size, middle)


def _report(case: Case, whole: photo_work.Whole) -> str:
    """Return a sentence, as HTML, on what restoring the whole picture did."""
    if case.noise == "brush" and not case.strokes:
        return "<p class='verdict'>Nothing is painted yet: drag on the picture.</p>"
    if whole.psnr is None:
        return photo_figures.levels(whole.before, whole.after)
    return photo_figures.gain(*whole.psnr)


# --- the window ------------------------------------------------------------------------------


def _compare(picked: "PickedPhoto", case: Case, name: str, level: float | None) -> None:
    """Draw what every method makes of the window, as far as they are."""
    from latentlab.baselines import bm3d

    window = _window(picked)
    st.subheader("The same window by every method", anchor=False)
    with_bm3d = fields.url_toggle(
        "With BM3D, the strongest classical method",
        key="denoise_photo_bm3d",
        help="It takes about ten seconds for this window, and minutes for a whole picture. The "
        'package is optional: `pip install -e ".[bm3d]"`',
        disabled=not bm3d.bm3d_available(),
    )
    shown: Shown = fields.url_select(  # type: ignore[assignment]
        "Show", SHOWN, key="denoise_photo_show", style="buttons", label_visibility="collapsed"
    )
    methods = photo_work.methods(name, bm3d=with_bm3d and bm3d.bm3d_available())

    def ask() -> "dict[str, Progress[Attempt]]":
        return {
            method: photo_work.attempt(case, window, method, level, owner=_streamlit.session_id())
            for method in methods
        }

    def unfinished() -> "dict[str, Progress[Attempt]] | None":
        found = ask()
        return None if all(progress.done for progress in found.values()) else found

    found = ask()
    if all(progress.done for progress in found.values()):
        _show(_results(found), shown)
    else:
        waiting.wait_for(unfinished, _draw_finished, every=1.0)


def _results(found: "Mapping[str, Progress[Attempt]]") -> "list[Attempt]":
    return [progress.result for progress in found.values() if progress.result is not None]


def _draw_finished(found: "Mapping[str, Progress[Attempt]]") -> None:
    """Draw the scores of the methods that have finished, and how many there are."""
    done = _results(found)
    st.progress(len(done) / len(found), f"{len(done)} of {len(found)} methods have finished")
    if done:
        _table(done, finished=False)


def _show(attempts: "Sequence[Attempt]", shown: Shown) -> None:
    """Draw the winner, the pictures and the scores."""
    from latentlab.pictures import images

    known = photo_figures.known(attempts)
    if known:
        st.html(figures.verdict(known))
    st.caption(ABOUT[shown])
    addresses, captions = {}, {}
    for each in attempts:
        if shown == "restored" or each.noise is None:
            file = images.to_png(each.picture)
            compared = shown == "restored" or each.side != "none"
            captions[each.name] = photo_figures.score(each) if compared else "nothing taken away"
        elif shown == "removed":
            file = images.to_png(photo_figures.removed_picture(each.noise))
            captions[each.name] = f"σ {255 * each.noise.deviation:.1f} taken away"
        else:
            file = images.to_png(photo_figures.autocorrelation_picture(each.noise))
            value = photo_figures.neighbours(each.noise)
            captions[each.name] = f"neighbours: {value:+.2f}"
        address = component.publish(file, "image/png", f"photo.window.{each.name}")
        addresses[each.name] = component.in_page(address)
    best = photo_figures.winners(attempts) if shown == "restored" else frozenset()
    st.html(photo_figures.gallery(attempts, addresses, captions, best))
    _table(attempts)


def _table(attempts: "Sequence[Attempt]", *, finished: bool = True) -> None:
    """Draw the scores; without a clean picture those that need none.

    The best of each is marked once all are ``finished``.
    """
    known = all(each.psnr is not None for each in attempts)
    measures = [
        widgets.Measure("time", "s", digits=2),
        widgets.Measure("noise left, σ" if known else "left in flat places, σ", digits=1),
    ]
    if known:
        better = True if finished else None
        measures = [
            widgets.Measure("PSNR", "dB", higher_is_better=better, digits=2),
            widgets.Measure("SSIM", higher_is_better=better, digits=3),
            *measures,
        ]
    rows = {}
    for each in attempts:
        seconds = None if each.side == "none" else each.seconds
        row = [seconds, 255 * each.left]
        rows[f"{each.label}, {each.setting}" if each.setting else each.label] = (
            [each.psnr, each.ssim, *row] if known else row
        )
    widgets.score_table(measures, rows, caption=ORACLE if known else UNKNOWN)


def _downloads(picked: "PickedPhoto", whole: photo_work.Whole) -> None:
    """Offer the restored picture in the format in which it came, with all that came with it."""
    suffix, mime = photo_work.format_of(picked.title, picked.load())
    widgets.download(
        "Restored picture",
        lambda: photo_work.download(picked.load(), whole, suffix),
        f"{PurePath(picked.title).stem or 'photograph'}-restored{suffix}",
        mime,
    )


def _explain() -> None:
    widgets.explainer(
        "This **photo denoiser** is a convolutional denoising autoencoder with skips: it sees the "
        "picture at three scales, with no bottleneck that all must pass, and predicts the noise, "
        "which is then taken away. It is conditioned on a map of the noise level beside the "
        "picture, so one network serves all strengths; of a picture that comes noisy the map holds "
        "what is found in its flattest places. It has learnt from 433 photographs what "
        "neighbouring pixels have in common, and from nothing else; what it cannot tell from "
        "noise, fine grass or fabric, goes with it.\n\n"
        "**Classical filters** average pixels that are near (Gaussian, median), alike (non-local "
        "means, BM3D), or part of smooth regions (total variation, wavelets). The **digit "
        "autoencoder** among them is the one of the small pictures, applied to squares of 28 "
        "pixels: it has only ever seen digits, and that is what it sees here.\n\n"
        "A denoiser should take away noise and nothing else. So look at what it took away.",
        formula=(
            r"y = x + \sigma n, \quad n \sim \mathcal N(0, I), \qquad "
            r"\hat x = y - R_\theta(y, \sigma)",
            r"\text{method noise: } y - \hat x",
        ),
        paper=(
            "[Zhang, Zuo & Zhang (2018), FFDNet: Toward a Fast and Flexible Solution for CNN-Based "
            "Image Denoising](https://doi.org/10.1109/TIP.2018.2839891)",
            "[Buades, Coll & Morel (2005), A Non-Local Algorithm for Image Denoising]"
            "(https://doi.org/10.1109/CVPR.2005.38)",
            "[Dabov, Foi, Katkovnik & Egiazarian (2007), Image Denoising by Sparse 3-D "
            "Transform-Domain Collaborative Filtering](https://doi.org/10.1109/TIP.2007.901238)",
        ),
    )
