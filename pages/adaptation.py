"""The Domain adaptation page; what it draws is in ``latentlab/ui/adaptation``."""

from latentlab.ui.app import frame

frame.show("adaptation")
