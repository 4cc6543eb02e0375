"""Random numbers that follow from a key alone, so that Python and JavaScript draw the same ones.

A draw is a hash of (seed, purpose, moment, …) and its place, so that no generator has a state that
a run that goes back in time would have to bring back. The hash is lowbias32 (C. Wellons,
"Prospecting for hash functions", 2018), whose multiplications of 32 bits both languages have.
"""

import numpy as np
from numpy.typing import NDArray

# What is drawn: the second number of every key.
START, REAL, NOISE, OPPONENT, OPPONENT_NOISE, MIX, POWER, LOOK = range(8)

_STRIDE = 0x9E3779B9  # 2^32 / golden ratio

Bits = NDArray[np.uint32]


def _mix(x: Bits) -> Bits:
    with np.errstate(over="ignore"):
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
        x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
        return x ^ (x >> np.uint32(16))


def uniform(count: int, *key: int) -> NDArray[np.float64]:
    """Return [count] numbers of (0, 1) that follow from a key of whole numbers.

    Example:
        >>> uniform(2, 0, 1).round(4).tolist()
        [0.7066, 0.4041]
    """
    state = np.zeros(1, np.uint32)
    for number in key:
        state = _mix(np.array((int(state[0]) + _STRIDE + number) % 2**32, np.uint32).reshape(1))
    places = np.arange(1, count + 1, dtype=np.uint64) * _STRIDE + int(state[0])
    bits = _mix(_mix((places % 2**32).astype(np.uint32)) ^ state)
    return (bits.astype(np.float64) + 0.5) / 2**32


def normal(count: int, *key: int) -> NDArray[np.float64]:
    """Return [count] standard normal numbers that follow from a key (Box and Muller 1958)."""
    u = uniform(count + count % 2, *key)
    radius, angle = np.sqrt(-2 * np.log(u[::2])), 2 * np.pi * u[1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)[:count]
