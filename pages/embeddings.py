"""The Embeddings page; what it draws is in ``latentlab/ui/embeddings``."""

from latentlab.ui.app import frame

frame.show("embeddings")
