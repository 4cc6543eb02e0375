"""Noise: what degrades a picture, and how much of it there is.

corruptions.py  six kinds of damage for small pictures, each with one strength
painting.py     damage painted into regions of a photograph
camera.py       what a camera adds: grain, coloured noise, JPEG
field.py        random numbers that lie on the plane of a picture
level.py        how much noise is found in a picture
"""

from latentlab.noise.corruptions import Corruption, make

__all__ = ["Corruption", "make"]
