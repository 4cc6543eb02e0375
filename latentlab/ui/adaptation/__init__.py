"""The Domain adaptation page."""

from latentlab.ui.shared.entry import Entry, Scene, Stage

ENTRY = Entry(
    name="adaptation",
    title="Domain adaptation",
    section="Transfer",
    icon=":material/move_up:",
    promise="Shift the data, see a good classifier fall, and pull two clouds together.",
    lead="A network learnt in one domain. What does it know in another, and what helps it there?",
    stage=Stage(
        hero=(
            ".st-key-adaptation_pictures",
            ".st-key-adaptation_results",
            ".st-key-adaptation_clouds",
            ".st-key-adaptation_live",
        ),
        verdict=(".st-key-adaptation_answer",),
        control=(".st-key-adaptation_controls",),
    ),
    scenes=(
        Scene(
            "Framed as MNIST is, USPS is read better than by any method that gets it stretched",
            {"adaptation_section": "models", "adaptation_pair": "usps_frames"},
        ),
        Scene(
            "On photographs, batch norm of the target helps untrained; DANN adds 15 points to it",
            {"adaptation_section": "models", "adaptation_pair": "mnist_photographs"},
        ),
        Scene(
            "Turned by 40 degrees, digits of MNIST are lost on a network that reads all of them",
            {"adaptation_rotation": "40"},
        ),
        Scene(
            "Pulled on by λ, two moons come to lie on each other, and the turned ones are read",
            {"adaptation_section": "live", "adaptation_moves": "1500x100"},
        ),
        Scene(
            "With the lower moon rare, the same λ aligns the clouds, and is wrong",
            {
                "adaptation_section": "live",
                "adaptation_moves": "1500x100",
                "adaptation_share": "90",
            },
        ),
        Scene(
            "Where the target has other classes, aligning it makes a good network bad",
            {"adaptation_section": "balance"},
        ),
    ),
)
