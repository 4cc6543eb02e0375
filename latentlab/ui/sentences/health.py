"""Is the code in use? A VAE with free bits beside one whose posterior has collapsed."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sentences import choices, figures, results
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

IDEA = """
The writer of a sentence VAE hears its own words, so it can write good English **without the code**.
The divergence (KL) of the code costs nats. Training soon finds that it is cheapest to say nothing
in the code: the **posterior collapses**. The loss looks fine, and told the true words, the network
names most of them. So three things are measured that cannot be fine by accident:

- **exact**: sentences that come back word for word, written freely;
- **active units**: numbers of the code that vary from sentence to sentence;
- **a foreign code**: how many more nats a sentence costs with the code of *another* sentence. Zero
  means that the code is not listened to.

**Free bits** make the first nats of every number free of charge: here 2 for each of 16 (WordNet:
1 for each of 32). A sentence of this grammar carries ln 102,600 = 11.54 nats, so they have room for
it. The chart shows fewer, one training each: with half a nat for each number the code has no room
for a sentence; with one it has, but three epochs were not enough to learn to use it.

**Word dropout** (Bowman et al. 2016) hides some of the writer’s own words from it while it learns,
so that it has to ask the code. Free bits have the code used already. What is left is a harder task,
and in the same three epochs one word in ten stays wrong.

The **collapsed** one has none, no annealing, and a divergence that weighs ten times. On the plain
bound (the chart's point at 0) next to nothing is said either, but a little is left: there a nat in
the code costs one nat and saves one.

**Captions** of photographs and WordNet’s examples are not made by rule. The same kind of network,
with 32 numbers, loses many of their words, and trigrams are the better model of both. The network
of captions is not in latentlab, and neither are captions; its numbers are.

The price: a code that says more costs likelihood. **−log p(x)** by importance sampling is the
honest number (the bound is not); no model can have less than 11.54 on average, and trigrams, which
only count, come within a tenth of a nat of it.
"""
FORMULA = (
    r"\mathcal{L} = -\mathbb{E}_{q(z\mid x)} \log p(x\mid z)"
    r" + \sum_j \max\bigl(\lambda,\ \mathbb{E}_x\,"
    r"\mathrm{KL}\bigl(q(z_j\mid x)\,\|\,p(z_j)\bigr)\bigr)",
)
PAPERS = (
    "[Bowman et al. (2016), Generating sentences from a continuous space]"
    "(https://arxiv.org/abs/1511.06349)",
    "[Kingma et al. (2016), Improved variational inference with inverse autoregressive flow,"
    " appendix C.8](https://arxiv.org/abs/1606.04934)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.tasks import sentences

known = sentences.known(corpora.get("{data}"))
for name in {names}:
    found = sentences.health(checkpoints.load(name).load_model(), known.rows)
    print(name, found.active, "active;", found.exact, "exact; foreign code:", found.gap, "nats")
"""


def draw(view: View) -> None:
    """Draw the section."""
    offered = {texts: title for texts, title in choices.TEXTS.items() if _networks(texts)}
    if not offered:
        st.info("No VAE of sentences is here yet.", icon=":material/info:")
        return
    texts = next(iter(offered))
    if len(offered) > 1:
        texts = fields.url_select("Sentences", offered, key="sentences_vital", style="buttons")
    found = {choices.label(name): results.health(name) for name in _networks(texts)}
    with st.container(key="sentences_health"):
        st.html(figures.health_table(found, len(results.known(texts).texts)))
        bars = figures.rates(
            {title.removeprefix("VAE, "): each.rates.tolist() for title, each in found.items()}
        )
        if texts == choices.GRAMMAR:
            left, right = st.columns(2)
            left.plotly_chart(bars, key="sentences_rates")
            with right:
                try:
                    st.plotly_chart(
                        figures.sweep(results.measured("sentences_bits")), key="sentences_sweep"
                    )
                except LatentLabError as error:
                    choices.say(error)
        else:
            st.plotly_chart(bars, key="sentences_rates")
    with st.container(key="sentences_answer"):
        st.markdown(figures.health_verdict(found))
    if texts == choices.GRAMMAR:
        try:
            st.caption(figures.price(results.measured()))
            st.subheader("Does it help to hide words from the writer?", anchor=False)
            st.html(figures.dropout(results.measured("sentences_dropout")))
        except LatentLabError as error:
            choices.say(error)
    st.subheader("Which sentences fit into a code?", anchor=False)
    try:
        st.html(figures.corpora(results.measured("sentences_corpora")))
    except LatentLabError as error:
        choices.say(error)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(CODE.format(names=_networks(texts), data=texts))


def _networks(texts: str) -> list[str]:
    """Return the VAEs of a set of texts that are here, the healthy one first."""
    here = choices.names(texts)
    return [
        name for name in (choices.HEALTHY, choices.COLLAPSED, choices.OF_WORDNET) if name in here
    ]
