"""The Embeddings page: thousands of pictures on planes side by side, and what each plane keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.embeddings import charts, figures, planes, results, scores
from latentlab.ui.shared import fields, guard, model_choice, picture_source, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.data import ImageDataset, Images
    from latentlab.ui.embeddings.binding import Files
    from latentlab.ui.shared.picture_source import Picked

CODE = """
from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.tasks import embeddings

pictures = embeddings.choose(datasets.get("{data}").samples(), count=500)
plane = {how}
print(plane.points.shape, embeddings.quality(plane, pictures))
"""
DEEPER = "More numbers → PCA"  # the plane of a model with more than two
PCA = "embeddings.embed_pca(pictures.tensor())"
CODES = 'embeddings.embed_codes(checkpoints.load("{name}").load_model(), pictures.tensor())'


def draw(view: View) -> None:
    """Draw the page."""
    setting, dataset, as_pictures, follow = _choose_pictures()
    pictures = results.drawn(setting.dataset, setting.count)
    sizes, failures = planes.encoders(setting.dataset)
    for failure in failures:
        st.warning(widgets.plain(str(failure)), icon=":material/inventory_2:")
    setting, shown = _choose_planes(setting, sizes)
    above, followed = st.container(), None
    if follow:  # below the planes: they show what becomes of it, on the first screen
        with st.container(border=True, key="embeddings_followed"):
            followed = picture_source.pick_image(
                "embeddings_pic", setting.dataset, dataset.image_shape
            )
    asked = planes.Asked(setting)
    with above:
        files = charts.publish(setting, pictures)
        _side_by_side(shown, asked, pictures, files, followed, as_pictures, view)
    st.subheader("What each plane keeps", anchor=False)
    scores.score_table(shown, asked)
    _about_the_points(shown, asked, pictures, dataset)
    with guard.errors():
        _error_curve(setting.dataset, sizes)
    _explain(dataset.image_shape)
    # Of two numbers where there is one: its codes are the plane.
    encoder = min(sizes, key=lambda name: sizes[name], default=None)
    how = CODES.format(name=encoder) if encoder else PCA
    widgets.show_code(CODE.format(data=setting.dataset, how=how))


def _choose_pictures() -> "tuple[planes.Setting, ImageDataset, bool, bool]":
    """Draw the choice of pictures.

    Return it, their data set, whether they are drawn instead of dots, and whether one is followed.
    """
    from latentlab.data import datasets

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        data = fields.url_select(
            "Pictures",
            {name: datasets.get(name).title for name in datasets},
            key="embeddings_data",
            default="mnist",
            style="buttons",
        )
        most = len(results.test_split(data))
        with st.container(width=220):
            count = fields.url_slider(
                "Points",
                key="embeddings_points",
                low=200,
                high=most,
                default=min(2000, most),
                step=100,
            )
        with st.container(width="content", gap=None):
            as_pictures = fields.url_toggle("Pictures for dots", key="embeddings_as_pictures")
            follow = fields.url_toggle("Follow one picture", key="embeddings_follow")
    return planes.Setting(data, count), datasets.get(data), as_pictures, follow


def _choose_planes(
    setting: planes.Setting, sizes: Mapping[str, int]
) -> tuple[planes.Setting, list[planes.Plane]]:
    """Draw the choice of planes and of what they depend on; return both."""
    deeper = [name for name, size in sizes.items() if size > 2]
    usual = f"conv_autoencoder.{setting.dataset}_k32"
    projected = usual if usual in deeper else next(iter(deeper), None)
    offered = planes.offered(setting.dataset, sizes, projected)
    flat = [name for name in offered if name not in ("pca", "codes") and not offered[name].slow]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width="content"):
            chosen = fields.url_choices(
                "Planes",
                {
                    name: DEEPER if name == "codes" else plane.label
                    for name, plane in offered.items()
                },
                key="embeddings_planes",
                default=["pca", *(flat[:2] or ["codes"])],
            )
        if "codes" in chosen:
            projected = model_choice.choose_checkpoint(
                deeper, key="embeddings_model", default=usual, label=f"Model for “{DEEPER}”"
            )
            offered = planes.offered(setting.dataset, sizes, projected)
        if "tsne" in chosen:
            setting = replace(setting, perplexity=_perplexity())
    return setting, [offered[name] for name in chosen]


def _perplexity() -> int:
    """Draw the choice of t-SNE's perplexity and return it."""
    chosen = fields.url_select(
        "t-SNE perplexity",
        {"5": "5", "30": "30", "100": "100"},  # few, so that visitors share their maps
        key="embeddings_perplexity",
        default="30",
        style="buttons",
        help="About how many neighbours of a picture count",
    )
    return int(chosen)


@st.fragment
def _side_by_side(
    shown: Sequence[planes.Plane],
    asked: planes.Asked,
    pictures: "Images",
    files: "Files",
    followed: "Picked | None",
    as_pictures: bool,
    view: View,
) -> None:
    """Draw the planes; a selection in one reruns them alone."""
    with guard.errors():
        charts.side_by_side(
            shown, asked, pictures, files, followed, as_pictures=as_pictures, presents=view.presents
        )


def _about_the_points(
    shown: Sequence[planes.Plane], asked: planes.Asked, pictures: "Images", dataset: "ImageDataset"
) -> None:
    """Say which pictures the points are, and offer them as a file."""
    whole, count = results.test_split(dataset.name), len(pictures)
    part = f"All {count:,}" if count == len(whole) else f"{count:,} of the {len(whole):,}"
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.caption(
        f"{part} {'test pictures' if whole.complete else 'sample pictures of the test split'}, "
        "drawn at random, always the same ones. Both axes of a plane have one scale."
    )
    with right:
        widgets.download(
            "Points (CSV)",
            lambda: scores.as_csv(shown, asked, pictures, dataset.class_names),
            f"{dataset.name}_{count}_points.csv",
            "text/csv",
        )


def _error_curve(data: str, sizes: Mapping[str, int]) -> None:
    curves, others = scores.error_curve(data, sizes)
    if not curves:
        return
    st.subheader("Two numbers are few: the error over k", anchor=False)
    st.plotly_chart(
        figures.error_curve(curves, others),
        key="embeddings.error_curve",
        config={"displayModeBar": False},
        alt="Error of autoencoders and of PCA over the number of dimensions",
    )
    rows = max(len(curve.values) for curve in curves)
    seeds = (
        "One seed: each autoencoder was trained once."
        if rows == 1
        else f"Means of {rows} seeds; the bars are one standard deviation over them."
    )
    st.caption(
        f"Mean squared error of the pictures on the whole test split. {seeds} "
        "The autoencoders of the curve are those of *Bottleneck*, alike but for k. PCA has as many "
        "components and was fitted to the training split. "
        "`latentlab experiment bottleneck` measures it again."
    )


def _explain(shape: tuple[int, int, int]) -> None:
    channels, height, width = shape
    size = f"{height} × {width} pixels" + (f" in {channels} colours" if channels > 1 else "")
    widgets.explainer(
        f"A picture of {size} is a point in a space of {channels * height * width:,} dimensions; "
        "here every one is "
        "squeezed onto a plane. **PCA** takes the flat plane on which the least is lost. An "
        "**autoencoder** bends it: encoder $f$ and decoder $g$ are trained until $g(f(x))$ is like "
        "$x$. **t-SNE** and **UMAP** only ask that neighbours stay neighbours: they show clusters "
        "well, but have no decoder, and their distances between clusters, and the clusters' "
        "sizes, mean little. None of these methods knows the classes; colour is added afterwards.",
        formula=[
            r"\text{PCA:}\quad \min_{W^\top W = I}\ \sum_i \lVert x_i - \mu - W W^\top (x_i - \mu)"
            r"\rVert^2",
            r"\text{Autoencoder:}\quad \min_{f,\,g}\ \sum_i \lVert x_i - g(f(x_i)) \rVert^2,"
            r"\qquad z_i = f(x_i) \in \mathbb{R}^2",
        ],
        paper=[
            "[Hinton & Salakhutdinov (2006)](https://doi.org/10.1126/science.1127647)",
            "[van der Maaten & Hinton (2008)](https://www.jmlr.org/papers/v9/vandermaaten08a.html)",
            "[McInnes, Healy & Melville (2018)](https://arxiv.org/abs/1802.03426)",
            "[Venna & Kaski (2001), trustworthiness](https://doi.org/10.1007/3-540-44668-0_68)",
        ],
    )
