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


# AppTest knows no components and has no public way to let one report, so both functions write what
# a browser sends. Streamlit's private names are in this file alone.


def ask(app, component: str, event: str, value: object):
    """Run the page as after ``setTriggerValue`` in the browser, and return it."""
    from streamlit.components.v2.bidi_component.main import _make_trigger_id

    states = app._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = _make_trigger_id(_shown(app, component).id, "events")
    widget.json_trigger_value = json.dumps([{"event": event, "value": value}])
    return app._run(states)


def report(app, component: str, **state: object):
    """Run the page as after ``setStateValue`` in the browser, and return it."""
    states = app._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = _shown(app, component).id
    widget.json_value = json.dumps(state)
    return app._run(states)
