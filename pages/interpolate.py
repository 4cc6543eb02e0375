"""The Interpolate page; what it draws is in ``latentlab/ui/interpolate``."""

from latentlab.ui.app import frame

frame.show("interpolate")
