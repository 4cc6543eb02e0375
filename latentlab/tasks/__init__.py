"""What the pages do: one module per page, one pure function per user action.

    denoise.py      corrupt a picture, restore it with every method, score them all
    explore.py      decode a code, and find its place among the codes of the data
    interpolate.py  walk from one picture to another
    embed.py        lay many pictures out on a plane
    restore.py      add noise to whole photographs, and take it out; files too
    compare.py      every method on one window of a photograph
    time_machine.py networks of a GAN's kept moments, and what is said of them

Functions take plain values, return frozen dataclasses, hold no state, draw nothing and run under
``torch.inference_mode()``. Import the module that you need: this package loads none of them.
"""
