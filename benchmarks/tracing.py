"""What share of a notebook's time is tracing and compiling.

    python -m benchmarks.tracing [SLUG ...]

Each notebook is executed as its stored outputs are, with every `tf.function` watched.
A call that traces (and compiles) costs more processor time than the next call of the
same function; the difference is what was paid for the graph. Where a function was
called only once, its run is part of that number; the last but one column says how much.
"""

import argparse
import collections
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

_FIRST = "from benchmarks import tracing as _tracing\n_watch = _tracing.begin()"
_LAST = "_watch.save({path!r})"

_COLUMNS = (
    "notebook",
    "CPU s",
    "imports",
    "graphs",
    "paid for them, CPU s",
    "share",
    "of it called once",
    "dearest",
)


class Watch:
    """Processor seconds of all calls of `tf.function`, by function and signature."""

    def __init__(self):
        self._depth = 0
        self._start = time.process_time()
        self._first = {}  # (function, traces so far) -> seconds of the call that traced
        self._later = collections.defaultdict(list)
        self._names, self._alive = {}, []
        self.imports = None

    def imported(self):
        """Note that what took time until now were imports."""
        self.imports = time.process_time() - self._start

    def call(self, function, call, arguments, options):
        """Make one call and note what it cost, unless it is inside another one."""
        if self._depth:
            return call(function, *arguments, **options)
        before = function.experimental_get_tracing_count()
        self._depth += 1
        start = time.process_time()
        try:
            return call(function, *arguments, **options)
        finally:
            spent = time.process_time() - start
            self._depth -= 1
            traces = function.experimental_get_tracing_count()
            key = id(function), traces
            if traces > before:
                self._alive.append(function)  # so that its number stays its own
                self._names[key] = getattr(function, "__name__", "a function")
                self._first[key] = spent
            else:
                self._later[key].append(spent)

    def result(self):
        """A dict of numbers; see `_row`."""
        paid, once = 0.0, 0.0
        by_name, numbers = collections.Counter(), collections.Counter()
        for key, spent in self._first.items():
            later = self._later.get(key)
            cost = max(0.0, spent - min(later)) if later else spent
            paid += cost
            once += 0.0 if later else spent
            by_name[self._names[key]] += cost
            numbers[self._names[key]] += 1
        return {
            "cpu": time.process_time() - self._start,
            "imports": self.imports,
            "graphs": len(self._first),
            "paid": paid,
            "once": once,
            "dearest": [(*one, numbers[one[0]]) for one in by_name.most_common(3)],
        }

    def save(self, path):
        """Write the result as JSON."""
        pathlib.Path(path).write_text(json.dumps(self.result()))


def begin():
    """Watch all calls from now on; for the first cell of a notebook."""
    watch = Watch()
    from tensorflow.python.eager.polymorphic_function import polymorphic_function

    import lessons.toolkit.experiment  # noqa: F401 - TensorFlow and Keras, kept quiet

    call = polymorphic_function.Function.__call__

    def watched(self, *arguments, **options):
        return watch.call(self, call, arguments, options)

    polymorphic_function.Function.__call__ = watched
    watch.imported()
    return watch


def measure(lesson):
    """What `Watch.result` says of one lesson's notebook.

    Args:
        lesson: a row of the catalog.
    """
    import nbformat

    from lessons.toolkit.notebook import environment, runner, source

    path = ROOT / pathlib.Path(lesson.notebook).with_suffix(".py")
    notebook = source.build(path)
    with tempfile.TemporaryDirectory() as folder:
        answer = str(pathlib.Path(folder, "answer.json"))
        first = nbformat.v4.new_code_cell(_FIRST)
        last = nbformat.v4.new_code_cell(_LAST.format(path=answer))
        notebook.cells = [first, *notebook.cells, last]
        variables = environment.stored()
        paths = (str(ROOT), str(ROOT / "src"), variables.get("PYTHONPATH"))
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        runner.run(notebook, path.parent, variables)
        return json.loads(pathlib.Path(answer).read_text())


def _row(slug, found):
    dearest = ", ".join(
        f"{number} of {name} {spent:.1f}" for name, spent, number in found["dearest"]
    )
    return (
        f"| {slug} | {found['cpu']:.0f} | {found['imports']:.1f} | {found['graphs']} | "
        f"{found['paid']:.1f} | "
        f"{found['paid'] / found['cpu']:.0%} | {found['once']:.1f} | {dearest} |"
    )


def main(argv=None):
    """Measure and print a table."""
    from lessons import catalog
    from lessons.toolkit.errors import unknown

    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracing")
    ready = {lesson.slug: lesson for lesson in catalog.LESSONS if lesson.ready}
    parser.add_argument("slugs", nargs="*", metavar="SLUG", default=list(ready))
    arguments = parser.parse_args(argv)
    for slug in arguments.slugs:
        if slug not in ready:
            raise unknown("lesson", slug, ready)
    print(f"| {' | '.join(_COLUMNS)} |")
    print(f"|---|{'--:|' * (len(_COLUMNS) - 2)}---|", flush=True)
    total = collections.Counter()
    for slug in arguments.slugs:
        found = measure(ready[slug])
        print(_row(slug, found), flush=True)
        total.update({k: v for k, v in found.items() if k != "dearest"})
    if len(arguments.slugs) > 1:
        print(_row("all", {**total, "dearest": ()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
