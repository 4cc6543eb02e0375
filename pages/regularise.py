"""The Regularise page; what it draws is in ``latentlab/ui/regularise``."""

from latentlab.ui.app import frame

frame.show("regularise")
