"""What the Adversaries page explains, and the lines that do the same in Python."""

from dataclasses import fields

from latentlab.adversaries.settings import Move, Settings
from latentlab.tasks.adversaries import Schedule

MIXTURES = ("ring", "grid", "gaussian", "point")

IDEA = """
The **generator** makes points of noise (orange); the **discriminator** says how real a point looks,
and its opinion is the colour of the ground: blue for real, orange for generated. Each step, first
the discriminator learns to tell the blue points from the orange ones, then the generator learns to
move its points to where they look more real: along the arrows. The grid is the plane of the noise,
as the generator bends it.

The **meter** reads 2,500 points. *Covered* asks for one point within 3σ; one lucky point in
thousands is enough for that, so *in fair share* asks for a quarter of what a mode should get. A
perfect sampler has 98.9 % of a Gaussian's points within 3σ: more is a failure, too, *too narrow*.
*Reverse KL* compares how often each mode is met with how often it should be, over all points. Each
number stands beside what perfect samplers of the same size read, and beside a **mixture** fitted by
EM to 10,000 points, which is told how many parts there are. {winner}

*Minimax* is what Goodfellow wrote down first; against a good discriminator its gradient vanishes.
*Non-saturating* turns it round. *WGAN-GP* wants a discriminator of slope one between both sorts of
points; *R1 + R2* wants none at all at the points themselves, and asks only which of two points
looks more real. Nothing is random about a run but its seed: the same link plays the same steps.
"""
WINS = "On such a distribution it wins: nobody needs a network to sample a mixture."
LOSES = (
    "This distribution is no mixture of a few Gaussians; see who is nearer to a perfect sampler."
)
FORMULA = (
    r"\min_D\; -\log\sigma(D(x)) - \log(1-\sigma(D(G(z))))",
    r"\min_G\; \log(1-\sigma(D(G(z))))\;\text{ or }\;-\log\sigma(D(G(z)))",
    r"\min_D\; -\log\sigma(D(x)-D(G(z))) + \tfrac{\gamma}{2}(\lVert\nabla D\rVert^2_x"
    r" + \lVert\nabla D\rVert^2_{G(z)})",
)
PAPERS = (
    "[Goodfellow et al. (2014), Generative adversarial nets](https://arxiv.org/abs/1406.2661)",
    "[Gulrajani et al. (2017), Improved training of Wasserstein GANs]"
    "(https://arxiv.org/abs/1704.00028)",
    "[Mescheder et al. (2018), Which training methods for GANs do actually converge?]"
    "(https://arxiv.org/abs/1801.04406)",
    "[Huang et al. (2024), The GAN is dead; long live the GAN!](https://arxiv.org/abs/2501.05441)",
)


def idea(target: str) -> str:
    """Return what "What am I looking at?" says of a page with this target."""
    return IDEA.format(winner=WINS if target in MIXTURES else LOSES)


def code(
    target: str,
    drawing: str,
    settings: Settings,
    losses: Schedule,
    moves: tuple[tuple[Move, int], ...],
) -> str:
    """Return the lines that train an arena in Python as a browser does."""
    usual = Settings()
    chosen = [
        f"{each.name}={getattr(settings, each.name)!r}"
        for each in fields(Settings)
        if each.name != "losses" and getattr(settings, each.name) != getattr(usual, each.name)
    ]
    arguments = ", ".join([f"losses={losses!r}", *chosen])
    made = f"targets.get({target!r})"
    first = "from latentlab.adversaries import meter, targets"
    if target == "drawn":
        made = f"adversaries.read_drawing({drawing!r})" if drawing else "adversaries.example()"
        first = "from latentlab.adversaries import meter\nfrom latentlab.tasks import adversaries"
    played = moves or (("step", 50),)
    return f"""
{first}
from latentlab.adversaries.arena import Arena
from latentlab.adversaries.settings import Settings

target = {made}
arena = Arena(target, Settings({arguments}))
arena.play({played!r})
print(meter.read(target, arena.generate(2500)))
"""
