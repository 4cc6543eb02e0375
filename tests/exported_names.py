"""The decoders that the tests export for the browser's kernel."""

from small_decoders import odd_chains

from latentlab import checkpoints

SHIPPED = checkpoints.names(kind="latent")
# One of each family and data set: the others differ in the width of one layer.
ENCODERS = {name.partition("_k")[0]: name for name in checkpoints.names(kind="autoencoder")}
NAMES = [*SHIPPED, *(f"encoder.{name}" for name in ENCODERS.values()), *odd_chains(), "pca"]
