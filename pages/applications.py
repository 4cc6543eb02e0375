"""The Applications page; what it draws is in ``latentlab/ui/applications``."""

from latentlab.ui.app import frame

frame.show("applications")
