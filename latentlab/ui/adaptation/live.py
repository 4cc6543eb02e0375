"""“λ under the finger”: two moons and the same turned, trained in the visitor's own browser."""

import hashlib
import json

import streamlit as st

from latentlab.adaptation.settings import METHODS, Plane
from latentlab.tasks import adaptation as task
from latentlab.ui.adaptation import binding
from latentlab.ui.shared import fields, state, widgets
from latentlab.ui.shared.entry import View

KEY = "adaptation.live"
MOVES, SETUP = "adaptation_moves", "adaptation.setup"
CHOICES = {"dann": "DANN", "mmd": "MMD"}

IDEA = """
Dots are the **source**, two moons with labels; rings are the **target**, the same moons turned,
whose labels no network is told. A small network makes two **features** of every point; one
classifier reads the class from them, another the domain. The gradient of the latter is *reversed*
on its way into the features and multiplied by **λ**: features that tell the domains apart are
unlearnt. With **MMD** there is no second network; the distance between the two clouds of features
is made small instead, with weight λ.

On the left the points, on the right their features; the ground shows which class the network takes
a place for. Both networks start alike and see the same points; the left one has no λ.

**Aligned is not right.** Nothing tells the features which moon of the target belongs on which moon
of the source. Turn the moons far, take another start, or let one moon of the target be rare: the
clouds lie on each other, no classifier tells them apart, and the classes are wrong.

The error of telling domains apart is that of 15 nearest neighbours among half of the features,
asked about the other half; 50 % is guessing. Nothing is random about a run but its seed.
"""
FORMULA = (
    r"\theta_f \leftarrow \theta_f - \eta\,\Bigl(\frac{\partial\mathcal{L}_y}{\partial\theta_f}"
    r" - \lambda\,\frac{\partial\mathcal{L}_d}{\partial\theta_f}\Bigr)",
)
PAPERS = (
    "[Ganin et al. (2016), Domain-adversarial training of neural networks, eq. 13-15]"
    "(https://arxiv.org/abs/1505.07818)",
    "[Zhao et al. (2019), On learning invariant representations for domain adaptation]"
    "(https://arxiv.org/abs/1901.09453)",
)


def draw(view: View) -> None:
    """Draw the section."""
    with st.container(key="adaptation_controls", horizontal=True, vertical_alignment="bottom"):
        with st.container(width="content"):
            method = fields.url_select(
                "Aligned by", CHOICES, key="adaptation_method", style="buttons"
            )
        with st.container(width="stretch"):
            angle = fields.url_slider(
                "Target turned by, degrees", key="adaptation_angle", low=0, high=180, default=35
            )
        with st.container(width="stretch"):
            share = fields.url_slider(
                "Upper moon, % of the target",
                key="adaptation_share",
                low=5,
                high=95,
                default=50,
                step=5,
                help="Of the source it is always half.",
            )
        seed = fields.url_seed("Another start", key="adaptation_seed")
    plane = Plane(angle=float(angle), share=share / 100, seed=seed)
    told = task.told_settings(plane)
    signature = json.dumps([method, task.told_target(plane), told])
    setup = hashlib.sha256(signature.encode()).hexdigest()[:16]
    st.session_state[SETUP] = setup
    moves = state.url_value(MOVES, "Moves", _checked_moves, "")
    state.publish(MOVES, moves or None)
    with st.container(key="adaptation_live"):
        binding.alignment(
            key=KEY,
            target=task.told_target(plane),
            settings=told,
            method=method,
            moves=task.read_moves(moves),
            titles=task.titles(),
            setup=setup,
            on_report=_follow,
        )
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(_code(method, plane, moves))


def _follow() -> None:
    """Hold in the address what a browser has played; what is no report changes nothing."""
    try:
        setup, moves = binding.read_report(st.session_state[KEY].get("report"))
    except ValueError:
        return
    if setup == st.session_state.get(SETUP):
        st.session_state[MOVES] = moves


def _checked_moves(text: str) -> str:
    task.read_moves(text)
    return text


def _code(method: str, plane: Plane, moves: str) -> str:
    assert method in METHODS
    played = task.read_moves(moves) or ((100, 300),)
    return f"""
from latentlab.adaptation.plane import Bench
from latentlab.adaptation.settings import Plane

plane = Plane(angle={plane.angle!r}, share={plane.share!r}, seed={plane.seed!r})
for method in ("source", {method!r}):
    bench = Bench(plane, method)
    bench.play({list(played)!r})  # strength in hundredths, steps
    print(method, bench.read())
"""
