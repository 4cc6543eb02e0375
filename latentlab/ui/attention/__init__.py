"""The Attention page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

ENTRY = Entry(
    name="attention",
    title="Attention",
    section="Sequences and language",
    icon=":material/visibility:",
    promise="Your own sentence through a small language model: every query, key, score and weight,"
    " with the sum it comes from.",
    lead="What does softmax(QKᵀ/√d)V compute? Type a sentence, and point at any number.",
    needs=(
        Need("text", frozenset({"continues"})),
        Need("text", frozenset({"fills"})),
        Need("text", frozenset({"transcribes"})),
    ),
    stage=Stage(
        hero=(
            ".st-key-attention_matrices",
            ".st-key-attention_pictures",
            "[class*=st-key-attention_shown]",
            ".st-key-attention_letters",
            ".st-key-attention_layers",
        ),
        verdict=(".st-key-attention_answer",),
        control=(".st-key-attention_controls",),
    ),
    scenes=(
        Scene("A sentence by hand: every number is a sum that you can point at", {}),
        Scene(
            "Without 1/√d, wide scores leave softmax nearly one winner",
            {"attention_section": "scale", "attention_width": "512"},
        ),
        Scene(
            "Without positions, another order of the words changes nothing",
            {"attention_section": "positions"},
        ),
        Scene(
            "Three masks: everything, the past, and another text",
            {"attention_section": "three"},
        ),
        Scene(
            "A sentence’s class: of its order a bag of words knows nothing, a mean code little",
            {
                "attention_section": "three",
                "attention_asked": "class",
                "attention_question": "order",
            },
        ),
        Scene(
            "Letter by letter: a bigram sees one letter, a network the whole word so far",
            {"attention_section": "letters", "attention_begun": "str"},
        ),
        Scene(
            "A linear layer on one-hot vectors is an embedding, to the last bit",
            {"attention_section": "layers"},
        ),
    ),
)
