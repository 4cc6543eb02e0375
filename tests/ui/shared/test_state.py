"""Names in the address: who owns them, and old ones."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from latentlab.ui.app import contents
from latentlab.ui.shared import state

UI = Path(state.__file__).resolve().parents[1]
PAGES = tuple(entry.name for entry in contents.PAGES)

# Functions that take the name of a field, or the stem of several, by keyword or in this place.
TAKES_KEY = {"url_value": 0, "url_vector": 0, "publish": 0, "publish_vector": 0, "pick_image": 0}
TAKES_KEY |= {"pick_photo": 0, "address_decides": 0}
LAYOUT = ("container", "latent_sliders", "morph", "photo_viewer")  # class names, and components


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def beginnings(node: ast.expr | None) -> Iterator[str]:
    """What an expression that gives a name may begin with, as far as the source says."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from beginnings(node.values[0])
    elif isinstance(node, ast.IfExp):
        yield from (*beginnings(node.body), *beginnings(node.orelse))


def keys(source: str) -> set[str]:
    """The keys that a module gives to widgets and to the address, or what they begin with."""
    tree = ast.parse(source)
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) in LAYOUT:
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
        place = TAKES_KEY.get(called(node))
        if place is not None and len(node.args) > place:
            given.append(node.args[place])
        for each in given:
            found.update(beginnings(constants.get(each.id) if isinstance(each, ast.Name) else each))
    return found


def allowed(key: str, page: str) -> bool:
    # With a dot the name cannot stand in an address, but two pages could still collide in it.
    return key in state.SHARED or contents.find(page).owns(key)


def test_the_search_finds_keys_of_all_sorts() -> None:
    source = (
        'A = "x"\nurl_seed("s", key="a")\nf(key=f"b_{c}")\npick_image("d")\nstate.publish(A, 1)\n'
        'g(key="h" if own else "i")\nst.container(key="j")'
    )
    assert keys(source) == {"x", "a", "b_", "d", "h", "i"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_uses_only_names_of_its_own(page: str) -> None:
    files = sorted((UI / page).glob("*.py"))
    found = {key for file in files for key in keys(file.read_text(encoding="utf-8"))}
    assert found, "the search finds nothing"
    assert {key for key in found if not allowed(key, page)} == set()


def test_no_two_pages_own_one_name() -> None:
    for entry in contents.PAGES:
        own = [f"{entry.name}_x", entry.name, *entry.also_owns, *entry.renamed.values()]
        for key in own:
            assert [other.name for other in contents.PAGES if other.owns(key)] == [entry.name], key
    assert not any(entry.owns(key) for entry in contents.PAGES for key in state.SHARED)


def test_old_names_are_nobodys_today() -> None:
    for entry in contents.PAGES:
        assert len(set(entry.renamed.values())) == len(entry.renamed)
        for old in entry.renamed:
            assert old not in state.SHARED
            assert not any(other.owns(old) for other in contents.PAGES), old


def widget_keys(app) -> set[str]:
    """Keys of the widgets that a page has drawn."""
    sorts = (app.button, app.selectbox, app.slider, app.number_input, app.toggle)
    groups = (app.segmented_control, app.pills, app.file_uploader, app.text_input)
    return {each.key for sort in (*sorts, *groups) for each in sort if each.key}


def test_open_pages_share_no_widget(open_page: Callable) -> None:
    found: dict[str, set[str]] = {}
    few = {"embeddings": {"embeddings_points": "200"}}
    for page in PAGES:
        app = open_page(page, **few.get(page, {}))
        assert not app.exception
        found[page] = widget_keys(app)
        assert {key for key in found[page] if not allowed(key, page)} == set()
        assert {key for key in app.query_params if not allowed(key, page)} == set()
    assert all(found.values())
    for page in PAGES:
        for other in PAGES:
            if page < other:
                assert found[page] & found[other] == set()


def test_an_old_link_opens_the_same_settings(open_page: Callable) -> None:
    old = open_page("embeddings", points="300", planes="pca", select_by="box", follow="true")
    assert not old.exception and not old.warning
    assert old.slider(key="embeddings_points").value == 300
    assert old.pills(key="embeddings_planes").value == ["pca"]
    assert old.segmented_control(key="embeddings_select_by").value == "box"
    assert old.toggle(key="embeddings_follow").value is True
    # The address has the names of today, and so have links that are copied from it.
    assert set(old.query_params) == {
        f"embeddings_{n}" for n in ("points", "planes", "select_by", "follow")
    }
    old.slider(key="embeddings_points").set_value(400).run()
    assert old.slider(key="embeddings_points").value == 400


def test_an_old_link_to_a_photograph_opens_it(open_page: Callable) -> None:
    app = open_page("denoise", denoise_of="photographs", photo="coffee", photo_sigma="40")
    assert not app.exception and not app.warning
    assert app.slider(key="denoise_photo_sigma").value == 40
    assert app.segmented_control(key="denoise_photo").value == "coffee"


def test_where_a_link_has_both_names_that_of_today_holds(open_page: Callable) -> None:
    app = open_page("embeddings", points="300", embeddings_points="500")
    assert app.slider(key="embeddings_points").value == 500
    assert "points" not in app.query_params
