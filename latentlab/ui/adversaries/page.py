"""The Adversaries page: two networks fight in the visitor's own browser."""

import hashlib
import json

import streamlit as st

from latentlab.adversaries import meter
from latentlab.adversaries.losses import losses
from latentlab.adversaries.settings import Settings
from latentlab.tasks import adversaries as task
from latentlab.ui.adversaries import binding, explanations, results
from latentlab.ui.shared import fields, state, widgets
from latentlab.ui.shared.entry import View

KEY = "adversaries.live"
LOSSES, BRANCHES, MOVES = "adversaries_losses", "adversaries_branches", "adversaries_moves"
TARGET, DRAWING, SETUP = "adversaries_target", "adversaries_drawing", "adversaries.setup"

TARGETS = {
    "ring": "Ring of 8",
    "grid": "Grid of 25",
    "moons": "Two moons",
    "spiral": "Spiral",
    "gaussian": "One Gaussian",
    "point": "One point",
    "drawn": "Draw one",
}
RATES = {text: text for text in ("0.0001", "0.0005", "0.001", "0.002", "0.005", "0.01", "0.02")}
WIDTHS = {text: text for text in ("8", "16", "32", "64", "128")}
PENALTIES = {
    "usual": "as usual",
    **{text: text for text in ("0", "0.01", "0.02", "0.05", "0.1", "0.5", "1", "5", "10")},
}
LENGTHS = {"0": "never", **{str(n): f"by step {n:,}" for n in (2000, 4000, 8000, 16000)}}


def draw(view: View) -> None:
    """Draw the page."""
    with st.container(key="adversaries_choices", horizontal=True, vertical_alignment="bottom"):
        with st.container(width=190):
            name = fields.url_select("Distribution", TARGETS, key=TARGET)
        with st.container(width="stretch"):
            chosen = fields.url_choices(
                "Losses, side by side from the same start",
                {name: losses.get(name).title for name in losses},
                key=LOSSES,
                default=("non_saturating", "relativistic"),
            )
    live = st.container(key="adversaries_live")
    drawing = state.url_value(DRAWING, "Drawing", _checked_drawing, "")
    state.publish(DRAWING, drawing if name == "drawn" and drawing else None)
    settings = _settings()
    if not chosen:
        st.info("Choose a loss: without one, nothing is learnt.", icon=":material/info:")
        return
    chosen = chosen[: task.MAX_ARENAS]
    target = results.target(name, drawing)
    told = task.told_settings(settings)
    signature = json.dumps([name, drawing, told, chosen])
    setup = hashlib.sha256(signature.encode()).hexdigest()[:16]
    if st.session_state.get(SETUP) not in (None, setup):  # what was played belongs to another run
        st.session_state[MOVES] = st.session_state[BRANCHES] = ""
    st.session_state[SETUP] = setup
    moves = state.url_value(MOVES, "Moves", _checked_moves, "")
    branches = state.url_value(BRANCHES, "Branches", _checked_branches, "")
    arenas: list[task.Schedule] = [((0, loss),) for loss in chosen]
    arenas += task.read_arenas(branches) if branches else []
    state.publish(MOVES, moves or None)
    state.publish(BRANCHES, branches or None)
    with live:
        binding.duel(
            key=KEY,
            target=task.told_target(target),
            settings=told,
            arenas=arenas[: task.MAX_ARENAS],
            chosen=len(chosen),
            moves=task.read_moves(moves),
            titles={name: losses.get(name).title for name in losses},
            scale=results.scale(name, drawing),
            points=meter.POINTS,
            draws=name == "drawn",
            setup=setup,
            on_report=lambda: _follow(len(chosen)),
        )
    widgets.explainer(
        explanations.idea(name), formula=explanations.FORMULA, paper=explanations.PAPERS
    )
    played = task.read_moves(st.session_state[MOVES])
    widgets.show_code(explanations.code(name, drawing, settings, arenas[-1], played))


def _settings() -> Settings:
    """Draw all settings of the networks and of how they learn, and return them."""
    with (
        st.expander("Networks and learning", icon=":material/tune:", key="adversaries_settings"),
        st.container(horizontal=True, vertical_alignment="bottom", gap="medium"),
    ):
        seed = fields.url_seed("Another start", key="adversaries_seed")
        rates = [
            fields.url_select(
                f"Learning rate, {who}", RATES, key=f"adversaries_rate_{who[0]}", default="0.002"
            )
            for who in ("generator", "discriminator")
        ]
        falls = fields.url_select(
            "Rates fall to nothing", LENGTHS, key="adversaries_length", default="8000"
        )
        turns = fields.url_slider(
            "Discriminator’s steps a step", key="adversaries_turns", low=1, high=10, default=1
        )
        widths = [
            fields.url_select(
                f"Width, {who}", WIDTHS, key=f"adversaries_width_{who[0]}", default="64"
            )
            for who in ("generator", "discriminator")
        ]
        depths = [
            fields.url_slider(
                f"Hidden layers, {who}", key=f"adversaries_depth_{who[0]}", low=0, high=3, default=2
            )
            for who in ("generator", "discriminator")
        ]
        noise = fields.url_select(
            "Noise",
            {"normal": "normal", "uniform": "uniform", "none": "none: a single point"},
            key="adversaries_noise",
        )
        size = fields.url_slider(
            "Numbers of noise", key="adversaries_size", low=1, high=16, default=2
        )
        penalty = fields.url_select(
            "Weight of the gradient penalty",
            PENALTIES,
            key="adversaries_penalty",
            help="Only the Wasserstein and the relativistic loss here have a penalty.",
        )
        spectral = fields.url_toggle(
            "Spectral norm",
            key="adversaries_spectral",
            help="Divides every weight of the discriminator by its largest singular value"
            " (Miyato et al. 2018).",
        )
    return Settings(
        seed=seed,
        noise=noise,  # type: ignore[arg-type]
        noise_size=size,
        width=(int(widths[0]), int(widths[1])),
        depth=(depths[0], depths[1]),
        rate=(float(rates[0]), float(rates[1])),
        turns=turns,
        penalty=None if penalty == "usual" else float(penalty),
        spectral=spectral,
        length=int(falls),
    )


def _follow(chosen: int) -> None:
    """Hold in the address what a browser has played; what is no report changes nothing."""
    try:
        report = binding.read_report(st.session_state[KEY].get("report"))
    except ValueError:
        return
    if report.drawing is not None:
        st.session_state[DRAWING] = report.drawing
        return
    if report.setup != st.session_state.get(SETUP):
        return  # of a run that is no longer shown
    st.session_state[MOVES] = report.moves
    branches = report.arenas[chosen:]
    st.session_state[BRANCHES] = task.write_arenas(branches) if branches else ""


def _checked_moves(text: str) -> str:
    task.read_moves(text)
    return text


def _checked_branches(text: str) -> str:
    return task.write_arenas(task.read_arenas(text)) if text else ""


def _checked_drawing(text: str) -> str:
    if text:
        task.read_drawing(text)
    return text
