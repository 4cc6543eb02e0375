"""The Streamlit app: the only package that imports streamlit.

    frame.py    navigation, checkpoint choice, the one error boundary, warm-up
    state.py    what a link holds: choices by name in the address, checked before use
    cache.py    every ``st.cache_*`` function
    widgets.py  page furniture; each function draws and returns one value
    figures.py  data -> plotly figure (no streamlit): class colours and the base layout
    home.py     the home page

Nothing here imports torch, scikit-learn or scikit-image at module level: the first page must be
usable before they are loaded. ``docs/architecture.md`` shows how to write a page.
"""
