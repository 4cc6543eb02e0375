"""Baselines: what every network has to beat, tuned in their favour.

filters.py        classical denoisers of small pictures, and their tuning by an oracle
photo_filters.py  the same for photographs, in opponent colours
bm3d.py           the strongest classical denoiser of photographs
pca.py            principal components, the linear autoencoder
enlargement.py    small pictures made large without a network
augmentation.py   pictures moved, turned and bent, for want of more
class_gaussians.py  a Gaussian for each class, from few pictures
morphology.py     strokes made thicker and thinner
ngrams.py         which token follows which others
bags.py           the class of a text by the words, or pairs of words, that it has
joint_ngrams.py   spelling to sound by pairs of letters and sounds
"""

from typing import Literal

Side = Literal["none", "network", "classical"]  # who restored a picture; none: nobody did
