"""“Watch it learn”: a training moment by moment, the collapsed one beside it if that is wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError, UnsupportedError
from latentlab.tasks import time_machine as task
from latentlab.ui.shared import browser_models, cache, component, fields, guard, state, widgets
from latentlab.ui.time_machine import binding, results
from latentlab.ui.time_machine.binding import Choice

if TYPE_CHECKING:
    from latentlab.stories import Story

MOMENT, SAMPLE, SEED = "time_machine_moment", "time_machine_sample", "time_machine_seed"
MOVES, BESIDE = "time_machine_moves", "time_machine_beside"
_KEY = "time_machine_live"

IDEA = """
A **generator** turns {size} random numbers into a picture. A **critic** gets pictures, real ones
and generated ones, and learns to tell them apart; the generator learns to be mistaken for real. No
picture is ever shown to the generator.

The slider goes through one training. At each of {moments} moments the generator drew from **the
same codes**, so a place in the sheet is one code: click it, and see what it became over all of
training. The sliders beside it move the code at the nearest of {live} moments whose weights were
kept; your browser computes that.

**Does it copy?** Beside the chosen sample stands the training picture nearest to it. Samples would
be copies if they were nearer to training pictures than real pictures are that the GAN has never
seen.

**Collapse.** A generator that always draws what the critic likes best need not draw anything else.
Beside the digits you can put a run that was made to collapse, at the same share of its training:
its generator, a smaller one, takes twenty steps for one of its critic, without the penalties and
without the critic's view of a whole batch.

Numbers are of {measured:,} samples against as many test pictures, in the features of the data set's
classifier; what as many held-back training pictures read stands beside them.
"""
FORMULA = (
    r"\min_D\ \mathbb{E}\,f\bigl(D(G(z)) - D(x)\bigr) + \tfrac{\gamma}{2} R,\qquad"
    r"\min_G\ \mathbb{E}\,f\bigl(D(x) - D(G(z))\bigr)",
    r"R = \mathbb{E}\lVert\nabla D(x)\rVert^2 + \mathbb{E}\lVert\nabla D(G(z))\rVert^2,\qquad"
    r"f(t) = \log(1 + e^t)",
)
PAPERS = (
    "[Goodfellow et al. (2014), Generative adversarial nets](https://arxiv.org/abs/1406.2661)",
    "[Huang et al. (2024), The GAN is dead; long live the GAN!](https://arxiv.org/abs/2501.05441)",
    "[Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models]"
    "(https://arxiv.org/abs/2002.09797)",
)
CODE = """
import torch
from latentlab import checkpoints, stories
from latentlab.tasks import time_machine

checkpoint = checkpoints.load("{name}")
story = stories.read(checkpoint)
place = {place}
print(time_machine.verdict(story, place))
for row in time_machine.rows(story, place):
    print(row.title, row.samples, row.real)

# The generator at the nearest moment whose weights were kept, and the code of sample {sample}.
network = checkpoint.load_model()
then = time_machine.generator_at(network, stories.live(checkpoint), story.live_at(place))
z = network.sample_prior(story.shown, torch.Generator().manual_seed(story.seed))[{sample}]
x = then.decode(z[None])
"""


def choose_beside(data: str) -> str | None:
    """Draw the switch that puts the collapsed run beside the digits; return that run, if so."""
    try:
        there = results.there(results.COLLAPSED)
        if not there or cache.checkpoint(results.COLLAPSED).card.data != data:
            return None
    except LatentLabError as error:
        st.warning(widgets.plain(str(error)), icon=":material/info:")
        return None
    wanted = fields.url_toggle(
        "A run that collapsed beside it",
        key=BESIDE,
        help="The same slider for both, at the same share of each",
    )
    return results.COLLAPSED if wanted else None


def draw(name: str, beside: str | None) -> None:
    """Draw the section.

    Raises:
        LatentLabError: the story of ``name`` cannot be used.
    """
    told = results.told(name)
    reason = ""
    try:
        browser_models.insist_on_browser()
    except UnsupportedError as error:
        reason = error.message
    reels = [_published(name, "healthy", "The healthy run" if beside else "", not reason)]
    if beside is not None:
        try:
            reels.append(_published(beside, "collapsed", "The collapsed run", not reason))
        except LatentLabError as error:
            st.warning(widgets.plain(str(error)), icon=":material/info:")
    _live(told.story, reels, reason)
    story = told.story
    widgets.explainer(
        IDEA.format(
            size=results.generator(name).latent_size,
            moments=len(story.moments),
            live=len(story.live),
            measured=story.measured,
        ),
        formula=FORMULA,
        paper=PAPERS,
    )
    choice: Choice = st.session_state[_KEY + ".choice"]
    widgets.show_code(CODE.format(name=name, place=choice.moment, sample=choice.sample))


def _published(name: str, part: str, title: str, runs: bool) -> binding.Reel:
    """Return a run with where browsers fetch it."""
    import torch

    from latentlab.data import datasets

    told, network = results.told(name), results.generator(name)
    story = told.story
    codes = network.sample_prior(story.shown, torch.Generator().manual_seed(story.seed))
    directions = cache.statistics(name).directions[:, : task.SLIDERS].T
    classes = datasets.get(cache.checkpoint(name).card.data).class_names
    content = binding.packed(story, network.image_shape, classes, codes, directions)
    live = []
    try:
        for place in range(len(story.live) if runs else 0):
            files = results.generator_files(name, place)
            live.append(browser_models.publish_network(f"{part}.{place}", *files))
    except UnsupportedError:
        live = []  # the sheets are there all the same
    return binding.Reel(
        title,
        component.publish(content, "application/json", f"{part}.story"),
        component.publish(told.samples, "image/png", f"{part}.samples"),
        component.publish(told.nearest, "image/png", f"{part}.nearest"),
        tuple(live),
    )


@st.fragment
def _live(story: "Story", reels: list[binding.Reel], reason: str) -> None:
    """Draw the runs; where the visitor rests is held by the address."""
    moments, shown = len(story.moments), story.shown

    def rest() -> None:
        try:
            choice = binding.read_choice(st.session_state[_KEY].get("choice"), moments, shown)
        except ValueError:
            return  # it stays as it is
        st.session_state[MOMENT], st.session_state[SAMPLE] = choice.moment, choice.sample
        st.session_state[SEED], st.session_state[MOVES] = choice.seed, choice.moves

    with guard.errors(), st.container(key="time_machine_reel"):
        choice = _choice(moments, shown)
        binding.reel(key=_KEY, reels=reels, choice=choice, reason=reason, on_rest=rest)


def _choice(moments: int, shown: int) -> Choice:
    """Return where to begin, after the address has had its say; and hold it there."""

    def number(below: int) -> Callable[[str], int]:
        def parse(text: str) -> int:
            if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text) < below):
                raise ValueError(text)
            return int(text)

        return parse

    def vector(text: str) -> tuple[float, ...]:
        found = [float(part) for part in text.split(",", task.SLIDERS)]
        checked = {"moment": 0, "sample": 0, "seed": 0, "moves": found}
        return binding.read_choice(checked, moments, shown).moves

    still = (0.0,) * task.SLIDERS
    last = moments - 1
    moment = min(state.url_value(MOMENT, "Moment", number(moments), last), last)
    sample = min(state.url_value(SAMPLE, "Sample", number(shown), 0), shown - 1)
    seed = state.url_value(SEED, "Code", number(binding.SEEDS), 0)
    moves = state.url_value(MOVES, "Moves of the code", vector, still)
    state.publish(MOMENT, None if moment == last else str(moment))
    state.publish(SAMPLE, str(sample) if sample else None)
    state.publish(SEED, str(seed) if seed else None)
    state.publish(MOVES, None if moves == still else ",".join(f"{move:g}" for move in moves))
    choice = Choice(moment, sample, seed, moves)
    st.session_state[_KEY + ".choice"] = choice
    return choice
