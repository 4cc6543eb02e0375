"""“Why √d?”: softmax over products of random vectors, with and without the scale."""

import streamlit as st

from latentlab.ui.attention import figures
from latentlab.ui.shared import fields, guard, widgets
from latentlab.ui.shared.entry import View

WIDTH, SEED = "attention_width", "attention_seed"
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
USUAL = 64

IDEA = """
A query and a key are drawn here, number by number, from a normal distribution with variance 1.
Their product is a sum of d such products, so its **variance is d**: the wider the vectors, the
larger the scores. Softmax of large scores has one winner; a small change of a score then changes
nothing, and nothing is learnt from it. Divided by **√d**, scores keep a variance of 1 at every
width.

Entropy says how spread a row of weights is: 0 where one key gets all, ln 8 = 2.08 nats where all
eight keys get the same. The last column is the mean of w(1 − w), by which a weight follows its own
score.
"""
CODE = """
from latentlab.tasks import attention

found = attention.sharpness(width={width}, seed={seed})
print(found.entropies)  # nats: without, and with 1/√d
print(found.gradients)
"""


def draw(view: View) -> None:
    """Draw the section."""
    _live()
    widgets.explainer(
        IDEA,
        formula=r"\operatorname{Var}(q\cdot k)=d\quad\Rightarrow\quad"
        r"\operatorname{Var}\!\left(\tfrac{q\cdot k}{\sqrt d}\right)=1",
        paper="[Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762), footnote 4",
    )
    widgets.show_code(
        lambda: CODE.format(
            width=st.session_state.get(WIDTH, USUAL), seed=st.session_state.get(SEED, 0)
        ),
        key="attention.code",
    )


@st.fragment
def _live() -> None:
    from latentlab.tasks import attention

    with guard.errors():
        with st.container(key="attention_controls", horizontal=True, vertical_alignment="bottom"):
            options = {str(width): str(width) for width in WIDTHS}
            width = int(
                fields.url_select(
                    "Numbers in a query, d", options, key=WIDTH, default=str(USUAL), style="buttons"
                )
            )
            seed = fields.url_seed("Other vectors", key=SEED)
        found = attention.sharpness(width, seed)
        with st.container(key="attention_answer"):
            plain, scaled = found.entropies
            follows, follows_scaled = found.gradients
            st.markdown(
                f"At d = {width}, the largest of {attention.KEYS} weights is"
                f" **{float(found.plain[0]):.0%}** without the scale and"
                f" **{float(found.scaled[0]):.0%}** with it. Over {attention.QUERIES} queries,"
                f" entropy is **{plain:.2f} nats** without and **{scaled:.2f} nats** with 1/√d; a"
                f" weight follows its own score by **{follows:.3f}** and **{follows_scaled:.3f}**."
            )
        with st.container(key="attention_pictures"):
            st.html(figures.key(figures.WAYS))
            one, other = st.columns(2)
            one.plotly_chart(figures.two_softmaxes(found), key="attention.softmax")
            every = {each: attention.sharpness(each, seed) for each in WIDTHS}
            other.plotly_chart(figures.over_widths(every, width), key="attention.widths")
