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
        ),
    ),
)
