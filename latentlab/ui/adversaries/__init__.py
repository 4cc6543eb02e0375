"""The Adversaries page."""

from latentlab.ui.shared.entry import Entry, Scene, Stage

_DIRAC = {
    "adversaries_target": "point",
    "adversaries_noise": "none",
    "adversaries_depth_g": "0",
    "adversaries_depth_d": "0",
    "adversaries_rate_g": "0.02",
    "adversaries_rate_d": "0.02",
    "adversaries_penalty": "1",
    "adversaries_length": "0",
}
_BEST = {"adversaries_moves": "400d", "adversaries_length": "0"}

ENTRY = Entry(
    name="adversaries",
    title="Adversaries",
    section="Adversarial networks",
    icon=":material/swords:",
    promise="Two networks fight in your browser: watch a GAN learn, fail and recover.",
    lead="One network makes points, the other tells them from real ones. Who wins, and who learns?",
    stage=Stage(hero=(".st-key-adversaries_live",)),
    scenes=(
        Scene(
            "Against a small, slow discriminator all points run to one mode, then to the next",
            {
                "adversaries_losses": "non_saturating",
                "adversaries_width_d": "16",
                "adversaries_rate_g": "0.005",
                "adversaries_rate_d": "0.001",
                "adversaries_moves": "800s",
                "adversaries_length": "0",
            },
        ),
        Scene(
            "Against one that keeps up they spread over all eight",
            {
                "adversaries_losses": "non_saturating",
                "adversaries_moves": "2000s",
                "adversaries_length": "2000",
            },
        ),
        Scene(
            "Against a discriminator at its best, minimax has nothing left to learn from",
            {"adversaries_losses": "minimax,non_saturating,relativistic", **_BEST},
        ),
        Scene(
            "Two linear networks chase each other in circles",
            {
                "adversaries_losses": "non_saturating,wasserstein",
                "adversaries_moves": "300s",
                **_DIRAC,
            },
        ),
        Scene(
            "With R1 and R2 they come to rest",
            {
                "adversaries_losses": "non_saturating,relativistic",
                "adversaries_moves": "300s",
                **_DIRAC,
            },
        ),
        Scene(
            "A discriminator with ten steps to one outruns the generator, unless it is held",
            {
                "adversaries_losses": "minimax,relativistic",
                "adversaries_turns": "10",
                "adversaries_moves": "300s",
            },
        ),
    ),
)
