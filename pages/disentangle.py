"""The Disentangle page; what it draws is in ``latentlab/ui/disentangle``."""

from latentlab.ui.app import frame

frame.show("disentangle")
