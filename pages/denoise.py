"""The Denoise page."""

from latentlab.ui import frame

with frame.page("Denoise", lead="This page is being written."):
    pass
