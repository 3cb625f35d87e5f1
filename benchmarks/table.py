"""Results as Markdown."""

from benchmarks import peers

_COLUMNS = ("ms per step", "to plain Keras", "to the fastest", "share of peak")
_HEADER = (
    f"| | {' | '.join(_COLUMNS)} | first step, s |",
    "|---" + "|--:" * 5 + "|",
)
_PREFACE = """\
# Benchmarks

Made by `make bench`; edits are lost. One training step of the same model with the same
batch, optimizer (Adam) and number of threads; the peers take turns, an epoch of 20
steps each, and medians are given. Absolute times move from machine to machine: compare
ratios. The peak is this machine's best 2048 x 2048 float32 matrix product in the same
run. Times until the first step include building and compiling the model, not importing
the framework; where steps run in groups, until the first group is done.
"""


def row_table(result):
    """Lines of one row's table.

    Args:
        result: a `race.Result`.
    """
    row, entries = result.row, result.entries
    steps = {name: e.step() for name, e in entries.items() if e.missing is None}
    fastest, base = min(steps.values()), steps[peers.BASE]
    lines = [
        f"## {row.title}",
        "",
        f"{row.num_parameters():,} parameters, {row.step_flops() / 1e9:.2f} GFLOP per "
        f"step, peak {result.peak / 1e9:.0f} GFLOP/s.",
        "",
        *_HEADER,
    ]
    for name, entry in entries.items():
        if entry.missing is not None:
            lines.append(f"| {entry.title} | {entry.missing} | | | | |")
            continue
        step = steps[name]
        share = row.step_flops() / step / result.peak
        best = "**" if step == fastest else ""
        lines.append(
            f"| {entry.title} | {best}{1e3 * step:.2f}{best} | {step / base:.2f} | "
            f"{step / fastest:.2f} | {share:.0%} | {entry.first:.1f} |"
        )
    return lines


def fixed_table(costs):
    """Lines of the table of fixed costs.

    Args:
        costs: seconds by name.
    """
    lines = ["## Paid once", "", "| | seconds |", "|---|--:|"]
    return lines + [f"| {name} | {seconds:.2f} |" for name, seconds in costs.items()]


def page(results, costs, machine):
    """The whole page.

    Args:
        results: list of `race.Result`.
        costs: seconds by name; may be empty.
        machine: text by name: what it was measured on.
    """
    lines = _PREFACE.splitlines() + [""]
    lines += [f"- {name}: {text}" for name, text in machine.items()]
    for result in results:
        lines += ["", *row_table(result)]
    if costs:
        lines += ["", *fixed_table(costs)]
    return "\n".join(lines) + "\n"
