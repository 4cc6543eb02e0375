"""The Bottleneck page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

# No link leads to one model: the page shows them all, side by side.
STUDIED = Need("images", frozenset({"encodes", "decodes"}), study="bottleneck")

ENTRY = Entry(
    name="bottleneck",
    title="Bottleneck",
    section="Autoencoders",
    icon=":material/filter_alt:",
    promise="How few numbers are enough? One picture through seven codes, and the network opened.",
    lead="How few numbers are enough to make a picture again? And when is a network worth it?",
    stage=Stage(
        hero=(".st-key-bottleneck_live", ".st-key-bottleneck_axes", ".st-key-bottleneck_copies"),
        verdict=(".st-key-bottleneck_answer",),
    ),
    needs=(STUDIED,),
    scenes=(
        Scene("One number, and a network is already far ahead of PCA", {"bottleneck_k": "1"}),
        Scene(
            "A linear autoencoder finds PCA’s subspace, but not its axes",
            {"bottleneck_section": "linear", "bottleneck_moment": "28"},
        ),
        Scene("With an L2 penalty, its axes turn into PCA’s", {"bottleneck_section": "linear"}),
        Scene("More numbers than pixels: it copies even noise", {"bottleneck_section": "copy"}),
        Scene(
            "Through 8 numbers, noise cannot pass",
            {"bottleneck_section": "copy", "bottleneck_mend": "true"},
        ),
    ),
)
