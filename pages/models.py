"""The Models page."""

from latentlab.ui import frame

with frame.page("Models", lead="This page is being written."):
    pass
