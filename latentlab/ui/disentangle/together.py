"""“Factors that go together”: what a direction moves that was fitted where two factors coincide."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.disentangle import figures, results
from latentlab.ui.shared import cache, fields, picture_source, widgets

SHARE, USUAL = "disentangle_share", "100"
COLUMNS = 9


def draw() -> None:
    """Draw the section."""
    from latentlab.experiments import correlated
    from latentlab.tasks import disentangle

    if correlated.MODEL not in cache.cards():
        widgets.empty_state(
            "The VAE of toon faces is not here",
            "This part moves codes of that VAE.",
            f"latentlab train {correlated.MODEL}",
        )
        return
    try:
        measured = results.together()
    except LatentLabError as error:
        widgets.empty_state("Nothing has been measured yet", error.message, error.hint or "")
        return
    share = int(
        fields.url_select(
            "Faces in which beard and dark hair go together",
            {str(share): f"{share} %" for share in correlated.SHARES},
            key=SHARE,
            default=USUAL,
            style="buttons",
            help="Of the faces to which the direction is fitted; 50 % is chance.",
        )
    )
    with st.container(key="disentangle_answer"):
        st.markdown(disentangle.entangled_answer(measured, share))
    picked = picture_source.pick_image("disentangle_pic", results.DATA, results.shape())
    rows = results.entangled(correlated.MODEL, picked.identity, share, COLUMNS, picked.image)
    with st.container(key="disentangle_sweep"):
        st.html(figures.strips(rows, list(correlated.METHODS.values())))
    st.caption(
        "One face moved along both directions for “beard”, each from its low to its high end. The"
        " pictures are from directions fitted to the sample faces; the numbers above from ones"
        " fitted to the training split. Conditioning takes out of a direction what the other"
        " factors do to codes (Shen et al. 2020). That works even where all faces follow the rule,"
        " since hair has six colours and the rule knows only dark and light; but then the beard"
        " switches less often."
    )
    st.plotly_chart(figures.over_shares(measured), key="disentangle_together")
