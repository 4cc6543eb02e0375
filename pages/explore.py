"""The Explore page."""

from latentlab.ui import frame

with frame.page("Explore", lead="This page is being written."):
    pass
