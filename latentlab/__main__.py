"""The command line, ``latentlab COMMAND``; also as ``python -m latentlab``."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from latentlab.errors import InputError, LatentLabError, TrainingError, UnsupportedError
from latentlab.places import root, why_not_writable

REAL, GAUSSIAN = "photo_denoiser.real", "photo_denoiser.gaussian"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that ``arguments`` (the command line's by default) name."""
    _speak_anywhere()
    parser = argparse.ArgumentParser(
        prog="latentlab", description="Latent spaces to look at.", epilog=_EXITS
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="open the app in a browser")
    run.add_argument("options", nargs="*", help="passed on to streamlit run, after --")
    run.set_defaults(command=_run)

    train = commands.add_parser("train", help="train the checkpoint that a recipe describes")
    train.add_argument("names", nargs="*", metavar="RECIPE", help="such as vae.mnist_k16")
    train.add_argument("--all", action="store_true", help="remake all shipped checkpoints")
    train.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    train.add_argument("--resume", action="store_true", help="go on where a killed run stopped")
    train.add_argument("--out", type=Path, help="folder for the checkpoint (default: checkpoints/)")
    train.set_defaults(command=_train)

    evaluate = commands.add_parser("evaluate", help="measure the scores on the cards again")
    evaluate.add_argument("names", nargs="*", metavar="NAME", help="checkpoints (default: all)")
    evaluate.add_argument("--json", action="store_true", help="print JSON instead of a table")
    evaluate.add_argument("--write", action="store_true", help="put what was measured on the cards")
    evaluate.add_argument(
        "--half", action="store_true", help="store weights as float16 where every score agrees"
    )
    evaluate.set_defaults(command=_evaluate)

    experiment = commands.add_parser("experiment", help="measure what the curves of pages show")
    experiment.add_argument("name", nargs="?", metavar="NAME", help="which one (default: a list)")
    experiment.add_argument("--seeds", type=int, metavar="N", help="how many (default: its own)")
    experiment.add_argument("--quick", action="store_true", help="as a trial; never ships")
    experiment.add_argument(
        "--retrain", action="store_true", help="train, even where a model ships"
    )
    experiment.add_argument("--device", default="cpu", choices=("auto", "cpu", "cuda", "mps"))
    experiment.add_argument(
        "--part",
        metavar="I/N",
        help="measure the I-th of N parts alone; without it, the parts are put together",
    )
    experiment.add_argument("--write", action="store_true", help="ship what was measured")
    experiment.add_argument("--out", type=Path, help="file to write (default: in runs/)")
    experiment.set_defaults(command=_experiment)

    export = commands.add_parser("export", help="write a decoder for browsers, or as ONNX")
    export.add_argument("names", nargs="+", metavar="NAME", help="checkpoints")
    export.add_argument("--out", type=Path, default=Path(), help="folder (default: this one)")
    export.add_argument("--onnx", action="store_true", help="write NAME.onnx, checked, instead")
    export.set_defaults(command=_export)

    denoise = commands.add_parser(
        "denoise",
        help="take the noise out of photographs",
        description="Restore a picture file, or all below a folder; what fails is named, and the"
        " others are written.",
        epilog=f"{_EXITS} 1 also where some pictures of a folder failed.",
    )
    denoise.add_argument("source", type=Path, metavar="IN", help="a picture file, or a folder")
    denoise.add_argument("target", type=Path, metavar="OUT", help="file or folder to write")
    denoise.add_argument(
        "--sigma",
        type=_sigma,
        metavar="auto|N",
        help="noise level, N of 255; auto (the default) finds it in the picture",
    )
    denoise.add_argument(
        "--model",
        metavar="NAME",
        help=f"checkpoint (default: {REAL}, or {GAUSSIAN} with --sigma N)",
    )
    denoise.set_defaults(command=_denoise)

    options = parser.parse_args(arguments)
    try:
        sys.exit(options.command(options))
    except LatentLabError as error:
        sys.exit(f"latentlab: {error}")
    except KeyboardInterrupt:
        print("\nlatentlab: stopped." + _GOES_ON.get(options.command, ""), file=sys.stderr)
        sys.exit(130)


_GOES_ON: dict[Any, str] = {}  # by command: what a stopped one says; filled below

_EXITS = (
    "Exit status: 0 when all was done, 1 when something was not (one sentence on standard error"
    " says what), 2 for a command line that is not understood, 130 after Ctrl-C."
)


def _speak_anywhere() -> None:
    """Let no character stop the work that a message is about: narrow consoles get escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(options: argparse.Namespace) -> int:
    home = root()
    if not (home / "app.py").is_file():
        raise UnsupportedError(
            "The app is not installed here, only its library.",
            "Install the wheel, or run from the repository: pip install -e .",
        )
    # Streamlit reads .streamlit/config.toml from where it stands.
    os.chdir(home)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options.options]
    os.execv(command[0], command)


def _train(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from latentlab.training import finish, interrupts
    from latentlab.training.fit import Run, best_device, check_device, forget, state_file
    from latentlab.training.recipes import recipes

    wanted = recipes.names() if options.all else options.names
    if not wanted:
        raise UnsupportedError(
            "No recipe named.", f"One of: {', '.join(recipes.names())}; or --all."
        )
    device = best_device() if options.device == "auto" else options.device
    check_device(device)
    out = options.out or root() / "checkpoints"
    chosen = [recipes.get(name) for name in wanted]
    for recipe in chosen:  # now, and not after hours
        for place in (out / recipe.name, state_file(recipe.name).parent):
            if reason := why_not_writable(place):
                raise TrainingError(
                    f"{recipe.name} could not be kept: {place} cannot be written ({reason}).",
                    "Name another folder with --out, and start where runs/ can be made.",
                )
    for recipe in chosen:
        run = Run(recipe, device, state_file(recipe.name))
        if options.resume and not run.resume():
            print(f"{recipe.name}: nothing to go on from in {run.state_file}; from the beginning")
        images = recipe.training_data()
        finish.check(recipe, images)
        steps = recipe.epochs * max(1, len(images) // recipe.batch_size)
        with (
            tqdm(desc=recipe.name, total=steps, initial=run.step, unit="step") as bar,
            interrupts.held() as asked_to_stop,
        ):
            for progress in run.fit(images):
                bar.set_postfix({k: f"{v:.4g}" for k, v in progress.losses.items()}, refresh=False)
                bar.update(progress.step - bar.n)
                if asked_to_stop():
                    run.save()
                    raise KeyboardInterrupt
        if run.unsaved:
            print(f"{recipe.name}: its state could not be kept ({run.unsaved})", file=sys.stderr)
        print(f"{recipe.name}: measuring on the test split …", flush=True)
        try:
            folder = finish.write(run, out)
        except OSError as error:
            raise TrainingError(
                f"{recipe.name} cannot be written to {out} ({error.strerror or error}).",
                f"It is trained and kept in {run.state_file}: make room, then train --resume.",
            ) from error
        forget(recipe.name)
        print(f"{recipe.name}: written to {folder}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from latentlab import checkpoints
    from latentlab.evaluation import disagreements, evaluate

    if options.half:
        return _halve(options.names or checkpoints.names())
    wrong = 0
    report = {}
    for name in options.names or checkpoints.names():
        checkpoint = checkpoints.load(name)
        measured = evaluate(checkpoint)
        if options.write:
            checkpoints.write_card(checkpoint.folder, replace(checkpoint.card, scores=measured))
            checkpoint = checkpoints.load(name)
        sentences = disagreements(measured, checkpoint.card.scores)
        wrong += len(sentences)
        report[name] = {"scores": [asdict(s) for s in measured], "disagreements": sentences}
        if not options.json:
            print(name)
            for s in measured:
                baseline = (
                    f"   ({s.baseline_name}: {s.baseline:.4g})" if s.baseline is not None else ""
                )
                print(f"  {s.name:34s} {s.value:10.5g} {s.unit:6s}{baseline}")
            for sentence in sentences:
                print(f"  WRONG: {sentence}")
            sys.stdout.flush()
    if options.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    return 1 if wrong else 0


def _experiment(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from latentlab.experiments import base, runs

    if options.name is None:
        for name in base.experiments:
            print(f"{name:20s} {base.experiments.get(name).question}")
        return 0
    experiment = base.experiments.get(options.name)
    if options.quick and options.write:
        raise UnsupportedError("A quick run never ships.", "Leave out --quick or --write.")
    part = _part(options.part)
    if part and (options.write or options.out):
        raise UnsupportedError("A part has no result.", "Leave out --part, or --write and --out.")
    device = options.device
    if device != "cpu":
        from latentlab.training.fit import best_device, check_device

        device = best_device() if device == "auto" else device
        check_device(device)
    if before := runs.measured_before(experiment.name, options.quick):
        print(f"{experiment.name}: going on; {before} cells were measured before", flush=True)
    effort = base.Effort(options.quick, options.retrain, device)
    result = None
    with tqdm(desc=experiment.name, total=1, unit="cell", bar_format=_BAR) as bar:
        for progress in runs.run(experiment.name, options.seeds, effort, part=part):
            bar.total = progress.total
            bar.set_postfix_str(progress.cell, refresh=False)
            bar.update(progress.done - bar.n)
            result = progress.result
    if part:
        folder = runs.state_folder(experiment.name, options.quick)
        print(f"{experiment.name}: part {options.part} is measured; kept below {folder}")
        return 0
    assert result is not None  # comes with the last progress
    for curve in result.curves:
        print(f"{curve.line.name}: {curve.line.y.title}")
        spreads = curve.spread or [None] * len(curve.x)
        for x, mean, spread in zip(curve.x, curve.mean, spreads, strict=True):
            more = "" if spread is None else f" ± {spread:.2g}"
            print(f"  {x!s:>12} {mean:10.5g}{more}")
    out = options.out or runs.state_folder(experiment.name, options.quick) / "result.json"
    shipped = base.RESULTS / f"{experiment.name}.json"
    files = [out, shipped] if options.write else [out]
    # Compared with what ships before that is written over.
    stated = base.load(experiment.name) if shipped.is_file() and not options.write else None
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(result.to_json(), encoding="utf-8")
        print(f"{experiment.name}: written to {file}")
    if options.quick:
        print("A quick run has another budget than what ships: the two are not compared.")
        return 0
    if stated is None:
        return 0
    sentences = runs.check(stated, result)
    for sentence in sentences:
        print(f"  WRONG: {sentence}")
    if not sentences:
        print(f"{experiment.name}: agrees with the result that ships")
    return 1 if sentences else 0


def _part(text: str | None) -> tuple[int, int] | None:
    """Return (2, 5) for “2/5”."""
    if text is None:
        return None
    which, _, of = text.partition("/")
    if not (which.isdecimal() and of.isdecimal()):
        raise InputError(f"“{text}” is no part.", "Write --part 2/5 for the second of five.")
    return int(which), int(of)


# Cells are counted with the share of the present one: 3.4/12.
_BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:.1f}/{total} [{elapsed}, {remaining} left{postfix}]"


def _halve(names: Sequence[str]) -> int:
    from latentlab import checkpoints
    from latentlab.evaluation import halve

    for name in names:
        changed = halve(checkpoints.load(name))
        print(f"{name}: {'; '.join(changed) or 'float16'}", flush=True)
    return 0


def _export(options: argparse.Namespace) -> int:
    from latentlab import checkpoints, export
    from latentlab.latents import spaces
    from latentlab.models import LatentModel

    for name in options.names:
        checkpoint = checkpoints.load(name)
        model = checkpoint.load_model()
        if not isinstance(model, LatentModel):
            raise UnsupportedError(f"{name} has no decoder.", "Autoencoders, VAEs and GANs have.")
        if options.onnx:
            path, difference = export.write_onnx(model, name, options.out)
            print(f"{path}: at most {difference:.2g} from torch")
            continue
        space = spaces.network_space(model, checkpoint.statistics())
        files = export.decoder_files(model, name, spaces.draw(space, 4, seed=0))
        manifest, weights = export.write(files, options.out)
        error = files.manifest["reference"]["fp16_error"]
        size = len(files.weights) / 1000
        print(
            f"{manifest}, {weights}: {size:.0f} kB; 16 bits change a pixel by at most {error:.2g}"
        )
    return 0


def _sigma(text: str) -> float | None:
    """Return a noise level on the scale of [0, 1]; None for "auto"."""
    if text == "auto":
        return None
    try:
        level = float(text)
    except ValueError:
        level = -1.0
    if not 0 <= level <= 255:
        raise argparse.ArgumentTypeError(f"“{text}” is neither auto nor a number from 0 to 255")
    return level / 255


def _denoise(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from latentlab import checkpoints
    from latentlab.models import Denoiser
    from latentlab.restoration import folders, restore

    name = options.model or (REAL if options.sigma is None else GAUSSIAN)
    pairs = folders.files(options.source, options.target)
    folders.check_place(pairs[0][1].parent)
    network = checkpoints.load(name).load_model()
    if not isinstance(network, Denoiser):
        raise UnsupportedError(f"{name} restores no photographs.", f"{REAL} and {GAUSSIAN} do.")
    failed = 0
    with tqdm(pairs, unit="picture", disable=len(pairs) == 1) as bar:
        for source, target in bar:
            with tqdm(desc=source.name, unit="tile", leave=len(pairs) == 1) as tiles:
                try:
                    for progress in restore.restore_file(network, source, target, options.sigma):
                        tiles.total = progress.total
                        tiles.update(progress.done - tiles.n)
                except (LatentLabError, OSError, MemoryError, RuntimeError) as error:
                    # Whatever is wrong with one, the others are not left undone.
                    failed += 1
                    tiles.leave = False
                    reason = str(error) or "there is not enough memory"
                    tqdm.write(f"latentlab: {source}: {reason}", file=sys.stderr)
    if len(pairs) > 1:
        print(f"{len(pairs) - failed} of {len(pairs)} pictures restored into {options.target}")
    return 1 if failed else 0


_GOES_ON |= {
    _train: " What was trained is kept: train --resume goes on.",
    _experiment: " What was measured is kept: it goes on when asked again.",
    _denoise: " What was written stays.",
}


if __name__ == "__main__":
    main()
