"""Animations that work in a stored notebook, on an offline page and in a file.

An animated PNG is an ordinary PNG to everything that stores or compares pictures, and
moves in every current browser; where it does not, its default picture is shown.
"""

import base64
import dataclasses
import io

import numpy as np

from lessons.toolkit import figures
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True)
class Animation:
    """Frames with what a reader who cannot see them needs.

    Attributes:
        data: the animated PNG.
        alt: what the animation shows, for screen readers (a sentence or two).
        caption: what to look for.
    """

    data: bytes
    alt: str
    caption: str

    def save(self, path):
        """Write the animated PNG."""
        with open(path, "wb") as file:
            file.write(self.data)


def frame_of(figure, dpi=72):
    """A matplotlib figure as pixels, uint8 (height, width, 3)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with figures.style():
        figure.set_dpi(dpi)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def with_one_palette(frames, num_colors, *, num_samples):
    """Frames as pictures that share one palette, so that colours do not flicker.

    Args:
        frames: arrays of equal shape, uint8 (height, width, 3).
        num_colors: colours kept.
        num_samples: about how many of the frames the palette is chosen from.

    Returns:
        A list of `PIL.Image.Image`.
    """
    from PIL import Image

    sample = np.concatenate(frames[:: max(1, len(frames) // num_samples)])
    palette = Image.fromarray(sample).quantize(num_colors)
    return [
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE)
        for frame in frames
    ]


def animate(frames, alt, caption, *, milliseconds=120, hold=2000, num_colors=32):
    """Put frames of equal size together.

    Args:
        frames: arrays, uint8 (height, width, 3); at least two.
        alt, caption: as for `Animation`.
        milliseconds: how long each frame stays.
        hold: how long the last frame stays before the animation starts again.
        num_colors: colours kept; few keep the file small.

    Returns:
        An `Animation`. Its default picture is the last frame.

    Raises:
        UserError: the frames do not make an animation.
    """
    shapes = {np.shape(frame) for frame in frames}
    if len(frames) < 2 or len(shapes) != 1:
        raise UserError(
            "an animation needs at least two frames of equal shape, got "
            f"{len(frames)} of shapes {sorted(shapes)}."
        )
    pictures = with_one_palette(frames, num_colors, num_samples=4)
    buffer = io.BytesIO()
    pictures[-1].save(
        buffer,
        format="PNG",
        save_all=True,
        default_image=True,
        append_images=pictures,
        duration=[milliseconds] * (len(frames) - 1) + [hold],
        loop=0,
    )
    return Animation(buffer.getvalue(), alt, caption)


def show(animation):
    """Display an animation in a notebook."""
    from IPython.display import display

    encoded = base64.b64encode(animation.data).decode()
    display({"image/png": encoded, "text/plain": animation.alt}, raw=True)
