"""The Embeddings page."""

from latentlab.ui.shared.entry import Entry, Need, Scene, Stage

AUTOENCODERS = Need("images", frozenset({"encodes", "decodes"}))  # no link: it shows them all

ENTRY = Entry(
    name="embeddings",
    title="Embeddings",
    section="Overview",
    icon=":material/scatter_plot:",
    promise="Thousands of pictures on one plane: PCA beside autoencoders, t‑SNE and UMAP.",
    lead="Every point is a picture. What is left of it when two numbers are all that is kept?",
    stage=Stage(
        hero=("h2", "[class*='st-key-embeddings_plane_']"),
        control=(".st-key-class_legend",),
    ),
    needs=(AUTOENCODERS,),
    scenes=(
        Scene("PCA mixes what an autoencoder parts", {"embeddings_planes": "pca,autoencoder_k2"}),
    ),
    renamed={
        "classes": "embeddings_classes",
        "follow": "embeddings_follow",
        "follow_pic": "embeddings_pic",
        "follow_pic_from": "embeddings_pic_from",
        "map_data": "embeddings_data",
        "map_model": "embeddings_model",
        "perplexity": "embeddings_perplexity",
        "picked": "embeddings_picked",
        "planes": "embeddings_planes",
        "points": "embeddings_points",
        "select_by": "embeddings_select_by",
    },
)
