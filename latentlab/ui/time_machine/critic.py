"""“Ask the critic”: what the critic of a moment says of a picture, also while it is drawn."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import UnsupportedError
from latentlab.tasks import time_machine as task
from latentlab.ui.shared import (
    browser_models,
    cache,
    component,
    draw_pad,
    fields,
    guard,
    picture_code,
    picture_source,
    widgets,
)
from latentlab.ui.time_machine import binding, results

if TYPE_CHECKING:
    from latentlab.stories import Story

CRITIC, PICTURE = "time_machine_critic", "time_machine_pic"
_KEY = "time_machine_opinion_live"

IDEA = """
The critic gives every picture one number: higher means more like the data, as far as it can tell
**from the samples of its own time**. The number has no unit and no zero, so it means something only
beside others: where {listed} unseen test pictures lie, and where as many samples of that moment do.

An early critic has only ever seen noise beside digits: anything with a stroke convinces it. A late
one sees small flaws. At the end both heaps lie on one another, and it can hardly tell them apart:
that is where a GAN wants to be. It has **not** learnt what a digit is: it has learnt what is wrong
with samples, and says little of a picture that is neither.

Beside it stands the simplest classifier: a logistic regression on 64 principal components, trained
with {half:,} samples and as many real pictures.

A critic also looks at how much a batch varies. Of a single picture it is told what real batches
show, so that the picture is judged as one among real ones.
"""
PAPERS = (
    "[Goodfellow et al. (2014), Generative adversarial nets](https://arxiv.org/abs/1406.2661)",
    "[Karras et al. (2018), Progressive growing of GANs](https://arxiv.org/abs/1710.10196)",
)
CODE = """
from latentlab import checkpoints, stories
from latentlab.tasks import time_machine

checkpoint = checkpoints.load("{name}")
story = stories.read(checkpoint)
place = {place}
critic = time_machine.critic_at(
    stories.live(checkpoint), place, story.opinions[place], tuple(x.shape[1:])
)
print(time_machine.opinion_words(story, place, critic.score(x[0])))
"""


def draw(name: str) -> None:
    """Draw the section.

    Raises:
        LatentLabError: the story of ``name`` cannot be used.
    """
    from latentlab.data import datasets

    story = results.told(name).story
    if not story.opinions:
        raise UnsupportedError(f"No critic of {name} was kept.")
    data = cache.checkpoint(name).card.data
    of = datasets.get(data)
    listener = draw_pad.Listener(binding.DRAWN, of.image_shape, of.convention.centring)
    options = {
        str(place): task.when(story, opinion.moment) for place, opinion in enumerate(story.opinions)
    }
    with st.container(key="time_machine_source"):
        chosen = fields.url_select(
            "The critic", options, key=CRITIC, default=str(len(options) - 1), omit_default=True
        )
        picked = picture_source.pick_image(PICTURE, data, of.image_shape, follower=lambda: listener)
    place = int(chosen)
    score = results.critic(name, place).score(picked.image)
    with guard.errors(), st.container(key="time_machine_opinion"):
        binding.opinion(
            key=_KEY,
            story=story,
            place=place,
            picture=picked.image,
            identity=picked.identity,
            caption=picked.description,
            score=score,
            critic=_published(name, place),
        )
        st.markdown(_told_apart(story, place))
    listed, half = len(story.opinions[place].real), story.measured // 2
    widgets.explainer(IDEA.format(listed=listed, half=half), paper=PAPERS)
    widgets.show_code(
        picture_code.together(
            picture_code.lines(picked, data, of.image_shape), CODE.format(name=name, place=place)
        )
    )


def _told_apart(story: "Story", place: int) -> str:
    opinion = story.opinions[place]
    moment = story.moments[opinion.moment]
    return (
        f"Which of two is real, a test picture or a sample of that moment? The critic is right in"
        f" **{100 * task.right(opinion):.0f} %** of pairs, a linear classifier in"
        f" **{100 * moment.told_apart_linearly:.0f} %**; guessing is right in 50 %."
    )


def _published(name: str, place: int) -> component.Decoder | None:
    """Return the critic for browsers, or None where it has to stay on the server."""
    try:
        browser_models.insist_on_browser()
        return browser_models.publish_network(f"critic.{place}", *results.critic_files(name, place))
    except UnsupportedError:
        return None
