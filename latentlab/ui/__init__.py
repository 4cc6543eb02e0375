"""The Streamlit app: the only package that imports streamlit.

    app/      what is around the pages: table of contents, frame, home
    shared/   what several pages share
    <page>/   everything that one page alone needs: its entry, its views, its results, its style
    browser/  JavaScript, style sheets and WebAssembly: what visitors' browsers run

Imports go app -> <page> -> shared. Nothing here imports torch, scikit-learn or scikit-image at
module level: the first page must be usable before they are loaded. ``docs/architecture.md`` shows
how to write a page.
"""
