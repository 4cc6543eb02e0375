"""“Holes”: what lies between the codes of an autoencoder, in a plane and in more dimensions."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.regularise import results
from latentlab.ui.shared import cache, fields, widgets

if TYPE_CHECKING:
    from latentlab.models import Classifier
    from latentlab.tasks.regularise import Invented, Mosaic

MEND, SEED = "regularise_mend", "regularise_seed"
# Both of MNIST with a code of two numbers.
PLAIN, VARIATIONAL = "autoencoder.mnist_stack_k2", "vae.mnist_k2"
SIZES = (2, 4, 8, 16, 32, 64)
# With the layers and the training of the autoencoders; only the cloud and the divergence are new.
MATCHED, MATCHED_SIZE = "dense_vae.mnist_b1", 16
POINTS = 1000  # pictures whose codes are shown, of those that ship

IDEA = """
An **autoencoder** is only ever asked about the codes of pictures. What it decodes between them, it
has not learnt: there may be **holes**, where what comes out is no digit. A **VAE** decodes clouds
and not points, and the divergence draws all clouds into one ball, so that a draw from the ball
finds a cloud.

Measured, this is a matter of **dimensions**. In a plane the codes of thousands of pictures lie so
close that there is little room between them, with or without a VAE. The more numbers a code has,
the more ways there are to miss: of random codes of 64 numbers, most decode to nothing.

A picture is **unsure** if a classifier, trained on digits, is less than 90 % sure of any class. It
is so of borders between classes, too, so some of it is not a hole. Random codes of autoencoders
are drawn number by number, with the mean and spread of training pictures' codes; those of the VAE
from N(0, 1). The VAE with 16 numbers has the layers, data and epochs of the autoencoders beside
it. The planes are cut off at 2 % and 98 % of the codes along each axis; the VAE of the plane is
convolutional and was trained longer.
"""
PAPERS = (
    "[Kingma & Welling (2013), Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
    "[Ghosh et al. (2020), From variational to deterministic autoencoders]"
    "(https://arxiv.org/abs/1903.12436)",
)
CODE = """
from latentlab import checkpoints
from latentlab.tasks import regularise

classifier = checkpoints.load("classifier.mnist").load_model()
for name in {names}:
    checkpoint = checkpoints.load(name)
    found = regularise.invent(
        checkpoint.load_model(), checkpoint.statistics(), classifier, seed={seed}
    )
    print(name, f"{{found.unsure:.0%}} of random codes decode to what the classifier is unsure of")
"""


def draw() -> None:
    """Draw the section."""
    from latentlab.ui.regularise import figures

    with st.container(horizontal=True, vertical_alignment="center"):
        mended = fields.url_toggle("The VAE beside it", key=MEND)
        seed = fields.url_seed("Other random codes", key=SEED)
    broken: list[LatentLabError] = []
    invented: dict[str, Invented] = {}
    for title, name in _rows(mended).items():
        try:
            invented[title] = _invented(name, seed)
        except LatentLabError as error:  # the others can still be compared
            broken.append(error)
    planes: dict[str, Mosaic] = {}
    for title, name in (("An autoencoder", PLAIN), *([("A VAE", VARIATIONAL)] if mended else [])):
        try:
            planes[title] = _mosaic(name)
        except LatentLabError as error:
            broken.append(error)
    if broken:
        first = widgets.plain(f"{broken[0].message} {broken[0].hint or ''}")
        more = f" (And {len(broken) - 1} more.)" if len(broken) > 1 else ""
        st.info(f"{first}{more}", icon=":material/info:")
    if invented:
        with st.container(key="regularise_answer"):
            st.markdown(figures.invented_words(invented, _real()))
        with st.container(key="regularise_invented"):
            st.html(figures.invented(invented))
    if planes:
        st.subheader("In a plane", anchor=False)
        st.markdown(figures.holes(planes))
        classes = cache.samples(results.DATA).labels[:POINTS]
        with st.container(key="regularise_planes", horizontal=True):
            for title, mosaic in planes.items():
                with st.container(width=560):
                    st.markdown(f"**{title}**")
                    st.plotly_chart(figures.plane(mosaic, classes), key=f"regularise.{title}")
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(CODE.format(names=tuple(_rows(mended).values()), seed=seed))


def _rows(mended: bool) -> dict[str, str]:
    """Return the checkpoints whose random codes are decoded, by title."""
    there = {f"Autoencoder, {k} numbers": f"autoencoder.mnist_stack_k{k}" for k in SIZES}
    return there | ({f"VAE, {MATCHED_SIZE} numbers": MATCHED} if mended else {})


def _judge() -> "Classifier":
    """Return the classifier of the data.

    Raises:
        LatentLabError: there is none.
    """
    from latentlab.errors import UnsupportedError
    from latentlab.models import Classifier

    name = cache.classifier(results.DATA)
    classifier = None if name is None else cache.model(name)
    if not isinstance(classifier, Classifier):
        raise UnsupportedError(
            "This part needs a classifier of MNIST.", "Train it: latentlab train classifier.mnist."
        )
    return classifier


@cache.per_checkpoint(max_entries=64)
def _invented(name: str, seed: int) -> "Invented":
    """``regularise.invent`` of a network. Errors as ``cache.model`` and ``_judge``."""
    from latentlab.errors import UnsupportedError
    from latentlab.models import Autoencoder
    from latentlab.tasks import regularise

    network = cache.model(name)
    if not isinstance(network, Autoencoder):
        raise UnsupportedError(f"{name} is no autoencoder.")
    return regularise.invent(network, cache.statistics(name), _judge(), seed)


@st.cache_resource(max_entries=1, show_spinner=False)
def _real() -> float:
    """How unsure the classifier is of real test pictures. Errors as ``_judge``."""
    from latentlab.tasks import regularise

    pictures = cache.samples(results.DATA).tensor(slice(0, POINTS))
    return regularise.unsure(_judge(), pictures)


@cache.per_checkpoint(max_entries=4, spinner="Decoding the plane …")
def _mosaic(name: str) -> "Mosaic":
    """``regularise.mosaic`` of a network. Errors as ``_invented``."""
    from latentlab.errors import UnsupportedError
    from latentlab.models import Autoencoder
    from latentlab.tasks import regularise

    network = cache.model(name)
    if not isinstance(network, Autoencoder):
        raise UnsupportedError(f"{name} is no autoencoder.")
    pictures = cache.samples(results.DATA).tensor(slice(0, POINTS))
    return regularise.mosaic(network, _judge(), pictures)
