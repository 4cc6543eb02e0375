"""“What it costs”: time and memory of a token over the length of its sequence."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sequences import results
from latentlab.ui.shared import guard, widgets
from latentlab.ui.shared.entry import View

IDEA = """
The five networks read one sequence of growing length, on one CPU thread. **Time** is divided by the
number of tokens: a flat line means that a sequence costs O(T). **Memory** is what a sequence leaves
behind for the backward pass, divided likewise; it is counted, not estimated.

| | work for T tokens | one after another | memory for training |
|---|---|---|---|
| recurrent | O(T) | T steps | O(T) |
| dilated convolution that covers T | O(T log T) | log T layers | O(T log T) |
| attention | O(T²) | 1 step a layer | O(T²) |

The convolution here has a fixed number of layers, so that its line is flat, and its field ends at
125 tokens. Short sequences cost more a token, as each call has a price of its own. The
LSTM is the fastest because torch runs it as one operation of oneDNN on this processor, and RNN and
GRU token by token. On a GPU what counts most are the steps one after another: there,
recurrent networks are the slow ones in training.
"""
CODE = """
from latentlab.data import sequence_tasks
from latentlab.sequences import costs, nets

network = nets.NETS["transformer"].build(sequence_tasks.get("recall"), seed=0)
for length in (64, 256, 1024):
    print(length, costs.seconds(network, length), costs.kept_bytes(network, length))
# To measure it again: latentlab experiment sequences_cost
"""


def draw(view: View) -> None:
    """Draw the section."""
    try:
        result = results.measured("sequences_cost")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    from latentlab.experiments import sequences_cost as experiment
    from latentlab.tasks import sequences
    from latentlab.ui.sequences import figures

    with guard.errors():
        time, memory = (sequences.costs(result, measure) for measure in ("time", "memory"))
        with st.container(key="sequences_answer"):
            st.markdown(sequences.cost_sentence(time, memory))
        with st.container(key="sequences_chart"):
            columns = st.columns(2, gap="medium")
            for column, of, axis in zip(
                columns, (time, memory), (experiment.TIME, experiment.MEMORY), strict=True
            ):
                with column:
                    st.plotly_chart(
                        figures.curves(
                            of,
                            {**sequences.NETS, "cnn": "CNN"},  # two legends side by side
                            x="tokens",
                            y=axis.title,
                            height=560 if view.presents else 420,
                            presents=view.presents,
                            logarithmic=True,
                            share=False,
                        ),
                        key=f"sequences.{axis.unit}",
                    )
        st.caption(
            f"Measured on {widgets.plain(result.machine)}; mean over {len(result.seeds)} runs:"
            f" {widgets.plain(result.budget)}."
        )
    widgets.explainer(IDEA)
    widgets.show_code(CODE)
