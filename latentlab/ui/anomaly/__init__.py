"""The Anomaly page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

# No link leads to one model: which of them is shown follows from the class and the score.
STUDIED = Need("images", frozenset({"encodes", "decodes"}), study="anomaly")
_PICTURES = (".st-key-anomaly_compared", ".st-key-anomaly_live")

ENTRY = Entry(
    name="anomaly",
    title="Anomaly",
    section="Autoencoders",
    icon=":material/troubleshoot:",
    promise="What does not belong? A network that has seen one class alone, and a threshold.",
    lead="A network has seen one class alone. Does its error say what does not belong?",
    stage=Stage(
        hero=(
            *_PICTURES,
            ".st-key-anomaly_simple",
            ".st-key-anomaly_hindsight",
            ".st-key-anomaly_table",
        ),
        verdict=(".st-key-anomaly_answer",),
    ),
    needs=(STUDIED,),
    scenes=(
        Scene("Trained on 8s alone, a 5 raises the alarm", {"anomaly_pic": "8"}),
        Scene(
            "All black, and never an alarm: simple pictures come back well",
            {"anomaly_section": "simple"},
        ),
        Scene(
            "One training picture in five does not belong, and more outliers pass",
            {"anomaly_section": "dirty", "anomaly_percent": "20"},
        ),
        Scene(
            "A threshold chosen by hindsight promises more than it keeps",
            {"anomaly_section": "hindsight"},
        ),
        Scene(
            "With held-out normal pictures, one in twenty is promised, and about that is kept",
            {"anomaly_section": "hindsight", "anomaly_mend": "true"},
        ),
        Scene(
            "Ten classes against the rest, beside what is in print", {"anomaly_section": "table"}
        ),
    ),
)
