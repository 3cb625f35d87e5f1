"""Tables: drawn by rich in a terminal, aligned text everywhere else."""

import math
import sys


def show(columns, rows, *, right=()):
    """Print a table.

    Args:
        columns: their names.
        rows: sequences of strings, one per column.
        right: names of the columns that are aligned on the right.
    """
    rows = [tuple(row) for row in rows]
    if sys.stdout.isatty():
        _rich(columns, rows, right)
    else:
        print(plain(columns, rows, right=right))


def plain(columns, rows, *, right=()):
    """The table as text: names, a rule, one line per row."""
    lines = [tuple(columns), *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(
            cell.rjust(width) if name in right else cell.ljust(width)
            for cell, width, name in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in lines
    )


def number(value):
    """A metric as text: counts in full, other numbers with five digits."""
    if math.isfinite(value) and float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:.5g}"


def _rich(columns, rows, right):
    from rich import box, console, table, text

    drawn = table.Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        justify = "right" if name in right else "left"
        drawn.add_column(name, justify=justify, overflow="fold")
    for row in rows:
        drawn.add_row(*(text.Text(cell) for cell in row))  # "[x]" is no mark-up here
    console.Console().print(drawn)
