"""Models: a few pictures that show what a model does, for its card."""

from latentlab.evaluation import Portrait, portrait

__all__ = ["Portrait", "portrait"]
