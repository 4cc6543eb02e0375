"""One picture made again at every k, the network opened up, and the curves over k."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError, UnsupportedError
from latentlab.ui.bottleneck import binding, results
from latentlab.ui.shared import (
    browser_models,
    cache,
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
    from latentlab.tasks.bottleneck import Attempt

K, OPENED, MEASURE = "bottleneck_k", "bottleneck_opened", "bottleneck_measure"
USUAL_K, USUAL_OPENED = 8, "autoencoder"
_KEY = "bottleneck_live"

IDEA = """
An **autoencoder** is a network that has to give back what it gets, through a layer of only *k*
numbers: the bottleneck. What it cannot keep in them is lost, so it has to find out what matters.

**PCA** is the best that straight lines and planes can do. A **linear autoencoder** is a network
without bends: it can do no better, and finds the same subspace. The **autoencoder** has ReLUs
between its layers, so its code may follow the bent surface on which digits lie. All three get the
same training pictures and the same k numbers.

In the opened network every unit is one square, so that the layers are to scale; each layer is as
bright as its strongest unit. What a unit **looks for** is the change of the picture that would
raise it most, here and now: the gradient, which for ReLU networks is the weights along the ways
that this picture has switched on. What it **draws** is what the picture gains when the unit is
raised a little. Blue adds, orange takes away.
"""
FORMULA = (r"\min_{f,\,g}\ \sum_i \lVert x_i - g(f(x_i)) \rVert^2,\quad f(x) \in \mathbb{R}^k",)
PAPERS = (
    "[Hinton & Salakhutdinov (2006), Reducing the dimensionality of data with neural networks]"
    "(https://doi.org/10.1126/science.1127647)",
    "[Baldi & Hornik (1989), Neural networks and principal component analysis]"
    "(https://doi.org/10.1016/0893-6080(89)90014-2)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import components

pca = components.components("{data}").truncate({k})
network = checkpoints.load("{name}").load_model()
for name, again in (("PCA", pca.reconstruct(x)), ("network", network(x))):
    print(name, float((again - x).square().mean()))
"""


def draw(data: str, view: View) -> None:
    """Draw the section."""
    from latentlab.data import datasets
    from latentlab.tasks import bottleneck
    from latentlab.ui.bottleneck import figures

    of = datasets.get(data)
    listener = draw_pad.Listener(binding.DRAWN, of.image_shape, of.convention.centring)
    k = _k()
    with st.container(key="bottleneck_squeezed"):
        with st.container(key="bottleneck_source"):
            picked = picture_source.pick_image(
                "bottleneck_pic", data, of.image_shape, follower=lambda: listener
            )
        found = results.names(data)
        networks, broken = results.models(found)
        digests = ",".join(cache.checkpoint(found[key]).digest for key in sorted(networks))
        tried = results.attempts(data, picked.identity, picked.image, networks, digests)
        rows, reason = _publish(data, {key: found[key] for key in networks})
        _live(picked, tried, rows, reason)
    for error in broken:
        st.warning(widgets.plain(str(error)), icon=":material/info:")
    missing = [k for k in bottleneck.SIZES if ("autoencoder", k) not in networks]
    if missing:
        st.caption(
            f"Autoencoders of {of.title} with {figures.listed(missing)} numbers are not here yet."
        )
    with guard.errors():
        _curves(data)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    name = found.get(("autoencoder", k)) or next(iter(found.values()), None)
    if name is not None:
        widgets.show_code(
            picture_code.together(
                picture_code.lines(picked, data, of.image_shape),
                CODE.format(data=data, k=k, name=name),
            )
        )


def _k() -> int:
    """Return which k is looked at closely, after the address has had its say."""
    from latentlab.tasks import bottleneck

    def parse(text: str) -> int:
        if text not in {str(k) for k in bottleneck.SIZES}:
            raise ValueError(text)
        return int(text)

    def parse_opened(text: str) -> str:
        if text not in bottleneck.METHODS:
            raise ValueError(text)
        return text

    k = state.url_value(K, "k", parse, USUAL_K)
    opened = state.url_value(OPENED, "Opened network", parse_opened, USUAL_OPENED)
    _write(k, opened)
    return k


def _write(k: int, opened: str) -> None:
    state.publish(K, None if k == USUAL_K else str(k))
    state.publish(OPENED, None if opened == USUAL_OPENED else opened)


def _publish(data: str, found: dict[results.Key, str]) -> "tuple[list[binding.Row], str]":
    """Return the methods with where browsers fetch their networks, or why they must not."""
    from latentlab.tasks import bottleneck

    chains: dict[str, dict[int, component.Decoder]] = {name: {} for name in bottleneck.METHODS}
    reason = ""
    try:
        browser_models.insist_on_browser()
        largest = max(bottleneck.SIZES)
        chains["pca"][largest] = browser_models.publish_network("pca", *results.pca_chain(data))
        for (method, k), name in found.items():
            part = f"{method}.{k}"
            chains[method][k] = browser_models.publish_network(
                part, *browser_models.browser_network(name)
            )
    except UnsupportedError as error:
        reason, chains = error.message, {name: {} for name in bottleneck.METHODS}
    there = {method for method, _ in found} | {"pca"}
    rows = [
        binding.Row(name, title, chains[name])
        for name, title in bottleneck.METHODS.items()
        if name in there
    ]
    return rows, reason


@st.fragment
def _live(
    picked: picture_source.Picked,
    tried: "tuple[Attempt, ...]",
    rows: list[binding.Row],
    reason: str,
) -> None:
    """Draw the pictures and the network; a choice in them reruns this alone, for the address."""
    from latentlab.tasks import bottleneck

    names = [row.name for row in rows]

    def choose() -> None:
        try:
            k, opened = binding.read_choice(
                st.session_state[_KEY].get("chosen"), bottleneck.SIZES, names
            )
        except ValueError:
            return  # it stays as it is
        st.session_state[K], st.session_state[OPENED] = k, opened

    with guard.errors(), st.container(key=f"{_KEY}_box"):
        binding.squeeze(
            key=_KEY,
            picture=picked.image,
            identity=picked.identity,
            caption=picked.description,
            k=st.session_state[K],
            opened=st.session_state[OPENED],
            sizes=bottleneck.SIZES,
            rows=rows,
            tried=tried,
            reason=reason,
            on_choose=choose,
        )
        _write(st.session_state[K], st.session_state[OPENED])


def _curves(data: str) -> None:
    """Draw error and accuracies over k, and say where PCA is ahead."""
    from latentlab.data import datasets
    from latentlab.tasks import bottleneck
    from latentlab.ui.bottleneck import figures

    st.subheader("Over the whole test split", anchor=False)
    try:
        result = results.measured()
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    chosen = fields.url_select(
        "Measure",
        figures.MEASURES,
        key=MEASURE,
        style="buttons",
        label_visibility="collapsed",
    )
    curves = bottleneck.curves(result, data, chosen)
    if not curves:
        st.info(f"Nothing has been measured of {datasets.get(data).title}.")
        return
    st.markdown(figures.verdict(chosen, bottleneck.pca_leads(curves)))
    st.plotly_chart(figures.over_k(curves), key="bottleneck_curves")
    seeds = len(result.seeds)
    spread = f"Bands: one standard deviation over {seeds} seeds. " if seeds > 1 else ""
    st.caption(f"{spread}{figures.NOTES[chosen]} {widgets.plain(result.budget)}.")
