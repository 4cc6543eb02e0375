"""The Embeddings page."""

from latentlab.ui import frame

with frame.page("Embeddings", lead="This page is being written."):
    pass
