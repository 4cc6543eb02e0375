"""The Embeddings page: thousands of pictures on planes side by side, and what each plane keeps."""

import streamlit as st

from latentlab.ui.embeddings import figures, planes, results
from latentlab.ui.shared import fields, guard, model_choice, picture_source, widgets
from latentlab.ui.shared.entry import View

CODE = """
from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.tasks import embed

pictures = embed.choose(datasets.get("{data}").samples(), count=500)
plane = {how}
print(plane.points.shape, embed.quality(plane, pictures))
"""
PCA = "embed.embed_pca(pictures.tensor())"
CODES = 'embed.embed_codes(checkpoints.load("{name}").load_model(), pictures.tensor())'


def draw(view: View) -> None:
    """Draw the page."""
    from latentlab.data import datasets

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        data = fields.url_select(
            "Pictures",
            {name: datasets.get(name).title for name in datasets},
            key="embeddings_data",
            default="mnist",
            style="buttons",
        )
        dataset, whole = datasets.get(data), results.test_split(data)
        with st.container(width=220):
            count = fields.url_slider(
                "Points",
                key="embeddings_points",
                low=200,
                high=len(whole),
                default=min(2000, len(whole)),
                step=100,
            )
        follow = fields.url_toggle("Follow one picture :material/star:", key="embeddings_follow")
    pictures = results.drawn(data, count)
    sizes, failures = planes.encoders(data)
    for failure in failures:
        st.warning(widgets.plain(str(failure)), icon=":material/inventory_2:")
    deeper = [name for name, size in sizes.items() if size > 2]
    projected = None
    if deeper:
        usual = f"autoencoder.{data}_k32"
        projected = model_choice.choose_checkpoint(
            deeper, key="embeddings_model", default=usual, label="Model for the plane “→ PCA”"
        )
    offered = planes.offered(data, sizes, projected)
    flat = [name for name, plane in offered.items() if sizes.get(plane.checkpoint or "") == 2]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width="content"):
            chosen = fields.url_choices(
                "Planes",
                {name: plane.label for name, plane in offered.items()},
                key="embeddings_planes",
                default=["pca", *(flat[:2] or ["codes"])],
            )
        setting = planes.Setting(data, count, planes.perplexity() if "tsne" in chosen else 30)
    followed = None
    if follow:
        with st.container(border=True):
            followed = picture_source.pick_image("embeddings_pic", data, dataset.image_shape)
    shown = [offered[name] for name in chosen]

    @st.fragment
    def side_by_side() -> None:
        with guard.errors():
            planes.side_by_side(shown, setting, pictures, followed, dark=view.dark)

    side_by_side()
    st.subheader("What each plane keeps", anchor=False)
    planes.score_table(shown, setting)
    part = f"All {count:,}" if count == len(whole) else f"{count:,} of the {len(whole):,}"
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.caption(
        f"{part} {'test pictures' if whole.complete else 'sample pictures of the test split'}, "
        "drawn at random, always the same ones. Both axes of a plane have one scale."
    )
    with right:
        widgets.download(
            "Points (CSV)",
            lambda: planes.as_csv(shown, setting, pictures, dataset.class_names),
            f"{data}_{count}_points.csv",
            "text/csv",
        )

    curve, others = planes.error_curve(data, sizes)
    if curve.k:
        st.subheader("Two numbers are few: the error over k", anchor=False)
        st.plotly_chart(
            figures.error_curve(curve, others),
            key="embeddings.error_curve",
            config={"displayModeBar": False},
            alt="Error of autoencoders and of PCA over the number of dimensions",
        )
        st.caption(
            "Mean squared error of the pictures on the whole test split, as the model cards state "
            "it. PCA has as many components and was fitted to the training split."
        )
    widgets.explainer(
        "A picture of 28 × 28 pixels is a point in a space of 784 dimensions; here every one is "
        "squeezed onto a plane. **PCA** takes the flat plane on which the least is lost. An "
        "**autoencoder** bends it: encoder $f$ and decoder $g$ are trained until $g(f(x))$ is like "
        "$x$. **t-SNE** and **UMAP** only ask that neighbours stay neighbours: they show clusters "
        "well, but have no decoder, and their distances between clusters, and the clusters' "
        "sizes, mean little. Nobody told any of these methods the classes; colour is added after.",
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
    encoder = next((name for name, size in sizes.items() if size == 2), projected)
    how = CODES.format(name=encoder) if encoder else PCA
    widgets.show_code(CODE.format(data=data, how=how))
