"""CPU seconds of every test, and the table of them that `make test` ends with.

This is a plugin of pytest (`-p costs`, with this folder on PYTHONPATH). For each test
it adds a line to the file that LESSONS_COSTS names: the test and the processor seconds
of its process and of all processes below it, such as a notebook's kernel. CPU seconds
say what a test costs whatever else the machine does; seconds on the clock do not.
"""

import collections
import contextlib
import json
import os
import pathlib
import re

import pytest

VARIABLE = "LESSONS_COSTS"
# CPU seconds that a lesson may take, by part: 34 lessons then fit into 45 minutes.
BUDGETS = {"notebook": 40, "exercise": 25, "tests": 50}
NO_LESSON = "grader, site, tools"
_START = "start"  # imports and collecting, which belong to no test
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_CPU = slice(11, 15)  # of /proc/PID/stat: own and awaited children's, user and system


def seconds():
    """Processor seconds so far of this process and of all below it.

    Children that have ended are counted when they are waited for, those that still run
    where there is a /proc.
    """
    times = os.times()
    spent = times.user + times.system + times.children_user + times.children_system
    return spent + sum(map(_seconds_of, _below(os.getpid())))


def _below(pid):
    """Numbers of the processes below one, at any depth."""
    found, waiting = [], [pid]
    while waiting:
        with contextlib.suppress(OSError):  # it has ended, or there is no /proc
            for task in pathlib.Path(f"/proc/{waiting.pop()}/task").iterdir():
                children = list(map(int, (task / "children").read_text().split()))
                found += children
                waiting += children
    return found


def _seconds_of(pid):
    with contextlib.suppress(OSError):
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        return sum(map(int, text.rpartition(")")[2].split()[_CPU])) / _TICKS
    return 0.0


class Meter:
    """Measures what a test costs with all that is set up and torn down for it."""

    def __init__(self, path):
        self._path, self._started = path, False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        """Measure one test."""
        before = seconds()
        if not self._started:
            self._started = True
            self._write(_START, before)
        try:
            return (yield)
        finally:
            self._write(item.nodeid, max(0.0, seconds() - before))

    def _write(self, node, spent):
        line = json.dumps([node, round(spent, 3)])
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(line + "\n")  # one write: lines of several processes do not mix


def pytest_configure(config):
    """Measure where a file is named."""
    path = os.environ.get(VARIABLE)
    if path:
        config.pluginmanager.register(Meter(path), "costs-meter")


def lesson_of(node, slugs):
    """The lesson that a test belongs to, or "".

    Args:
        node: the test as pytest names it.
        slugs: of all lessons.
    """
    path, _, test = node.partition("::")
    *folders, name = pathlib.PurePosixPath(path).parts
    candidates = [*folders, name.removesuffix(".ipynb")]
    if folders[:2] in (["tests", "contract"], ["tests", "course"]):
        candidates += re.split(r"[][-]", test)
    return next((each for each in candidates if each in slugs), "")


def part_of(node):
    """The part of a lesson's budget that a test belongs to."""
    if node.partition("::")[0].endswith(".ipynb"):
        return "notebook"
    return "exercise" if node.startswith("tests/course/") else "tests"


def read(path, slugs):
    """CPU seconds by (lesson, part), a `Counter`; see `lesson_of`.

    Args:
        path: of the file that the plugin wrote; it may be missing.
        slugs: of all lessons.
    """
    total = collections.Counter()
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for node, spent in map(json.loads, file):
                total[lesson_of(node, slugs), part_of(node)] += spent
    return total


def table(total):
    """Lines of text: a lesson each, the dearest first, and what exceeds its budget.

    Args:
        total: see `read`.
    """
    rows = collections.defaultdict(dict)
    for (slug, part), spent in total.items():
        rows[slug][part] = spent
    slugs = sorted(rows, key=lambda slug: -sum(rows[slug].values()))
    everything = {part: sum(rows[s].get(part, 0) for s in rows) for part in BUDGETS}
    width = max(map(len, [*slugs, NO_LESSON]))
    heads = "".join(f"{part:>10} " for part in BUDGETS).rstrip()
    lines = [f"{'CPU seconds':{width}}  {'all':>7}{heads}"]
    lines += [_row(slug or NO_LESSON, rows[slug], width, bool(slug)) for slug in slugs]
    lines.append(_row("total", everything, width, False))
    allowed = ", ".join(f"{part} {most}" for part, most in BUDGETS.items())
    if any("*" in line for line in lines):
        lines.append(f"* more than a lesson's budget: {allowed}")
    return lines


def _row(name, parts, width, limited):
    cells = [f"{name:{width}}  {sum(parts.values()):7.0f}"]
    for part, most in BUDGETS.items():
        spent = parts.get(part, 0)
        cells.append(f"{spent:10.0f}" + ("*" if limited and spent > most else " "))
    return "".join(cells).rstrip()
