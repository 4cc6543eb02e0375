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
        Scene("Trained on 0s alone, a 7 raises the alarm"),
        Scene(
            "Trained on 8s alone, nearly every 1 passes: little ink, little error",
            {"anomaly_normal": "8", "anomaly_pic": "2"},
        ),
        Scene("So does this 7, by its plain error", {"anomaly_normal": "8"}),
        Scene(
            "Smoothed and divided by its ink, the error of the same 7 raises the alarm",
            {"anomaly_normal": "8", "anomaly_score": "ae_smoothed"},
        ),
        Scene(
            "A picture of nothing is no anomaly to an error",
            {"anomaly_section": "simple", "anomaly_normal": "8"},
        ),
        Scene(
            "The other score finds most of them",
            {"anomaly_section": "simple", "anomaly_normal": "8", "anomaly_mend": "true"},
        ),
        Scene(
            "With one training picture in five from other classes, more outliers pass",
            {"anomaly_section": "dirty", "anomaly_percent": "20"},
        ),
        Scene(
            "A threshold chosen by hindsight promises more than it keeps",
            {"anomaly_section": "hindsight", "anomaly_normal": "8"},
        ),
        Scene(
            "A threshold from held-out normal pictures keeps its promise, roughly",
            {"anomaly_section": "hindsight", "anomaly_normal": "8", "anomaly_mend": "true"},
        ),
    ),
)
