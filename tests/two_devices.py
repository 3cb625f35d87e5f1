"""Processes in which TensorFlow sees two processors, for scripts that share batches.

TensorFlow cannot go back to one, and what a script leaves behind (the numbers of its
collective operations) breaks the next one: each runs in a process of its own. It is
forked from one that has imported everything and started nothing, because importing
takes most of the time. Each script is a line of JSON on standard input; the answer is a
line on standard output.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import textwrap
import traceback


class TwoDevices:
    """The process that forks others, started when the first script comes."""

    def __init__(self):
        self._process = None

    def __call__(self, code):
        """Run a script in which `tf` is there; returns the words that it prints.

        Raises:
            AssertionError: the script failed; the message is its traceback.
        """
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self._process.stdin.write(json.dumps(textwrap.dedent(code)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the process on two devices ended: {self._process.wait()}"
        found = json.loads(line)
        assert not found["error"], found["error"]
        return found["printed"].split()

    def close(self):
        """End the process, without the seconds that TensorFlow takes to go."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def main():
    """Fork a process for each script until standard input ends."""
    import lessons  # noqa: I001 - first, so that TensorFlow starts quietly
    import keras  # noqa: F401
    import tensorflow as tf
    import tensorflow_probability  # noqa: F401
    import lessons.toolkit.experiment  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if not child:
            print(json.dumps(answer(tf, json.loads(line))), flush=True)
            os._exit(0)  # without the seconds that TensorFlow takes to go
        os.waitpid(child, 0)


def answer(tf, script):
    """What a script prints on two processors, and the traceback of its error."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
    printed, error = io.StringIO(), ""
    with contextlib.redirect_stdout(printed):
        try:
            exec(script, {"tf": tf, "__name__": "two_devices"})
        except Exception:
            error = traceback.format_exc()
    return {"printed": printed.getvalue(), "error": error}


if __name__ == "__main__":
    main()
