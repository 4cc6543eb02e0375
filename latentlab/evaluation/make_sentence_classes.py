"""Write down the heads that find the class of a sentence: ``samples/sentence_classes.json``."""

from latentlab import checkpoints
from latentlab.data.text import sentence_classes
from latentlab.evaluation.sentence_classes import fitted
from latentlab.models import MaskedLanguageModel


def main() -> None:
    """Write the file."""
    network = checkpoints.load(sentence_classes.NETWORK).load_model()
    assert isinstance(network, MaskedLanguageModel)
    sentence_classes.write({name: fitted(network, name) for name in sentence_classes.CLASSES})
    print(f"{sentence_classes.FILE.name}: {sentence_classes.FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
