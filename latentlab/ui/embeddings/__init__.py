"""The Embeddings page."""

from latentlab.ui.shared.entry import Entry, Need

AUTOENCODERS = Need("images", frozenset({"encodes", "decodes"}))  # no link: it shows them all

ENTRY = Entry(
    name="embeddings",
    title="Embeddings",
    section="Overview",
    icon=":material/scatter_plot:",
    promise="Thousands of pictures on one plane: PCA beside autoencoders, t‑SNE and UMAP.",
    lead="Every point is a picture. What is left of it when two numbers are all that is kept?",
    needs=(AUTOENCODERS,),
)
