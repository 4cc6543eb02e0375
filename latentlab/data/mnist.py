"""MNIST: handwritten digits (LeCun, Bottou, Bengio & Haffner 1998)."""

from latentlab.data.base import ImageDataset, datasets
from latentlab.data.idx import IdxSource
from latentlab.pictures.conventions import Convention

MNIST = datasets.add(
    "mnist",
    ImageDataset(
        name="mnist",
        title="MNIST",
        licence="CC BY-SA 3.0",
        credit="MNIST by Yann LeCun, Corinna Cortes and Christopher Burges",
        image_shape=(1, 28, 28),
        label_title="digit",
        class_names=tuple("0123456789"),
        convention=Convention("grey", "light_on_dark", "mass"),
        classifier="classifier.mnist",
        read=IdxSource(
            url="https://ossci-datasets.s3.amazonaws.com/mnist/",
            md5={
                "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
                "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
                "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
            },
            sha256={
                "train": (
                    "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
                    "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
                ),
                "test": (
                    "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
                    "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
                ),
            },
            folders=("MNIST/raw",),
        ),
    ),
)
