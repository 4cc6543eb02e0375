"""The lines that restore the photograph on the page as the page does, without the app."""

from typing import TYPE_CHECKING

from latentlab.ui.denoise import photo_work
from latentlab.ui.shared import picture_code

if TYPE_CHECKING:
    from latentlab.ui.denoise.photo_source import PickedPhoto
    from latentlab.ui.denoise.photo_work import Case

SAMPLE = """
from latentlab.data import photographs

clean = photographs.SAMPLES.get("{name}").pixels()
"""
OWN = """
from pathlib import Path
from latentlab.pictures import photo_files

{name} = photo_files.read(Path({file})).upright().pixels  # {said}
"""
GAUSSIAN = """
from latentlab.restoration import restore

noisy = restore.NoisyPhoto(clean, {sigma:.6g}, seed={seed})
"""
PAINTED = """
from latentlab.noise import painting

Stroke = painting.Stroke
strokes = [
{strokes}
]
noisy = painting.paint(clean, strokes, seed={seed})
level = painting.level_map(clean, noisy)
"""
RESTORE = """
from pathlib import Path
from latentlab import checkpoints
from latentlab.pictures import photo_files
from latentlab.restoration import restore

network = checkpoints.load("{model}").load_model()
restored = restore.finish(restore.restore_photo(network, noisy{level}))
Path("restored.png").write_bytes(photo_files.display(restored))
"""
SCORE = """
from latentlab.restoration import restore

print(restore.psnr(clean, restored), "dB")
"""


def lines(picked: "PickedPhoto", case: "Case", model: str, level: float | None) -> str:
    """Return them for a photograph, what is wrong with it, a network and its level.

    Args:
        picked: the photograph.
        case: what is wrong with it.
        model: name of the denoiser's checkpoint.
        level: as in ``photo_work.whole``.
    """
    as_it_is = case.noise == "none"
    if picked.sample is not None:
        source = SAMPLE.format(name=picked.sample)
        if as_it_is:
            source = source.replace("clean = ", "noisy = ")
    else:
        file, said = picture_code.file_named(picked.title)
        source = OWN.format(name="noisy" if as_it_is else "clean", file=file, said=said)
    damage, given = "", ""
    if case.noise == "gaussian":
        damage = GAUSSIAN.format(sigma=case.sigma, seed=case.seed)
    elif case.noise == "brush":
        strokes = "\n".join(f"    {stroke}," for stroke in case.strokes)
        damage, given = PAINTED.format(strokes=strokes, seed=photo_work.SEED), ", level"
    if level is not None:
        given = f", {level:.6g}"
    restore = RESTORE.format(model=model, level=given)
    return picture_code.together(source, damage, restore, "" if as_it_is else SCORE)
