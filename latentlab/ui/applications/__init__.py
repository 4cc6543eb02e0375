"""The Applications page."""

from latentlab.ui.shared.entry import Entry, Need, Stage

ENLARGERS = Need("images", frozenset({"enlarges"}), {"applications_section": "enlarge"})
GENERATORS = Need("images", frozenset({"invents"}), {"applications_section": "more"})
TRANSLATORS = Need("images", frozenset({"translates"}), {"applications_section": "style"})

ENTRY = Entry(
    name="applications",
    title="Applications",
    section="Adversarial networks",
    icon=":material/deployed_code:",
    promise="Sharper pictures, more training data, another style: do GANs win?",
    lead="What are GANs used for, and do they win against the classical way?",
    stage=Stage(
        hero=(
            ".st-key-applications_ways",
            ".st-key-applications_plausible",
            ".st-key-applications_results",
            ".st-key-applications_turned",
        ),
        verdict=(".st-key-applications_answer",),
        control=(".st-key-applications_controls",),
    ),
    needs=(ENLARGERS, GENERATORS, TRANSLATORS),
    scenes=(),
)
