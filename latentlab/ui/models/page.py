"""The Models page: every checkpoint as a card, its scores beside those of the method to beat."""

from typing import Any

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.registry import Registry
from latentlab.ui.models import card_html, results
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View

EVERYTHING = "all"
CODE = """
from latentlab import checkpoints

for name, card in checkpoints.cards().items():
    for score in card.scores:
        print(name, score.name, score.value, "to beat:", score.baseline, score.baseline_name)
"""


def draw(view: View) -> None:
    """Draw the page."""
    from latentlab.data import corpora, datasets, photo_datasets, sequence_tasks

    usable, broken = cache.usable()
    if not usable and not broken:
        widgets.empty_state(
            "No trained model here yet",
            "Nothing is in `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train the whole set, or "
            "copy a checkpoint folder there and reload the page.",
            "latentlab train --all",
        )
        st.stop()
    cards = {name: checkpoint.card for name, checkpoint in usable.items()}
    for error in broken.values():
        st.warning(widgets.plain(str(error)), icon=":material/inventory_2:")

    found = list(dict.fromkeys(card.data for card in cards.values()))
    tables: tuple[Registry[Any], ...] = (datasets, photo_datasets, sequence_tasks, corpora)
    known = {name: table.get(name).title for table in tables for name in table}
    titles = {data: known.get(data, data) for data in found}
    order = [data for data in datasets if data in found] + [d for d in found if d not in datasets]
    data = fields.url_select(
        "Data set",
        {**{d: widgets.plain(titles[d]) for d in order}, EVERYTHING: "All"},
        key="models_data",
        default="mnist",
        style="buttons",
    )
    wanted = {name: card for name, card in cards.items() if data in (EVERYTHING, card.data)}
    families = fields.url_choices(
        "Family",
        {card.family: widgets.plain(card.title) for card in wanted.values()},
        key="models_family",
        default=(),
        help="None chosen shows them all.",
    )
    studies = any(card.study for card in cards.values()) and fields.url_toggle(
        "Models of studies, too",
        key="models_studies",
        help="A study has many models that differ in one thing alone; its own page compares them.",
    )
    outside = {card.family for card in wanted.values() if not card.study}
    shown = {
        name: card
        for name, card in wanted.items()
        if not families or card.family in families
        # Whoever asks for data or for a family that studies alone have gets it.
        if not card.study or studies or not outside or (families and card.family not in outside)
    }

    pictures = {}
    with st.container(key="zoo"):
        grid = st.grid(min_column_width=340, border=True)
        for name, card in shown.items():
            with grid.cell():
                st.html(card_html.heading(usable[name]))
                pictures[name] = st.empty()  # filled last: the text need not wait for torch
                st.html(card_html.score_rows(card.scores))
                st.html(card_html.facts(usable[name]))
                with st.container(horizontal=True):
                    for entry in view.pages:
                        link = entry.link(name, card)
                        if link is not None:
                            st.page_link(
                                entry.path, label=entry.title, icon=entry.icon, query_params=link
                            )
                with st.expander("Recipe and limits"):
                    st.code(card.recipe, language="bash", wrap_lines=True)
                    st.caption(widgets.plain(f"Seed {card.seed}, on {card.machine}."))
                    for limit in card.limits:
                        st.markdown(f"- {widgets.plain(limit)}")

    rows = card_html.table(shown)
    if rows:
        st.subheader("All numbers", anchor=False)
        st.dataframe(rows, hide_index=True, placeholder="–", key="models_table")
        widgets.download("Table as CSV", card_html.to_csv(rows), "latentlab-models.csv", "text/csv")

    widgets.explainer(
        "A score alone says little. Beside each stands what a simple method gets on the **same "
        "test pictures**: principal components with as many numbers, the best of five classical "
        "filters tuned on the clean picture itself, nearest neighbours. The better of the two is "
        "marked, whoever it is. All scores are measured on the full test split, but where a "
        "row names the training pictures, and `latentlab evaluate` measures them again from the "
        "stored weights.",
        formula=(
            r"\text{mse} = \tfrac{1}{D}\,\lVert x - g(f(x)) \rVert^2 \qquad "
            r"\text{to beat:}\quad \min_{W^\top W = I_k}\ "
            r"\tfrac{1}{D}\,\lVert x - \bar x - W W^\top (x - \bar x) \rVert^2"
        ),
        paper="[Mitchell et al. (2019), Model cards for model reporting]"
        "(https://arxiv.org/abs/1810.03993)",
    )
    widgets.show_code(CODE)

    for name, place in pictures.items():
        try:
            shown_by = results.portrait(name)
        except LatentLabError as error:
            place.warning(widgets.plain(str(error)))
            continue
        if not isinstance(shown_by, tuple):
            place.html(card_html.lines(shown_by.lines))
            continue
        png, made = shown_by
        caption = " · ".join(dict.fromkeys(made.titles))
        if made.classes is not None:
            classes = datasets.get(shown[name].data).class_names
            caption = f"classified: {', '.join(classes[k] for k in made.classes.tolist())}"
        place.image(png, caption=caption, alt=caption, width="stretch")
