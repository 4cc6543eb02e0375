"""The Applications page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

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
    scenes=(
        Scene(
            "From 16 × 16 pixels a network that knows such faces finds the eyes; no classical way"
            " does",
            {"applications_data": "toon_faces"},
        ),
        Scene(
            "The blur has more decibels, and a classifier sees the true digit in the other",
            {"applications_pic": "1948"},
        ),
        Scene(
            "The mean of five real digits, a blur, has more decibels than each of them",
            {"applications_blur": "true"},
        ),
        Scene(
            "Sharp, and wrong: from 7 × 7 pixels, this 7 comes back as an 8",
            {"applications_pic": "1156"},
        ),
        Scene(
            "Without one pair, a CycleGAN learns roughly what one line of code does exactly",
            {"applications_section": "style"},
        ),
    ),
)
