"""The Denoise page; what it draws is in ``latentlab/ui/denoise``."""

from latentlab.ui.app import frame

frame.show("denoise")
