"""Make the virtual environment: `python scripts/bootstrap.py [--extra gpu]`.

The Makefile calls this before every target that needs Python. It uses the standard
library only and no syntax younger than Python 3.6, so that an old interpreter gets a
sentence and not a syntax error.

An environment is whole when its stamp holds the digest of all that it was made from.
The stamp is removed before anything changes and written last, in one step: whatever
interrupts the work, the next call finds no stamp and makes the environment afresh,
from the packages that pip has kept in its cache.
"""

import argparse
import collections
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys

import watched_pip

try:
    import fcntl
except ImportError:  # Windows: two set-ups at once are not kept apart
    fcntl = None

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST, NEWEST = (3, 11), (3, 13)  # requires-python in pyproject.toml
STAMP = "lessons-stamp.json"

Extra = collections.namedtuple("Extra", "folder lock gigabytes")
EXTRAS = {
    "": Extra(".venv", "requirements.lock", 4),
    "gpu": Extra(".venv", "requirements-gpu.lock", 12),
    "bench": Extra(".venv-bench", "requirements-bench.lock", 6),
}

NOT_INSTALLED = """\
The packages could not be installed. pip's last words:
{words}
The whole log is {log}
Check the connection (behind a proxy: set HTTPS_PROXY) and run the same command again:
packages already downloaded are kept."""
NO_TORCH = """
If it is torch that was not found: the default index has no "+cpu" build for Linux.
Name a folder or an index that has it in PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL."""


class SetupError(Exception):
    """Something the person at the keyboard can put right; says what and how."""


def check_python(version=sys.version_info, executable=sys.executable):
    """Refuse a Python that the lock files do not cover."""
    version = tuple(version[:2])
    if OLDEST <= version <= NEWEST:
        return
    raise SetupError(
        "Python {}.{} ({}) is too {}: this project needs Python {}.{} to {}.{}.\n"
        "Install one of these, or name it: make PYTHON=/path/to/python{}.{}".format(
            version[0],
            version[1],
            executable,
            "old" if version < OLDEST else "new",
            *(OLDEST + NEWEST + NEWEST),
        )
    )


def check_modules():
    """Refuse a Python without venv or ensurepip, as Debian ships it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise SetupError(
            "This Python ({}) cannot make virtual environments: {}.\n"
            "On Debian or Ubuntu: apt install python{}.{}-venv".format(
                sys.executable, error, *sys.version_info[:2]
            )
        ) from None


def check_folder():
    """Refuse a project folder that cannot be written."""
    if not os.access(ROOT, os.W_OK | os.X_OK):
        raise SetupError(
            "The folder {} cannot be written.\n"
            "Copy the project to a folder of your own and run make there.".format(ROOT)
        )


def check_disk(needed):
    """Refuse a disk that would fill up half way; `needed` is in gigabytes."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed:
        raise SetupError(
            "Too little disk space in {}: {:.1f} GB free, {} GB needed.\n"
            "Free some, or move the project to another disk.".format(ROOT, free, needed)
        )


def digest(name, python):
    """Digest of all that an environment is made from.

    Args:
        name: key of `EXTRAS`.
        python: version of the environment's Python, such as "3.11".
    """
    # The folder counts: an environment holds absolute paths and cannot be moved.
    total = hashlib.sha256(json.dumps([ROOT, name, python]).encode())
    for file in (EXTRAS[name].lock, "pyproject.toml"):
        with open(os.path.join(ROOT, file), "rb") as stream:
            total.update(hashlib.sha256(stream.read()).digest())
    return total.hexdigest()


class Environment:
    """One virtual environment of the project.

    Args:
        name: key of `EXTRAS`. An environment made with "gpu" serves "" as well.
        python: version it has to have, such as "3.11"; None takes the one it has.
    """

    def __init__(self, name, python=None):
        self.folder = os.path.join(ROOT, EXTRAS[name].folder)
        binaries = "Scripts" if os.name == "nt" else "bin"
        self.interpreter = os.path.join(self.folder, binaries, "python")
        self.stamp = os.path.join(self.folder, STAMP)
        self.log = os.path.join(ROOT, "build", "setup-{}.log".format(name or "cpu"))
        made = self.read_stamp()
        self.name = "gpu" if not name and made.get("extra") == "gpu" else name
        self.python = python or made.get("python")

    def read_stamp(self):
        """What the environment was made from; empty if it is not whole."""
        try:
            with open(self.stamp, encoding="utf-8") as stream:
                made = json.load(stream)
        except (OSError, ValueError):
            return {}
        runs = os.path.exists(self.interpreter)  # false once its Python was removed
        return made if runs and isinstance(made, dict) else {}

    def whole(self):
        """Whether there is nothing to do."""
        made = self.read_stamp()
        return bool(made) and made.get("digest") == digest(self.name, self.python)

    def make(self, lock):
        """Make the environment, or bring it up to date; `lock` goes to pip."""
        made = self.read_stamp()
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.stamp)
        with open(self.log, "w", encoding="utf-8"):
            pass
        if made.get("root") == ROOT and made.get("python") == self.python:
            if made.get("extra") != self.name:
                check_disk(EXTRAS[self.name].gigabytes)
            watched_pip.say("Bringing {} up to date.".format(self.folder))
        else:
            self.python = "{}.{}".format(*sys.version_info[:2])
            self.create()
        lock_file = os.path.join(ROOT, EXTRAS[self.name].lock)
        self.pip(["install", "--require-hashes", "-r", lock_file], lock, lock_file)
        editable = ["--no-deps", "--no-build-isolation", "-e", ROOT]
        self.pip(["install"] + editable, lock)
        with open(self.stamp + ".new", "w", encoding="utf-8") as stream:
            made = {"root": ROOT, "extra": self.name, "python": self.python}
            made["digest"] = digest(self.name, self.python)
            json.dump(made, stream)
        os.replace(self.stamp + ".new", self.stamp)
        watched_pip.say("The environment in {} is ready.".format(self.folder))

    def create(self):
        """Make an empty environment, whatever was in the folder."""
        check_disk(EXTRAS[self.name].gigabytes)
        watched_pip.say(
            "Making the environment in {} with Python {}: once, a few minutes.".format(
                self.folder, self.python
            )
        )
        base = getattr(sys, "_base_executable", None) or sys.executable
        command = [base, "-m", "venv", "--clear", self.folder]
        with open(self.log, "ab") as log:
            variables = watched_pip.pip_settings.without_pip(os.environ)
            status = subprocess.call(command, env=variables, stdout=log, stderr=log)
        if status:
            raise SetupError(
                "The virtual environment could not be made:\n{}".format(
                    watched_pip.last_lines(self.log)
                )
            )

    def pip(self, arguments, lock, lock_file=None):
        """Run pip; with a lock file, show how far it is."""
        progress = lock_file and watched_pip.Progress(self.folder, lock_file, self.log)
        try:
            status = watched_pip.run(
                self.interpreter, arguments, self.log, lock, progress
            )
        finally:
            if progress:
                progress.close()
        if status:
            words = watched_pip.last_lines(self.log)
            help_ = NOT_INSTALLED + (NO_TORCH if self.name == "bench" else "")
            raise SetupError(help_.format(words=words, log=self.log))


@contextlib.contextmanager
def one_at_a_time(folder):
    """Hold the set-up lock of an environment; yields its file descriptor.

    pip inherits the descriptor: if this process is killed, the next call waits until
    the pip that was left behind has ended.
    """
    os.makedirs(os.path.join(ROOT, "build"), exist_ok=True)
    path = os.path.join(ROOT, "build", os.path.basename(folder).strip(".") + ".lock")
    with open(path, "w", encoding="utf-8") as stream:
        if fcntl is not None:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                watched_pip.say("Another set-up is at work here: waiting for its end.")
                fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


def ensure(name, python=None):
    """Make sure that the environment is whole; quick when it is."""
    check_python()
    if name not in EXTRAS:
        allowed = ", ".join(key for key in EXTRAS if key)
        raise SetupError("Unknown EXTRA {!r}. Allowed: {}.".format(name, allowed))
    if Environment(name, python).whole():
        return
    if name == "gpu" and not sys.platform.startswith("linux"):
        raise SetupError("EXTRA=gpu needs Linux: CUDA has no TensorFlow elsewhere.")
    check_modules()
    check_folder()
    with one_at_a_time(EXTRAS[name].folder) as lock:
        environment = Environment(name, python)
        if not environment.whole():  # another call may have made it meanwhile
            environment.make(lock)


def main():
    """Read the command line; exit status 1 with a sentence when it cannot work."""
    parser = argparse.ArgumentParser(description="Make the virtual environment.")
    parser.add_argument("--extra", default="", help="gpu or bench")
    parser.add_argument(
        "--this-python",
        action="store_true",
        help="remake an environment that has another version of Python",
    )
    options = parser.parse_args()
    python = "{}.{}".format(*sys.version_info[:2]) if options.this_python else None

    def stop(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        ensure(options.extra, python)
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")
    except (SetupError, OSError) as error:
        sys.exit("error: {}".format(error))


if __name__ == "__main__":
    main()
