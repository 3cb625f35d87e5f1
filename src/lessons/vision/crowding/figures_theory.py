"""Pictures of the set-up: canvases and crops, the network, the spacing that turns."""

import numpy as np
from matplotlib import patches

from lessons.toolkit import figures, turning
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import AMBER, BLUE, GREEN, ORANGE, Figure
from lessons.vision.crowding import analysis, inputs, stimuli, theory
from lessons.vision.crowding.evaluation import predict


def canvases(objects, config, crops_of):
    """One canvas of each configuration with its squares, and the crops beside it.

    Args:
        objects: `data.Objects`.
        config: a `Config`.
        crops_of: a function from strips to crops (batch, scales, crop, crop, 1).
    """
    eccentricity = config.spacing
    target, flanker = objects.test_targets[:1], objects.test_flankers["odd"][3:4]
    names = tuple(stimuli.CONFIGURATIONS)
    count = config.num_scales
    figure, axes = figures.new(
        len(names),
        1 + count,
        size=(8, 6.2),
        width_ratios=(1.3, *[1] * count),
    )
    sides = theory.crop_sides(config.field, config.crop, count)
    for row, name in zip(axes, names, strict=True):
        strips = stimuli.draw(
            target, flanker, name, eccentricity, config.spacing, config.field
        )
        row[0].imshow(stimuli.whole(strips)[0], cmap="gray", vmin=0, vmax=1)
        for side in sides:
            corner = (config.field - side) / 2 - 0.5
            row[0].add_patch(
                patches.Rectangle(
                    (corner, corner), side, side, fill=False, edgecolor=AMBER, lw=1
                )
            )
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=12)
        crops = crops_of(strips)[0, ..., 0]
        for axis, crop, side in zip(row[1:], crops, sides, strict=True):
            axis.imshow(crop, cmap="gray", vmin=0, vmax=1)
            if name == "a":
                axis.set_title(f"{side:.1f} px", fontsize=9)
        for axis in row:
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
    return Figure(
        figure,
        "Four rows, for the configurations a, ax, xa and xax: a black canvas with a "
        "digit right of the middle and its flankers, nested squares drawn on it, and "
        "the five squares resized to the same number of pixels, in which the digit "
        "becomes smaller and nearer to the middle.",
        "The smallest square has full resolution and sees the middle only; the largest "
        "sees everything, coarsely.",
    )


def network(crop, filters, size, maps, codes):
    """Drawing of the network for several codes of pooling over scales.

    Args:
        crop: side of a crop.
        filters: channels.
        size: side of the input with its margin.
        maps: sides of the maps, of `theory.geometry`.
        codes: scale codes by label.
    """
    drawing = Drawing()
    for column, (label, code) in enumerate(codes.items()):
        x, y = 4.4 * column, 0.0
        drawing.text(x, y + 0.45, label, color="blue" if column else "orange")
        drawing.node(
            f"in{column}", x, y, f"{code[0]} crops of {crop}x{crop}", kind="array"
        )
        previous = f"in{column}"
        for layer in range(1, len(code)):
            y -= 1.0
            name = f"conv{column}{layer}"
            drawing.node(
                name,
                x,
                y,
                f"convolution {layer}, ReLU, space pool",
                kind="layer",
                color="green",
            )
            text = f"{code[layer - 1]} x {size if layer == 1 else maps[layer - 1]}²"
            drawing.arrow(previous, name, text)
            previous = name
            if code[layer] < code[layer - 1]:
                y -= 0.85
                name = f"scales{column}{layer}"
                window = code[layer - 1] - code[layer] + 1
                drawing.node(
                    name,
                    x,
                    y,
                    f"maximum over {window} scales",
                    kind="layer",
                    color="pink",
                )
                drawing.arrow(previous, name)
                previous = name
        y -= 1.0
        drawing.node(f"out{column}", x, y, "linear, 5 logits", kind="layer")
        drawing.arrow(previous, f"out{column}", f"{filters} features")
    one, other = codes.values()
    return drawing.figure(
        f"Two columns of boxes. Code {'-'.join(map(str, one))}: three times a "
        "convolution with ReLU and pooling over space, a maximum over all scales after "
        f"the last. Code {'-'.join(map(str, other))}: the same with the maximum over "
        "scales after the first. A linear layer gives five logits.",
        "One kernel serves all scales in every green box, so both columns have equally "
        "many numbers; they differ in where scales lose their identity.",
    )


def spacing_knob(found, looks, config, receptive):
    """Features of target, flanker and both, turned by the spacing.

    Args:
        found: of `analysis.additivity`, by spacing.
        looks: by spacing (strip, features of target, flanker and both), one stimulus.
        config: a `Config`.
        receptive: side of the receptive field on the canvas.
    """
    highest = max(max(map(np.max, look[1:])) for look in looks.values()) * 1.25
    frames, alts = [], []
    for spacing, (strip, target, flanker, both) in looks.items():
        values = found[spacing]
        figure, (above, below) = figures.new(
            2, 1, size=(7, 3.9), height_ratios=(1, 1.7)
        )
        above.imshow(strip, cmap="gray", vmin=0, vmax=1, aspect="equal")
        middle = config.size / 2 + spacing / 2
        above.add_patch(
            patches.Rectangle(
                (middle - receptive / 2 - 0.5, -0.5),
                receptive,
                config.size,
                fill=False,
                edgecolor=AMBER,
                lw=1.8,
            )
        )
        above.set(xticks=[], yticks=[])
        above.grid(visible=False)
        above.set_title(
            f"spacing {spacing} px; the frame is what one unit sees", fontsize=9
        )
        places = np.arange(len(both))
        for shift, row, color, label in (
            (-0.27, target, BLUE, "target"),
            (0.0, flanker, ORANGE, "flanker"),
            (0.27, both, GREEN, "both"),
        ):
            below.bar(places + shift, row, 0.25, color=color, label=label)
        below.set(
            xlabel="feature",
            ylabel="value",
            ylim=(0, highest),
            title=f"largest |both - max(target, flanker)| of all stimuli: "
            f"{values['residual']:.3f}; accuracy {values['accuracy']:.3f}",
        )
        below.title.set_fontsize(9)
        below.set_xticks(places)
        below.legend(fontsize=8, loc="upper right", ncols=3)
        frames.append(
            Figure(figure, "One frame of the knob.", "Turn the spacing here.")
        )
        alts.append(
            f"Spacing {spacing} pixels: largest residual {values['residual']:.3f}, "
            f"accuracy {values['accuracy']:.3f}."
        )
    labels = [f"{spacing}" for spacing in looks]
    return turning.turn(
        frames,
        labels,
        "spacing of target and flanker (pixels of the canvas)",
        "A digit and a flanker with the frame of a receptive field, and bars "
        "for the features of the target, of the flanker and of both together, for each "
        "spacing.",
        "From the spacing on at which no unit sees both, green bars are the taller of "
        "blue and orange, exactly; accuracy then stays where it is.",
        alts=alts,
        start=0,
    )


def looks(model, objects, config, variant, spacings, which=1):
    """One stimulus at each spacing, and the features of its parts, for the knob.

    Args:
        model: a `ScaleNet` of one scale and layout "end".
        objects: `data.Objects`.
        config: a `Config`.
        variant: the `Variant` that the network is.
        spacings: pixels.
        which: number of the target and of the flanker.

    Returns:
        By spacing (strip, features of target, of flanker, of both).
    """
    target = objects.test_targets[which : which + 1]
    flanker = objects.test_flankers["odd"][which : which + 1]
    wide = analysis.widened(model, theory.receptive_field(model.plan)[0] - 1)
    place, strips = -config.reach, []
    for spacing in spacings:
        shown = (
            (target, flanker, "a", place, 0),
            (flanker, flanker, "a", place + spacing, 0),
            (target, flanker, "ax", place, spacing),
        )
        strips += [stimuli.draw(*each, config.field) for each in shown]
    crops = inputs.crops(np.concatenate(strips), config, variant)
    features = predict(wide.features, crops).reshape(len(spacings), 3, -1)
    return {
        spacing: (strips[3 * i + 2][0], *features[i])
        for i, spacing in enumerate(spacings)
    }
