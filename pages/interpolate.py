"""The Interpolate page."""

from latentlab.ui import frame

with frame.page("Interpolate", lead="This page is being written."):
    pass
