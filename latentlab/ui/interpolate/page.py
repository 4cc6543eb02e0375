"""The Interpolate page: walk between pictures, through a latent space and through pixels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.interpolate import DECODERS, endpoint_choice, figures, player, results
from latentlab.ui.shared import cache, fields, model_choice, picture_code, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from torch import Tensor

    from latentlab.data import ImageDataset
    from latentlab.models import LatentModel
    from latentlab.tasks.interpolate import Endpoint, Grid, Measures, Prediction, Strip

MODEL, USUAL = "interpolate_model", "vae.mnist_k16"  # in the address; to begin with
IDEA = """
Every code between two codes decodes to a picture. In a good latent space those in between look
real too: one shape bends into the other, where the **cross-fade**, which needs no model and is
what a latent path has to beat, shows the ghosts of both. A latent strip begins and ends with what
the model makes of the two pictures; the fade, with the pictures themselves.

A **linear** path cuts through the middle of the cloud of codes. In many dimensions nearly all
codes drawn from a Gaussian have the same length, so there is no data in the middle; a
**spherical** path keeps the length. With few dimensions the difference is often small: compare the
numbers. The **classifier** was trained on real pictures. It has to name a class for a ghost too,
and may be sure of it: look at the distance from real pictures as well.
"""
FORMULA = (
    r"\text{linear:}\quad z_t = (1 - t)\,a + t\,b",
    r"\text{spherical:}\quad z_t = \frac{\sin((1 - t)\,\Omega)}{\sin\Omega}\,a + "
    r"\frac{\sin(t\,\Omega)}{\sin\Omega}\,b,\quad \cos\Omega = \frac{a \cdot b}{|a|\,|b|}",
)
PAPERS = (
    "[Shoemake (1985), Animating rotation with quaternion curves]"
    "(https://doi.org/10.1145/325165.325242); codes of unequal length: directions as above, and "
    "the length goes linearly from |a| to |b|",
    "[White (2016), Sampling generative networks](https://arxiv.org/abs/1609.04468)",
)
NUMBERS = """
The first three are means over the pictures in between.

- **Classifier is certain**: the probability of the class that it names, 0 to 1.
- **Off real pictures**: distance to the nearest real picture, in the classifier's features; 1 is
  the usual distance from a real picture to the nearest other one. Pixels would mislead: an average
  of pictures is nearer to all others than they are to one another.
- **Edges kept**: squared steps between neighbouring pixels, over those at the path's own two
  endpoints. Two half-faded outlines keep about one half.
- **Detour**: the way through pixel space over the straight line; a cross-fade is that line.
- **Code half-way**: its length over the mean length of the endpoints' codes.
"""
CODE = """
from latentlab import checkpoints

checkpoint = checkpoints.load("{name}")
model = checkpoint.load_model()
"""
WALK = """
from pathlib import Path
from latentlab.latents.paths import paths
from latentlab.pictures import images

walk = model.decode(paths.get("spherical")(a, b, steps={steps}))
Path("walk.gif").write_bytes(images.to_gif(walk, scale=8))
"""
SQUARE = """
from pathlib import Path
import torch
from latentlab.latents.paths import bilinear, paths
from latentlab.pictures import images

square = bilinear(torch.stack([a, b, c, d]), {side}, {side}, paths.get("{path}"))
pictures = model.decode(square.flatten(0, 1))
Path("square.png").write_bytes(images.to_png(images.grid(pictures, {side}, gap=1), scale=8))
"""


def draw(view: View) -> None:
    """Draw the page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        names = model_choice.data_set_buttons(cache.names_for(DECODERS), key=MODEL, default=USUAL)
        name = model_choice.choose_checkpoint(names, key=MODEL, default=USUAL)
    from latentlab.data import datasets
    from latentlab.models import LatentModel

    model, of = cache.model(name), datasets.get(cache.checkpoint(name).card.data)
    assert isinstance(model, LatentModel)  # the page offers no others
    samples = cache.samples(of.name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shape = fields.url_select(
            "Between",
            {"two": "Two endpoints", "four": "Four corners"},
            key="interpolate_between",
            style="buttons",
            label_visibility="collapsed",
        )
        keys = endpoint_choice.order(2 if shape == "two" else 4, of.name, samples)
        endpoint_choice.draw_buttons(len(keys), samples)
        make = _choose_steps() if shape == "two" else _choose_square()
    answer = st.container(key="interpolate_answer").empty()
    with st.container(key=f"walk_{shape}"):
        ends = [
            endpoint_choice.choose(title, key, name, of.name, letter)
            for letter, (title, key) in zip("abcd", keys.items(), strict=False)
        ]
        hero = st.container()
    chosen = [end for end, _ in ends]
    walks = make(model, chosen)
    _show(name, of, chosen, walks, hero, answer)
    with st.container(key="interpolate_few"):
        model_choice.few_pictures(name)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    lines = [line for _, made in ends for line in made]
    widgets.show_code(picture_code.together(CODE.format(name=name), *lines, walks.code))


@dataclass(frozen=True)
class _Walks:
    """What stands between the endpoint_choice, by every method, the cross-fade last."""

    made: "Sequence[Strip | Grid]"
    ways: "Sequence[str | None]"  # registered path of each; None for pixels
    films: "dict[str, Tensor]"  # label -> pictures in the order in which an animation shows them
    sheet: "Tensor"  # all pictures as one
    html: "Callable[[Sequence[Prediction] | None, Sequence[str]], str]"  # strips or grids
    code: str  # what makes one of them from the codes a, b, …


_Make = Callable[["LatentModel", "Sequence[Endpoint]"], _Walks]


def _choose_steps() -> _Make:
    """Draw the controls of a walk between two endpoint_choice; return what makes it."""
    with st.container(width=150):
        # A menu and not a field: it shows all that can be had, and odd numbers have a middle.
        steps = int(
            fields.url_select(
                "Pictures",
                {str(count): f"{count} pictures" for count in range(5, 22, 2)},
                key="interpolate_steps",
                default="11",
                label_visibility="collapsed",
            )
        )

    def make(model: "LatentModel", endpoints: "Sequence[Endpoint]") -> _Walks:
        import torch

        from latentlab.latents.paths import paths
        from latentlab.pictures import images
        from latentlab.tasks import interpolate

        made = interpolate.interpolate(model, endpoints[0], endpoints[1], steps)
        films = {one.label: one.images for one in made}
        sheet = images.grid(torch.cat(list(films.values())), columns=steps)
        code = WALK.format(steps=steps)
        return _Walks(made, [*paths, None], films, sheet, partial(figures.filmstrips, made), code)

    return make


def _choose_square() -> _Make:
    """Draw the controls of a square between four corners; return what makes it."""
    from latentlab.latents.paths import paths

    with st.container(width=150):
        side = int(
            fields.url_select(
                "Pictures a side",
                {str(count): f"{count} × {count}" for count in range(4, 10)},
                key="interpolate_side",
                default="6",
                label_visibility="collapsed",
            )
        )
    path = fields.url_select(
        "Path",
        {path: paths.get(path).label for path in paths},
        key="interpolate_path",
        style="buttons",
        label_visibility="collapsed",
    )

    def make(model: "LatentModel", endpoints: "Sequence[Endpoint]") -> _Walks:
        import torch

        from latentlab.pictures import images
        from latentlab.tasks import interpolate

        made = interpolate.fill_square(model, endpoints, side, path)
        films = {one.label: one.tour() for one in made}
        code = SQUARE.format(side=side, path=path)
        sheet = torch.cat([images.grid(one.images.flatten(0, 1), side, gap=1) for one in made], 2)
        return _Walks(made, [path, None], films, sheet, partial(figures.grids, made), code)

    return make


def _show(
    name: str,
    of: "ImageDataset",
    endpoints: "Sequence[Endpoint]",
    walks: _Walks,
    hero: "DeltaGenerator",
    answer: "DeltaGenerator",
) -> None:
    """Draw the player in ``hero``, then the strips or grids, their numbers and downloads.

    ``answer`` gets the sentence that says which method wins.
    """
    from latentlab.models import Classifier
    from latentlab.tasks import interpolate

    verdicts: Sequence[Prediction] | None = None
    real = None
    if (classifier := cache.classifier(of.name)) is not None:
        network, real = cache.model(classifier), results.neighbours(classifier)
        assert isinstance(network, Classifier)  # `cache.classifier` has found it
        verdicts = [interpolate.classify(network, one.images.flatten(0, -4)) for one in walks.made]
    files = player.publish(name, walks.made)
    with hero:
        player.draw(
            of.image_shape,
            endpoints,
            player.tracks(walks.made, verdicts, walks.ways),
            of.class_names,
            files,
        )
    st.html(walks.html(verdicts, of.class_names))
    if verdicts:
        st.html(
            figures.legend(verdicts, of.class_names, f"The classifier sees, by {of.label_title}")
        )
    else:
        st.caption(f"There is no classifier for {of.title}: the pictures in between get no class.")
    opinions: Sequence[Prediction | None] = verdicts or [None] * len(walks.made)
    measured = {
        one.label: interpolate.measure(one, endpoints, verdict, real)
        for one, verdict in zip(walks.made, opinions, strict=True)
    }
    answer.markdown(interpolate.compare(measured))
    _draw_measures(measured)
    _draw_downloads(walks.films, walks.sheet, of.image_shape[1])


def _draw_measures(rows: "Mapping[str, Measures]") -> None:
    """The table of numbers; ``rows`` maps a method to its ``Measures``."""
    columns = {
        "certainty": widgets.Measure("Classifier is certain", higher_is_better=True),
        "distance": widgets.Measure("Off real pictures", higher_is_better=False),
        "edges": widgets.Measure("Edges kept", higher_is_better=True),
        "detour": widgets.Measure("Detour"),
        "middle": widgets.Measure("Code half-way"),
    }
    used = [
        field
        for field in columns
        if any(getattr(numbers, field) is not None for numbers in rows.values())
    ]
    widgets.score_table(
        [columns[field] for field in used],
        {label: [getattr(row, field) for field in used] for label, row in rows.items()},
    )
    with st.expander("What do these numbers mean?", icon=":material/straighten:"):
        st.markdown(NUMBERS)


def _draw_downloads(walks: "Mapping[str, Tensor]", sheet: "Tensor", size: int) -> None:
    """Offer ``walks`` (label -> pictures in order) as animations, and ``sheet`` as one PNG."""
    import torch

    from latentlab.pictures import images

    scale = max(1, round(280 / size))
    with st.expander("Save", icon=":material/download:"):
        together = "Side by side"
        what = st.segmented_control(
            "Animation",
            [together, *walks],
            default=together,
            required=True,
            key="interpolate_saved",
            persist_state="session",
        )
        if what in walks:
            frames = walks[what]
        else:
            rows = zip(*walks.values(), strict=True)
            frames = torch.stack([images.grid(torch.stack(row), len(row), gap=2) for row in rows])
        if st.toggle("There and back", True, key="interpolate_back", persist_state="session"):
            frames = torch.cat([frames, frames[1:-1].flip(0)])
        with st.container(horizontal=True):
            for kind, write in (("gif", images.to_gif), ("webp", images.to_webp)):
                widgets.download(
                    f"Animation, {'GIF' if kind == 'gif' else 'WebP'}",
                    partial(write, frames, 120, scale),
                    f"walk.{kind}",
                    f"image/{kind}",
                )
            data = partial(images.to_png, sheet, max(1, scale // 2))
            widgets.download("All pictures, PNG", data, "walk.png", "image/png")
