"""Drawing of the chain: what draws what, what reads what."""

from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import Figure

_HEIGHTS = {"c": 3.2, "z_3": 2.4, "z_2": 1.6, "z_1": 0.8, "x": 0.0}
_ABOVE = {"z_3": "c", "z_2": "z_3", "z_1": "z_2", "x": "z_1"}
_LATENTS = ("z_3", "z_2", "z_1")


def _column(drawing, part, place, title):
    """The variables of one part of the drawing, from the border down to the hole."""
    for name, height in _HEIGHTS.items():
        kind = "latent" if name in _LATENTS else "observed"
        drawing.node(part + name, place, height, f"${name}$", kind=kind)
    drawing.text(place, 3.85, title)


def _chain(drawing, part):
    """Arrows down, each level seeing the border too."""
    for name, above in _ABOVE.items():
        drawing.arrow(part + above, part + name)
    for name, bend in (("z_2", -0.5), ("z_1", -0.45), ("x", -0.42)):
        drawing.arrow(part + "c", part + name, bend=bend, color="grey")


def _read(drawing, part):
    """Dashed arrows from hole and border to the latents, past those in between."""
    for name, bend in (("z_1", 0.0), ("z_2", -0.5), ("z_3", -0.45)):
        drawing.arrow(part + "x", part + name, bend=bend, dashed=True, color="blue")
    for name, bend in (("z_2", -0.5), ("z_1", -0.45)):
        drawing.arrow(part + "c", part + name, bend=bend, dashed=True, color="grey")


def chain() -> Figure:
    """The generative chain, its factored recognition model, and a ladder."""
    drawing = Drawing()
    _column(drawing, "p", 0.0, "generation\n$p(x, z|c)$")
    _chain(drawing, "p")
    _column(drawing, "q", 2.7, "factored recognition\n$q(z_l|x, c)$ for each layer")
    _read(drawing, "q")
    drawing.arrow("qc", "qz_3", dashed=True, color="grey")
    _column(drawing, "l", 5.4, "ladder\n$q(z_l|z_{l+1}, x, c)$")
    _read(drawing, "l")
    for name in _LATENTS:
        drawing.arrow("l" + _ABOVE[name], "l" + name, dashed=True, color="orange")
    return drawing.figure(
        "Three graphs over the border c, the latents z3, z2, z1 and the hole x, one "
        "below the other. Generation: arrows from c down through the latents to x, and "
        "from c to each of them. Factored recognition: dashed arrows from x and from c "
        "to each latent, none between latents. Ladder: the same, and dashed arrows "
        "from each latent to the one below it.",
        "Grey circles are seen in training. The arrows between latents that the "
        "factored recognition model lacks are the gap of section 2; the ladder has "
        "them, but only with diagonal Gaussians.",
    )
