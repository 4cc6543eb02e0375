"""Fashion-MNIST: garments in the format of MNIST (Xiao, Rasul & Vollgraf 2017)."""

from pathlib import Path

from latentlab.data.base import ImageDataset, datasets
from latentlab.data.idx import IdxSource
from latentlab.pictures.conventions import Convention

FASHION_MNIST = datasets.add(
    "fashion_mnist",
    ImageDataset(
        name="fashion_mnist",
        title="Fashion-MNIST",
        licence="MIT",
        credit="Fashion-MNIST by Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando SE",
        image_shape=(1, 28, 28),
        label_title="garment",
        class_names=(
            "T-shirt",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        convention=Convention("grey", "light_on_dark", "box"),
        classifier="classifier.fashion_mnist",
        read=IdxSource(
            url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            md5={
                "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
                "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
                "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
            },
            sha256={
                "train": (
                    "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
                    "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
                ),
                "test": (
                    "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
                    "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
                ),
            },
            folders=("FashionMNIST/raw", "fashion-mnist"),
            # Debian and Ubuntu: apt install dataset-fashion-mnist
            system_folder=Path("/usr/share/datasets/fashion-mnist"),
        ),
    ),
)
