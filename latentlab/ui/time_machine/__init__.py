"""The Time machine page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

# No link leads to one model: the page shows a run that collapsed beside one that did not.
STUDIED = Need("images", frozenset({"decodes"}), study="time_machine")
_CRITIC = Stage(
    hero=(".st-key-time_machine_source", ".st-key-time_machine_opinion"),
)

ENTRY = Entry(
    name="time_machine",
    title="Time machine",
    section="Adversarial networks",
    icon=":material/history:",
    promise="Scrub through the training of a GAN: watch a digit grow up, and ask its critic.",
    lead="How does noise become a digit? Go through a GAN’s training, and back.",
    stage=Stage(hero=(".st-key-time_machine_reel",)),
    needs=(STUDIED,),
    scenes=(
        Scene(
            "Before the first step every code gives the same grey",
            {"time_machine_moment": "0"},
        ),
        Scene("At the end all ten digits are there, as often as among real ones"),
        Scene(
            "A generator that runs ahead of its critic draws the same thing for every code",
            {"time_machine_beside": "true"},
        ),
        Scene(
            "It does not copy: its samples are no nearer to training pictures than real ones are",
            {"time_machine_data": "fashion_mnist"},
        ),
        Scene(
            "An early critic is never wrong about digits and samples; the last one often is",
            {"time_machine_section": "critic"},
            _CRITIC,
        ),
    ),
)
