"""How long the Transfer page takes to classify a drawing, and to learn one."""

import base64
import io
from collections.abc import Iterator

from benchmarks.timing import Row, milliseconds, percentiles

BAR = 100  # ms at the 95th percentile, from a stroke to all answers
STROKES = 40


def teach() -> Iterator[Row]:
    """Yield how long a stroke takes on the server, without and with Streamlit around it."""
    import torch

    from latentlab import checkpoints
    from latentlab.data import datasets, symbols
    from latentlab.data.components import components
    from latentlab.pictures import images, preparation, uploads
    from latentlab.tasks import transfer

    torch.set_num_threads(1)
    network = checkpoints.load("classifier.mnist").load_model()
    mnist = datasets.get("mnist")
    samples = mnist.samples().tensor(slice(0, 300))
    ways = transfer.representations(network, components("mnist"), samples)
    pictures, labels = symbols.drawings(symbols.SYMBOLS[:5], 5, 0)
    lesson = transfer.Lesson(symbols.SYMBOLS[:5], pictures, tuple(labels.tolist()))
    taught = [transfer.teach(way, lesson) for way in ways.values()]
    drawings = iter([_drawing(number) for number in range(STROKES + 3)])

    def classify() -> None:
        picture = uploads.read_picture(base64.b64decode(next(drawings)), "a drawing")
        picture = images.from_uint8(images.to_uint8(picture))
        x = preparation.prepare(picture, mnist.image_shape, mnist.convention).image
        for machine in taught:
            machine.answer(x[None])

    median, slow = percentiles(milliseconds(classify, STROKES))
    yield Row(
        "teach: a stroke, read, prepared, classified by 4 ways",
        f"{median:.1f} ms median, {slow:.1f} ms p95",
        f"≤ {BAR} ms p95",
        slow <= BAR,
    )
    median, slow = percentiles(
        milliseconds(lambda: [transfer.teach(way, lesson) for way in ways.values()], 15)
    )
    yield Row("teach: 25 drawings, 4 ways", f"{median:.1f} ms median, {slow:.1f} ms p95")
    median, slow = percentiles(
        milliseconds(lambda: [transfer.leave_one_out(way, lesson) for way in ways.values()], 3)
    )
    yield Row("teach: each of 25 drawings left out, 4 ways", f"{median:.0f} ms median")


def _drawing(number: int) -> str:
    """Return a stroke as the pad sends it."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (256, 256))
    places = [(40 + number, 40), (128, 200 - number), (210, 60 + number)]
    ImageDraw.Draw(picture).line(places, fill="white", width=18)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
