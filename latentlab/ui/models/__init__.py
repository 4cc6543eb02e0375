"""The Models page."""

from latentlab.ui.shared.entry import Entry, Stage

ENTRY = Entry(
    name="models",
    title="Models",
    section="Overview",
    icon=":material/inventory_2:",
    promise="Every model, its scores beside those of the simple method it has to beat.",
    lead="Every model that ships, its scores beside those of the simple method it has to beat.",
    stage=Stage(hero=(".st-key-zoo",), control=(".st-key-models_data",)),
)
