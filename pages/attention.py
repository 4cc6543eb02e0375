"""The Attention page; what it draws is in ``latentlab/ui/attention``."""

from latentlab.ui.app import frame

frame.show("attention")
