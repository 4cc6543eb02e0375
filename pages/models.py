"""The Models page; what it draws is in ``latentlab/ui/models``."""

from latentlab.ui.app import frame

frame.show("models")
