"""Runs the instructor's cells of one submission, with the answers behind the wall.

A process of its own for each submission: forked from the zygote, it gets its job and
the worker's socket from the supervisor, and sends back one line per cell. Names that
the answers define are fetched just before each cell of tests.
"""

import ast
import contextlib
import io
import json
import os
import socket
import time

import numpy as np

from lessons.grading.isolated.channel import Channel, ClosedError, LateError
from lessons.grading.trusted.proxies import Answer

LONGEST = 1 << 16  # bytes of text kept of each cell
MOST_RESTARTS = 6
_STUB = "NotImplementedError"


class Gone(BaseException):
    """The worker is dead or late; not an `Exception`, so that no test can catch it."""


def serve(connection):
    """Run one job.

    Args:
        connection: the supervisor's socket. The job comes first: a length of eight
            bytes, then JSON; then, for every worker, one byte with the descriptors of
            its socket and of what it prints.
    """
    size = int.from_bytes(_exactly(connection, 8), "little")
    job = json.loads(_exactly(connection, size))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    Host(connection, job).run()


def _exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(min(1 << 20, count - len(data)))
        if not part:
            raise SystemExit
        data += part
    return data


class Host:
    """One submission.

    Args:
        connection: the supervisor's socket.
        job: {"steps": list of steps, "limits": {"cell", "test", "start"} in seconds}.

    A step is {"kind", "name", "source", "points", "defines"}; kind is "locked" (runs on
    both sides), "answer" and "extra" (behind the wall) or "tests" (here).
    """

    def __init__(self, connection, job):
        self._supervisor, self._job = connection, job
        self._limits = job["limits"]
        self._steps = job["steps"]
        self._restarts, self._left = 0, MOST_RESTARTS
        self._channel = self._text = None
        self._answer = Answer(lambda: self._channel, lambda: self._deadline)
        self._deadline = None
        self._done = []  # sources that ran behind the wall

    def run(self):
        """All steps in order, then once more what another answer may have cost."""
        results = self._pass(self._steps)
        for number, step in enumerate(self._steps):
            if step["kind"] == "tests" and self._may_gain(step, results[number]):
                self._left = 1
                again = self._pass(self._alone(number))[-1]
                if again.get("score", 0) > results[number]["score"]:
                    results[number] = again | {"alone": True}
        for number, result in enumerate(results):
            self._tell({"step": number, **result})
        self._tell({"finished": True, "restarts": self._restarts})

    @staticmethod
    def _may_gain(step, result):
        """Whether points were lost in a way that another answer can have caused."""
        own = result["trouble"] or (result["error"] or "").startswith(_STUB)
        return result["score"] != step["points"] and not own

    def _alone(self, number):
        """The steps of one question: locked cells and the answers just before it."""
        before = self._steps[:number]
        last = max(
            (i for i, s in enumerate(before) if s["kind"] == "tests"), default=-1
        )
        locked = [s for s in before[: last + 1] if s["kind"] == "locked"]
        own = [s for s in before[last + 1 :] if s["kind"] in ("locked", "answer")]
        return [*locked, *own, self._steps[number]]

    def _pass(self, steps):
        self._space = {"__name__": "__main__", "__builtins__": __builtins__}
        self._defined = []
        self._done, self._channel = [], None
        self._new_worker()
        return [self._step(step) for step in steps]

    def _step(self, step):
        start = time.monotonic()
        self._text = bytearray()
        result = {"trouble": None, "error": None, "pictures": []}
        try:
            getattr(self, f"_run_{step['kind']}")(step, result)
        except Gone as gone:
            result["trouble"] = result["error"] = str(gone)
            if step["kind"] == "tests":
                result["score"] = 0
            self._revive()
        if step["kind"] == "answer":
            self._defined += [n for n in step["defines"] if n not in self._defined]
        result["seconds"] = round(time.monotonic() - start, 3)
        result["text"] = self._text.decode("utf-8", "replace")
        return result

    # Behind the wall

    def _run_answer(self, step, result):
        with self._within("cell"):
            head, values = self._answer.ask("cell", step["source"])
        self._done.append(step["source"])
        if "error" in head:
            result["error"] = _words(head["error"])
        pictures = values[0] if values and isinstance(values[0], list) else []
        result["pictures"] = [p.hex() for p in pictures if _is_png(p)]

    _run_extra = _run_answer

    def _run_locked(self, step, result):
        self._run_answer(step, result)
        try:
            _execute(step, self._space)
        except Exception as error:
            result["broken"] = f"a locked cell fails: {type(error).__name__}: {error}"

    # Here

    def _run_tests(self, step, result):
        result["score"] = 0
        for name in self._defined:
            self._space.pop(name, None)
        with self._within("test"):
            for name in self._answer.known(self._defined):
                try:
                    self._space[name] = self._answer.get(name)
                except Exception:  # no value: the test will say what is missing
                    continue
            try:
                value = _execute(step, self._space)
            except Exception as error:
                result["error"] = f"{type(error).__name__}: {error}"[:LONGEST]
                return
        result["score"], problem = _points(value, step["points"])
        if problem:
            result["broken"] = problem

    @contextlib.contextmanager
    def _within(self, kind):
        """Limit the time; a worker that ends or is late becomes `Gone`."""
        if self._channel is None:
            raise Gone("left out: there was too much trouble before")
        self._deadline = time.monotonic() + self._limits[kind]
        try:
            yield
        except LateError:
            seconds = self._limits[kind]
            raise Gone(f"stopped: it took longer than {seconds:g} seconds") from None
        except ClosedError as error:
            raise Gone(f"the process of the answer ended: {error}") from None
        if self._channel is not None:
            with contextlib.suppress(ClosedError):
                self._channel.drain_now()

    def _revive(self):
        """A new worker, in which all that worked before is run again."""
        if self._channel is None:
            return
        self._channel = None
        if self._left == 0:
            return
        self._restarts += 1
        self._left -= 1
        done, self._done, text = self._done, [], self._text
        with contextlib.suppress(Gone):
            self._new_worker()
            for source in done:
                with self._within("cell"):
                    self._answer.ask("cell", source)
                self._done.append(source)
        self._text = text  # what cells print again was taken before

    def _new_worker(self):
        self._tell({"worker": "please"})
        _, descriptors, *_ = socket.recv_fds(self._supervisor, 1, 2)
        if len(descriptors) < 2:
            self._channel = None
            return
        connection, output = socket.socket(fileno=descriptors[0]), descriptors[1]
        self._channel = Channel(
            connection, self._answer.encoder, self._answer.decoder(), output, self._take
        )
        self._text = bytearray()
        with self._within("start"):
            head, _ = self._channel.receive(self._deadline)
            if "ready" not in head:
                raise SystemExit  # the supervisor has read why from the probe

    def _take(self, part):
        """Keep the beginning of what is printed."""
        self._text += part[: max(0, LONGEST - len(self._text))]

    def _tell(self, message):
        data = json.dumps(message).encode()
        self._supervisor.sendall(len(data).to_bytes(8, "little") + data)


def _words(described):
    try:
        names, text = described
        name = names if isinstance(names, str) else names[0]
        return f"{name}: {text}"[:LONGEST]
    except (TypeError, ValueError, IndexError):
        return "an error that could not be described"


def _is_png(data):
    return isinstance(data, bytes) and data.startswith(b"\x89PNG\r\n\x1a\n")


def _execute(step, space):
    """Run an instructor's cell; returns the value of its last line."""
    name = f"<{step['kind']}>"
    tree = ast.parse(step["source"], name)
    last = tree.body[-1] if tree.body else None
    with contextlib.redirect_stdout(io.StringIO()), strict_comparisons():
        if not isinstance(last, ast.Expr):
            exec(compile(tree, name, "exec"), space)
            return None
        tree.body.pop()
        exec(compile(tree, name, "exec"), space)
        return eval(compile(ast.Expression(last.value), name, "eval"), space)


def _points(value, most):
    """(points, problem) of the value a cell of tests leaves, as nbgrader reads it."""
    if value is None or isinstance(value, (bool, str)):
        return most, None
    try:
        value = float(value)
    except (TypeError, ValueError):
        return most, None
    if not 0 <= value <= most:
        return 0, f"the test gives {value:g} of {most:g} points"
    return value, None


@contextlib.contextmanager
def strict_comparisons():
    """NumPy's comparisons, but nothing is close to an empty array but another one."""
    names = "allclose", "array_equal", "array_equiv"
    testing = "assert_allclose", "assert_array_equal", "assert_array_almost_equal"
    kept = {(np, n): getattr(np, n) for n in names}
    kept |= {(np.testing, n): getattr(np.testing, n) for n in testing}

    def strict(function, asserts):
        def compare(a, b, *args, **kwargs):
            if (np.size(a) == 0) != (np.size(b) == 0):
                if asserts:
                    raise AssertionError("an empty array is not equal to anything")
                return False
            return function(a, b, *args, **kwargs)

        return compare

    try:
        for (module, name), function in kept.items():
            setattr(module, name, strict(function, name.startswith("assert")))
        yield
    finally:
        for (module, name), function in kept.items():
            setattr(module, name, function)
