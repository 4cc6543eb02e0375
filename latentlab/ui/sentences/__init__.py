"""The Sentences page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

SENTENCES = Need("text", frozenset({"encodes", "decodes"}), {"sentences_model": "{name}"})

ENTRY = Entry(
    name="sentences",
    title="Sentences",
    section="Sequences and language",
    icon=":material/notes:",
    promise="Walk from one sentence to another, turn the code of a sentence, and let it collapse.",
    lead="Sentences have codes, too. What lies between two of them, and who needs the code at all?",
    stage=Stage(
        hero=(
            ".st-key-sentences_live",
            ".st-key-sentences_turned",
            ".st-key-sentences_health",
            ".st-key-sentences_map",
            ".st-key-sentences_changed",
            ".st-key-sentences_hits",
            ".st-key-sentences_leads",
        ),
        verdict=(".st-key-sentences_answer",),
    ),
    needs=(SENTENCES,),
    scenes=(
        Scene("Nearly every line between two sentences is a sentence of the grammar, too"),
        Scene(
            "For a word that it does not know, the denoising autoencoder writes one that it does",
            {
                "sentences_model": "sentence_autoencoder.grammar_denoising",
                "sentences_from": "the king lost a wug at home",
            },
        ),
        Scene(
            "Collapsed, a VAE writes one and the same line, whatever the code",
            {"sentences_model": "sentence_vae.grammar_collapsed"},
        ),
        Scene(
            "A foreign code costs the healthy VAE some 190 nats, and the collapsed one hardly any",
            {"sentences_section": "health"},
        ),
        Scene(
            "Of new phrases from a dictionary, one in seven comes back word for word",
            {"sentences_section": "health", "sentences_vital": "wordnet"},
        ),
        Scene(
            "Arithmetic of codes swaps the object every time, and the tense one time in seven",
            {
                "sentences_section": "change",
                "sentences_factor": "object",
                "sentences_value": "5",
            },
        ),
    ),
)
