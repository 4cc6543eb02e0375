"""The Pretrain page; what it draws is in ``latentlab/ui/pretrain``."""

from latentlab.ui.app import frame

frame.show("pretrain")
