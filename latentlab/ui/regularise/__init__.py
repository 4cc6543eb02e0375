"""The Regularise page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

# No link leads to one model: the page shows them all, side by side.
STUDIED = Need("images", frozenset({"encodes", "decodes"}), study="regularise")

ENTRY = Entry(
    name="regularise",
    title="Regularise",
    section="Autoencoders",
    icon=":material/compress:",
    promise="What keeps it from copying? Sparse, denoising, contractive, VAE: one picture, side by"
    " side, with every loss written out.",
    lead="What keeps an autoencoder from copying? And what does each way buy?",
    stage=Stage(
        hero=(
            ".st-key-regularise_live",
            ".st-key-regularise_gaussian",
            ".st-key-regularise_invented",
        ),
        verdict=(".st-key-regularise_answer",),
    ),
    needs=(STUDIED,),
    scenes=(
        Scene("One picture, six ways: what each makes of it", {}),
        Scene(
            "Copying: pure noise comes back, where nothing forbids it", {"regularise_feed": "true"}
        ),
        Scene(
            "Dead units: an L1 penalty switches them off for good",
            {"regularise_sparse": "l1"},
        ),
        Scene("μ, σ and ε by hand: what a VAE decodes", {"regularise_section": "sampling"}),
        Scene(
            "Posterior collapse: the code says nothing any more",
            {"regularise_section": "sampling", "regularise_beta": "collapsed"},
        ),
        Scene(
            "Random codes: the more numbers, the more holes; and the VAE’s",
            {"regularise_section": "holes", "regularise_mend": "true"},
        ),
    ),
)
