"""Runs a student's cells, and calls the functions they define when asked to.

The other end of the socket is a test host. Everything in this process belongs to the
student: it can lie, but only with values that `codec` lets through.
"""

import contextlib
import gc
import io
import os
import pathlib
import signal
import sys
import threading
import warnings

import numpy as np

from lessons.grading.isolated import codec, shell
from lessons.grading.isolated.channel import Channel, ClosedError

LONGEST_TEXT = 10_000  # characters of an error
MOST_WARNINGS = 20


def prepare():
    """Make what every worker needs, before it is forked: its shell takes 20 ms.

    What is there by then is left out of all later collections of garbage: they would
    touch, and so copy, every page that a worker shares with this process.
    """
    shell.make()
    gc.collect()
    gc.freeze()


def refuse(connection, reason):
    """Tell the other side that there will be no worker."""
    with contextlib.suppress(ClosedError):
        Channel(connection, codec.Encoder, codec.Decoder()).send({"refused": reason})


def serve(connection, output):
    """Answer requests until the socket is closed.

    Args:
        connection: a connected socket.
        output: descriptor that gets all that is printed.
    """
    os.dup2(output, 1)
    os.dup2(output, 2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write fails with an error
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin = open(0, closefd=False)
    options = {"encoding": "utf-8", "errors": "replace", "closefd": False}
    sys.stdout = open(1, "w", buffering=1, **options)
    sys.stderr = sys.stdout
    os.environ.update(HOME=os.getcwd(), USER="student", MPLBACKEND="Agg")
    os.environ.update(MPLCONFIGDIR="/tmp", IPYTHONDIR="/tmp/ipython")
    # Many notebooks begin with an installation: without a network it fails at once.
    os.environ.update(PIP_RETRIES="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    sys.path.insert(0, "")  # a module that the notebook writes can be imported
    shell.seed_all()
    with contextlib.suppress(OSError):  # where memory is short, this process goes first
        pathlib.Path("/proc/self/oom_score_adj").write_text("1000")
    answering = Worker(connection)
    with contextlib.suppress(ClosedError):
        answering.run()


class Worker:
    """The student's namespace, and the answers about it."""

    def __init__(self, connection):
        self._objects = []
        self._calls, self._lock = 0, threading.RLock()
        self._channel = Channel(
            connection, lambda: codec.Encoder(self._refer), codec.Decoder(self._resolve)
        )
        self._shell = shell.at_home()

    def run(self):
        """Answer until the other side ends."""
        self._channel.send({"ready": os.getpid()})
        while True:
            self._answer(*self._channel.receive())

    def _refer(self, value):
        self._objects.append(value)
        return len(self._objects) - 1

    def _resolve(self, kind, name, handle, bases=()):
        """What the other side refers to: an object of ours, or a function of theirs."""
        if kind == "object":
            return self._objects[handle]
        if handle >= 0:
            return self._objects[handle]
        return _Callback(self, handle, name)

    def _answer(self, head, values):
        self._calls += 1
        try:
            answer = getattr(self, f"_do_{head['do']}")(head, *values)
        except codec.CodecError as error:
            answer = {"error": ["TypeError", f"the answer's value: {error}"]}, ()
        except KeyboardInterrupt as error:
            answer = self._error(error)
        except BaseException as error:  # also SystemExit: the student may raise it
            answer = self._error(error)
        finally:
            self._calls -= 1
        head, values = answer
        with self._lock:  # a thread of the answer may be calling back
            try:
                self._channel.send(head, *values)
            except codec.CodecError as error:
                text = f"the answer's value cannot be handed on: {error}"
                self._channel.send({"error": ["TypeError", text]})

    @staticmethod
    def _error(error):
        names = [kind.__name__ for kind in type(error).__mro__]
        try:
            text = str(error)[:LONGEST_TEXT]
        except BaseException:
            text = ""
        return {"error": [names, text]}, ()

    def _do_cell(self, head, source):
        """Run one cell."""
        shell.provide(self._shell, source)
        result = self._shell.run_cell(source, store_history=False)
        failure = result.error_before_exec or result.error_in_exec
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        head = {"done": True}
        if failure is not None:
            head, _ = self._error(failure)
        return head, shell.figures()

    def _do_known(self, head, *names):
        """Which of these names the student's code has defined."""
        return {"known": [name in self._shell.user_ns for name in names]}, ()

    def _do_get(self, head, name):
        """What a name stands for."""
        return {"value": True}, (self._shell.user_ns[name],)

    def _do_picture(self, head, data):
        """Pixels of a picture that was attached to an answer."""
        from PIL import Image

        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            picture.draft("RGB", (1600, 1600))
            made = picture.convert("RGBA" if picture.mode in ("RGBA", "LA") else "RGB")
        made.thumbnail((1200, 1200))
        return {"value": True}, (np.asarray(made, np.uint8),)

    def _do_method(self, head, target, name, args, kwargs):
        """Use an object of a class of the answer's, which stays here."""
        from lessons.grading.isolated import standin

        return {"value": True}, (
            standin.use(self._objects[target], name, args, kwargs),
        )

    def _do_call(self, head, target, args, kwargs):
        """Call a function by its number; what it changed in place is sent back."""
        function = self._objects[target]
        before = self._states(args, kwargs)
        error = value = None
        with (
            np.errstate(**head.get("errstate", {})),
            warnings.catch_warnings(record=True) as caught,
        ):
            warnings.simplefilter("always")
            try:
                value = function(*args, **kwargs)
            except Exception as raised:
                error = raised
        changed = [
            [place, argument]
            for place, argument, state in before
            if self._state(argument) != state
        ]
        # A test may have asked for errors: its side issues the warnings once more.
        seen = []
        for warning in caught[:MOST_WARNINGS]:
            warnings.showwarning(
                warning.message, warning.category, warning.filename, warning.lineno
            )
            names = [kind.__name__ for kind in warning.category.__mro__]
            seen.append([names, str(warning.message)[:LONGEST_TEXT]])
        if error is not None:  # what it changed until then is changed
            return self._error(error)[0] | {"warnings": seen}, (None, changed)
        return {"value": True, "warnings": seen}, (value, changed)

    def _states(self, args, kwargs):
        places = [*enumerate(args), *kwargs.items()]
        return [
            (place, argument, self._state(argument))
            for place, argument in places
            if _may_change(argument)
        ]

    def _state(self, value):
        return codec.Encoder(id).message({}, [value])

    def call_back(self, handle, args, kwargs):
        """Call a function of the other side; it may call us meanwhile.

        Threads of an answer may do so too, one at a time, while a call is going on.
        """
        with self._lock:
            if not self._calls:
                raise RuntimeError("the call that this function was given to has ended")
            self._channel.send({"callback": handle}, list(args), kwargs)
            while True:
                head, values = self._channel.receive()
                if "do" in head:
                    self._answer(head, values)
                elif "raised" in head:
                    name, text = head["raised"]
                    raise _exception(name)(text)
                else:
                    return values[0]


class _Callback:
    """A function of the tests, given to the answer."""

    def __init__(self, worker, handle, name):
        self._worker, self.handle = worker, handle
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        return self._worker.call_back(self.handle, args, kwargs)


def _exception(name):
    import builtins

    kind = getattr(builtins, name, RuntimeError)
    usable = isinstance(kind, type) and issubclass(kind, Exception)
    return kind if usable else RuntimeError


def _may_change(value):
    if isinstance(value, (tuple, list)):
        return isinstance(value, list) or any(map(_may_change, value))
    return isinstance(value, (np.ndarray, dict, set, bytearray, np.random.Generator))
