r"""The equations of Volokitin, Roig & Poggio 2017 (arXiv:1706.08616).

Pure functions: where squares are cut, how crops are scaled, how many scales and pixels
are left after each layer, and what a unit sees. Lengths are in pixels; places on the
canvas count from its middle, positive to the right.
"""

import math

import numpy as np

from lessons.toolkit import area
from lessons.toolkit.errors import UserError, unknown

LAYOUTS = ("none", "progressive", "end")
POOLINGS = ("single", "early", "gradual", "late")
CROPS = ("exponential", "linear")


def crop_sides(field, crop, count, kind="exponential"):
    r"""Sides of the nested squares, smallest first.

    $s_i = c\,\rho^{i-1}$ with $\rho = (F / c)^{1/(n-1)}$, or equal steps between the
    same ends. The ends are exact.

    Args:
        field: side F of the canvas.
        crop: side c of the smallest square and of every crop.
        count: number n of squares; a single one is the whole canvas.
        kind: one of `CROPS`.

    Returns:
        float64, shape (count,).
    """
    if kind not in CROPS:
        raise unknown("kind of crops", kind, CROPS)
    if count < 1 or not 0 < crop <= field:
        raise UserError(
            "there must be at least one crop, not larger than the field; got "
            f"count={count}, crop={crop}, field={field}."
        )
    if count == 1:
        return np.array([float(field)])
    if kind == "linear":
        return np.linspace(crop, field, count)
    steps = np.arange(count) / (count - 1)
    sides = crop * (field / crop) ** steps
    sides[-1] = field
    return sides


def crop_matrices(field, crop, sides):
    """What turns a canvas X into its crops: the i-th is $A_i X A_i^T$.

    The squares share the middle of the canvas, and their ends are not rounded: area
    averaging takes part of a pixel where a square ends in it.

    Args:
        field: side of the canvas.
        crop: side of a crop in its own pixels.
        sides: of the squares, on the canvas.

    Returns:
        float32, shape (squares, crop, field).
    """
    middle = field / 2
    spans = [(middle - side / 2, middle + side / 2) for side in sides]
    rows = [area.matrix(field, crop, *span) for span in spans]
    return np.stack(rows).astype(np.float32)


def chevron_matrices(field, crop, sides, reach):
    """What a chevron takes away: the i-th crop loses what crop i - reach sees.

    Args:
        field, crop, sides: as for `crop_matrices`.
        reach: how many scales see a point at most.

    Returns:
        float32, shape (squares, crop, field): from $A_i X A_i^T$ goes $B_i X B_i^T$.
    """
    matrices = crop_matrices(field, crop, sides)
    inner = np.zeros_like(matrices)
    edges = np.arange(field + 1) - field / 2
    for i in range(reach, len(sides)):
        half = sides[i - reach] / 2
        covered = np.minimum(edges[1:], half) - np.maximum(edges[:-1], -half)
        inner[i] = matrices[i] * np.clip(covered, 0, 1)
    return inner


def multiscale_crops(images, matrices, inner=None):
    """The crops of canvases: $A_i X A_i^T$, less $B_i X B_i^T$ for a chevron.

    Args:
        images: canvases, shape (batch, field, field), or their middle rows where all
            others are black, shape (batch, rows, field).
        matrices: of `crop_matrices`.
        inner: of `chevron_matrices`, or None.

    Returns:
        Shape (batch, squares, crop, crop).
    """
    rows, field = images.shape[1:]
    middle = slice((field - rows) // 2, (field + rows) // 2)
    images = images[:, None]
    crops = matrices[:, :, middle] @ images @ np.swapaxes(matrices, 1, 2)
    if inner is None:
        return crops
    return crops - inner[:, :, middle] @ images @ np.swapaxes(inner, 1, 2)


def area_normalised(crops, ratio):
    r"""Contrast normalisation: $z_i / (\max z_i\, \rho^{2(n-i)})$.

    The largest crop keeps a maximum of 1. A step down divides by $\rho^2$, by which
    the areas of two neighbours differ. A crop that is all black stays black.

    Args:
        crops: at least 0, shape (batch, n, height, width).
        ratio: $\rho$, of the sides of two neighbours.

    Returns:
        Shape of `crops`.
    """
    greatest = crops.max(axis=(2, 3), keepdims=True)
    steps = np.arange(crops.shape[1])[::-1].reshape(1, -1, 1, 1)
    scale = np.where(greatest > 0, greatest, 1) * float(ratio) ** (2 * steps)
    return (crops / scale).astype(crops.dtype)


def seen_whole(sides, size, eccentricity=0, other=None):
    """Which squares hold all of an object, and nothing of another one.

    Args:
        sides: of the squares, shape (squares,).
        size: side of the objects.
        eccentricity: of the first object's middle.
        other: of the other one's middle; None for no other.

    Returns:
        bool, shape (squares,).
    """
    half = np.asarray(sides) / 2
    whole = abs(eccentricity) + size / 2 <= half
    return whole if other is None else whole & (abs(other) - size / 2 >= half)


def scale_code(pooling, num_scales, num_layers):
    """Scales before the first layer and left after each, such as 11-11-11-1.

    Args:
        pooling: one of `POOLINGS`: "early" pools all scales after the first layer,
            "late" after the last, "gradual" two at a time towards the last; "single"
            is a network of one scale.
        num_scales: n.
        num_layers: convolutions.

    Returns:
        Tuple of num_layers + 1 whole numbers.
    """
    if pooling not in POOLINGS:
        raise unknown("pooling over scales", pooling, POOLINGS)
    layers = range(1, num_layers + 1)
    if pooling == "single":
        return (1,) * (num_layers + 1)
    if pooling == "early":
        left = (1 for _ in layers)
    elif pooling == "late":
        left = (num_scales if layer < num_layers else 1 for layer in layers)
    else:
        left = (min(num_scales, 2 * (num_layers - layer) + 1) for layer in layers)
    return (num_scales, *left)


def scale_windows(code):
    """Neighbouring scales that each layer pools: $m_{l-1} - m_l + 1$.

    Raises:
        UserError: the code is no code: it rises, or has fewer than two numbers.
    """
    pairs = list(zip(code, code[1:], strict=False))
    if not pairs or code[-1] < 1 or any(old < new for old, new in pairs):
        raise UserError(
            "a scale code must hold two or more whole numbers of at least 1 that do "
            f"not rise, got {tuple(code)}."
        )
    return tuple(old - new + 1 for old, new in pairs)


def geometry(size, num_layers, layout, kernel=5, window=3):
    """Kernel, pooling window and stride of each layer, and the sides of its maps.

    Nothing is padded. A map smaller than the kernel is convolved with 1x1. "end" and
    "progressive" pool the whole last map; "progressive" has stride 2 before.

    Args:
        size: side of the input.
        num_layers: convolutions.
        layout: one of `LAYOUTS`.
        kernel, window: sides of kernels and of pooling windows.

    Returns:
        (plan, maps): `plan` has (kernel, window, stride) of each layer, `maps` the side
        before the first and after each.
    """
    if layout not in LAYOUTS:
        raise unknown("layout of pooling", layout, LAYOUTS)
    plan, maps = [], [size]
    for layer in range(1, num_layers + 1):
        side = maps[-1]
        own_kernel = kernel if side >= kernel else 1
        side -= own_kernel - 1
        if layer == num_layers and layout != "none":
            own_window, stride = side, 1
        else:
            own_window = min(window, side)
            stride = 2 if layout == "progressive" else 1
        plan.append((own_kernel, own_window, stride))
        maps.append((side - own_window) // stride + 1)
    return tuple(plan), tuple(maps)


def receptive_field(plan):
    """(side, jump): what one unit of the last *convolution* sees, and their distance.

    Args:
        plan: of `geometry`; the last layer's pooling is left out.
    """
    side, jump = 1, 1
    for layer, (kernel, window, stride) in enumerate(plan, 1):
        side += (kernel - 1) * jump
        if layer < len(plan):
            side += (window - 1) * jump
            jump *= stride
    return side, jump


def num_parameters(plan, maps, code, filters, classes=5):
    """Trained numbers of a network; scales share them, so their number is not in it.

    Args:
        plan, maps: of `geometry`.
        code: of `scale_code`; only the last number counts.
        filters: channels of each convolution.
        classes: outputs.
    """
    inputs, total = 1, 0
    for kernel, _, _ in plan:
        total += kernel**2 * inputs * filters + filters
        inputs = filters
    return total + (maps[-1] ** 2 * filters * code[-1] + 1) * classes


def free_spacing(size, field, crop, receptive):
    """Least spacing on the canvas from which no unit sees two objects.

    In a crop of the whole canvas an object is `size * crop / field` pixels wide, at
    most one more when it does not line up with pixels; two objects need `receptive - 1`
    pixels between them.

    Args:
        size: of the objects on the canvas.
        field: side of the canvas.
        crop: side of the crop.
        receptive: side of the receptive field in the crop.

    Returns:
        Pixels of the canvas, a whole number of crop pixels.
    """
    step = field / crop
    return (math.ceil(size / step) + receptive - 1) * step
