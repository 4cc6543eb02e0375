"""The home page: what this is, what moves, and one picture per page that leads there."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from latentlab.ui.app import contents, hero
from latentlab.ui.shared import component
from latentlab.ui.shared.entry import Entry, Scene

_HEAD = (
    "<h1>A picture, boiled down to a few numbers</h1>"
    "<p class='lead'>Networks squeeze pictures through their latent space. Turn its "
    "numbers, walk through it, map it, and see whether it beats the classical method.</p>"
)


def draw() -> None:
    """Draw the home page: one sentence, two pictures that move, a card per page, the lessons.

    The pictures are files (``ui/<page>/cover.svg``), remade from the shipped models by
    ``python -m latentlab.ui.app.covers``: this page must be usable before torch is loaded. It is
    three elements for the same reason: forty of them, a widget each, took the browser half a second
    longer. ``links.js`` makes their links stay in the app.
    """
    st.html(_HEAD)
    with st.container(key="hero"):
        hero.draw()
    st.html(f"<nav class='cards' aria-label='Pages'>{_cards()}</nav>{_lessons()}")


def _cards() -> str:
    """Every page, section by section."""
    parts = []
    for section, entries in contents.sections().items():
        # Pairs of pages lie, in wide cards; others stand, three in a row: none is left alone.
        form = "wide" if len(entries) in (1, 2, 4) else "tall"
        cards = "".join(_card(entry) for entry in entries)
        parts.append(f"<h2 class='section'>{escape(section)}</h2><div class='{form}'>{cards}</div>")
    return "".join(parts)


def _card(entry: Entry) -> str:
    picture = component.publish(entry.cover.read_bytes(), "image/svg+xml", f"cover.{entry.name}")
    return (
        f"<article class='card' data-page='{entry.name}'>"
        f"<img src='{escape(component.in_page(picture))}' alt='' width='480' height='270'>"
        f"<div><a href='{entry.name}' data-stays>{escape(entry.title)}</a>"
        f"<p>{escape(entry.promise)}</p></div></article>"
    )


def _lessons() -> str:
    """Every page's scenes, page by page."""
    groups = "".join(_group(entry) for entry in contents.PAGES if entry.scenes)
    if not groups:
        return ""
    return (
        "<h2 class='section lessons'>Lessons: a claim, and the page that tests it</h2>"
        f"<div class='lessons'>{groups}</div>"
    )


def _group(entry: Entry) -> str:
    icon = entry.icon.strip(":").rpartition("/")[2]  # as the navigation shows it
    return (
        f"<section><h3><span class='icon' aria-hidden='true' translate='no'>{icon}</span>"
        f"{escape(entry.title)}</h3>"
        f"<ul>{''.join(_lesson(entry, scene) for scene in entry.scenes)}</ul></section>"
    )


def _lesson(entry: Entry, scene: Scene) -> str:
    query = urlencode(scene.settings)
    return (
        f"<li><a href='{escape(f'{entry.name}?{query}')}' data-stays>"
        f"{escape(scene.sentence)}</a></li>"
    )
