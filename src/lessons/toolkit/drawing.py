"""Drawings of graphical models and architectures, in the style of all figures.

A drawing is nodes at places that the author chooses, arrows between them and plates
around them. One unit of the places is one inch on the page, so text keeps its size.

* `latent` and `observed` variables are circles, white and grey; what is computed from
  its parents without chance is `deterministic`, with a double line; a `fixed` quantity
  is a dot.
* a `layer` is a box with a coloured edge, an `array` a box without rounded corners,
  an `operation` a small circle around a sign.

Example:
    drawing = Drawing()
    drawing.node("z", 0, 1, "$z$")
    drawing.node("x", 0, 0, "$x$", kind="observed")
    drawing.arrow("z", "x", r"$p_\\theta(x|z)$")
    drawing.arrow("x", "z", r"$q_\\phi(z|x)$", bend=-0.5, dashed=True)
    drawing.plate(["z", "x"], "$N$")
    figures.show(drawing.figure(alt="...", caption="..."))
"""

import re

import numpy as np
from matplotlib import patches

from lessons.toolkit import figures
from lessons.toolkit.errors import UserError, unknown

KINDS = (
    "latent",
    "observed",
    "deterministic",
    "fixed",
    "layer",
    "array",
    "operation",
    "text",
)
_ROUND = {"latent": 0.28, "observed": 0.28, "deterministic": 0.28, "operation": 0.14}
_HEIGHT = 0.42  # of boxes
_MARGIN = 0.25  # around everything
_PLATE_MARGIN = 0.16
_LETTER = 0.082  # width of one letter of a box's label, about
_SIZE = {"operation": 10, "text": 9, "layer": 9.5, "array": 9.5}


class Drawing:
    """Collects nodes, arrows and plates and makes one figure of them."""

    def __init__(self):
        self._figure, self._axis = figures.new(size=(4, 3))
        self._axis.set_axis_off()
        self._axis.set_aspect("equal")
        self._nodes = {}
        self._labels = []  # (start, end, extent) of the labels of arrows
        self._boxes = []  # extents (left, bottom, right, top) of all that is drawn

    def node(
        self,
        name,
        x,
        y,
        label=None,
        *,
        kind="latent",
        color=None,
        width=None,
        height=None,
    ):
        """Draw a node.

        Args:
            name: by which arrows and plates know it.
            x, y: place of its centre, inches.
            label: text, may hold mathematics between dollars and lines; the name by
                default. A fixed quantity's label stands to the left of its dot.
            kind: one of `KINDS`.
            color: word for the edge's colour, see `figures.COLORS`.
            width, height: of a box, inches; by default as its label needs. Of a
                round node the width is its diameter.

        Raises:
            UserError: the name is taken, or there is no such kind or colour.
        """
        if kind not in KINDS:
            raise unknown("kind", kind, KINDS)
        if name in self._nodes:
            raise UserError(f"a node {name!r} is in the drawing already.")
        edge = _color(color)
        label = name if label is None else label
        patch, half = _shape(kind, (x, y), label, width, height, edge)
        self._axis.add_patch(patch)
        if kind == "deterministic":
            inner = patches.Circle(
                (x, y), half[0] - 0.05, fill=False, edgecolor=edge, zorder=4
            )
            self._axis.add_patch(inner)
        left = kind == "fixed"
        self._axis.text(
            x - 0.12 if left else x,
            y,
            label,
            ha="right" if left else "center",
            va="center",
            fontsize=_SIZE.get(kind, 11),
            color=figures.BLACK,
            zorder=4,
            linespacing=1.15,
        )
        extent = (x - half[0], y - half[1], x + half[0], y + half[1])
        self._boxes.append(
            (extent[0] - 0.12 - _letters(label) * _LETTER, *extent[1:])
            if left
            else extent
        )
        self._nodes[name] = (patch, np.array([x, y], float), extent)

    def arrow(
        self,
        start,
        end,
        label="",
        *,
        bend=0.0,
        dashed=False,
        color=None,
        head=True,
        at=0.5,
    ):
        """Draw an arrow from one node to another.

        Args:
            start, end: names of nodes.
            label: text beside the arrow.
            bend: how far the arrow bows to its right, as a part of its length.
            dashed: dashed, as inference is drawn beside generation.
            color: word for a colour.
            head: whether the end has a head; without one it is a line.
            at: where along the arrow the label stands, from 0 to 1.

        Raises:
            UserError: there is no such node or colour.
        """
        (tail, a, _), (tip, b, _) = self._of(start), self._of(end)
        self._axis.add_patch(
            patches.FancyArrowPatch(
                a,
                b,
                arrowstyle="-|>" if head else "-",
                mutation_scale=11,
                connectionstyle=f"arc3,rad={bend}",
                linestyle=(0, (4, 2.5)) if dashed else "solid",
                color=_color(color),
                linewidth=1.2,
                patchA=tail,
                patchB=tip,
                shrinkA=0,
                shrinkB=0.5,
                zorder=2,
            )
        )
        if label:
            extent = self._beside(a, b, label, bend, at, _color(color))
            self._labels.append((start, end, extent))

    def plate(self, names, label):
        """Draw a box around nodes that are repeated, and the labels of their arrows.

        Args:
            names: of the nodes.
            label: how often, in the lower right corner.

        Raises:
            UserError: there is no such node.
        """
        extents = [self._of(name)[2] for name in names]
        inside = set(names)
        extents += [e for a, b, e in self._labels if {a, b} <= inside]
        extents = np.array(extents)
        left, bottom = extents[:, :2].min(0) - _PLATE_MARGIN
        right, top = extents[:, 2:].max(0) + _PLATE_MARGIN
        bottom -= 0.18  # for the label
        box = patches.FancyBboxPatch(
            (left, bottom),
            right - left,
            top - bottom,
            boxstyle="round,pad=0,rounding_size=0.1",
            fill=False,
            edgecolor=figures.GREY,
            linewidth=1.0,
            zorder=1,
        )
        self._axis.add_patch(box)
        self._axis.text(
            right - 0.06, bottom + 0.06, label, ha="right", va="bottom", fontsize=9
        )
        self._boxes.append((left, bottom, right, top))

    def text(self, x, y, text, *, color=None, align="center"):
        """Write text at a place, such as a title above a part of the drawing.

        Args:
            x, y: place, inches.
            text: may hold mathematics between dollars and lines.
            color: word for a colour.
            align: "left", "center" or "right".
        """
        self._axis.text(
            x, y, text, ha=align, va="center", fontsize=9, color=_color(color), zorder=4
        )
        width = _letters(text) * _LETTER * 0.95
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        height = 0.09 * (1 + text.count("\n"))
        self._boxes.append((left, y - height, left + width, y + height))

    def figure(self, alt, caption):
        """The drawing as a `figures.Figure`.

        Args:
            alt: what the drawing shows, for a reader who cannot see it.
            caption: what to look for.

        Raises:
            UserError: nothing was drawn.
        """
        if not self._boxes:
            raise UserError("a drawing needs at least one node.")
        boxes = np.array(self._boxes)
        left, bottom = boxes[:, :2].min(0) - _MARGIN
        right, top = boxes[:, 2:].max(0) + _MARGIN
        self._axis.set_xlim(left, right)
        self._axis.set_ylim(bottom, top)
        self._figure.set_layout_engine("none")
        self._figure.set_size_inches(right - left, top - bottom)
        self._axis.set_position((0, 0, 1, 1))
        return figures.Figure(self._figure, alt, caption)

    def _of(self, name):
        if name not in self._nodes:
            raise unknown("node", name, sorted(self._nodes))
        return self._nodes[name]

    def _beside(self, a, b, label, bend, at, color):
        """Write an arrow's label on the outer side of its bow."""
        along = b - a
        length = max(float(np.hypot(*along)), 1e-9)
        right = np.array([along[1], -along[0]]) / length
        bow = 2 * bend * at * (1 - at) * length
        side = -1.0 if bend < 0 or (bend == 0 and right[0] < 0) else 1.0
        size = np.array([_letters(label) * _LETTER, 0.2 * (1 + label.count("\n"))])
        away = 0.06 + 0.45 * float(np.abs(right) @ size)
        x, y = a + at * along + (bow + side * away) * right
        self._axis.text(
            x, y, label, ha="center", va="center", fontsize=9, color=color, zorder=4
        )
        extent = (*(np.array([x, y]) - size / 2), *(np.array([x, y]) + size / 2))
        self._boxes.append(extent)
        return extent


def _shape(kind, center, label, width, height, edge):
    """The patch of a node and half its width and height."""
    if kind == "fixed":
        return patches.Circle(center, 0.05, color=edge, zorder=3), (0.05, 0.05)
    if kind in _ROUND:
        radius = width / 2 if width else _ROUND[kind]
        face = "0.85" if kind == "observed" else "white"
        patch = patches.Circle(
            center, radius, facecolor=face, edgecolor=edge, linewidth=1.3, zorder=3
        )
        return patch, (radius, radius)
    width = width or max(0.5, 0.24 + _letters(label) * _LETTER)
    height = height or _HEIGHT + 0.17 * label.count("\n")
    corner = (center[0] - width / 2, center[1] - height / 2)
    if kind == "text":
        shape = patches.Rectangle(corner, width, height, visible=False)
        return shape, (width / 2, height / 2)
    rounding = 0.08 if kind == "layer" else 0.001
    patch = patches.FancyBboxPatch(
        corner,
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={rounding}",
        facecolor="white" if kind == "layer" else "0.93",
        edgecolor=edge,
        linewidth=1.3,
        zorder=3,
    )
    return patch, (width / 2, height / 2)


def _color(word):
    if word is None:
        return figures.BLACK
    if word not in figures.COLORS:
        raise unknown("color", word, tuple(figures.COLORS))
    return figures.COLORS[word]


def _letters(text):
    """How many letters wide the widest line of a text is, mathematics without signs."""
    return max(len(_plain(line)) for line in text.split("\n"))


def _plain(line):
    """A line without the commands of mathematics, one letter for each symbol."""
    parts, math = [], False
    for piece in line.split("$"):
        parts.append(_symbols(piece) if math else piece)
        math = not math
    return "".join(parts)


def _symbols(text):
    styles = r"\\(mathrm|mathbf|mathcal|text|hat|bar|tilde|sqrt|operatorname)"
    text = re.sub(styles, "", text)
    text = re.sub(r"\\[a-zA-Z]+", "x", text)
    return re.sub(r"[{}^_ \\]", "", text)
