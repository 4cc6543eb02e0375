"""“Ask them”: one sequence, the answers of all networks at once, and what one answer rests on."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sequences import binding, results
from latentlab.ui.shared import fields, guard, state, widgets
from latentlab.ui.shared.entry import View

TASK, PAIRS, GAP = "sequences_task", "sequences_pairs", "sequences_gap"
LENGTH, MEASURE = "sequences_signs_{}", "sequences_measure"
OWN, NET, SEED = "sequences_own", "sequences_net", "sequences_seed"
LONGEST = 256  # letters that an address may hold
_KEY = "sequences_live"
HINTS = {  # how an own sequence may look
    "recall": "c7..a3....c",
    "copying": "abcdefghab...!.",
    "adding": "12③405⑥7",
    "parity": "1101",
    "brackets": "([]{})",
}

IDEA = """
**Associative recall**: pairs of a letter and a digit lie among dots; at the end stands a letter,
and its digit is asked. **Copy after a delay**: ten letters, a wait, and at the sign “!” each of
them again; shown is the answer to the last one. **Adding**: the sum of two circled digits.
**Parity**: is the number of ones odd? **Brackets**: which one has to be closed next? A program of
ten lines answers each. These networks were shown nothing but sequences with the right answer, and
had to find a way; the last answer counts in the sentence above, and all ten letters, or the last
ten positions of parity and brackets, in the curve.

Below the sequence, one row a network: **how strongly its answer hangs on each sign**, the norm of
the gradient of the answer's score with respect to the vector of that sign. A network that knows the
answer must hang on the pair in question. Press a name to see more:

- **LSTM, GRU, RNN**: the units of the state that move most, over time, and how far the gates are
  open. All that is remembered has to stand in this state at the end.
- **Causal CNN**: the receptive field. What lies further back cannot be known; here it is 125 signs.
- **Transformer**: where each head looks, from the sign that is outlined. Heads of layer 2 look from
  the last sign. Heads of layer 1 are shown at the sign that layer 2 looks at most, since what is
  found there is what they have put there: one of them looks at the sign before. That a head looks
  somewhere does not prove that it matters, so each is switched off, over 100 sequences, and what is
  left is counted. What several heads do alike is not missed when one of them is gone.

The floor is one over the number of pairs: that is what somebody scores who knows which digits were
shown, but not beside which letter. Where the pair stands directly before the question, all but the
Transformer fall below it with eight pairs. In training, questions follow one another with their
answers, so that a digit directly before a question was right in fewer than one of fifty cases: that
they have learnt. There, three trainings of the Transformer are right in 80 to 95 % of the cases;
from a gap of 16 signs on, all three always are.
"""
# A thin space after an index: it leans out of its box, which would then scroll.
FORMULA = (
    r"\text{RNN: } h_t = \tanh(W x_t + U h_{t-1})",
    r"\text{LSTM: } c_t = f_t \odot c_{t-1} + i_t \odot g_t\,",
    r"\text{CNN: } y_t = \textstyle\sum_{j=0}^{k-1} W_j\, x_{t - j d}\,",
    r"\text{attention: } y_t = \textstyle\sum_{s \le t} \mathrm{softmax}_s\!\big("
    r"\tfrac{q_t \cdot k_s}{\sqrt d}\big) v_s\,",
)
PAPERS = (
    "[Hochreiter & Schmidhuber (1997), Long short-term memory]"
    "(https://www.bioinf.jku.at/publications/older/2604.pdf)",
    "[Bai, Kolter & Koltun (2018), An empirical evaluation of generic convolutional and recurrent"
    " networks](https://arxiv.org/abs/1803.01271)",
    "[Vaswani et al. (2017), Attention is all you need](https://arxiv.org/abs/1706.03762)",
    "[Arora et al. (2023), Zoology: measuring and improving recall in efficient language models]"
    "(https://arxiv.org/abs/2312.04927)",
    "[Jain & Wallace (2019), Attention is not explanation](https://arxiv.org/abs/1902.10186)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import sequence_tasks
from latentlab.tasks import sequences

networks = {{
    name: checkpoints.load(folder).load_model()
    for name, folder in {names}.items()
}}
tokens = sequence_tasks.get("{task}").encode("{text}")
asked = sequences.ask(networks, "{task}", tokens)
for reply in asked.replies:
    print(reply.net, reply.answer, reply.chance, reply.right)
print(sequences.why(networks["{net}"], tokens))
"""


def draw(view: View) -> None:
    """Draw the section."""
    if not results.names("recall"):
        widgets.empty_state(
            "None of these networks is here yet",
            "This section shows the networks of the study “sequences”, which are neither in"
            " `checkpoints/` nor in `$LATENTLAB_CHECKPOINTS`. Train them, and reload the page.",
            "latentlab train transformer.recall",
        )
        return
    _live(view.presents)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(_code, key="sequences.code")


def _code() -> str:
    task = st.session_state[TASK]
    return CODE.format(
        names=results.names(task),
        task=task,
        text=st.session_state.get("sequences.shown", ""),
        net=st.session_state[NET],
    )


@st.fragment
def _live(presents: bool) -> None:
    """Draw the controls, the sequence and the curve; a change reruns this alone."""
    from latentlab.data import sequence_tasks
    from latentlab.tasks import sequences
    from latentlab.ui.sequences import figures

    def choose() -> None:
        said = st.session_state[_KEY].get("net")
        if said in sequences.NETS:
            st.session_state[NET] = said

    with guard.errors():
        with st.container(key="sequences_controls", horizontal=True, vertical_alignment="bottom"):
            offered = {
                task: title for task, title in sequences.TASKS.items() if results.names(task)
            }
            task = fields.url_select("Task", offered, key=TASK)
            asked_task = sequence_tasks.get(task)
            pairs, gap, length = 8, 24, asked_task.length
            if task == "recall":
                pairs = fields.url_slider("Pairs", key=PAIRS, low=1, high=8, default=8)
                gap = fields.url_slider(
                    "Gap",
                    key=GAP,
                    low=0,
                    high=60,
                    default=24,
                    help="Signs between the pair that is asked for and the question",
                )
            else:
                length = fields.url_slider(
                    "Length",
                    key=LENGTH.format(task),
                    low=sequences.SHORTEST[task],
                    high=asked_task.length,
                    default=asked_task.length,
                    help="Signs in the sequence; the longest that was seen in training is the most",
                )
            seed = fields.url_seed("Another one", key=SEED)
            own = _own(HINTS[task])
        if own:
            tokens = asked_task.encode(own)
        else:
            tokens = sequences.example(task, pairs, gap, seed, length)
        st.session_state["sequences.shown"] = asked_task.decode(tokens)
        networks = results.networks(task)
        asked = sequences.ask(networks, task, tokens)
        held = state.url_value(NET, "Network", _net, "transformer")
        net = held if held in networks else next(iter(networks))
        state.publish(NET, None if net == "transformer" else net)
        study = "sequences" if task == "recall" else "sequences_tasks"
        curves, x = {}, gap if task == "recall" else length
        if not own:
            try:
                result = results.measured(study)
                curves = (
                    sequences.over_gaps(result, pairs)
                    if task == "recall"
                    else sequences.by_length(result, task, "right")
                )
            except LatentLabError as error:
                st.caption(widgets.plain(error.message))
        with st.container(key="sequences_answer"):
            st.markdown(sequences.sentence(asked, curves, x))
        lost = results.ablations(results.names(task)[net], task)
        with st.container(key="sequences_tape"):
            binding.tape(
                key=_KEY,
                asked=asked,
                chosen=net,
                why=sequences.why(networks[net], tokens),
                lost=lost,
                on_choose=choose,
            )
        if lost:
            needed = sequences.most_needed(lost)
            assert needed.head is not None
            st.caption(
                f"With all heads {sequences.percent(100 * lost[0].right)} of"
                f" {sequences.ABLATED} sequences are right (loss {lost[0].nats:.2f} nats); without"
                f" layer {needed.head[0] + 1}, head {needed.head[1] + 1},"
                f" {sequences.percent(100 * needed.right)} (loss {needed.nats:.2f})."
            )
        if curves and not presents:  # in a hall a scene shows them, without the sequence
            with st.container(key="sequences_gaps"):
                measure, title = "right", "right answers, %"
                where = "signs in the sequence"
                if task == "recall":
                    measured = sequences.measured_pairs(pairs)
                    where = f"signs between pair and question, {measured} pairs in 64 signs"
                elif len(offered := sequences.measures_of(task)) > 1:
                    measure = fields.url_select("Measured", offered, key=MEASURE, style="buttons")
                    title = offered[measure]
                    curves = sequences.by_length(result, task, measure)
                st.plotly_chart(
                    figures.curves(
                        curves,
                        sequences.NETS,
                        x=where,
                        y=title,
                        height=320,
                        at=x,
                        share=measure == "right",
                    ),
                    key="sequences.gaps",
                )
                st.caption(f"{results.spread(result)} {widgets.plain(result.budget)}.")


def _net(text: str) -> str:
    from latentlab.tasks import sequences

    if text not in sequences.NETS:
        raise ValueError(text)
    return text


def _own(hint: str) -> str:
    """Draw the field for a visitor's own sequence, held by the address; "" for none."""

    def parse(text: str) -> str:
        if len(text) > LONGEST or not text.isprintable():
            raise ValueError(text)
        return text

    state.url_value(OWN, "Own sequence", parse, "")
    own: str = st.text_input(
        "Or your own sequence",
        key=OWN,
        max_chars=4096,
        placeholder=hint,
        persist_state="session",
    )
    own = own.strip()
    state.publish(OWN, own if own and len(own) <= LONGEST and own.isprintable() else None)
    return own
