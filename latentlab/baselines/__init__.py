"""Baselines: what every network has to beat, tuned in their favour.

filters.py        classical denoisers of small pictures, and their tuning by an oracle
photo_filters.py  the same for photographs, in opponent colours
bm3d.py           the strongest classical denoiser of photographs
pca.py            principal components, the linear autoencoder
"""

from typing import Literal

Side = Literal["none", "network", "classical"]  # who restored a picture; none: nobody did
