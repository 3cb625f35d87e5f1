"""Drawing of the models: what draws what, what guesses what."""

from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import Figure

_GUESS = {"dashed": True, "color": "blue"}
_CLASS = {"color": "orange"}  # the edge of what is known for a few images only


def _m1(drawing):
    drawing.text(0.0, 3.9, "M1")
    drawing.node("1 svc", 0.0, 3.1, "classifier", kind="layer")
    drawing.node("1 z", 0.0, 1.9, "$z$")
    drawing.node("1 x", 0.0, 0.3, "$x$", kind="observed")
    drawing.arrow("1 z", "1 x")
    drawing.arrow("1 x", "1 z", bend=-0.35, **_GUESS)
    drawing.arrow("1 z", "1 svc", **_GUESS)


def _pair(drawing, part, left, height, below):
    """A class and a code that draw what is below them, and are guessed from it."""
    drawing.node(f"{part} y", left, height, "$y$", **_CLASS)
    drawing.node(f"{part} z", left + 1.2, height, "$z_2$" if part == "3" else "$z$")
    for name, bend in (("y", -0.25), ("z", 0.25)):
        drawing.arrow(f"{part} {name}", below)
        drawing.arrow(below, f"{part} {name}", bend=bend, **_GUESS)
    drawing.arrow(f"{part} y", f"{part} z", **_GUESS)


def _clamped(drawing, left):
    drawing.text(left, 3.9, "clamped VAE")
    drawing.node("c x", left, 0.0, "$x$", kind="observed")
    drawing.node("c trunk", left, 0.7, "trunk", kind="layer")
    drawing.node("c code", left - 0.65, 1.35, "$\\mu, s$", kind="layer")
    drawing.node("c pi", left + 0.65, 1.35, "softmax $\\pi$", kind="layer")
    drawing.node("c z", left - 0.65, 2.15, "$z$")
    drawing.node("c y", left + 0.65, 2.15, "$\\tilde{y}$", kind="deterministic")
    drawing.node("c label", left + 2.0, 2.15, "$y$", kind="observed", **_CLASS)
    drawing.node("c decoder", left, 2.95, "decoder", kind="layer")
    drawing.node("c out", left, 3.5, "mean of $x$", kind="text")
    for start, end in (
        ("x", "trunk"),
        ("trunk", "code"),
        ("trunk", "pi"),
        ("code", "z"),
        ("pi", "y"),
        ("z", "decoder"),
        ("y", "decoder"),
        ("decoder", "out"),
    ):
        drawing.arrow(f"c {start}", f"c {end}")
    drawing.arrow("c label", "c y", "if known", color="orange")


def models() -> Figure:
    """M1, M2, the stack of both, and the clamped model."""
    drawing = Drawing()
    _m1(drawing)
    drawing.text(2.3, 3.9, "M2")
    drawing.node("2 x", 2.3, 0.3, "$x$", kind="observed")
    _pair(drawing, "2", 1.7, 1.9, "2 x")
    drawing.text(4.8, 3.9, "M1 + M2")
    drawing.node("3 x", 4.8, 0.0, "$x$", kind="observed")
    drawing.node("3 z_1", 4.8, 1.3, "$z_1$")
    drawing.arrow("3 z_1", "3 x")
    drawing.arrow("3 x", "3 z_1", bend=-0.35, **_GUESS)
    _pair(drawing, "3", 4.2, 2.9, "3 z_1")
    _clamped(drawing, 7.5)
    return drawing.figure(
        "Four drawings. M1: z draws x, is guessed from x, and feeds a classifier. M2: "
        "a class y and a code z draw x; y is guessed from x, and z from x and y. M1 "
        "plus M2: the same pair above a code z1, which draws x. Clamped: x goes "
        "through a trunk to the code's mean and deviation and to a softmax; code and "
        "softmax, or the label where it is known, enter the decoder.",
        "In the first three solid arrows draw and dashed ones guess; the last shows "
        "what is computed. Orange edges are known for a few images only. In M2 the "
        "decoder meets clean labels, one after the other; in the clamped model it is "
        "shown the classifier's own guess.",
    )
