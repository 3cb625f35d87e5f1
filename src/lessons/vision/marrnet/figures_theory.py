"""The drawing of the networks, and figures that need no trained network."""

import numpy as np

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import BLUE, GREEN, GREY, ORANGE, Figure
from lessons.vision.marrnet import data, theory, theory_solids
from lessons.vision.marrnet.figures import SIDE, bare, draw_mesh, draw_voxels

MUST_BE_0, MUST_BE_1, FREE = "#FFFFFF", ORANGE, "0.75"


def network():
    """MarrNet's two steps, the way back to the sketches, and the direct rival."""
    drawing = Drawing()
    drawing.node("image", 0, 0, "image\nGxGx3", kind="array")
    drawing.node("step1", 1.45, 0, "sketch net", kind="layer", color="blue")
    for name, height, text in (
        ("normal", 0.75, "normal n, 3"),
        ("depth", 0.0, "depth d, 1"),
        ("silhouette", -0.75, "silhouette s, 1"),
    ):
        drawing.node(name, 3.25, height, text, kind="array", width=1.35)
        drawing.arrow("step1", name)
    drawing.node("gate", 4.55, 0.0, "×", kind="operation", color="orange")
    for name in ("normal", "depth", "silhouette"):
        drawing.arrow(name, "gate")
    drawing.node("encoder", 5.5, 0, "encoder", kind="layer", color="green")
    drawing.node("code", 6.5, 0, "64", kind="array", width=0.45)
    drawing.node("decoder", 7.5, 0, "decoder", kind="layer", color="grey")
    drawing.node("voxels", 8.9, 0, "voxels v\nGxGxG", kind="array")
    drawing.arrow("image", "step1")
    drawing.arrow("gate", "encoder")
    drawing.arrow("encoder", "code")
    drawing.arrow("code", "decoder")
    drawing.arrow("decoder", "voxels")
    drawing.text(7.5, 0.4, "locked", color="grey")
    drawing.arrow("voxels", "normal", "$L_n$", bend=0.22, dashed=True, color="orange")
    drawing.arrow("voxels", "depth", bend=-0.16, dashed=True, color="orange")
    drawing.arrow(
        "voxels", "silhouette", "$L_d$", bend=-0.22, dashed=True, color="orange"
    )
    drawing.node("image2", 0, -2.1, "image", kind="array")
    drawing.node("direct", 4.6, -2.1, "encoder, decoder", kind="layer", color="amber")
    drawing.node("voxels2", 8.9, -2.1, "voxels", kind="array")
    drawing.arrow("image2", "direct")
    drawing.arrow("direct", "voxels2")
    drawing.text(0.9, -1.75, "the direct rival", align="left")
    return drawing.figure(
        "Boxes from left to right: an image, the sketch net, its three maps "
        "(normal, depth, silhouette), which are multiplied by the silhouette, an "
        "encoder, a code of 64 numbers, a decoder with a lock, and voxels. Dashed "
        "arrows lead from the voxels back to the maps: the re-projection losses. "
        "Below, the direct rival: one arrow from the image through encoder and "
        "decoder to voxels.",
        "Blue is step 1, green and grey step 2. Fine-tuning on one image follows the "
        "dashed arrows and moves the green box only.",
    )


def constraints():
    """What the losses ask of voxels: along one ray, and around one pixel."""
    figure, axes = figures.new(1, 3, size=(8.6, 3.0), width_ratios=[1.5, 1, 1])
    axis = axes[0]
    for row, depth in enumerate((3, 6, np.inf)):
        for z in range(9):
            color = FREE if z > depth else MUST_BE_1 if z == depth else MUST_BE_0
            axis.add_patch(_square(z, -row * 1.4, color))
        text = "∞" if np.isinf(depth) else f"{depth}"
        axis.text(-0.4, 0.5 - row * 1.4, f"d = {text}", ha="right", va="center")
    axis.set(xlim=(-2.6, 9.2), ylim=(-4.0, 1.3), title="depth loss: three rays")
    axis.text(4.5, -3.7, "z, away from the camera →", ha="center", fontsize=9)
    for axis, slope in zip(axes[1:], (0.5, -1.0), strict=True):
        _neighbours(axis, slope)
        axis.set_title(f"normal loss: $n_b/n_c$ = {slope:g}")
    for axis in axes:
        axis.set_aspect("equal")
        axis.axis("off")
    handles = [
        figures.patches.Patch(facecolor=c, edgecolor="0.3", label=label)
        for c, label in (
            (MUST_BE_0, "must be 0"),
            (MUST_BE_1, "must be 1"),
            (GREEN, "must be 1 between them"),
            (FREE, "free"),
        )
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=9)
    return Figure(
        figure,
        "Left, three rays of nine voxels. Where the depth is 3, voxels 0 to 2 must "
        "be 0, voxel 3 must be 1 and the rest is free; the same at depth 6; where "
        "the ray hits nothing all must be 0. Right, two slices of three rays, y "
        "downwards and z to the right: the surface voxel of the middle ray, and in "
        "the rays above and below it the targets of the normal: for a slope of one "
        "half each lies between two voxels, for a slope of minus one it is one "
        "voxel.",
        "Nothing behind the surface is asked for: the losses leave it free.",
    )


def _square(x, y, color):
    return figures.patches.Rectangle((x, y), 1, 1, facecolor=color, edgecolor="0.3")


def _neighbours(axis, slope):
    """Three rays, one above the other; the middle one has its surface at z = 2."""
    for row in (-1, 0, 1):
        place = 2 - row * slope  # one row up (row = -1) it is z + slope
        for z in range(5):
            share = max(0.0, 1 - abs(z - place))
            color = FREE
            if row == 0:
                color = MUST_BE_0 if z < 2 else MUST_BE_1 if z == 2 else FREE
            elif share == 1:
                color = MUST_BE_1
            elif share:
                color = GREEN
            axis.add_patch(_square(z, -row, color))
        axis.text(
            -0.3, 0.5 - row, f"y {row:+d}" if row else "y", ha="right", va="center"
        )
        axis.plot(place + 0.5, 0.5 - row, "k.", markersize=6)
    axis.set(xlim=(-1.6, 5.1), ylim=(-1.2, 2.2))


def same_picture(voxels):
    """Three solids that the camera cannot tell apart, drawn as voxels.

    Args:
        voxels: of a shape, shape (grid, grid, grid), a small grid.
    """
    depth, grid = theory_solids.first_hit(voxels), len(voxels)
    solids = {
        "the shape": voxels,
        "everything behind": theory_solids.behind(depth, grid),
        "surface alone": theory_solids.behind(depth, grid, 1),
    }
    figure, axes = figures.new(
        1, 2 * len(solids), size=(8.6, 1.9), subplot_kw={"projection": "3d"}
    )
    for number, (name, solid) in enumerate(solids.items()):
        for axis, view in zip(axes[2 * number :], ((2, -90), SIDE), strict=False):
            draw_voxels(axis, solid > 0.5, view)
        axes[2 * number].set_title(name, fontsize=10, loc="left")
    return Figure(
        figure,
        "Three solids of voxels, each as the camera sees it and from the side: a "
        "shape, the shape with everything behind its visible surface filled, and the "
        "visible surface alone. The camera sees the same three times; from the side "
        "the second is a long block and the third a few thin plates.",
        "The depth loss of all three is 0.",
    )


def thickness_knob(part, place, thicknesses=tuple(range(1, 13))):
    """A shell behind the visible surface, as thick as the knob says.

    Args:
        part: a `data.Part`.
        place: of the shape that is drawn; the curves are means over all.
        thicknesses: frames, in voxels.

    Returns:
        A `Turning`.
    """
    grid = part.voxels.shape[-1]
    depth, normals = data.depths(part.sketches, grid), part.sketches[..., :3]
    pixels = grid * grid
    curves = {"L_d": [], "L_n": [], "iou": []}
    for thickness in thicknesses:
        shell = theory_solids.behind(depth, grid, thickness)
        first = np.asarray(theory.depth_loss(shell, depth))
        second = np.asarray(theory.normal_loss(shell, depth, normals))
        curves["L_d"].append(first.mean() / pixels)
        curves["L_n"].append(second.mean() / pixels)
        curves["iou"].append(np.asarray(theory.iou(shell, part.voxels)).mean())
    frames = [
        _shell_frame(part, place, depth, number, thicknesses, curves)
        for number in range(len(thicknesses))
    ]
    best = int(np.argmax(curves["iou"]))
    return turning.turn(
        frames,
        [str(k) for k in thicknesses],
        "thickness of the shell, voxels",
        "Left, a shell behind the visible surface of one shape, seen nearly from the "
        "camera, where it never changes, and from the side, where it grows. Right, "
        "three curves against the thickness: the depth loss is 0 throughout, the "
        "normal loss falls, the intersection over union has a maximum at "
        f"{thicknesses[best]}.",
        "Of the three curves only the one that needs the truth has an optimum.",
        alts=[
            f"Thickness {k}: depth loss {a:.2f} and normal loss {b:.3f} per pixel, "
            f"intersection over union {c:.2f}."
            for k, a, b, c in zip(thicknesses, *curves.values(), strict=True)
        ],
        start=min(3, len(thicknesses) - 1),
        num_colors=96,
    )


def _shell_frame(part, place, depth, number, thicknesses, curves):
    figure, axes = figures.new(1, 3, size=(8.6, 2.9), width_ratios=[1, 1, 1.5])
    grid = part.voxels.shape[-1]
    shell = theory_solids.behind(depth[place], grid, thicknesses[number])
    for axis, view, title in (
        (axes[0], (2, -90), "from the camera"),
        (axes[1], (22, -15), "from the side"),
    ):
        spot = axis.get_subplotspec()
        axis.remove()
        solid = figure.add_subplot(spot, projection="3d")
        draw_mesh(solid, shell, 0.5, view)
        bare(solid, grid, view)
        solid.set_title(title, fontsize=10)
    axis = axes[2]
    for key, label, color in (
        ("L_d", "depth loss per pixel", GREY),
        ("L_n", "normal loss per pixel", ORANGE),
        ("iou", "intersection over union", BLUE),
    ):
        axis.plot(thicknesses, curves[key], color=color, label=label)
        axis.plot(thicknesses[number], curves[key][number], "o", color=color)
    axis.set(xlabel="thickness, voxels", ylim=(-0.03, 0.8))
    axis.legend(fontsize=8, loc="upper right")
    return figure
