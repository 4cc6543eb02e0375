"""Models: a few pictures that show what a model does, the face of its card."""

from latentlab.evaluation import Portrait, portrait

__all__ = ["Portrait", "portrait"]
