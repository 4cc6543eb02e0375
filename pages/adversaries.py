"""The Adversaries page; what it draws is in ``latentlab/ui/adversaries``."""

from latentlab.ui.app import frame

frame.show("adversaries")
