"""The warm main action of every page, on the server: one setting changes, the page reruns."""

import logging
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.timing import Row, milliseconds, percentiles

ROOT = Path(__file__).resolve().parents[1]
BAR = 300.0  # milliseconds, 95th percentile


def pages() -> Iterator[Row]:
    """Yield the median and 95th percentile of every page's main action."""
    # The actions reach into a session from outside of its run, and Streamlit says so every time.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
        lambda record: "missing ScriptRunContext" not in record.getMessage()
    )
    for name, act in ACTIONS.items():
        app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120).run()
        if app.exception or app.error:
            yield Row(f"{name}: main action", "the page shows an error", f"≤ {BAR:g} ms p95", False)
            continue
        median, worst = percentiles(milliseconds(act(app)))
        measured = f"{median:.0f} ms p50, {worst:.0f} ms p95"
        yield Row(f"{name}: main action", measured, f"≤ {BAR:g} ms p95", worst <= BAR)


def _slide(app: AppTest) -> Callable[[], object]:
    """Return an action that moves the page's first slider to its next place, back and forth."""
    turn = count()

    def act() -> None:
        slider = app.slider[0]
        steps = round((slider.max - slider.min) / slider.step)
        place = 1 + next(turn) % (steps - 1)
        slider.set_value(type(slider.value)(slider.min + place * slider.step)).run()

    return act


def _switch(key: str, *values: object) -> Callable[[AppTest], Callable[[], object]]:
    """Return what turns a page's choice ``key`` to each of ``values`` in turn."""

    def action(app: AppTest) -> Callable[[], object]:
        turn = cycle(values)

        def act() -> None:
            app.session_state[key] = next(turn)
            app.run()

        return act

    return action


def _rerun(app: AppTest) -> Callable[[], object]:
    return lambda: app.run()


# Denoise: another strength. Explore: another code. Interpolate: more pictures, or fewer. Models:
# the cards of another data set. Bottleneck: another data set, all its networks and curves. Anomaly:
# another class, its scores and its threshold.
# Adversaries: another distribution, with what a perfect sampler and a mixture read of it.
# Time machine: another training, with its sheets.
# Applications: pictures of another data set, enlarged by every way.
# Pretrain: another number of labels. Transfer: another number of drawings, its lesson taught anew.
# Adaptation: another shift, of 300 digits that are read.
# Sequences: another sequence, five answers, and what they rest on.
# Attention: another sentence, through all layers.
# Disentangle: another model, its maps and its pictures.
# Embeddings: its planes, once made, are drawn again.
ACTIONS: dict[str, Callable[[AppTest], Callable[[], object]]] = {
    "denoise": _slide,
    "explore": _switch("z_start", "random-0", "random-1"),
    "disentangle": _switch("disentangle_model", "pca", "vae.toon_faces_k32"),
    "interpolate": _switch("interpolate_steps", "9", "11"),
    "bottleneck": _switch("bottleneck_data", "fashion_mnist", "mnist"),
    "regularise": _switch("regularise_data", "fashion_mnist", "mnist"),
    "adversaries": _switch("adversaries_target", "grid", "ring"),
    "time_machine": _switch("time_machine_data", "fashion_mnist", "mnist"),
    "applications": _switch("applications_data", "toon_faces", "mnist"),
    "adaptation": _switch("adaptation_rotation", 20, 40),
    "pretrain": _switch("pretrain_labels", 1_000, 100),
    "sequences": _switch("sequences_gap", 40, 24),
    "sentences": _switch("sentences_from", "we saw a kite at home", "she lost a hat at home"),
    "transfer": _switch("transfer_count", "1", "3"),
    "anomaly": _switch("anomaly_normal", "3", "8"),
    "embeddings": _rerun,
    "attention": _switch("attention_sentence", "The dog ran", "The cat sat on the mat"),
    "models": _switch("models_data", "mnist", "fashion_mnist"),
}
