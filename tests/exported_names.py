"""The decoders that the tests export for the browser's kernel."""

from small_decoders import odd_chains

from latentlab import checkpoints

SHIPPED = checkpoints.names(can=["decodes"])
# One of each family and data set: the others differ in the width of one layer.
ENCODERS = {name.partition("_k")[0]: name for name in checkpoints.names(can=["encodes"])}
NAMES = [*SHIPPED, *(f"encoder.{name}" for name in ENCODERS.values()), *odd_chains(), "pca"]
