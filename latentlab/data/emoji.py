"""Emoji: 64x64 colour pictures on white, few and unlike one another.

Noto Color Emoji by Google, as Debian packs it (fonts-noto-color-emoji 2.042), without variants of
skin tone; the label is the group that the Unicode consortium puts an emoji into.
"""

from latentlab.data.base import ImageDataset, Images, Split, data_folder, datasets, read_npz
from latentlab.errors import DataError
from latentlab.pictures.conventions import Convention

FILE = "emoji64.npz"


def _read(dataset: ImageDataset, split: Split) -> Images:
    folder = data_folder()
    if folder is None:
        raise DataError(
            "The full emoji data is not on this machine.",
            f"Name the folder that holds {FILE} in LATENTLAB_DATA.",
        )
    own = folder / dataset.name / FILE
    return read_npz(own if own.is_file() else folder / FILE, dataset, split)


EMOJI = datasets.add(
    "emoji",
    ImageDataset(
        name="emoji",
        title="Emoji",
        licence="SIL OFL 1.1 (font), Apache 2.0 (pictures)",
        credit="Noto Color Emoji by Google",
        image_shape=(3, 64, 64),
        label_title="group",
        class_names=(
            "Smileys & Emotion",
            "People & Body",
            "Animals & Nature",
            "Food & Drink",
            "Travel & Places",
            "Activities",
            "Objects",
            "Symbols",
            "Flags",
        ),
        convention=Convention("rgb", "as_is", "square"),
        read=_read,
    ),
)
