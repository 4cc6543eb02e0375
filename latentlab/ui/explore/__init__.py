"""The Explore page."""

from latentlab.ui.shared.entry import Entry, Need

DECODERS = Need("images", frozenset({"decodes"}), {"explore_model": "{name}"})

ENTRY = Entry(
    name="explore",
    title="Explore",
    section="Pictures",
    icon=":material/tune:",
    promise="Turn the numbers a model draws from, and watch the picture follow.",
    lead="Turn the numbers a model draws from, and watch the picture follow.",
    needs=(DECODERS,),
    also_owns=("z", "z_"),  # what links have always called the code and its sliders
)
