"""The Time machine page; what it draws is in ``latentlab/ui/time_machine``."""

from latentlab.ui.app import frame

frame.show("time_machine")
