"""Figures that turn: a picture for each position of a knob, without a kernel.

The frames are drawn in advance and stored in the notebook. A group of radio buttons,
which a mouse, a finger and the arrow keys can turn, chooses the one that is seen; rules
of CSS do the rest, so it works wherever HTML is shown: in JupyterLab, on the offline
page and on the website. Where rules, styles or buttons are taken away
(JupyterLab, in a notebook that is not trusted), and where only a PNG is shown (VS Code,
in a workspace that is not trusted), the frame of the starting position stands.
"""

import base64
import dataclasses
import hashlib
import html
import io

import matplotlib.figure
import numpy as np

from lessons.toolkit import animation, figures
from lessons.toolkit.display import display
from lessons.toolkit.errors import UserError

FEWEST, MOST = 2, 40
_DPI = 110
_NUM_COLORS = 48

_STYLE = """
.{name} fieldset {{ border: 0; margin: 0; padding: 0 0 .4em; }}
.{name} legend {{ padding: 0; font-weight: 600; }}
.{name} .knob {{ display: flex; flex-wrap: wrap; gap: .1em .9em; }}
.{name} label {{ cursor: pointer; white-space: nowrap; }}
.{name} label:has(:checked) {{ font-weight: 600; }}
.{name} img {{ max-width: 100%; height: auto; background: white; }}
.{name}:has(:checked) > img {{ display: none !important; }}
{rules}
"""
_RULE = ".{name}:has(#{name}-{i}:checked) > .f{i} {{ display: block !important; }}"


@dataclasses.dataclass(frozen=True)
class Turning:
    """Frames, one for each position of a knob, and what a reader needs to turn them.

    Attributes:
        frames: PNGs of equal size.
        labels: the knob's positions as texts, one per frame, such as "ε = 0.1".
        knob: what is turned, a few words; stands above the positions.
        alts: what each frame shows, for screen readers.
        alt: what the whole figure shows.
        caption: what to look for.
        start: position shown at first.
    """

    frames: tuple[bytes, ...]
    labels: tuple[str, ...]
    knob: str
    alts: tuple[str, ...]
    alt: str
    caption: str
    start: int = 0

    def save(self, path):
        """Write the PNG of the starting position to a path or a stream."""
        if hasattr(path, "write"):
            path.write(self.frames[self.start])
            return
        with open(path, "wb") as file:
            file.write(self.frames[self.start])

    def html(self):
        """The figure as HTML that needs neither script nor network."""
        name = (
            "turn-"
            + hashlib.sha256(
                "\n".join([self.knob, self.alt, *self.labels]).encode()
            ).hexdigest()[:8]
        )
        numbers = range(len(self.frames))
        rules = "\n".join(_RULE.format(name=name, i=i) for i in numbers)
        knobs = "\n".join(self._knob(name, i) for i in numbers)
        pictures = "\n".join(self._picture(i) for i in numbers)
        return (
            f'<div class="turn {name}">\n'
            f"<style>{_STYLE.format(name=name, rules=rules)}</style>\n"
            f"<fieldset><legend>{html.escape(self.knob)}</legend>\n"
            f'<div class="knob">\n{knobs}\n</div></fieldset>\n{pictures}\n</div>'
        )

    def _knob(self, name, i):
        checked = " checked" if i == self.start else ""
        return (
            f'<label><input type="radio" name="{name}" id="{name}-{i}"{checked}> '
            f"{html.escape(self.labels[i])}</label>"
        )

    def _picture(self, i):
        # Said twice: viewers that clean HTML leave one of the two.
        seen = "" if i == self.start else ' hidden style="display:none"'
        alt = html.escape(self.alts[i])
        encoded = base64.b64encode(self.frames[i]).decode()
        return (
            f'<img class="f{i}"{seen} alt="{alt}" '
            f'src="data:image/png;base64,{encoded}">'
        )


def turn(frames, labels, knob, alt, caption, *, alts=None, start=0, num_colors=None):
    """Put frames together that a knob turns.

    Args:
        frames: matplotlib figures of equal size, or arrays, uint8 (height, width, 3);
            2 to 40. About a dozen tell most stories.
        labels: the knob's positions, one text per frame, short.
        knob: what is turned, such as "entropic regularisation ε".
        alt, caption: of the whole figure, whole sentences, as for `figures.Figure`.
        alts: what each frame shows; by default `alt` and the position.
        start: the frame shown at first and wherever nothing can be turned: the one
            that says most by itself.
        num_colors: colours kept, fewer make the notebook smaller; 48 by default.

    Returns:
        A `Turning`.

    Raises:
        UserError: the frames differ in size, or are too few or too many, or labels and
            frames differ in number, or there is no such start.
    """
    frames = [_pixels(frame) for frame in frames]
    labels = tuple(map(str, labels))
    shapes = sorted({frame.shape for frame in frames})
    if not FEWEST <= len(frames) <= MOST or len(shapes) != 1:
        raise UserError(
            f"a figure that turns needs {FEWEST} to {MOST} frames of equal shape, got "
            f"{len(frames)} of shapes {shapes}."
        )
    if len(set(labels)) != len(frames):
        raise UserError(
            f"labels must be one text per frame, each different, got {len(labels)} "
            f"labels for {len(frames)} frames: {list(labels)}."
        )
    if not 0 <= start < len(frames):
        raise UserError(f"start must be 0 to {len(frames) - 1}, got {start}.")
    figures.require_sentences(alt=alt, caption=caption)
    alts = alts or [f"{alt} Shown at: {label}." for label in labels]
    if len(alts) != len(frames):
        raise UserError(
            f"alts must be one text per frame, got {len(alts)} for {len(frames)}."
        )
    encoded = _encode(frames, num_colors or _NUM_COLORS)
    return Turning(encoded, labels, knob, tuple(alts), alt, caption, start)


def show(turning):
    """Display a figure that turns in a notebook."""
    picture = base64.b64encode(turning.frames[turning.start]).decode()
    bundle = {
        "text/html": turning.html(),
        "image/png": picture,
        "text/plain": turning.alt,
    }
    display(bundle)


def _pixels(frame):
    """A matplotlib figure or an array as pixels, uint8 (height, width, 3)."""
    if isinstance(frame, figures.Figure):
        frame = frame.figure
    if isinstance(frame, matplotlib.figure.Figure):
        return animation.frame_of(frame, dpi=_DPI)
    return np.asarray(frame, np.uint8)


def _encode(frames, num_colors):
    """PNGs with one palette for all."""
    encoded = []
    for picture in animation.with_one_palette(frames, num_colors, num_samples=6):
        buffer = io.BytesIO()
        picture.save(buffer, format="PNG", optimize=True)
        encoded.append(buffer.getvalue())
    return tuple(encoded)
