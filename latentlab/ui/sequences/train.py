"""“Train them now”: networks that learn from nothing on the server, while one watches."""

import time

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sequences import results
from latentlab.ui.shared import _streamlit, fields, guard, widgets
from latentlab.ui.shared.entry import View

TASK = "sequences_race_task"
PAIRS, NETS, MOMENT = "sequences_race_pairs", "sequences_race_nets", "sequences_moment"
SECONDS = 60.0
EVERY = 1.0  # seconds from one look to the next
HEIGHT = {False: 360, True: 440}  # of figures, in CSS pixels; in a lecture hall
_RUN = "sequences.run"  # which training this visitor has started

IDEA = """
The same networks as in *Ask them*, with random weights, learn a task on this server, one step of
each after another; all get the same batches. Associative recall has up to 16 signs here, the other
tasks have 40 or 50, and a minute is short for them. Every ten steps each network is examined with
200 sequences that are never trained on. One class at a time is served;
whoever leaves the page stops its training.

In recall, first all find which digits came up, and stand on the floor: one over the number of
pairs. To get away from it, a network has to keep which digit belongs to which letter. The
Transformer needs two layers for that: a head that looks at the sign before, and one that looks for
the letter asked.

The other tasks, with the floor of each: **copy after a delay**, ten letters, a wait, then all of
them again (one of eight letters; in a well-known table three recurrent networks stand on the floor
of the loss); **adding**, the sum of two circled digits (the most frequent sum); **parity** (a
coin); **bracket matching**, which bracket must be closed next, asked after closing ones (the best
guess by place and last bracket, computed).

Below is what full trainings know on their way, three of each network: 8 pairs in 64 signs.
"""
PAPERS = (
    "[Hochreiter & Schmidhuber (1997), Long short-term memory]"
    "(https://www.bioinf.jku.at/publications/older/2604.pdf), section 5.4: adding",
    "[Arjovsky, Shah & Bengio (2016), Unitary evolution recurrent neural networks]"
    "(https://arxiv.org/abs/1511.06464), section 5.1: copying",
    "[Olsson et al. (2022), In-context learning and induction heads]"
    "(https://arxiv.org/abs/2209.11895)",
)
CODE = """
from latentlab.sequences import lessons

for moment in lessons.learn({nets}, "{task}", pairs={pairs}, seconds=60, seed=0):
    print(moment.step, moment.right)
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.tasks import sequences

    with st.container(key="sequences_controls", horizontal=True, vertical_alignment="bottom"):
        task = fields.url_select("Task", sequences.TASKS, key=TASK)
        pairs = 3
        if task == "recall":
            pairs = fields.url_slider("Pairs", key=PAIRS, low=1, high=4, default=3)
        nets = fields.url_choices(
            "Networks", sequences.NETS, key=NETS, default=("lstm", "gru", "cnn", "transformer")
        )
        start = st.button(
            "Train from nothing",
            key="sequences.start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not nets,
        )
        stop = st.button("Stop", key="sequences.stop", icon=":material/stop:")
    if start:
        began = time.monotonic()
        st.session_state[_RUN] = (_streamlit.session_id(), began, tuple(nets), task, pairs)
    if stop:
        st.session_state.pop(_RUN, None)
    run = st.session_state.get(_RUN)
    if run is not None:
        _watch(run, view.presents)
    _shipped(view.presents, hidden=run is not None and view.presents)
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(CODE.format(nets=nets, task=task, pairs=pairs))


def _watch(run: tuple[str, float, tuple[str, ...], str, int], presents: bool) -> None:
    """Draw a training as far as it has come, again every second until it ends."""
    from latentlab.tasks import sequences
    from latentlab.ui.sequences import figures

    session, _, nets, task, pairs = run
    floor = sequences.race_floor(task, pairs)
    moments = results.moments(run)

    def look() -> None:
        with guard.errors():
            progress = results.background().ask(
                run,
                lambda: sequences.learn(nets, task, pairs, SECONDS, 0, moments),
                owner=(session, "race"),
            )
            if progress.done and running:
                st.rerun()
            if progress.ahead and not moments:
                st.caption(f"Waiting: {progress.ahead} come first.")
                return
            if not moments:
                st.caption("Preparing the networks …")
                return
            last = len(moments) - 1
            at = last
            if progress.done:
                steps = [moment.step for moment in moments]
                chosen = st.select_slider("Moment", steps, value=steps[-1], key="sequences.moment")
                at = steps.index(chosen)
            else:
                st.progress(progress.share, f"{moments[last].seconds:.0f} of {SECONDS:.0f} seconds")
            with st.container(key="sequences_answer"):
                st.markdown(sequences.race_sentence(moments, at, floor))
            if note := sequences.loss_floor(task):
                st.caption(note)
            with st.container(key="sequences_chart"):
                st.plotly_chart(
                    figures.race(
                        moments,
                        sequences.NETS,
                        floor,
                        at,
                        height=HEIGHT[presents],
                        presents=presents,
                    ),
                    key="sequences.race",
                )

    ended = results.background().ask(
        run,
        lambda: sequences.learn(nets, task, pairs, SECONDS, 0, moments),
        owner=(session, "race"),
    )
    running = not ended.done
    st.fragment(look, run_every=EVERY if running else None)()


def _shipped(presents: bool, *, hidden: bool) -> None:
    """Draw full trainings, with a slider over their steps."""
    from latentlab.experiments import sequences_training
    from latentlab.tasks import sequences
    from latentlab.ui.sequences import figures

    if hidden:
        return
    try:
        result = results.measured("sequences_training")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return

    @st.fragment
    def scrub() -> None:
        with guard.errors(), st.container(key="sequences_shipped"):
            last = sequences_training.moments()[-1]
            step = fields.url_slider(
                "Steps of full trainings",
                key=MOMENT,
                low=0,
                high=last,
                default=last,
                step=sequences_training.EVERY,
            )
            curves = {
                name: sequences.points(result, name)
                for name in (sequences_training.FLOOR, *sequences.NETS)
            }
            st.markdown(sequences.steps_sentence(curves, step))
            st.plotly_chart(
                figures.curves(
                    curves,
                    sequences.NETS,
                    x="steps, 8 pairs in 64 signs",
                    y="right answers, %",
                    height=HEIGHT[presents],
                    at=step,
                    presents=presents,
                ),
                key="sequences.steps",
            )
            st.caption(f"{results.spread(result)} {widgets.plain(result.budget)}.")

    scrub()
