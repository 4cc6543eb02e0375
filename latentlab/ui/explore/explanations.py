"""What a visitor of the Explore page reads about each kind of model."""

from dataclasses import dataclass

IDEA = (
    "A decoder g draws a picture from a few numbers, the **code** z. Every slider is one of"
    " them, or a direction in which many of them change together. The ranges hold 98 % of the"
    " codes that real pictures have."
)


@dataclass(frozen=True)
class Explanation:
    """The text of the "What am I looking at?" expander."""

    own: str  # what is special about this kind, after the idea
    formula: tuple[str, ...]
    paper: tuple[str, ...]

    @property
    def idea(self) -> str:
        """The idea, and what is special."""
        return f"{IDEA} {self.own}"


AUTOENCODER = Explanation(
    "An autoencoder learns g together with an encoder f, and nothing else than to give back what it"
    " was shown. It has no prior: between and beyond the codes of real pictures it may draw"
    " anything.",
    (r"z = f(x),\quad \hat x = g(z),\quad \min_{f,g}\ \|x - g(f(x))\|^2",),
    ("[Hinton & Salakhutdinov (2006)](https://doi.org/10.1126/science.1127647)",),
)

BY_KIND = {
    "autoencoder": AUTOENCODER,
    "denoising_autoencoder": AUTOENCODER,
    "variational_autoencoder": Explanation(
        "A variational autoencoder gives each picture a small cloud of codes and pays for every nat"
        " by which that cloud differs from the prior. Dimensions that do not earn their keep fall"
        " silent: their sliders, at the end of the list, change nothing.",
        (
            r"\mathcal L(x) = \mathbb E_{q(z\mid x)}\!\left[\log p(x\mid z)\right]"
            r" - \textstyle\sum_i D_{\mathrm{KL}}\!\left(q(z_i\mid x)\,\|\,p(z_i)\right)",
        ),
        ("[Kingma & Welling (2013)](https://arxiv.org/abs/1312.6114)",),
    ),
    "generator": Explanation(
        "A generative adversarial network learnt g without ever encoding a picture, so no picture"
        " has a code here. Its principal directions are those along which the first layer, with"
        " weights A, changes most.",
        (r"x = g(z),\quad z\sim\mathcal N(0, I)", r"n_i:\ \max_{\|n\|=1} \|A n\|^2"),
        (
            "[Radford et al. (2015)](https://arxiv.org/abs/1511.06434)",
            "[Shen & Zhou (2021)](https://arxiv.org/abs/2007.06600)",
        ),
    ),
    "pca": Explanation(
        "Principal components are the best **linear** decoder there is: every slider adds more or"
        " less of one fixed pattern to the mean picture.",
        (r"\hat x = \bar x + \textstyle\sum_i z_i\, w_i,\quad z_i = w_i^\top (x-\bar x)",),
        ("[Pearson (1901)](https://doi.org/10.1080/14786440109462720)",),
    ),
}


def of(kind: str) -> Explanation:
    """Return the explanation of a kind of model, or of "pca"; a new kind is an autoencoder."""
    return BY_KIND.get(kind, AUTOENCODER)
