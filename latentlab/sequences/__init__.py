"""Five sorts of networks on the same tasks: how large, how well, why, and at what cost.

nets.py      which networks, with as many parameters each
measures.py  what is measured of an answer
lessons.py   a short training that one can watch
probes.py    what an answer rests on: gradients, states, heads
costs.py     time and memory over length
"""
