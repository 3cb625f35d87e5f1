"""What a run of the grader has done so far, so that the next one can go on.

One line of JSON per event, only ever added to. Every line holds a hash of itself and
the line before it, so that a change shows. A line that was cut off when the grader was
killed is taken away.
"""

import hashlib
import json
import os

from lessons.toolkit.errors import UserError


class Journal:
    """The journal of one assignment.

    Args:
        path: of the file; made if missing.

    Attributes:
        graded: results by key, of submissions whose grading has ended; the latest last.
        kept: keys of those whose result is in the gradebook and the graded notebook.
    """

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._hash = path, ""
        self.graded, self.kept = {}, set()
        self._read()
        self._file = open(path, "ab")

    def close(self):
        """Close the file."""
        self._file.close()

    def forget(self, keys):
        """Grade these again, whatever is known of them."""
        for key in keys:
            self.graded.pop(key, None)
            self.kept.discard(key)

    def add_result(self, key, result):
        """A submission has been graded."""
        self._add({"event": "graded", "key": key, "result": result})
        self.graded.pop(key, None)
        self.graded[key] = result
        self.kept.discard(key)

    def add_kept(self, key):
        """Its result is in the gradebook and the graded notebook."""
        self._add({"event": "kept", "key": key})
        self.kept.add(key)

    def _add(self, event):
        text = json.dumps(event)  # in their order, which tables show
        digest = _chain(self._hash, text)
        line = f'{{"hash": "{digest}", "line": {text}}}\n'
        self._file.write(line.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._hash = digest

    def _read(self):
        if not self._path.exists():
            return
        good = 0
        with open(self._path, "rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.endswith(b"\n"):
                    break  # cut off
                self._take(number, raw)
                good += len(raw)
        os.truncate(self._path, good)

    def _take(self, number, raw):
        try:
            entry = json.loads(raw)
            event = entry["line"]
            digest = _chain(self._hash, json.dumps(event))
            if entry["hash"] != digest:
                raise ValueError
        except (ValueError, KeyError, TypeError):
            raise UserError(
                f"line {number} of {self._path} was changed. Allowed: --restart, which "
                "puts the file aside and grades everything again."
            ) from None
        self._hash = digest
        if event["event"] == "graded":
            self.graded.pop(event["key"], None)
            self.graded[event["key"]] = event["result"]
            self.kept.discard(event["key"])
        else:
            self.kept.add(event["key"])


def _chain(before, text):
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()
