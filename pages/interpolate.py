"""The Interpolate page: walk between pictures, through a latent space and through pixels."""

from functools import partial

import streamlit as st

from latentlab.ui import cache, ends, frame, morph_player, widgets
from latentlab.ui import figures_interpolate as figures

IDEA = """
Every code between two codes decodes to a picture. In a good latent space those in between look
real too: one shape bends into the other, where the **cross-fade**, which needs no model and is
what a latent path has to beat, shows the ghosts of both. A latent strip starts and ends with what
the model makes of the two pictures; the fade, with the pictures themselves.

A **linear** path cuts through the middle of the cloud of codes. In many dimensions nearly all
codes drawn from a Gaussian have the same length, so there is no data in the middle; a
**spherical** path keeps the length. With few dimensions the difference is often small: compare the
numbers. The **judge** is a classifier trained on real pictures. It has to name a class for a ghost
too, and may be sure of it: look at the distance from real pictures as well.
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

- **Judge is certain**: the probability of the class that it names, 0 to 1.
- **Off real pictures**: distance to the nearest real picture, in the judge's features; 1 is the
  usual distance from a real picture to the nearest other one. Pixels would mislead: an average of
  pictures is nearer to all others than they are to one another.
- **Edges kept**: squared steps between neighbouring pixels, over those at the path's own two ends.
  Two half-faded outlines keep about one half.
- **Detour**: the way through pixel space over the straight line; a cross-fade is that line.
- **Code half-way**: its length over the mean length of the ends' codes.
"""
ENCODED = 'model.encode(datasets.get("{data}").samples().tensor({places})).mode()'
DRAWN = "model.sample_prior(2, torch.Generator().manual_seed(0))"
CODE = """
from pathlib import Path
import torch
from latentlab import checkpoints, images
from latentlab.data import datasets
from latentlab.interpolation import paths

model = checkpoints.load("{name}").load_model()
a, b = {ends}
walk = model.decode(paths.get("spherical")(a, b, steps=11))
Path("walk.gif").write_bytes(images.to_gif(walk, scale=8))
"""


def draw_measures(rows):
    """The table of numbers; ``rows`` maps a method to its ``Measures``."""
    columns = {
        "certainty": widgets.Measure("Judge is certain", higher_is_better=True),
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


def draw_downloads(walks, sheet, size):
    """Offer ``walks`` (label -> pictures in order) as animations, and ``sheet`` as one PNG."""
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


with frame.page(
    "Interpolate", lead="Walk from one picture to another. Half-way: a picture, or a ghost?"
):
    name = frame.choose_checkpoint(
        cache.names(kind="latent"), key="interpolate_model", default="vae.mnist_k16"
    )
    import torch

    from latentlab import images
    from latentlab.data import datasets
    from latentlab.interpolation import paths
    from latentlab.models import Autoencoder
    from latentlab.tasks import interpolate as task

    st.html(figures.STYLE)
    model, of = cache.model(name), datasets.get(cache.checkpoint(name).card.data)
    samples, judge = cache.samples(of.name), cache.judge(of.name)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        shape = widgets.url_select(
            "Between",
            {"two": "Two ends", "four": "Four corners"},
            key="interpolate_between",
            style="buttons",
            label_visibility="collapsed",
        )
        keys = ends.order(2 if shape == "two" else 4, samples)
        ends.draw_buttons(len(keys), samples)
        with st.container(width=150):
            if shape == "two":
                steps = widgets.url_number(
                    "Pictures", key="interpolate_steps", low=5, high=21, default=11, step=2
                )
            else:
                side = widgets.url_number(
                    "Pictures a side", key="interpolate_side", low=4, high=9, default=6
                )
        if shape == "four":
            path = widgets.url_select(
                "Path",
                {path: paths.get(path).label for path in paths},
                key="interpolate_path",
                style="buttons",
                label_visibility="collapsed",
            )
    with st.container(key=f"walk_{shape}"):
        chosen = [ends.choose(title, key, name, of.name) for title, key in keys.items()]
        hero = st.container()

    if shape == "two":
        shown = task.interpolate(model, *chosen, steps)
        walks = {one.label: one.images for one in shown}
        sheet = images.grid(torch.cat(list(walks.values())), columns=steps)
    else:
        shown = task.fill_square(model, chosen, side, path)
        walks = {one.label: one.tour() for one in shown}
        sheet = torch.cat([images.grid(one.images.flatten(0, 1), side, gap=1) for one in shown], 2)
    verdicts = real = None
    if judge is not None:
        classifier, real = cache.model(judge), cache.neighbours(judge)
        verdicts = [task.judge(classifier, one.images.flatten(0, -4)) for one in shown]

    ways = [*paths, None] if shape == "two" else [path, None]
    files = morph_player.publish(name, shown)

    def follow(at):
        if shape == "two":
            st.html(figures.mark(at[0], steps))

    with hero:
        morph_player.draw(
            of.image_shape,
            chosen,
            morph_player.tracks(shown, verdicts, ways),
            of.class_names,
            files,
            follow,
        )
    if shape == "two":
        st.html(figures.filmstrips(shown, verdicts, of.class_names))
    else:
        st.html(figures.boards(shown, verdicts, of.class_names))
    if verdicts:
        st.html(figures.legend(verdicts, of.class_names, f"The judge sees, by {of.label_title}"))
    else:
        st.caption(f"There is no judge for {of.title}: nobody names what stands in between.")

    opinions = verdicts or [None] * len(shown)
    draw_measures(
        {
            one.label: task.measure(one, chosen, verdict, real)
            for one, verdict in zip(shown, opinions, strict=True)
        }
    )
    draw_downloads(walks, sheet, of.image_shape[1])
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    if isinstance(model, Autoencoder):
        places = [
            int((samples.ids == st.session_state[key]).argmax()) for key in list(keys.values())[:2]
        ]
        code = ENCODED.format(data=of.name, places=places)
    else:
        code = DRAWN
    widgets.show_code(CODE.format(name=name, ends=code))
