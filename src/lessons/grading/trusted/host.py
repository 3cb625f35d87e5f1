"""Runs the instructor's cells of one submission, with the answers behind the wall.

A process of its own for each submission: forked from the zygote, it gets its job and
the worker's socket from the supervisor, and sends back one line per cell. Names that
the answers define are fetched just before each cell of tests.
"""

import base64
import json
import os
import time

import numpy as np

from lessons.grading.isolated.channel import LateError
from lessons.grading.trusted import budget, chance, judging, png
from lessons.grading.trusted.wall import ENDED, LEFT_OUT, LONGEST, Gone, Wall

PICTURES_OF_A_CELL = 8
_STUB = "NotImplementedError"


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
        job: {"steps": list of steps, "limits": {"cell", "test", "start"} in seconds,
            "pictures": list of PNG or JPEG files in base64 that were handed in,
            "classes": names of the classes that the exercise asks for}.

    A step is {"kind", "name", "source", "points", "defines"}; kind is "locked" (runs on
    both sides), "answer" and "extra" (behind the wall) or "tests" (here).
    """

    def __init__(self, connection, job):
        self._job, self._steps = job, job["steps"]
        self._wall = Wall(connection, job)
        self._answer = self._wall.answer
        self._budget = budget.Budget()

    def run(self):
        """All steps in order; then again what may come out differently.

        Where a score can hang on chance everything is run twice, and the lower one
        counts. What was lost is tried once more on its own, since another answer may
        have cost it. What is shown of cells after the first tests comes from a run
        without tests: they could show what the tests have called them with.
        """
        self._show_pictures()
        results = self._pass(self._steps, first=True)
        if self._by_chance():
            again = self._pass(self._steps)
            for result, other in zip(results, again, strict=True):
                judging.take_lower(result, other)
        for number, step in enumerate(self._steps):
            if step["kind"] == "tests" and self._may_gain(number, results):
                self._wall.left = 1
                again = self._pass(self._alone(number))[-1]
                if again.get("score", 0) > results[number]["score"]:
                    results[number] = again | {"alone": True}
        self._show(results)
        for number, result in enumerate(results):
            self._wall.tell({"step": number, **self._budget.cut(result)})
        self._wall.tell({"finished": True, "restarts": self._wall.restarts})

    def _by_chance(self):
        own = [s["source"] for s in self._steps if s["kind"] in ("answer", "extra")]
        return chance.possible(own)

    def _may_gain(self, number, results):
        """Whether points were lost in a way that another answer can have caused.

        Where chance may be at work another try is no way to points, unless the process
        of the answers ended before. A process that ended during these very tests may
        have been ended by what another answer has left in it. Where no other answer
        ran before, there is nothing that another try would leave out.
        """
        step, result = self._steps[number], results[number]
        stub = (result["error"] or "").startswith(_STUB)
        if result["score"] == step["points"] or stub:
            return False
        alone = self._alone(number)
        if not result["trouble"] and alone == self._steps[: number + 1]:
            return False
        group = [s["source"] for s in alone if s["kind"] == "answer"]
        sure = not chance.possible(group)
        trouble = result["trouble"] or ""
        if trouble == LEFT_OUT:  # it never ran
            return True
        if trouble:
            return sure and trouble.startswith(ENDED)
        return sure or any(result["trouble"] for result in results[:number])

    def _show(self, results):
        """Take what is shown of the student's later cells from a run without tests."""
        kinds = [step["kind"] for step in self._steps]
        first = kinds.index("tests") if "tests" in kinds else len(kinds)
        later = [n for n in range(first, len(kinds)) if kinds[n] != "tests"]
        if not any(_shows(results[number]) for number in later):
            return
        places = [n for n, kind in enumerate(kinds) if kind != "tests"]
        self._wall.left = 1
        clean = self._pass([self._steps[place] for place in places])
        for place, result in zip(places, clean, strict=True):
            if place in later:
                results[place] |= {key: result[key] for key in ("text", "pictures")}
                if results[place]["error"]:
                    results[place]["error"] = result["error"] or "an error"

    def _show_pictures(self):
        """Pictures that were handed in, decoded behind the wall before all else."""
        for number, data in enumerate(self._job.get("pictures", ())):
            made = None
            try:
                if not self._wall.is_open:
                    self._wall.begin()
                with self._wall.within("start"):
                    data = base64.b64decode(data)
                    head, values = self._answer.ask("picture", data)
                if "error" not in head and values:
                    made = png.encode(values[0])
            except Gone:
                self._wall.leave()
            made = self._budget.take("pictures", made) if made else None
            self._wall.tell({"picture": number, "data": made.hex() if made else None})
        self._wall.leave()

    def _alone(self, number):
        """The steps of one question: locked cells and the answers just before it."""
        before = self._steps[:number]
        last = max(
            (i for i, s in enumerate(before) if s["kind"] == "tests"), default=-1
        )
        locked = [s for s in before[: last + 1] if s["kind"] == "locked"]
        own = [s for s in before[last + 1 :] if s["kind"] in ("locked", "answer")]
        return [*locked, *own, self._steps[number]]

    def _pass(self, steps, first=False):
        """Results of some steps in new processes; the first run is told as it goes."""
        self._space = {"__name__": "__main__", "__builtins__": __builtins__}
        self._defined, results = [], []
        np.random.seed(0)
        self._wall.begin()
        for number, step in enumerate(steps):
            results.append(self._step(step))
            if first:  # should the whole take too long, this much is known
                silent = results[-1] | {"text": "", "pictures": []}
                self._wall.tell({"step": number, **silent})
        return results

    def _step(self, step):
        start = time.monotonic()
        self._wall.text = bytearray()
        result = {"trouble": None, "error": None, "pictures": []}
        try:
            getattr(self, f"_run_{step['kind']}")(step, result)
        except (Gone, LateError) as gone:
            text = str(gone) or "stopped: it took too long"
            result["trouble"] = result["error"] = self._wall.cause(text)
            if step["kind"] == "tests":
                result["score"] = 0
            self._wall.revive()
        if step["kind"] == "answer":
            self._defined += [n for n in step["defines"] if n not in self._defined]
        result["seconds"] = round(time.monotonic() - start, 3)
        result["text"] = self._wall.text.decode("utf-8", "replace")
        return result

    # Behind the wall

    def _run_answer(self, step, result):
        head, values = self._wall.run(step["source"])
        if "error" in head:
            result["error"] = _words(head["error"])
        pictures = values[0] if values and isinstance(values[0], list) else []
        made = map(png.encode, pictures[:PICTURES_OF_A_CELL])
        result["pictures"] = [data.hex() for data in made if data]

    _run_extra = _run_answer

    def _run_locked(self, step, result):
        self._run_answer(step, result)
        try:
            judging.execute(step, self._space)
        except Exception as error:
            result["broken"] = f"a locked cell fails: {type(error).__name__}: {error}"

    # Here

    def _run_tests(self, step, result):
        result["score"] = 0
        for name in self._defined:
            self._space.pop(name, None)
        with self._wall.within("test"):
            for name in self._answer.known(self._defined):
                try:
                    self._space[name] = self._answer.get(name)
                except Exception:  # no value: the test will say what is missing
                    continue
            try:
                value = judging.execute(step, self._space)
            except Exception as error:
                result["error"] = judging.described(error, step["source"])[:LONGEST]
                return
        result["score"], problem = judging.points(value, step["points"])
        if problem:
            result["broken"] = problem


def _words(described):
    try:
        names, text = described
        name = names if isinstance(names, str) else names[0]
        return f"{name}: {text}"[:LONGEST]
    except (TypeError, ValueError, IndexError):
        return "an error that could not be described"


def _shows(result):
    return bool(result["text"] or result["pictures"] or result["error"])
