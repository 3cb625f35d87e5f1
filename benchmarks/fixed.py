"""What is paid once: imports, the start of a kernel, a whole notebook."""

import statistics
import subprocess
import sys
import time

from benchmarks import race
from lessons.toolkit.errors import UserError

_KERNEL = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
client.execute_interactive("1 + 1", silent=True)
"""
_STOP = """
client.stop_channels()
manager.shutdown_kernel(now=True)
"""
# What is timed runs in a fresh Python, which prints the seconds it took.
COSTS = {
    "`import lessons`": "import lessons",
    "TensorFlow and Keras through `lessons`": "import lessons.toolkit.experiment",
    "start of a Jupyter kernel": _KERNEL,
}


def _seconds(statement, num_threads):
    code = (
        "import time; start = time.perf_counter()\n"
        f"{statement}\nprint(time.perf_counter() - start)\n"
    )
    code += _STOP if statement == _KERNEL else ""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=race.ROOT,
        env=race.environment(num_threads),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UserError(f"could not time {statement!r}:\n{done.stderr[-2000:]}")
    return float(done.stdout.split()[-1])


def measure(num_rounds, num_threads, notebook=None):
    """Median seconds by name, the costs taken in turns.

    Args:
        num_rounds: how often each is paid.
        num_threads: of the frameworks.
        notebook: slug of a lesson whose notebook is executed once, or None.

    Raises:
        UserError: something failed.
    """
    times = {name: [] for name in COSTS}
    for _ in range(num_rounds):
        for name, statement in COSTS.items():
            times[name].append(_seconds(statement, num_threads))
    costs = {name: statistics.median(values) for name, values in times.items()}
    if notebook is not None:
        costs[f"the whole {notebook} notebook"] = _notebook(notebook, num_threads)
    return costs


def _notebook(slug, num_threads):
    words = ["lessons.toolkit.notebook", "execute", slug]
    start = time.perf_counter()
    run_module(words, num_threads, f"the notebook of {slug}")
    return time.perf_counter() - start


def run_module(words, num_threads, what):
    """Run a module in a process of its own; returns what it prints.

    Args:
        words: its name and its arguments.
        num_threads: see `race.environment`.
        what: it is, for the error's text.

    Raises:
        UserError: it failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=race.ROOT,
        env=race.environment(num_threads),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UserError(f"{what} failed:\n{done.stderr[-2000:]}")
    return done.stdout
