"""Drawings hold what was put into them, at their places, and say what is wrong."""

import numpy as np
import pytest
from matplotlib import patches

from lessons.toolkit import drawing as drawings
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.errors import UserError

ALT = "A latent variable z points to an observed x."
CAPTION = "The generative model and its plate."


def small():
    drawing = Drawing()
    drawing.node("z", 0, 1.2, "$z$")
    drawing.node("x", 0, 0, "$x$", kind="observed")
    return drawing


def test_every_kind_can_be_drawn_and_saved(tmp_path):
    drawing = Drawing()
    for place, kind in enumerate(drawings.KINDS):
        drawing.node(kind, place, 0, kind=kind, color="blue")
    for start, end in zip(drawings.KINDS, drawings.KINDS[1:], strict=False):
        drawing.arrow(start, end, "$q$", bend=0.2)
    drawing.figure(ALT, CAPTION).save(tmp_path / "all.png")
    assert (tmp_path / "all.png").read_bytes().startswith(b"\x89PNG")


def test_a_plate_encloses_its_nodes_and_the_labels_of_their_arrows():
    drawing = small()
    drawing.node("w", 3, 0)
    drawing.arrow("z", "x", r"$p_\theta(x|z)$")
    drawing.plate(["z", "x"], "$N$")
    axis = drawing.figure(ALT, CAPTION).figure.axes[0]
    plate = next(p for p in axis.patches if p.get_edgecolor() == _grey())
    box = plate.get_bbox()
    written = {text.get_text(): text.get_position() for text in axis.texts}
    for label in ("$z$", "$x$", r"$p_\theta(x|z)$"):
        x, y = written[label]
        assert box.x0 < x < box.x1 and box.y0 < y < box.y1
    assert not box.x0 < written["w"][0] < box.x1


def test_one_unit_is_one_inch_and_nothing_is_cut_off():
    figure = small().figure(ALT, CAPTION).figure
    axis = figure.axes[0]
    limits = np.ptp(axis.get_xlim()), np.ptp(axis.get_ylim())
    np.testing.assert_allclose(figure.get_size_inches(), limits)
    for patch in axis.patches:
        center, radius = np.array(patch.center), patch.radius
        assert axis.get_xlim()[0] < center[0] - radius
        assert center[1] + radius < axis.get_ylim()[1]


def test_an_arrow_ends_at_the_edges_of_its_nodes():
    drawing = small()
    drawing.arrow("z", "x")
    figure = drawing.figure(ALT, CAPTION).figure
    figure.canvas.draw()
    axis = figure.axes[0]
    arrow = next(p for p in axis.patches if isinstance(p, patches.FancyArrowPatch))
    path = arrow.get_path()
    ends = path.vertices[path.codes != path.CLOSEPOLY, 1]
    assert ends.max() < 1.2 - 0.25 and ends.min() > 0.25


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda d: d.node("z", 0, 0), "a node 'z' is in the drawing already"),
        (lambda d: d.node("y", 0, 0, kind="round"), "kind"),
        (lambda d: d.node("y", 0, 0, color="mauve"), "color"),
        (lambda d: d.arrow("z", "y"), "node"),
        (lambda d: d.plate(["y"], "$N$"), "node"),
        (lambda d: Drawing().figure(ALT, CAPTION), "at least one node"),
    ],
)
def test_mistakes_are_named(mistake, message):
    with pytest.raises(UserError, match=message):
        mistake(small())


def _grey():
    from matplotlib.colors import to_rgba

    from lessons.toolkit import figures

    return to_rgba(figures.GREY)
