"""Data to plotly figures, without streamlit: class colours and the layout all figures share.

Draw a figure with ``st.plotly_chart(figure, key=…)``: Streamlit's theme then sets text and grid
colours for light and dark, so nothing here sets them. Importing plotly at the top costs nothing:
Streamlit 1.67 imports it by itself.
"""

from plotly.graph_objects import Figure

# Ten colours that people with common colour-vision deficiencies can tell apart, and that read on
# white and on dark. Petroff (2021), "Accessible color sequences for data visualization",
# arXiv:2107.02270, the ten-colour sequence; class k always takes colour k.
CLASS_COLOURS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#92dadd",
    "#717581",
)
ACCENT = "#5b6ee1"  # one series on its own; also the app's accent
BASELINE = "#8a8f98"  # the classical method that a model has to beat
SEQUENTIAL = "Viridis"  # magnitudes: perceptually uniform and safe for colour-blind people
DIVERGING = "RdBu"  # signed differences, with zero in the middle


def class_colour(index: int) -> str:
    """The colour of class ``index``; colours repeat after ten classes."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on ``colour``, ``#rrggbb`` (WCAG 2.2 luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#fff"


def lay_out(
    figure: Figure,
    *,
    height: int = 420,
    x: str = "",
    y: str = "",
    legend: bool = True,
) -> Figure:
    """Give ``figure`` the shared layout and return it.

    Args:
        figure: any plotly figure; changed in place.
        height: CSS pixels.
        x: title of the horizontal axis, with its unit.
        y: title of the vertical axis, with its unit.
        legend: whether to draw the legend (above the plot, so that it costs no width).
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 40 if legend else 8, "b": 8},
        font={"size": 16},
        hoverlabel={"font": {"size": 16}},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode="pan",
    )
    figure.update_xaxes(title_text=x, automargin=True, zeroline=False)
    figure.update_yaxes(title_text=y, automargin=True, zeroline=False)
    return figure
