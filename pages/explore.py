"""The Explore page; what it draws is in ``latentlab/ui/explore``."""

from latentlab.ui.app import frame

frame.show("explore")
