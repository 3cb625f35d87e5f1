"""A process that runs answers for `check`, each in a fork of its own.

    python -m lessons.grading.run_cells

Importing what answers need takes seconds, forking a process that has it takes
milliseconds. Each line of standard input is a request, each line of standard output
its answer, both JSON:

    {"modules": [names to import], "timeout": seconds, "answers": {name: [cells]},
    "limits": {"cpu": seconds, "memory": bytes} or nothing}

    {"results": {name: results}, "seconds": {name: CPU time}} or {"error": text}

The process itself runs no answer and nothing of TensorFlow: forking is only sound from
a process with a single thread, and after the imports it makes sure that it has one.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import pathlib
import resource
import select
import signal
import sys
import tempfile
import time

LATE = "late"  # stands in the results of an answer that took too long
_TASKS = pathlib.Path("/proc/self/task")  # the threads of this process, on Linux


class PartialCreditError(Exception):
    """A cell of tests leaves a value, which nbgrader would read as points."""


def run(cells):
    """Execute cells in one namespace; one that raises does not stop the next.

    Args:
        cells: a list of {"name": grade id or None, "source": text, "graded": bool}.

    Returns:
        A dictionary from names to None or "ErrorType: message".
    """
    namespace = {"__name__": "__main__"}
    results = {}
    for cell in cells:
        error = _run_one(cell, namespace)
        if cell["name"]:
            results[cell["name"]] = error
    return results


def _run_one(cell, namespace):
    try:
        tree = ast.parse(cell["source"])
        last = tree.body[-1] if tree.body else None
        value = None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        with _comparisons(cell):
            exec(compile(tree, f"<{cell['name']}>", "exec"), namespace)
            if isinstance(last, ast.Expr):
                code = compile(ast.Expression(last.value), f"<{cell['name']}>", "eval")
                value = eval(code, namespace)
        if cell["graded"] and value is not None:
            raise PartialCreditError(f"the cell's value is {value!r}")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _comparisons(cell):
    """Those of the grader for a cell of tests: what fails there fails here."""
    if not cell["graded"] or "numpy" not in sys.modules:
        return contextlib.nullcontext()
    from lessons.grading.trusted import comparisons

    return comparisons.strict_comparisons()


class _Child:
    """A fork that runs the cells of one answer in a folder of its own.

    Args:
        cells: see `run`.
        folder: an empty directory, which becomes the current one.
        timeout: seconds until it is stopped.
        limits: of CPU time in seconds and of memory in bytes, both may be missing.
    """

    def __init__(self, cells, folder, timeout, limits):
        self.seconds = 0.0
        self.timeout, self.end = timeout, time.monotonic() + timeout
        self.output, theirs = os.pipe()
        self._received = bytearray()
        self._process = os.fork()
        if self._process == 0:
            with contextlib.suppress(BaseException):  # SystemExit too is its own
                _limit(**limits)
                _become_answer(cells, folder, theirs)
            os._exit(1)
        os.close(theirs)
        with contextlib.suppress(OSError):  # whoever is first; it does the same
            os.setpgid(self._process, self._process)

    def read(self):
        """Take what it has sent; True when that was all."""
        part = os.read(self.output, 1 << 16)
        self._received += part
        return not part or part.endswith(b"\n")

    def close(self):
        """End it and all it started; returns its results.

        They are empty if it gave none, and hold only `LATE` if it took too long.
        """
        late = time.monotonic() > self.end
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process, signal.SIGKILL)
        _, _, used = os.wait4(self._process, 0)
        self.seconds = used.ru_utime + used.ru_stime
        os.close(self.output)
        complete = self._received.endswith(b"\n")
        if late and not complete:
            return {LATE: f"it took longer than {self.timeout:g} seconds"}
        return json.loads(self._received) if complete else {}


def _limit(cpu=None, memory=None):
    """Limit this process: mutants loop for ever, and ask for all the memory."""
    for kind, most in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_DATA, memory)):
        if most is not None:
            resource.setrlimit(kind, (most, most))


def _become_answer(cells, folder, output):
    """Run cells in a new fork and send the results as one line."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
    sys.stderr = open(2, "w", closefd=False)
    data = json.dumps(run(cells)).encode() + b"\n"
    while data:
        data = data[os.write(output, data) :]


def run_all(answers, timeout, limits=None):
    """Run answers in forks of this process, as many at a time as there are processors.

    Args:
        answers: cells by name; see `run`.
        timeout: seconds for each of them.
        limits: of each process; see the module's text.

    Returns:
        (results, seconds): results and CPU time by name. An answer that ends its own
        process has no results, one that takes too long has only `LATE`.
    """
    gc.freeze()  # forks share this memory as long as nobody writes to it
    waiting, running, results, seconds = list(answers.items()), {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="lessons-") as base:
        try:
            while waiting or running:
                while waiting and len(running) < os.cpu_count():
                    name, cells = waiting.pop(0)
                    own = tempfile.mkdtemp(dir=base)
                    running[name] = _Child(cells, own, timeout, limits or {})
                for name in _ended(running):
                    child = running.pop(name)
                    results[name], seconds[name] = child.close(), child.seconds
        finally:
            for child in running.values():
                child.close()
    return results, seconds


def _ended(running):
    """Names of the children that have ended or are late; waits for the first."""
    outputs = [child.output for child in running.values()]
    rest = min(child.end for child in running.values()) - time.monotonic()
    ready, _, _ = select.select(outputs, [], [], max(0, rest))
    return [
        name
        for name, child in running.items()
        if (child.output in ready and child.read()) or time.monotonic() > child.end
    ]


def _answer(request):
    for name in request["modules"]:
        with contextlib.suppress(Exception):  # the answer that needs it will say
            importlib.import_module(name)
    if _TASKS.is_dir() and len(list(_TASKS.iterdir())) > 1:
        names = ", ".join(request["modules"])
        return {"error": f"one of {names} starts threads when imported; forks need one"}
    limits = request.get("limits")
    results, seconds = run_all(request["answers"], request["timeout"], limits)
    return {"results": results, "seconds": seconds}


def main():
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # forks end with it
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what an import prints is no answer
        os.dup2(null, stream)
    for line in requests:
        answers.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
