"""The Transfer page; what it draws is in ``latentlab/ui/transfer``."""

from latentlab.ui.app import frame

frame.show("transfer")
