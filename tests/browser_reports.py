"""What components in the browser are told and what they report, in AppTest, which knows none."""

import json
from typing import Any


def _shown(app, component: str):
    return next(
        found.proto
        for found in app.get("bidi_component")
        if found.proto.component_name == f"latentlab.{component}"
    )


def told(app, component: str) -> dict[str, Any]:
    """What the first component of this name is told."""
    data: dict[str, Any] = json.loads(_shown(app, component).json)
    return data


def report(app, component: str, **state: object):
    """Run the page as after ``setStateValue`` in the browser, and return it."""
    states = app._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = _shown(app, component).id
    widget.json_value = json.dumps(state)
    return app._run(states)
