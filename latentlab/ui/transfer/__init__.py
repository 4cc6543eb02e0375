"""The Transfer page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

ENTRY = Entry(
    name="transfer",
    title="Transfer",
    section="Transfer",
    icon=":material/school:",
    promise="Teach it a new class with a few drawings: does what it learnt before help?",
    lead="Does what was learnt there help here? Teach it a new class, and see what that is worth.",
    needs=(
        Need("images", frozenset({"classifies"}), {"transfer_model": "{name}"}),
        Need("images", frozenset({"encodes"})),
    ),
    stage=Stage(
        hero=(
            ".st-key-transfer_board",
            ".st-key-transfer_results",
            ".st-key-transfer_layers",
        ),
        verdict=(".st-key-transfer_answer",),
        control=(".st-key-transfer_controls",),
    ),
    scenes=(
        Scene(
            "One drawing of each is enough after learning digits, and not with random weights",
            {"transfer_count": "1"},
        ),
        Scene(
            "What another network learnt from clothes is worth no more than random weights here",
            {"transfer_model": "classifier.fashion_mnist"},
        ),
        Scene(
            "From MNIST to digits of other people: what was learnt beats all that was not",
            {"transfer_section": "labels", "transfer_pair": "mnist.digits"},
        ),
        Scene(
            "From digits to clothes there is nothing to gain: pixels do as well as any network",
            {"transfer_section": "labels", "transfer_pair": "mnist.fashion_mnist"},
        ),
        Scene(
            "From clothes to KMNIST, frozen features hurt; PCA with neighbours beats all networks",
            {
                "transfer_section": "labels",
                "transfer_pair": "fashion_mnist.kmnist",
                "transfer_labels": "100",
            },
        ),
        Scene(
            "What learnt hair colour hurts with clothes: frozen, it is worse than random weights",
            {"transfer_section": "labels", "transfer_pair": "hair_colour.clothes_colour"},
        ),
        Scene(
            "The more layers stay as MNIST taught them, the better it reads other people’s digits",
            {
                "transfer_section": "depth",
                "transfer_pair": "mnist.digits",
                "transfer_depth": "5",
            },
        ),
    ),
)
