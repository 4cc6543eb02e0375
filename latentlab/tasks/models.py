"""Models: what a model makes of a few examples, for its card."""

from latentlab.evaluation import Lines, Portrait, portrait

__all__ = ["Lines", "Portrait", "portrait"]
