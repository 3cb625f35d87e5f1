"""One peer in a process of its own: `python -m benchmarks.worker PEER ROW`.

The parent and a worker talk in JSON, one object a line. The worker says
`{"parameters": n}` when its model is there, then trains: it waits for any line before
each epoch and answers with `{"seconds": s, "cpu": c}`, wall-clock time and processor
time of all its threads. The first answer also has `"first"`, the seconds from the start
of the build to the end of the first step (of the first group of steps, where they run
together). It ends when the pipe is closed. A framework that is missing gives
`{"missing": name}`.
"""

import json
import os
import sys
import time


class Turn:
    """Waits for the parent before each epoch and tells it the seconds after."""

    def __init__(self, requests, answers):
        self._requests, self._answers = requests, answers
        self._built = time.perf_counter()
        self._waited = 0.0
        self._first = self._told = None

    def say(self, **answer):
        """Send one object."""
        print(json.dumps(answer), file=self._answers, flush=True)

    def begin(self):
        """Wait for the parent; raises `SystemExit` when there is no more to do."""
        asked = time.perf_counter()
        if not self._requests.readline():
            raise SystemExit
        self._start = time.perf_counter()
        self._waited += self._start - asked
        self._cpu = time.process_time()

    def step_done(self, wait=None):
        """Note the end of a step; only the first counts."""
        if self._first is None:
            if wait is not None:  # calls come back before the work is done
                wait()
            self._first = time.perf_counter() - self._built - self._waited

    def end(self):
        """Tell the parent how long the epoch took."""
        answer = {
            "seconds": time.perf_counter() - self._start,
            "cpu": time.process_time() - self._cpu,
        }
        if self._told is None:
            self._told = answer["first"] = self._first
        self.say(**answer)


def peak(turn, size=2048, repeats=3):
    """Time matrix products: `seconds` is per product of two size x size matrices."""
    import tensorflow as tf

    matrix = tf.random.normal((size, size))
    turn.say(parameters=0)
    while True:
        turn.begin()
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            tf.matmul(matrix, matrix).numpy()
            times.append(time.perf_counter() - start)
        turn.say(seconds=min(times), flops=2 * size**3)


def serve(peer, row, answers):
    """Build a peer's model and train it until the pipe is closed."""
    turn = Turn(sys.stdin, answers)
    if peer == "peak":
        return peak(turn)
    from benchmarks import peers, rows

    row = rows.EVERY[row]
    try:
        build, train = peers.load(peer, row)
    except ModuleNotFoundError as error:
        return turn.say(missing=error.name)
    turn = Turn(sys.stdin, answers)  # its clock starts after the import
    model = build(row)
    turn.say(parameters=int(model.num_parameters))
    return train(model, row.data(), turn)


def main(peer, row):
    """Serve one peer; what frameworks print must not reach the parent."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        serve(peer, row, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
