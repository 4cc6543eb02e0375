"""The Interpolate page."""

from latentlab.ui.shared.entry import Entry, Need, Stage

DECODERS = Need("images", frozenset({"decodes"}), {"interpolate_model": "{name}"})

ENTRY = Entry(
    name="interpolate",
    title="Interpolate",
    section="Pictures",
    icon=":material/timeline:",
    promise="Walk from one picture to another through the latent space.",
    lead="Walk from one picture to another. Half-way: a picture, or a ghost?",
    stage=Stage(hero=("[class*='st-key-walk_']",)),  # with the player's controls
    needs=(DECODERS,),
)
