"""The Sequences page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

STUDIED = Need("sequences", frozenset({"labels_positions"}), study="sequences")

ENTRY = Entry(
    name="sequences",
    title="Sequences",
    section="Sequences and language",
    icon=":material/linear_scale:",
    promise="Who remembers? Recurrent, convolutional and attentive networks on the same question.",
    lead="A recurrent network, a convolution and a Transformer of the same size get the same"
    " question. Who still knows, and why?",
    stage=Stage(
        hero=(
            ".st-key-sequences_tape",
            ".st-key-sequences_chart",
            ".st-key-sequences_shipped",
        ),
        verdict=(".st-key-sequences_answer",),
        control=(".st-key-sequences_controls",),
    ),
    needs=(STUDIED,),
    scenes=(
        Scene("Eight pairs in 64 signs: the Transformer knows the digit, an LSTM as large guesses"),
        Scene(
            "Of two pairs the LSTM knows the digits, not which letter each belongs to",
            {"sequences_pairs": "2", "sequences_net": "lstm"},
        ),
        Scene(
            "Four heads find the digit; without the one that marks it, half the answers are wrong",
            {"sequences_gap": "40"},
        ),
        Scene(
            "Ten letters to be kept over a wait: gates and attention repeat them, an RNN guesses",
            {"sequences_task": "copying"},
        ),
        Scene(
            "One bit turned by every one: the LSTM keeps it four times longer than it ever learnt",
            {"sequences_section": "length"},
        ),
        Scene(
            "Brackets four times as long: an LSTM knows what is open, the Transformer guesses",
            {"sequences_section": "length", "sequences_length_task": "brackets"},
        ),
        Scene(
            "Four times the trained length: learnt positions lose the digit, rotary ones keep it",
            {"sequences_section": "length", "sequences_compare": "positions"},
        ),
        Scene(
            "A sign of attention gets dearer with every one before it; one of an LSTM does not",
            {"sequences_section": "cost"},
        ),
    ),
)
