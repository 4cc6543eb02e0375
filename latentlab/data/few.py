"""A few labelled pictures of a training split: what there is where labels are dear."""

from dataclasses import replace

import numpy as np

from latentlab.data.base import Images
from latentlab.errors import InputError


def few_of(images: Images, count: int, seed: int) -> Images:
    """Return ``count`` pictures, as many of each class as go, drawn by ``seed``.

    Where ``count`` is no multiple of the number of classes, the first classes have one more. A
    smaller draw of one seed is part of a larger one.

    Raises:
        InputError: there are not so many of some class, or fewer asked for than there are classes.
    """
    classes = np.unique(images.labels)
    order = np.random.default_rng(seed).permutation(len(images))
    places = []
    for number, label in enumerate(classes):
        wanted = count // len(classes) + (number < count % len(classes))
        own = order[images.labels[order] == label]
        if not 1 <= wanted <= len(own):
            raise InputError(
                f"There are no {count} pictures to draw, as many of each of {len(classes)} classes."
            )
        places.append(own[:wanted])
    chosen = np.concatenate(places)
    return replace(
        images,
        images=images.images[chosen],
        labels=images.labels[chosen],
        ids=images.ids[chosen],
        complete=False,
        factors=None if images.factors is None else images.factors[chosen],
    )
