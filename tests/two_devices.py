"""A process in which TensorFlow sees two processors, for scripts that share batches.

TensorFlow cannot go back to one, so it is a process of its own; it is started once and
runs one script after another, because starting takes most of the time. Each script is
a line of JSON on standard input; the answer is a line on standard output.
"""

import contextlib
import io
import json
import subprocess
import sys
import textwrap
import traceback


class TwoDevices:
    """The process, started when the first script comes."""

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
        answer = json.loads(line)
        assert not answer["error"], answer["error"]
        return answer["printed"].split()

    def close(self):
        """End the process, without the seconds that TensorFlow takes to go."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def main():
    """Run scripts until standard input ends."""
    import lessons  # noqa: F401, I001 - first, so that TensorFlow starts quietly
    import keras
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
    for line in sys.stdin:
        printed, error = io.StringIO(), ""
        with contextlib.redirect_stdout(printed):
            try:
                exec(json.loads(line), {"tf": tf, "__name__": "two_devices"})
            except Exception:
                error = traceback.format_exc()
        keras.utils.clear_session()
        answer = {"printed": printed.getvalue(), "error": error}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
