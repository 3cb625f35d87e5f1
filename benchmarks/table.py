"""Results as Markdown."""

import statistics

from benchmarks import peers, settings

_COLUMNS = (
    "wall ms, least",
    "median",
    "CPU ms, least",
    "median",
    "wall to Lessons (half of the rounds)",
    "CPU to Lessons",
    "share of peak",
    "first step, s",
)
_HEADER = (f"| | {' | '.join(_COLUMNS)} |", "|---" + "|--:" * len(_COLUMNS) + "|")
_PREFACE = """\
# Benchmarks

Made by `make bench`; edits are lost. One training step of the same model with the same
batch, optimizer (Adam) and number of threads. Each peer meets this project in a duel:
two processes take turns, an epoch of 20 steps each, and before each epoch that counts
stands one that does not, so that nobody pays for having slept. Ratios are medians over
rounds, above 1 where this project is faster, with the range of the middle half. CPU
time is that of all threads. Absolute times move from machine to machine: compare
ratios. The peak is this machine's best 2048 x 2048 float32 matrix product, the share
that of the least time. Times until the first step include building and compiling the
model, not importing the framework; where steps run in groups, until the first group is
done. "Waited" marks rows that still had less CPU time than time on the wall after
repetition: the machine was busy, believe their CPU times only.
"""


def row_table(result):
    """Lines of one row's table.

    Args:
        result: a `race.Result`.
    """
    row = result.row
    lines = [
        f"## {row.title}",
        "",
        f"{row.num_parameters():,} parameters, {row.step_flops() / 1e9:.2f} GFLOP per "
        f"step, peak {result.peak / 1e9:.0f} GFLOP/s.",
        "",
        *_HEADER,
    ]
    fastest = min(
        (e for e in result.entries.values() if e.missing is None),
        key=lambda entry: statistics.median(entry.ratios()[0]),
    )
    for entry in result.entries.values():
        if entry.missing is not None:
            cells = [entry.missing, *[""] * (len(_COLUMNS) - 1)]
            lines.append(_line(entry.title, cells))
            continue
        title = entry.title + (" (waited)" if entry.waited() else "")
        cells = _cells(entry, row.step_flops(), result.peak)
        if entry is fastest:
            cells[4] = f"**{cells[4]}**"
        lines.append(_line(title, cells))
    return lines


def _cells(entry, flops, peak):
    steps = [
        1e3 * value / settings.NUM_STEPS
        for times in (entry.seconds, entry.cpu)
        for value in (min(times), statistics.median(times))
    ]
    wall, cpu = entry.ratios()
    low, middle, high = _quartiles(wall)
    ratio = f"{middle:.2f}"
    if entry.title != peers.PEERS[peers.BASE][2]:
        ratio += f" ({low:.2f}-{high:.2f})"
    share = flops / (steps[0] / 1e3) / peak
    return [
        *(f"{step:.2f}" for step in steps),
        ratio,
        f"{statistics.median(cpu):.2f}",
        f"{share:.0%}",
        f"{entry.first:.1f}",
    ]


def _quartiles(values):
    if len(values) == 1:
        return values * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def _line(title, cells):
    return f"| {title} | {' | '.join(cells)} |".replace("  ", " ")


def fixed_table(costs):
    """Lines of the table of fixed costs.

    Args:
        costs: seconds by name.
    """
    lines = ["## Paid once", "", "| | seconds |", "|---|--:|"]
    return lines + [f"| {name} | {seconds:.2f} |" for name, seconds in costs.items()]


def page(parts, machine):
    """The whole page.

    Args:
        parts: lists of lines, one for each row or other table.
        machine: text by name: what it was measured on.
    """
    lines = _PREFACE.splitlines() + [""]
    lines += [f"- {name}: {text}" for name, text in machine.items()]
    for part in parts:
        lines += ["", *part]
    return "\n".join(lines) + "\n"
