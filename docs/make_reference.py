"""Writes docs/reference.md, every registered name with what it is: ``make_reference.py``."""

from pathlib import Path

from latentlab.baselines.enlargement import classical_enlargers
from latentlab.baselines.filters import denoisers
from latentlab.data import corpora, datasets, photo_datasets, sequence_tasks
from latentlab.experiments import experiments
from latentlab.latents.directions import supervised, unsupervised
from latentlab.latents.paths import paths
from latentlab.latents.projections import projections
from latentlab.metrics import metrics
from latentlab.models import families
from latentlab.noise.corruptions import corruptions
from latentlab.training.recipes import recipes

FILE = Path(__file__).with_name("reference.md")


def reference() -> str:
    """Return the whole page as markdown."""
    parts = ["# Reference", "", "Every name there is. Written by `python docs/make_reference.py`."]
    parts += _table(
        "Model families",
        ("name", "what", "kind", "paper"),
        [(n, f.title, f.kind, f.paper) for n in families for f in [families.get(n)]],
    )
    parts += _table(
        "Data sets",
        ("name", "what", "shape", "licence"),
        [
            (n, d.title, "x".join(map(str, d.image_shape)), d.licence)
            for n in datasets
            for d in [datasets.get(n)]
        ]
        + [
            (n, d.title, "3, any size", d.licence)
            for n in photo_datasets
            for d in [photo_datasets.get(n)]
        ]
        + [
            (n, d.title, f"up to {d.length - 2} words", d.licence)
            for n in corpora
            for d in [corpora.get(n)]
        ],
    )
    parts += _table(
        "Tasks on sequences",
        ("name", "what", "question", "signs", "trained length"),
        [
            (n, t.title, t.question, str(t.tokens), str(t.length))
            for n in sequence_tasks
            for t in [sequence_tasks.get(n)]
        ],
    )
    parts += _table(
        "Corruptions",
        ("name", "what", "strength", "from, to"),
        [
            (n, c.label, c.strength_label, f"{c.bounds.low:g}, {c.bounds.high:g}")
            for n in corruptions
            for c in [corruptions.get(n)]
        ],
    )
    parts += _table(
        "Classical denoisers",
        ("name", "what", "parameter", "paper"),
        [(n, d.label, d.parameter_label, d.paper) for n in denoisers for d in [denoisers.get(n)]],
    )
    parts += _table(
        "Classical ways to enlarge",
        ("name", "what", "paper"),
        [(n, e.label, e.paper) for n in classical_enlargers for e in [classical_enlargers.get(n)]],
    )
    parts += _table(
        "Metrics",
        ("name", "what", "unit", "better"),
        [
            (n, m.label, m.unit, "higher" if m.higher_is_better else "lower")
            for n in metrics
            for m in [metrics.get(n)]
        ],
    )
    parts += _table("Paths", ("name", "what"), [(n, paths.get(n).label) for n in paths])
    parts += _table(
        "Projections",
        ("name", "what", "places new points"),
        [
            (n, p.label, "yes" if p.places_new else "no")
            for n in projections
            for p in [projections.get(n)]
        ],
    )
    parts += _table(
        "Directions",
        ("name", "what", "needs labels", "paper"),
        [(n, supervised.get(n).label, "yes", supervised.get(n).paper) for n in supervised]
        + [(n, unsupervised.get(n).label, "no", unsupervised.get(n).paper) for n in unsupervised],
    )
    parts += _table(
        "Recipes",
        ("name", "what"),
        [(n, recipes.get(n).summary) for n in recipes],
    )
    parts += _table(
        "Experiments",
        ("name", "question", "over", "data", "budget"),
        [
            (n, e.question, e.x.title, ", ".join(e.data), e.budget)
            for n in experiments
            for e in [experiments.get(n)]
        ],
    )
    return "\n".join(parts) + "\n"


def _table(title: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join((f'`{row[0]}`', *row[1:]))} |" for row in rows]
    return ["", f"## {title}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines]


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
    print(f"{FILE.name} written")
