"""“A VAE by hand”: μ, σ and ε of one picture, at every trained beta; collapse, and its mend."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.regularise import binding, results
from latentlab.ui.shared import (
    browser_models,
    cache,
    component,
    guard,
    picture_code,
    picture_source,
    state,
    widgets,
)
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.regularise import Column, Sampled, Version

BETA, ROLL = "regularise_beta", "regularise_draw"
DRAWS, INVENTED = 8, 8
_KEY = "regularise_gaussian_live"

IDEA = """
A VAE's encoder gives no code but a **cloud** of codes: a mean μ and a standard deviation σ for
every number. What is decoded is a draw from it, **z = μ + σ · ε**, with ε from a standard normal.
Written like this, chance comes in from outside, and gradients pass through μ and σ.

The **divergence** pulls every cloud towards N(0, 1). A number whose cloud says nothing of the
picture costs nothing: μ = 0 and σ = 1 for every picture. The network switches off what does not
pay. With **β** too large nothing pays: all numbers are switched off, every draw decodes to the
same average, and the code says nothing. That is **posterior collapse**.

A number is **in use** if its μ varies over test pictures with a variance above 0.01.
"""
FORMULA = (
    r"z = \mu(x) + \sigma(x)\,\varepsilon,\quad \varepsilon \sim \mathcal{N}(0, I)",
    r"\beta\,\mathrm{KL} = \tfrac{\beta}{2} \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)",
)
PAPERS = (
    "[Kingma & Welling (2013), Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
    "[Higgins et al. (2017), beta-VAE](https://openreview.net/forum?id=Sy2fzU9gl)",
    "[Burda et al. (2016), Importance weighted autoencoders](https://arxiv.org/abs/1509.00519)",
)
CODE = """
import torch
from latentlab import checkpoints

network = checkpoints.load("{name}").load_model()
posterior = network.encode(x)
epsilon = torch.randn(8, network.latent_size)
z = posterior.mean + (posterior.log_variance / 2).exp() * epsilon
draws = network.decode(z)                       # of this picture
invented = network.decode(torch.randn(8, network.latent_size))
"""


def draw() -> None:
    """Draw the section."""
    from latentlab.data import datasets
    from latentlab.models import VAE
    from latentlab.tasks import regularise

    column = next((c for c in results.there(results.DATA) if c.name == "vae"), None)
    if column is None:
        widgets.empty_state(
            "No VAE of this study is here yet",
            "This part samples from VAEs of MNIST that differ in the weight of their divergence.",
            "latentlab train dense_vae.mnist_b1",
        )
        return
    of = datasets.get(results.DATA)
    picked = picture_source.pick_image("regularise_pic", results.DATA, of.image_shape)
    names = [version.name for version in column.versions]
    chosen, roll = _settings(names, column.usual)
    version = next(v for v in column.versions if v.name == chosen)
    network = results.network(column, results.DATA, version)
    assert isinstance(network, VAE)
    rolls, prior = _numbers()
    tried = _sampled(picked, network, version, column, rolls[roll], prior, roll)
    chains, beside, reason = _publish(column)
    active = {v.name: _active(column, v) for v in column.versions}
    with st.container(key="regularise_gaussian"):
        _live(
            _Shown(picked, column.versions, column.usual, (chosen, roll)),
            chains,
            active,
            (rolls, prior),
            tried,
            (beside, reason),
        )
    with guard.errors():
        _curve()
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(
        picture_code.together(
            picture_code.lines(picked, results.DATA, of.image_shape),
            CODE.format(name=regularise.checkpoint(column, results.DATA, version)),
        )
    )


def _numbers() -> "tuple[Tensor, Tensor]":
    """Return ε of all rolls, ``[r, n, k]``, and draws of the prior, ``[m, k]``."""
    from latentlab.tasks import regularise

    k = regularise.DIMENSIONS
    return (
        regularise.normal(regularise.ROLLS, DRAWS, k, seed=0),
        regularise.normal(INVENTED, k, seed=1),
    )


def _settings(names: list[str], usual: str) -> tuple[str, int]:
    """Return the version and the roll, after the address has had its say."""
    from latentlab.tasks import regularise

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    def parse_roll(text: str) -> int:
        if text not in {str(i) for i in range(regularise.ROLLS)}:
            raise ValueError(text)
        return int(text)

    chosen = state.url_value(BETA, "β", parse, usual)
    if chosen not in names:
        st.session_state[BETA] = chosen = usual
    roll = state.url_value(ROLL, "Draw", parse_roll, 0)
    state.publish(BETA, None if chosen == usual else chosen)
    state.publish(ROLL, str(roll) if roll else None)
    return chosen, roll


_samples: "Memo[Sampled]" = Memo(64)


def _sampled(
    picked: picture_source.Picked,
    network: "object",
    version: "Version",
    column: "Column",
    epsilon: "Tensor",
    prior: "Tensor",
    roll: int,
) -> "Sampled":
    from latentlab.models import VAE
    from latentlab.tasks import regularise

    assert isinstance(network, VAE)
    digest = cache.checkpoint(regularise.checkpoint(column, results.DATA, version)).digest
    return _samples.get(
        (picked.identity, digest, roll),
        lambda: regularise.sample(network, picked.image, epsilon, prior),
    )


def _active(column: "Column", version: "Version") -> int | None:
    """Return what a card says of how many numbers are in use."""
    found = results.score(column, results.DATA, version, "active units")
    return None if found is None else round(found)


def _publish(column: "Column") -> "tuple[dict[str, component.Decoder], str, str]":
    """Return where browsers fetch the networks and what they need beside; or why not."""
    from latentlab.tasks import regularise

    try:
        browser_models.insist_on_browser()
        chains = {
            version.name: browser_models.publish_network(
                f"vae.{version.name}",
                *browser_models.browser_network(
                    regularise.checkpoint(column, results.DATA, version)
                ),
            )
            for version in column.versions
        }
        written = binding.beside_file(
            {
                f"vae.{version.name}": results.beside(column, results.DATA, version)
                for version in column.versions
            }
        )
        return chains, component.publish(written, "application/json", "regularise.vaes"), ""
    except LatentLabError as error:
        return {}, "", error.message


class _Shown:
    """The picture and the versions, with what the server has tried them with."""

    def __init__(
        self,
        picked: picture_source.Picked,
        versions: "tuple[Version, ...]",
        usual: str,
        settings: tuple[str, int],
    ) -> None:
        self.picked, self.versions, self.usual = picked, versions, usual
        self.settings = settings


@st.fragment
def _live(
    shown: _Shown,
    chains: "dict[str, component.Decoder]",
    active: dict[str, int | None],
    numbers: "tuple[Tensor, Tensor]",
    tried: "Sampled",
    published: tuple[str, str],
) -> None:
    """Draw the cloud; a choice in it reruns this alone, for the address."""
    names = [version.name for version in shown.versions]
    rolls, prior = numbers
    beside, reason = published

    def choose() -> None:
        try:
            found = binding.read_draw(st.session_state[_KEY].get("chosen"), names, len(rolls))
        except ValueError:
            return  # it stays as it is
        st.session_state[BETA], st.session_state[ROLL] = found

    with guard.errors(), st.container(key=f"{_KEY}_box"):
        settings = _settings(names, shown.usual)
        if reason and settings != shown.settings:
            st.rerun()  # the server computes
        binding.gaussian(
            key=_KEY,
            picture=shown.picked.image,
            identity=shown.picked.identity,
            caption=shown.picked.description,
            versions=shown.versions,
            chains=chains,
            active=active,
            version=settings[0],
            roll=settings[1],
            rolls=rolls,
            prior=prior,
            beside=beside,
            tried=tried,
            reason=reason,
            on_choose=choose,
        )


def _curve() -> None:
    """Draw active units and error over beta."""
    from latentlab.ui.regularise import figures

    st.subheader("Over the whole test split", anchor=False)
    try:
        result = results.measured()
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    rows = figures.rows(result, results.DATA)
    st.plotly_chart(figures.over_beta(rows), key="regularise_betas")
    st.caption(
        f"Bars: one standard deviation over {len(result.seeds)} seeds."
        f" {widgets.plain(result.budget)}."
    )
