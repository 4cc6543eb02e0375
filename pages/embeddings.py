"""The Embeddings page: thousands of pictures on planes side by side, and what each plane keeps."""

import streamlit as st

from latentlab.ui import cache, frame, planes, sources, widgets

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

with frame.page(
    "Embeddings",
    lead="Every point is a picture. Which plane keeps like with like, and what is left of a "
    "picture when only its two numbers are kept?",
) as view:
    from latentlab.data import datasets

    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        data = widgets.url_select(
            "Pictures",
            {name: datasets.get(name).title for name in datasets},
            key="map_data",
            style="buttons",
        )
    dataset, whole = datasets.get(data), cache.test_split(data)
    with right:
        count = widgets.url_slider(
            "Points",
            key="points",
            low=200,
            high=len(whole),
            default=min(2000, len(whole)),
            step=100,
        )
    sizes, failures = planes.encoders(data)
    for failure in failures:
        st.warning(widgets.plain(str(failure)), icon=":material/inventory_2:")
    deeper = [name for name, size in sizes.items() if size > 2]
    model = None
    if deeper:
        model = frame.choose_checkpoint(
            deeper, key="map_model", default=f"autoencoder.{data}_k32", label="Model for “→ PCA”"
        )
    offered = planes.offered(data, sizes, model)
    flat = [name for name, plane in offered.items() if plane.checkpoint in sizes]
    names = widgets.url_choices(
        "Planes",
        {name: plane.label for name, plane in offered.items()},
        key="planes",
        default=["pca", *flat[:2]],
    )
    perplexity = 30
    if "tsne" in names:
        perplexity = int(
            widgets.url_select(
                "t-SNE perplexity: about how many neighbours count",
                {"5": "5", "30": "30", "100": "100"},
                key="perplexity",
                default="30",
                style="buttons",
            )
        )
    followed = None
    if widgets.url_toggle("Follow one picture through the planes  ★", key="follow"):
        with st.container(border=True):
            followed = sources.pick_image("follow_pic", data, dataset.image_shape)

    pictures = cache.drawn(data, count)
    shown = [offered[name] for name in names]
    setting = planes.Setting(data, count, perplexity)

    @st.fragment
    def side_by_side() -> None:
        with frame.errors():
            planes.side_by_side(shown, setting, pictures, followed, dark=view.dark)

    side_by_side()
    part = "all" if count == len(whole) else f"{count:,} of the"
    from_where = "" if whole.complete or data == "toon_faces" else " that ship with the app"
    st.caption(
        f"{part} {len(whole):,} test pictures{from_where}, drawn at random, always the same ones. "
        "Both axes of a plane have one scale."
    )
    planes.score_table(shown, setting)
