"""The Pretrain page."""

from latentlab.ui.shared.entry import Entry, Stage

ENTRY = Entry(
    name="pretrain",
    title="Pretrain",
    section="Autoencoders",
    icon=":material/stacks:",
    promise="Layer by layer, or all at once? What pretraining was for, and what is left of it.",
    lead="Layer by layer, or all at once? When is it worth preparing a network without labels?",
    stage=Stage(
        hero=(".st-key-pretrain_results", ".st-key-pretrain_layers", ".st-key-pretrain_bars"),
        verdict=(".st-key-pretrain_answer",),
        control=(".st-key-pretrain_controls",),
    ),
)
