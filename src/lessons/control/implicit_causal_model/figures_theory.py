"""The drawing of the model, of an intervention, and of the inference."""

from lessons.toolkit.drawing import Drawing


def graph():
    """The confounded model with plates, the same after do(x), and what is fitted."""
    drawing = Drawing()
    drawing.text(2.2, 3.2, "the model")
    drawing.node("w", 0, 1.2, "$w_m$")
    drawing.node("x", 1.5, 1.2, "$x_{nm}$", kind="observed", width=0.62)
    drawing.node("z", 2.6, 2.35, "$z_n$")
    drawing.node("y", 3.7, 1.2, "$y_n$", kind="observed")
    drawing.node("e", 3.7, 2.35, "$e_n$")
    drawing.node("phi", 0.75, 2.5, r"$\phi$", kind="fixed")
    drawing.node("theta", 4.55, 2.2, r"$\theta$", kind="fixed")
    for start, end in (
        ("w", "x"),
        ("z", "x"),
        ("z", "y"),
        ("x", "y"),
        ("e", "y"),
        ("phi", "x"),
        ("theta", "y"),
    ):
        drawing.arrow(start, end)
    drawing.plate(["x", "z", "y", "e"], "people $N$")
    drawing.plate(["w", "x"], "SNPs $M$")
    drawing.text(7.0, 3.2, "after do($x_m = a$)")
    drawing.node("a", 5.6, 1.2, "$x_m = a$", kind="array", color="orange")
    drawing.node("others", 6.6, 0.1, "$x_{-m}$", kind="observed", width=0.66)
    drawing.node("z2", 7.0, 2.35, "$z_n$")
    drawing.node("y2", 8.1, 1.2, "$y_n$")
    drawing.node("e2", 8.1, 2.35, "$e_n$")
    for start, end in (("a", "y2"), ("others", "y2"), ("z2", "others"), ("z2", "y2")):
        drawing.arrow(start, end, color="orange" if start == "a" else None)
    drawing.arrow("e2", "y2")
    low = -1.5
    drawing.text(0.2, low + 1.0, "fitted:", align="left")
    drawing.node("qz", 0.6, low, "$q(z_n)$, $q(w_m)$", kind="layer", color="green")
    drawing.node("sim", 3.0, low + 0.45, "simulated $y$", kind="array")
    drawing.node("obs", 3.0, low - 0.45, "observed $y$", kind="array")
    drawing.node(
        "r", 5.4, low, "ratio network\n$r(x, y, z)$", kind="layer", color="blue"
    )
    drawing.node(
        "log", 8.0, low, r"$\log p(y|x,z) - \log q(y)$", kind="text", width=1.5
    )
    drawing.arrow("qz", "sim", color="green")
    drawing.arrow("sim", "r")
    drawing.arrow("obs", "r")
    drawing.arrow("r", "log", dashed=True)
    return drawing.figure(
        "Left, a graphical model: a latent z of each person points to all SNPs x and "
        "to the trait y; each SNP has a latent w; SNPs and noise e point to the trait. "
        "Middle, the same after one SNP is set to a: no arrow leads into it any more, "
        "those from z to the other SNPs and to the trait stay. Below, what is fitted: "
        "distributions of z and w, and a ratio network that sees simulated and "
        "observed traits and estimates the logarithm of the ratio of their densities.",
        "Grey: observed. The confounder z makes SNPs and trait go together without any "
        "arrow between them.",
    )
