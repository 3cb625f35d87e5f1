"""Run pip, show how far it is, and keep what it says in a log file.

Standard library only, and no syntax younger than Python 3.6: see `bootstrap`.
"""

import os
import shutil
import subprocess
import sys
import time

import pip_settings

_SECONDS_BETWEEN_LINES = 15  # where the output is not a terminal


def say(text):
    """Print a line at once."""
    print(text, flush=True)


def environment(python, scratch, log):
    """Environment variables for pip.

    Args:
        python: the environment's interpreter.
        scratch: folder in which pip unpacks; the system's own may be a small disk.
        log: open file; it is told which of the person's pip settings are not followed.
    """
    variables, left_out = pip_settings.environment(python)
    if left_out:
        names = ", ".join(left_out)
        log.write("Your pip settings not followed here: {}\n".format(names).encode())
        log.flush()
    variables.update(
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_INPUT="1",
        PYTHONUNBUFFERED="1",
        TMPDIR=scratch,
    )
    return variables


def run(python, arguments, log, lock=None, watch=None):
    """Run an environment's pip, its words going to the end of a file.

    Args:
        python: the environment's interpreter.
        arguments: what follows `pip`.
        log: path of the file that receives the output.
        lock: file descriptor that pip inherits, or None.
        watch: called twice a second while pip works.

    Returns:
        pip's exit status.
    """
    scratch = os.path.join(os.path.dirname(os.path.dirname(python)), "tmp")
    os.makedirs(scratch, exist_ok=True)
    inherited = {} if lock is None or os.name == "nt" else {"pass_fds": (lock,)}
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [python, "-m", "pip"] + list(arguments),
            env=environment(python, scratch, output),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **inherited,
        )
        try:
            while process.poll() is None:
                time.sleep(0.5)
                if watch:
                    watch()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    shutil.rmtree(scratch, ignore_errors=True)
    return process.returncode


def last_lines(log, count=6):
    """The end of a log file, indented, long lines cut."""
    with open(log, encoding="utf-8", errors="replace") as stream:
        lines = [line.rstrip() for line in stream if line.strip()]
    return "\n".join("  " + line[:120] for line in lines[-count:])


class Progress:
    """How many packages pip has found, then how many it has installed."""

    def __init__(self, environment_folder, lock_file, log):
        with open(lock_file, encoding="utf-8") as stream:
            pinned = {line.split("==")[0] for line in stream if "==" in line}
        self.expected = len(pinned)
        self.folder, self.log = environment_folder, log
        self.before = self.packages()
        self.start = self.last = time.monotonic()

    def packages(self):
        """Number of packages in the environment."""
        count = 0
        for parent, folders, _ in os.walk(self.folder):
            if os.path.basename(parent) == "site-packages":
                count += sum(name.endswith(".dist-info") for name in folders)
                folders.clear()
        return count

    def state(self):
        """One phrase on where pip is."""
        with open(self.log, encoding="utf-8", errors="replace") as stream:
            lines = [line.strip() for line in stream if line.strip()]
        for line in lines:
            if line.startswith("Installing collected packages:"):
                total = line.count(",") + 1
                installed = min(max(self.packages() - self.before, 0), total)
                return "installing {} of {} packages".format(installed, total)
        found = sum(line.startswith(("Collecting ", "Processing ")) for line in lines)
        text = "downloading {} of about {} packages".format(found, self.expected)
        if lines and lines[-1].startswith("Downloading "):
            wheel, _, size = lines[-1].split("/")[-1].partition(" (")
            package = wheel.replace("Downloading ", "").split("-")[:2]
            text += ": {} ({}".format(" ".join(package), size)
        return text

    def __call__(self):
        """Show the state: one changing line in a terminal, else a line now and then."""
        now = time.monotonic()
        text = "  {} ({:.0f} s)".format(self.state(), now - self.start)
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            sys.stdout.write("\r" + text[:width].ljust(width))
            sys.stdout.flush()
        elif now - self.last >= _SECONDS_BETWEEN_LINES:
            self.last = now
            say(text)

    def close(self):
        """Leave the changing line."""
        if sys.stdout.isatty():
            sys.stdout.write("\n")
