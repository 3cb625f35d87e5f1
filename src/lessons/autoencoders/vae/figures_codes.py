"""Pictures of the model itself: a drawing of it, and walks through its code space."""

import numpy as np

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLACK, PALETTE

_CLASS_COLORS = (*PALETTE[:6], "0.35", "#882255", "#332288", "#999933")
_NUM_COLORS = 128  # ten classes and greys
_EDGE = 2.6  # the plane is shown from minus to plus this, in deviations of the prior


def architecture():
    """The two stories as a graphical model, and the networks that tell them."""
    drawing = Drawing()
    drawing.text(0, 2.15, "the model")
    drawing.node("z", 0, 1.5, "$z$")
    drawing.node("x", 0, 0.25, "$x$", kind="observed")
    drawing.arrow("z", "x", "$p(x|z)$", bend=-0.35)
    drawing.arrow("x", "z", "$q(z|x)$", bend=-0.35, dashed=True)
    drawing.plate(["z", "x"], "$N$")

    row = 0.9
    drawing.text(5.3, 2.15, "the networks")
    drawing.node("image", 1.9, row, "$x$", kind="array")
    drawing.node("encoder", 3.05, row, "encoder", kind="layer", color="blue")
    drawing.node("mean", 4.3, row + 0.5, r"mean $\mu$", kind="array")
    drawing.node("scale", 4.3, row - 0.5, "scale $s$", kind="array")
    drawing.node("times", 5.35, row - 0.5, "×", kind="operation")
    drawing.node("noise", 5.35, row - 1.2, r"$\epsilon$", kind="latent", width=0.46)
    drawing.node("plus", 5.35, row + 0.5, "+", kind="operation")
    drawing.node("code", 6.2, row, "$z$", kind="array")
    drawing.node("decoder", 7.35, row, "decoder", kind="layer", color="orange")
    drawing.node("answer", 8.6, row, "$y(z)$", kind="array")
    drawing.arrow("image", "encoder")
    for start, end in (
        ("encoder", "mean"),
        ("encoder", "scale"),
        ("mean", "plus"),
        ("scale", "times"),
        ("noise", "times"),
        ("times", "plus"),
        ("plus", "code"),
        ("code", "decoder"),
        ("decoder", "answer"),
    ):
        drawing.arrow(start, end)
    return drawing.figure(
        "Left: a graphical model, an arrow from a white circle z to a grey circle x "
        "and a dashed one back, in a plate of N. Right: boxes from left to right: "
        "image x, encoder, its two outputs mean and scale, noise multiplied by the "
        "scale and added to the mean, the code z, decoder, y(z).",
        "Chance enters through the noise alone, so gradients pass from the decoder to "
        "the encoder.",
    )


def code_plane(model, images, labels, num_steps=12, radius=1.2):
    """A walk through the plane of two latents, as a figure that turns.

    Args:
        model: a `VAE` with two latents.
        images: test images, shape (batch, height, width, 1).
        labels: their classes, 0 to 9, shape (batch,).
        num_steps: positions on a circle around the origin.
        radius: of the circle, in standard deviations of the prior.

    Returns:
        A `turning.Turning`.
    """
    codes, _ = model.encoder.predict(images, verbose=0)
    angles = 2 * np.pi * np.arange(num_steps) / num_steps
    places = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    answers = _decode(model, places)
    plane = _decoded_plane(model)
    frames = [
        _frame(codes, labels, plane, place, answer)
        for place, answer in zip(places, answers, strict=True)
    ]
    return turning.turn(
        frames,
        [f"{np.degrees(angle):.0f}°" for angle in angles],
        f"position of z on a circle of radius {radius:g}",
        "Three panels. Left: codes of test images in the plane of the two latents, "
        "each drawn as the digit that it encodes and coloured by it; most digits of a "
        "class lie together. Middle: the images that the decoder makes over the same "
        "plane. Right: the one image at the marked place.",
        "Neighbouring classes share a border where the decoder mixes them.",
        num_colors=_NUM_COLORS,
    )


def _decode(model, codes):
    return np.asarray(model.decoder(np.asarray(codes, np.float32), training=False))


def _decoded_plane(model, num_cells=11):
    """Images over the plane as one array, the second latent upwards."""
    centres = _EDGE * (2 * (np.arange(num_cells) + 0.5) / num_cells - 1)
    first, second = np.meshgrid(centres, centres[::-1])
    codes = np.stack([first.ravel(), second.ravel()], axis=1)
    return figures.tile(_decode(model, codes), num_cells, pad=1, fill=0.3)


def _frame(codes, labels, plane, place, answer):
    """One position of the walk: codes, decoded plane, decoded image."""
    figure, (left, middle, right) = figures.new(
        1, 3, size=(8.6, 3.2), width_ratios=[1.25, 1.25, 0.8]
    )
    for digit, color in enumerate(_CLASS_COLORS):
        chosen = codes[labels == digit]
        left.plot(*chosen.T, linestyle="", marker=f"${digit}$", ms=5, color=color)
    left.set_title("codes of test images")
    edge = (-_EDGE, _EDGE)
    options = {"cmap": "gray_r", "extent": (*edge, *edge), "interpolation": "nearest"}
    middle.imshow(plane, vmin=0, vmax=1, aspect="equal", **options)
    middle.set_title("what the decoder makes")
    middle.grid(visible=False)
    for axis in (left, middle):
        axis.plot(*place, "o", ms=13, mfc="none", mec=BLACK, mew=2.2)
        axis.plot(*place, "o", ms=10, mfc="none", mec="white", mew=1.2)
        axis.set(xlim=edge, ylim=edge, aspect="equal", xlabel="$z_1$")
    left.set_ylabel("$z_2$")
    figures.show_tiles(right, answer[None], 1, title="at the mark")
    return figure
