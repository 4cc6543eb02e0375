"""Two networks against each other in two dimensions, as visitors' browsers train them.

    settings = Settings(losses=((0, "relativistic"),), length=1000)
    arena = Arena(target, settings)
    arena.play([("step", 1000)])
    reading = meter.read(target, arena.generate(2500))

The browser does the same arithmetic (``ui/browser/training``) with the same random numbers, and
tests hold the two together; here, autograd does what is written by hand there.
"""
