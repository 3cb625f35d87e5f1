"""Tables of recorded runs as text, for the notebook."""

import numpy as np

WIDTH = 26  # of a column
LABEL = 29  # of the first one


def cell(values, digits=2):
    """Mean and range over seeds as a cell of a table."""
    numbers = np.mean(values), np.min(values), np.max(values)
    mean, low, high = (round(float(n), digits) + 0.0 for n in numbers)
    text = f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
    return text.rjust(WIDTH)


def head(*titles):
    """The titles of columns above such cells."""
    return " " * LABEL + "".join(title.rjust(WIDTH) for title in titles)


def shift_read(found, name):
    """Mean R² of the two shifts read from a code, over seeds."""
    return (found[name, "r2_x"] + found[name, "r2_y"]) / 2


def light_read(found, name):
    """Mean R² of the change of the two moments of light, over seeds."""
    return (found[name, "r2_light_x"] + found[name, "r2_light_y"]) / 2


def worlds(labels, every):
    """The loss and what is read from the main network in each world, as lines of text.

    Args:
        labels: of the worlds, by preset.
        every: recorded runs by preset.
    """
    read = "light, R²", "shift, R²", "shift, with labels"
    lines = [head("loss", *read, "rotation, R²", "rotation, with labels")]
    for preset, label in labels.items():
        found = every[preset]
        row = [cell(found["pairs/loss"], 3), cell(light_read(found, "pairs"))]
        for code in ("pairs", "supervised"):
            shifts = f"{code}/r2_x" in found.metrics[0]
            row.append(cell(shift_read(found, code)) if shifts else "-".rjust(WIDTH))
        row += [cell(found[code, "r2_rotation"]) for code in ("pairs", "supervised")]
        lines.append(label.ljust(LABEL) + "".join(row) + f" ({len(found)} seeds)")
    return "\n".join(lines)
