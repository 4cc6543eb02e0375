"""One picture through all networks, side by side; below, what was measured on all test pictures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.regularise import binding, results
from latentlab.ui.shared import (
    browser_models,
    component,
    draw_pad,
    fields,
    guard,
    picture_code,
    picture_source,
    state,
    widgets,
)
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from latentlab.tasks.regularise import Column, Seen

FEED = "regularise_feed"
SIGMA, ROLL = "regularise_sigma", "regularise_roll"
USUAL_SIGMA = 0.3
_KEY = "regularise_live"

IDEA = """
With 256 units for a picture, an autoencoder has room to pass pixels on without learning anything.
Each of these networks gets **one reason not to**, and differs in nothing else:

- **Sparse:** every unit may be on only a share ρ of the time, so each comes to stand for a stroke
  (or, with L1, every activation costs).
- **Denoising:** it gets a damaged picture and must give back the clean one: copying is wrong.
- **Contractive:** its code may change only a little when the picture does.
- **VAE:** its code is a small cloud and not a point, and all clouds together must fill a ball. Its
  layers are those of the *Bottleneck* page, its code has 16 numbers.

**PCA** with 64 numbers, fitted to the same pictures, is what all of them have to beat.

A **random code** shows who knows what codes look like. The VAE was taught to decode N(0, 1). Of
the others nobody knows how codes are spread: here every unit is drawn for itself, with the mean
and the spread that it has over training pictures.

**The loss** is that of this very picture: the squared error summed over pixels, and the penalty,
weighed. (Sparseness is a matter of the mean over many pictures: its penalty is that of the
training split. The VAE's error is -log p(x | z) in nats, at z = μ, and its penalty β times the
divergence.)
"""
FORMULA = (
    r"\lVert x - \hat x \rVert^2 + \lambda \sum_j \mathrm{KL}(\rho \,\Vert\, \hat\rho_j)"
    r"\qquad \text{sparse}",
    r"\lVert x - \hat x(\tilde x) \rVert^2 \qquad \text{denoising}",
    r"\lVert x - \hat x \rVert^2 + \lambda \sum_j \bigl(h_j (1 - h_j)\bigr)^2 \sum_i W_{ji}^2"
    r"\qquad \text{contractive}",
    r"-\log p(x \mid z) + \beta\, \mathrm{KL}\bigl(q(z \mid x) \,\Vert\, \mathcal{N}(0, I)\bigr)"
    r"\qquad \text{VAE}",
)
PAPERS = (
    "[Ng (2011), Sparse autoencoder, CS294A lecture notes]"
    "(https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf)",
    "[Vincent et al. (2010), Stacked denoising autoencoders]"
    "(https://jmlr.org/papers/v11/vincent10a.html)",
    "[Rifai et al. (2011), Contractive auto-encoders]"
    "(https://icml.cc/2011/papers/455_icmlpaper.pdf)",
    "[Kingma & Welling (2013), Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
)
CODE = """
from latentlab import checkpoints
from latentlab.tasks import regularise

pattern = regularise.normal(*x.shape[1:], seed=0)
drawn = regularise.normal(256, seed={roll})
for name in {names}:
    checkpoint = checkpoints.load(name)
    network = checkpoint.load_model()
    noisy = regularise.with_noise(x[0], {sigma}, pattern)
    seen = regularise.look(
        network, checkpoint.statistics(), x[0], noisy, drawn[: network.latent_size]
    )
    print(name, seen.loss.reconstruction, "+", seen.loss.penalty, "=", seen.loss.total)
"""


def draw(data: str, view: View) -> None:
    """Draw the section."""
    from latentlab.data import datasets
    from latentlab.metrics.copying import pure_noise
    from latentlab.tasks import regularise

    of = datasets.get(data)
    columns = results.there(data)
    listener = draw_pad.Listener(binding.DRAWN, of.image_shape, of.convention.centring)
    with st.container(key="regularise_side"):
        with st.container(key="regularise_source"):
            picked = picture_source.pick_image(
                "regularise_pic", data, of.image_shape, follower=lambda: listener
            )
            feed = fields.url_toggle("Feed pure noise instead", key=FEED)
        x, identity, caption = picked.image, picked.identity, picked.description
        if feed:
            x, identity, caption = pure_noise(of.image_shape, seed=0), "noise", "pure noise"
        settings = _settings(columns)
        pattern = regularise.normal(*of.image_shape, seed=0)
        rolls = _rolls()
        by_name = {column.name: column for column in columns}
        chosen = {
            name: (column, next(v for v in column.versions if v.name == settings.chosen[name]))
            for name, column in by_name.items()
        }
        noisy = regularise.with_noise(x, settings.sigma, pattern)
        tried, broken = results.looks(
            data,
            identity,
            (x, noisy, rolls[settings.roll]),
            chosen,
            f"{settings.sigma}.{settings.roll}",
        )
        shown, beside, reason = _publish(data, [by_name[name] for name in tried])
        given = _Given(x, identity, caption, feed, pattern, rolls, settings)
        _live(given, shown, tried, beside, reason)
    for error in broken:
        st.warning(widgets.plain(str(error)), icon=":material/info:")
    with guard.errors():
        _measures(data)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    names = [
        regularise.checkpoint(column, data, version)
        for name, (column, version) in chosen.items()
        if name != regularise.PCA and not column.damaged
    ]
    widgets.show_code(
        picture_code.together(
            picture_code.lines(picked, data, of.image_shape),
            CODE.format(names=tuple(names), sigma=settings.sigma, roll=settings.roll),
        )
    )


def _rolls() -> "Tensor":
    """Return the standard normal numbers of all random codes, ``[n, k]``."""
    import torch

    from latentlab.tasks import regularise

    units = range(regularise.ROLLS)
    return torch.stack([regularise.normal(regularise.UNITS, seed=seed) for seed in units])


def key_of(column: "Column") -> str:
    """Return the key of the version that is chosen in a column."""
    return f"regularise_{column.name}"


def _settings(columns: "tuple[Column, ...]") -> binding.Settings:
    """Return what is set, after the address has had its say."""
    from latentlab.tasks import regularise

    chosen = {}
    for column in columns:
        names = [version.name for version in column.versions]
        if len(names) < 2:
            chosen[column.name] = names[0]
            continue

        def parse(text: str, names: list[str] = names) -> str:
            if text not in names:
                raise ValueError(text)
            return text

        key = key_of(column)
        held = state.url_value(key, column.title, parse, column.usual)
        if held not in names:  # another data set has fewer
            st.session_state[key] = held = column.usual
        chosen[column.name] = held
    sigma = state.url_value(SIGMA, "Noise σ", _parse_sigma, USUAL_SIGMA)

    def parse_roll(text: str) -> int:
        if text not in {str(i) for i in range(regularise.ROLLS)}:
            raise ValueError(text)
        return int(text)

    roll = state.url_value(ROLL, "Random code", parse_roll, 0)
    settings = binding.Settings(chosen, sigma, roll)
    _write(columns, settings)
    return settings


def _parse_sigma(text: str) -> float:
    value = float(text)
    if not 0 <= value <= binding.MOST_NOISE:  # not a number, either
        raise ValueError(text)
    return round(value, 2)


def _write(columns: "tuple[Column, ...]", settings: binding.Settings) -> None:
    for column in columns:
        if len(column.versions) > 1:
            held = settings.chosen[column.name]
            state.publish(key_of(column), None if held == column.usual else held)
    state.publish(SIGMA, None if settings.sigma == USUAL_SIGMA else f"{settings.sigma:g}")
    state.publish(ROLL, str(settings.roll) if settings.roll else None)


def _publish(data: str, columns: "Sequence[Column]") -> "tuple[list[binding.Shown], str, str]":
    """Return the columns with where browsers fetch them, and what they need beside; or why not."""
    from latentlab.tasks import regularise

    found: dict[str, dict[str, component.Decoder]] = {column.name: {} for column in columns}
    beside = {}
    reason = address = ""
    try:
        browser_models.insist_on_browser()
        for column in columns:
            for version in column.versions:
                part = f"{column.name}.{version.name}"
                if column.name == regularise.PCA:
                    files = results.linear_chain(data)
                else:
                    name = regularise.checkpoint(column, data, version)
                    files = browser_models.browser_network(name)
                found[column.name][version.name] = browser_models.publish_network(part, *files)
                beside[part] = results.beside(column, data, version)
        address = component.publish(
            binding.beside_file(beside), "application/json", "regularise.beside"
        )
    except LatentLabError as error:
        reason, found = error.message, {column.name: {} for column in columns}
    bounded = {column.name: column.name not in (regularise.PCA, "vae") for column in columns}
    dead = {
        column.name: {
            version.name: results.score(column, data, version, "dead units")
            for version in column.versions
        }
        for column in columns
    }
    shown = [
        binding.Shown(column, found[column.name], bounded[column.name], dead[column.name])
        for column in columns
    ]
    return shown, address, reason


@dataclass(frozen=True)
class _Given:
    """What all networks get."""

    picture: "Tensor"
    identity: str
    caption: str
    noise: bool
    pattern: "Tensor"
    rolls: "Tensor"
    settings: binding.Settings  # that the server has tried it with


@st.fragment
def _live(
    given: _Given,
    shown: list[binding.Shown],
    tried: "dict[str, Seen]",
    beside: str,
    reason: str,
) -> None:
    """Draw the columns; a change of settings reruns this alone, for the address.

    Where the server computes, it has to do so anew: then the whole page runs.
    """
    columns = tuple(one.column for one in shown)
    versions = {column.name: [version.name for version in column.versions] for column in columns}

    def choose() -> None:
        try:
            found = binding.read_settings(
                st.session_state[_KEY].get("chosen"), versions, len(given.rolls)
            )
        except ValueError:
            return  # it stays as it is
        for column in columns:
            if len(column.versions) > 1:
                st.session_state[key_of(column)] = found.chosen[column.name]
        st.session_state[SIGMA], st.session_state[ROLL] = found.sigma, found.roll

    with guard.errors(), st.container(key=f"{_KEY}_box"):
        settings = _settings(columns)
        if reason and settings != given.settings:
            st.rerun()
        binding.columns(
            key=_KEY,
            picture=given.picture,
            identity=given.identity,
            caption=given.caption,
            noise=given.noise,
            pattern=given.pattern,
            rolls=given.rolls,
            shown=shown,
            settings=settings,
            beside=beside,
            tried=tried,
            reason=reason,
            on_choose=choose,
        )


def _measures(data: str) -> None:
    """Draw what was measured of every network on all test pictures."""
    from latentlab.ui.regularise import figures

    st.subheader("Over the whole test split", anchor=False)
    try:
        result = results.measured()
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    rows = figures.rows(result, data)
    if not rows:
        st.info(
            "This was measured on MNIST over several seeds. What the networks shown here score on"
            " this data set stands on their cards, on the page *Models*."
        )
        return
    st.markdown(figures.verdict(rows))
    st.html(figures.table(rows))
    seeds = len(result.seeds)
    st.caption(f"Mean ± one standard deviation over {seeds} seeds. {widgets.plain(result.budget)}.")
