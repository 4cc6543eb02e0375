"""The Sequences page; what it draws is in ``latentlab/ui/sequences``."""

from latentlab.ui.app import frame

frame.show("sequences")
