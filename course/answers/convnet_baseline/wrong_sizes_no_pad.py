"""Takes the lesson's convolution without padding."""

# loses: sizes


def sizes(side, maps, convolutions, dense):
    total = 0
    for units, kernel, stride, _, pool in convolutions:
        total += units + units * maps * kernel * kernel
        side = (side - kernel) // stride + 1
        side, maps = side // pool, units
    widths = [side * side * maps, *dense]
    total += sum((a + 1) * b for a, b in zip(widths[:-1], dense, strict=True))
    return widths[0], total
