"""What a visitor of the Explore page reads about each kind of model."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latentlab.latents.spaces import Space

IDEA = (
    "A decoder g draws a picture from a few numbers, the **code** z. Every slider is one of"
    " them, or a direction in which many of them change together."
)
OF_CODES = "The ranges hold 98 % of the codes that real pictures have."
SILENT = 0.1  # nats; a dimension that carries less changes nothing that one sees


@dataclass(frozen=True)
class Explanation:
    """The text of the "What am I looking at?" expander."""

    own: str  # what is special about this kind, after the idea
    formula: tuple[str, ...]
    paper: tuple[str, ...]
    ranges: str = OF_CODES  # how far the sliders go

    @property
    def idea(self) -> str:
        """The idea, how far the sliders go, and what is special."""
        return f"{IDEA} {self.ranges}\n\n{self.own}"


AUTOENCODER = Explanation(
    "An autoencoder learns g together with an encoder f, and nothing else than to give back what it"
    " was shown. It has no prior: between and beyond the codes of real pictures it may draw"
    " anything.",
    (r"z = f(x),\quad \hat x = g(z),\quad \min_{f,g}\ \|x - g(f(x))\|^2",),
    ("[Hinton & Salakhutdinov (2006)](https://doi.org/10.1126/science.1127647)",),
)

BY_KIND = {
    "autoencoder": AUTOENCODER,
    "denoising_autoencoder": Explanation(
        "A denoising autoencoder is shown a damaged picture x̃ and asked for the clean one. Its code"
        " is a stack of small maps, too many numbers for a slider each: the sliders are the"
        " principal directions of the codes, three standard deviations either way.",
        (r"\tilde x = x + \text{noise},\quad \min_{f,g}\ \|x - g(f(\tilde x))\|^2",),
        ("[Vincent et al. (2008)](https://doi.org/10.1145/1390156.1390294)",),
        ranges="",
    ),
    "variational_autoencoder": Explanation(
        "A variational autoencoder gives each picture a small cloud of codes and pays for every nat"
        " by which that cloud differs from the prior.",
        (
            r"\mathcal L(x) = \mathbb E_{q(z\mid x)}\!\left[\log p(x\mid z)\right]"
            r" - \textstyle\sum_i D_{\mathrm{KL}}\!\left(q(z_i\mid x)\,\|\,p(z_i)\right)",
            r"q(z\mid x) = \mathcal N(\mu(x), \sigma^2(x)),\quad p(z) = \mathcal N(0, I)",
        ),
        ("[Kingma & Welling (2013)](https://arxiv.org/abs/1312.6114)",),
        ranges="The ranges hold at least 98 % of the prior, N(0, 1), and of the codes that real"
        " pictures have.",
    ),
    "generator": Explanation(
        "A generative adversarial network has no encoder: it never saw a picture's code, and draws"
        " z from N(0, I) instead. Beside the generator g, a **discriminator** D learns to tell its"
        " pictures from real ones, and g learns to deceive it; D is thrown away afterwards. This"
        " one compares every drawn picture with a real one, and D pays for being steep at either."
        " The principal directions are those along which the first layer of g, with weights A,"
        " changes most.",
        (
            r"\min_D\ \mathbb E\,\log(1 + e^{D(g(z)) - D(x)})"
            r" + \tfrac\gamma2\left(\mathbb E\,\|\nabla D(x)\|^2"
            r" + \mathbb E\,\|\nabla D(g(z))\|^2\right)",
            r"\min_g\ \mathbb E\,\log(1 + e^{D(x) - D(g(z))}),\quad z\sim\mathcal N(0, I)",
            r"n_i:\ \max_{\|n\|=1} \|A n\|^2",
        ),
        (
            "[Goodfellow et al. (2014)](https://arxiv.org/abs/1406.2661)",
            "[Radford et al. (2015)](https://arxiv.org/abs/1511.06434)",
            "[Huang et al. (2024)](https://arxiv.org/abs/2501.05441)",
            "[Shen & Zhou (2021)](https://arxiv.org/abs/2007.06600)",
        ),
        ranges="The ranges hold 98 % of N(0, 1) for a number, three standard deviations either way"
        " for a direction.",
    ),
    "pca": Explanation(
        "Principal components are the best **linear** decoder there is: every slider adds more or"
        " less of one fixed pattern to the mean picture. The percentages are shares of the variance"
        " of the pictures, what scikit-learn calls `explained_variance_ratio_`.",
        (
            r"\hat x = \bar x + \textstyle\sum_i z_i\, w_i,\quad z_i = w_i^\top (x-\bar x)",
            r"\text{share}_i = \operatorname{var}(z_i)"
            r" \,/\, \textstyle\sum_p \operatorname{var}(x_p)",
        ),
        ("[Pearson (1901)](https://doi.org/10.1080/14786440109462720)",),
    ),
}


def of(space: "Space") -> Explanation:
    """Return the explanation of a model, or of principal components.

    A new kind is an autoencoder.
    """
    from latentlab.models import Network

    if not isinstance(space.model, Network):
        return BY_KIND["pca"]
    found = BY_KIND.get(space.model.kind, AUTOENCODER)
    if space.model.importance_unit != "nats":
        return found
    return replace(found, own=f"{found.own} {_silent(space)}")


def _silent(space: "Space") -> str:
    """Say whether the model has dimensions that carry nothing."""
    silent, size = int((space.statistics.importance < SILENT).sum()), space.size
    if not silent:
        return f"A dimension that does not earn its keep falls silent; here all {size} speak."
    slider = "slider, the last one, changes" if silent == 1 else "sliders, the last ones, change"
    return (
        f"Dimensions that do not earn their keep fall silent: here {silent} of {size}, whose"
        f" {slider} nothing."
    )
