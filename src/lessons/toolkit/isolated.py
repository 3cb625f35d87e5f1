"""One run of a lesson in a process of its own.

Keras draws unnamed seeds from Python's `random`, and so does everything else in a
process, a Dask worker's network code included. Runs that must give the numbers of a
run alone therefore get a process each; a crash is then one failed run, not a failed
worker, and memory (that of a GPU too) is free for the next run.

The process watches its standard input: when whoever started it is gone, it goes too.
"""

import importlib
import json
import os
import pathlib
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from lessons.toolkit import progress
from lessons.toolkit.errors import UserError

_SECONDS_BETWEEN_LOOKS = 0.2

# Each run computes on one core, so that as many runs as there are cores do not fight
# for them, and leaves the rest of a GPU's memory to the others. What is set already
# in the environment of the sweep (or of a remote worker) wins.
_ENVIRONMENT = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
}


def run(package, fields, is_cancelled=lambda: False):
    """Run `package`'s experiment in a new process and wait for it.

    Args:
        package: dotted name of a lesson's package.
        fields: the fields of its `Config`.
        is_cancelled: asked a few times per second; true ends the process.

    Returns:
        {"metrics", "seconds", "environment"}, or {"error": one line} if it failed.
    """
    with tempfile.TemporaryDirectory(prefix="lessons-run-") as folder:
        answer = pathlib.Path(folder, "answer.json")
        request = pickle.dumps((package, fields, str(answer)))
        with (
            open(os.path.join(folder, "log"), "w+b") as log,
            subprocess.Popen(
                [sys.executable, "-P", "-m", "lessons.toolkit.isolated"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,  # Ctrl-C reaches only whoever waits
            ) as process,
        ):
            try:
                process.stdin.write(request)
                process.stdin.flush()
                _wait(process, is_cancelled)
            except BrokenPipeError:  # it died before it read: the log says why
                process.wait()
            finally:
                process.kill()
            if answer.exists():
                return json.loads(answer.read_text(encoding="utf-8"))
            return {"error": _why(process.wait(), log)}


def one_line(error):
    """An exception as one line; a `UserError` speaks for itself."""
    text = " ".join(str(error).split())
    if isinstance(error, UserError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _wait(process, is_cancelled):
    while not is_cancelled():
        try:
            process.wait(_SECONDS_BETWEEN_LOOKS)
            return
        except subprocess.TimeoutExpired:
            pass


def _environment():
    """The environment of the process; it finds the same `lessons` as this one."""
    root = str(pathlib.Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return (
        _ENVIRONMENT
        | os.environ
        | {
            "LESSONS_PROGRESS": progress.OFF,
            "PYTHONPATH": os.pathsep.join(paths),
        }
    )


def _why(status, log):
    if status < 0:
        name = signal.strsignal(-status) or f"signal {-status}"
        hint = " (out of memory?)" if -status == signal.SIGKILL else ""
        return f"the process was ended by the system: {name}{hint}"
    log.seek(0)
    lines = log.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"the process ended with status {status}. {last}".rstrip(". ")


def _main():
    """The new process: read the request, run, write the answer."""
    package, fields, path = pickle.load(sys.stdin.buffer)
    folder = os.path.dirname(path)
    threading.Thread(target=_leave_with_parent, args=(folder,), daemon=True).start()
    try:
        config = importlib.import_module(f"{package}.config").Config(**fields)
        report = importlib.import_module(f"{package}.experiment").run(config)
        answer = {
            "metrics": {name: float(value) for name, value in report.metrics.items()},
            "seconds": float(report.seconds),
            "environment": report.environment,
        }
    except Exception as error:
        answer = {"error": one_line(error)}
    partial = pathlib.Path(path + ".partial")
    partial.write_text(json.dumps(answer), encoding="utf-8")
    partial.rename(path)
    sys.stdout.flush()
    os._exit(0)  # TensorFlow's clean-up takes seconds and frees nothing we keep


def _leave_with_parent(folder):
    os.read(sys.stdin.fileno(), 1)  # returns when the other end is closed
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    _main()
