import io

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab.errors import ImageError, ShapeError
from latentlab.pictures import images


def ramp(channels=3, height=5, width=7):
    count = channels * height * width
    return torch.linspace(0, 1, count).reshape(channels, height, width)


@pytest.mark.parametrize("channels", [1, 3])
def test_bytes_survive_the_way_to_a_tensor_and_back(channels):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (6, 9, channels), dtype=np.uint8)
    if channels == 1:
        pixels = pixels[..., 0]
    x = images.from_uint8(pixels)
    assert x.shape == (channels, 6, 9)
    assert x.dtype == torch.float32
    assert x.min() >= 0 and x.max() <= 1
    np.testing.assert_array_equal(images.to_uint8(x), pixels)


def test_values_are_clamped_and_rounded():
    x = torch.tensor([[-3.0, 0.0, 0.5 / 255 + 1e-4, 1.0, 7.0]])
    assert images.to_uint8(x).tolist() == [[0, 0, 1, 255, 255]]


def test_a_tensor_does_not_share_memory_with_the_array_it_came_from():
    pixels = np.zeros((2, 2, 3), np.uint8)
    x = images.from_uint8(pixels)
    pixels[:] = 255
    assert x.max() == 0


@pytest.mark.parametrize("shape", [(2, 4, 4), (4, 4, 4), (1, 3, 4, 4), (3, 0, 4), (4,)])
def test_what_is_no_picture_is_refused(shape):
    with pytest.raises(ShapeError):
        images.to_uint8(torch.zeros(shape))


@pytest.mark.parametrize("shape", [(4, 4, 4), (4, 4, 2), (3,), (0, 4, 3)])
def test_arrays_that_are_no_picture_are_refused(shape):
    with pytest.raises(ShapeError):
        images.from_uint8(np.zeros(shape, np.uint8))


def test_an_array_of_floats_is_a_programming_mistake():
    with pytest.raises(TypeError, match="uint8"):
        images.from_uint8(np.zeros((4, 4)))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_no_picture_can_show_are_refused(bad):
    x = ramp()
    x[0, 0, 0] = bad
    with pytest.raises(ImageError, match="finite"):
        images.to_png(x)


def test_a_png_holds_the_picture_with_every_pixel_enlarged():
    x = ramp()
    with Image.open(io.BytesIO(images.to_png(x, scale=3))) as file:
        assert file.format == "PNG"
        shown = np.asarray(file)
    assert shown.shape == (15, 21, 3)
    np.testing.assert_array_equal(shown[1::3, 1::3], images.to_uint8(x))
    np.testing.assert_array_equal(shown[::3, ::3], shown[2::3, 2::3])


def test_a_small_webp_is_about_the_picture():
    x = torch.linspace(0, 1, 64).repeat(3, 64, 1)
    with Image.open(io.BytesIO(images.to_small_webp(x))) as file:
        assert file.format == "WEBP"
        shown = np.asarray(file.convert("RGB"), int)
    assert np.abs(shown - images.to_uint8(x)).max() < 12


def test_a_scale_of_zero_is_a_programming_mistake():
    with pytest.raises(ValueError, match="scale"):
        images.to_pil(ramp(), 0)


def frames_of(file):
    found, durations = [], []
    for i in range(file.n_frames):
        file.seek(i)
        found.append(np.asarray(file.convert("RGB")))
        durations.append(file.info["duration"])
    return np.stack(found), durations


@pytest.mark.parametrize("milliseconds, shown", [(80, 80), (84, 80), (1, 10)])
def test_a_grey_gif_keeps_every_frame_exactly(milliseconds, shown):
    frames = torch.rand(5, 1, 8, 6, generator=torch.Generator().manual_seed(0))
    with Image.open(io.BytesIO(images.to_gif(frames, milliseconds, scale=2))) as file:
        assert file.info["loop"] == 0
        found, durations = frames_of(file)
    assert durations == [shown] * 5
    for frame, pixels in zip(frames, found, strict=True):
        np.testing.assert_array_equal(pixels[::2, ::2, 0], images.to_uint8(frame))


def test_a_colour_gif_stays_close():
    frames = torch.stack([ramp(3, 16, 16), ramp(3, 16, 16).flip(0)])
    with Image.open(io.BytesIO(images.to_gif(frames))) as file:
        found, _ = frames_of(file)
    wanted = np.stack([images.to_uint8(frame) for frame in frames])
    # 256 colours for 256 different ones
    assert np.abs(found.astype(int) - wanted).max() <= 16


@pytest.mark.parametrize("channels", [1, 3])
def test_a_webp_keeps_every_frame_exactly(channels):
    frames = torch.rand(4, channels, 9, 7, generator=torch.Generator().manual_seed(1))
    with Image.open(io.BytesIO(images.to_webp(frames, 75))) as file:
        assert file.info["loop"] == 0
        file.load()
        found, durations = frames_of(file)
    assert durations == [75] * 4
    for frame, pixels in zip(frames, found, strict=True):
        wanted = images.to_uint8(frame.expand(3, 9, 7))
        np.testing.assert_array_equal(pixels, wanted)


@pytest.mark.parametrize("save", [images.to_gif, images.to_webp])
def test_an_animation_of_one_frame_is_a_picture_and_of_none_is_refused(save):
    with Image.open(io.BytesIO(save(ramp()[None]))) as file:
        assert file.size == (7, 5)
    with pytest.raises(ShapeError, match="at least one frame"):
        save(torch.zeros(0, 3, 4, 4))


def test_a_grid_puts_each_image_where_it_belongs():
    values = torch.arange(1.0, 6.0) / 10
    sheet = images.grid(values[:, None, None, None].expand(5, 1, 2, 3), columns=3, gap=1)
    assert sheet.shape == (1, 5, 11)
    expected = torch.ones(5, 11)
    for i, value in enumerate(values):
        top, left = (i // 3) * 3, (i % 3) * 4
        expected[top : top + 2, left : left + 3] = value
    torch.testing.assert_close(sheet[0], expected)


def test_a_grid_of_fewer_images_than_columns_has_no_empty_columns():
    assert images.grid(torch.zeros(2, 3, 4, 4), columns=9, gap=0).shape == (3, 4, 8)


def test_a_grid_needs_an_image():
    with pytest.raises(ShapeError):
        images.grid(torch.zeros(0, 1, 4, 4), columns=2)
    with pytest.raises(ValueError, match="columns"):
        images.grid(torch.zeros(1, 1, 4, 4), columns=0)


def test_resizing_does_not_alias():
    # Stripes one pixel wide: point sampling would return all black or all white.
    stripes = (torch.arange(64) % 2).float().expand(1, 64, 64)
    small = images.resize(stripes, (8, 8))
    assert small.shape == (1, 8, 8)
    assert (small - 0.5).abs().max() < 0.02


def test_resizing_keeps_the_range_and_takes_batches():
    step = torch.zeros(2, 3, 10, 10)
    step[..., 5:] = 1
    large = images.resize(step, (40, 30))
    assert large.shape == (2, 3, 40, 30)
    assert large.min() == 0 and large.max() == 1
    torch.testing.assert_close(images.resize(step[0], (40, 30)), large[0])


def test_resizing_to_the_same_size_changes_nothing():
    x = ramp()
    assert images.resize(x, (5, 7)) is x


def test_resizing_something_else_is_refused():
    with pytest.raises(ShapeError):
        images.resize(torch.zeros(4, 4), (2, 2))


def test_the_error_map_is_white_where_nothing_differs():
    x = ramp()
    torch.testing.assert_close(images.error_map(x, x), torch.ones(3, 5, 7))


def test_the_error_map_tells_brighter_from_darker():
    a = torch.full((1, 1, 2), 0.5)
    b = torch.tensor([[[0.9, 0.1]]])
    brighter, darker = images.error_map(a, b, limit=0.4).unbind(2)
    torch.testing.assert_close(brighter[:, 0], torch.tensor(images.BRIGHTER))
    torch.testing.assert_close(darker[:, 0], torch.tensor(images.DARKER))


def test_the_error_map_is_linear_in_the_difference():
    a = torch.zeros(1, 1, 3)
    b = torch.tensor([[[0.0, 0.25, 0.5]]])
    none, half, full = images.error_map(a, b, limit=0.5).unbind(2)
    torch.testing.assert_close(half, (none + full) / 2)


def test_the_error_map_sees_a_change_of_hue():
    a = torch.tensor([1.0, 0.0, 0.5])[:, None, None]
    b = torch.tensor([0.0, 1.0, 0.5])[:, None, None]  # same mean, other colour
    assert images.error_map(a, b).min() < 0.5


def test_the_error_map_compares_only_like_with_like():
    with pytest.raises(ShapeError):
        images.error_map(torch.zeros(1, 4, 4), torch.zeros(3, 4, 4))
    with pytest.raises(ShapeError):
        images.error_map(torch.zeros(4, 4), torch.zeros(4, 4))
    with pytest.raises(ValueError, match="limit"):
        images.error_map(torch.zeros(1, 4, 4), torch.zeros(1, 4, 4), limit=0)


def test_captions_stand_under_their_pictures_and_never_over_them() -> None:
    dark, bright = torch.zeros(1, 28, 28), torch.full((3, 28, 28), 0.75)
    sheet = np.asarray(
        images.captioned([("Dark", dark), ("A caption that is longer than its picture", bright)], 9)
    )
    side, gap = 28 * 9, 9
    assert sheet.shape[1:] == (2 * side + gap, 3)
    assert (sheet[:side, :side] == 0).all()
    assert (sheet[:side, side + gap :] == 191).all()
    assert (sheet[:, side : side + gap] == 255).all(), "no caption runs into the next picture"
    ink = (sheet[side:] < 128).any(2)
    assert ink[:, :side].any()
    assert ink[:, side + gap :].sum() > 2 * ink[:, :side].sum()
    assert not ink[-2:].any(), "the last line is whole"
