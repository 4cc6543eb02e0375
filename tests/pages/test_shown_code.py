"""The lines under "Show the code" run as they are, on every page, with the models that ship."""

from collections.abc import Callable
from pathlib import Path

import pytest

from latentlab.ui.app import contents

FEW = {"embeddings": {"embeddings_points": "200", "embeddings_planes": "pca"}}


@pytest.mark.parametrize("name", [entry.name for entry in contents.PAGES])
def test_the_code_of_every_page_runs_verbatim(
    open_page: Callable, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(name, **FEW.get(name, {}))
    if not app.code:  # it is written once the expander is open
        app.session_state[f"{name}.code"] = True
        app.run()
    assert not app.exception and not app.error
    snippets = [shown.value for shown in app.code if "import" in shown.value]
    assert snippets, "a page shows the lines that do what it shows"
    monkeypatch.chdir(tmp_path)
    for snippet in snippets:
        exec(compile(snippet, f"shown on {name}", "exec"), {})
