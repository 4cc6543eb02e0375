"""The Disentangle page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

# No link leads to one model: the page compares them all.
STUDIED = Need("images", frozenset({"encodes", "decodes"}), study="disentangle")

ENTRY = Entry(
    name="disentangle",
    title="Disentangle",
    section="Pictures",
    icon=":material/call_split:",
    promise="Which number of a code stands for which property of a face? Heat maps, scores, and"
    " what a perfect and a random code would get.",
    lead="Which number of a code stands for which property of a face, and what do scores say?",
    stage=Stage(
        hero=(".st-key-disentangle_maps",),
        verdict=(".st-key-disentangle_answer",),
    ),
    needs=(STUDIED,),
    scenes=(
        Scene("β = 1: every number knows a little of everything", {}),
        Scene(
            "β = 16: faces take 53 nats instead of 94, and are no better separated",
            {"disentangle_beta": "16"},
        ),
        Scene(
            "Total correlation × 16: half of the numbers are idle, the MIG doubles",
            {"disentangle_model": "vae.toon_faces_k32_tc16"},
        ),
        Scene(
            "Told of the factors: nearly every number knows one alone, at three times the error",
            {"disentangle_model": "vae.toon_faces_k32_labels"},
        ),
        Scene(
            "PCA gets the same MIG without any penalty, and three times the error",
            {"disentangle_model": "pca"},
        ),
        Scene("What a perfect code would look like", {"disentangle_model": "perfect"}),
        Scene(
            "Where beards go with dark hair, a beard brings dark hair along; held, it does not",
            {"disentangle_section": "together"},
            stage=Stage(
                hero=(".st-key-disentangle_sweep",),
                verdict=(".st-key-disentangle_answer",),
            ),
        ),
    ),
)
