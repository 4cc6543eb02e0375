"""The decoders that the tests export for the browser's kernel."""

import re

from small_decoders import odd_chains

from latentlab import checkpoints

# Networks of single classes, and of one penalty, differ in their weights alone: one of each family
# and data set stands for all.
_ALIKE = re.compile("_(anomaly[0-9]|k256|b[0-9]|tc[0-9]|collapsed).*")
SHIPPED = list(
    {
        _ALIKE.sub("", name): name for name in checkpoints.names(can=["decodes"], modality="images")
    }.values()
)
# One of each family and data set: the others differ in the width of one layer.
ENCODERS = {
    _ALIKE.sub("", name).partition("_k")[0]: name
    for name in checkpoints.names(can=["encodes"], modality="images")
}
NAMES = [*SHIPPED, *(f"encoder.{name}" for name in ENCODERS.values()), *odd_chains(), "pca"]
