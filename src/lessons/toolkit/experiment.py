"""What a run of a lesson gives back, and how it is written to disk."""

import contextlib
import csv
import dataclasses
import json
import math
import time
from pathlib import Path

import keras

from lessons.toolkit import files, progress, resident, results
from lessons.toolkit.config import RunConfig
from lessons.toolkit.figures import Figure


@dataclasses.dataclass
class Report:
    """The outcome of `experiment.run(config)`.

    Attributes:
        slug: the lesson.
        config: the configuration that was run.
        metrics: final numbers by name; flat, floats only.
        history: one value per epoch, by name.
        figures: pictures by name.
        environment: versions and hardware (`runtime.environment`).
        seconds: wall-clock time of the run.
        models: trained models by file name, without the ending; the main one is
            called "model".
    """

    slug: str
    config: RunConfig
    metrics: dict[str, float]
    history: dict[str, list[float]]
    figures: dict[str, Figure]
    environment: dict
    seconds: float
    models: dict[str, keras.Model] = dataclasses.field(default_factory=dict)

    def to_dict(self):
        """The numbers of the report as plain values, for JSON."""
        return {
            "slug": self.slug,
            "preset": self.config.preset,
            "seed": self.config.seed,
            "config": self.config.to_dict(),
            "metrics": self.metrics,
            "seconds": round(self.seconds, 3),
            "commit": results.commit(),
            "environment": self.environment,
        }

    def save(self, directory, overwrite=False):
        """Write metrics.json, history.csv, figures/ and the models, or nothing.

        Everything is written to a sibling folder first and put in place by one
        rename, so an interrupted run leaves no half-written report.

        Args:
            directory: the folder to make.
            overwrite: whether an earlier report may be replaced.

        Returns:
            The folder as a `Path`.

        Raises:
            UserError: the folder holds files or cannot be written.
        """
        files.check_folder(directory, overwrite=overwrite, marker="metrics.json")
        with files.new_folder(directory) as partial:
            self._write(partial)
        return Path(directory)

    def _write(self, folder):
        text = json.dumps(self.to_dict(), indent=2)
        (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
        with open(folder / "history.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["epoch", *self.history])
            for epoch, row in enumerate(_rows(self.history), start=1):
                writer.writerow([epoch, *row])
        if self.figures:
            (folder / "figures").mkdir()
            texts = {}
            for name, figure in self.figures.items():
                figure.save(folder / "figures" / f"{name}.png")
                texts[name] = {"alt": figure.alt, "caption": figure.caption}
            text = json.dumps(texts, indent=2, ensure_ascii=False)
            path = folder / "figures" / "figures.json"
            path.write_text(text + "\n", encoding="utf-8")
        for name, model in self.models.items():
            model.save(folder / f"{name}.keras")


def _rows(history):
    """The columns of a history as rows; shorter columns end in blanks."""
    length = max(map(len, history.values()), default=0)
    for index in range(length):
        yield [v[index] if index < len(v) else "" for v in history.values()]


class _Progress(keras.callbacks.Callback):
    """Reports each epoch to `progress.reporting`."""

    def __init__(self, update):
        super().__init__()
        self._update = update

    def on_epoch_end(self, epoch, logs=None):
        loss = (logs or {}).get("loss", math.nan)
        self._update(epoch + 1, f"loss {loss:.4g}")


def fit(model, x, config, *, description, y=None, callbacks=(), **options):
    """Train with `model.fit`, showing progress; one value per epoch comes back.

    Arrays are kept on the device where that is possible (`toolkit.resident`); their
    order is drawn anew each epoch from `config.seed`.

    Args:
        model: a compiled Keras model.
        x: the training inputs, an array or a `tf.data.Dataset`.
        config: a `RunConfig`; gives `epochs`, `batch_size` and `seed`.
        description: what is being trained, for the progress line.
        y: targets, or None.
        callbacks: more Keras callbacks.
        **options: passed on to `fit`.

    Returns:
        (history, seconds): the history as a dictionary of lists of floats, and the
        wall-clock seconds of each epoch's work without the first, which compiles.

    Raises:
        FloatingPointError: the loss became NaN or infinite.
    """
    clock = _EpochClock()
    arrays = [x] if y is None else [x, y]
    with contextlib.ExitStack() as stack:
        if resident.suits(model, arrays, options):
            feed = resident.feeding(model, arrays, config.batch_size, config.seed)
            x, shuffle = stack.enter_context(feed)
            y, callbacks = None, [*callbacks, shuffle]
            options["shuffle"] = False  # the callback does it
        elif not hasattr(x, "element_spec"):
            options.setdefault("batch_size", config.batch_size)
        update = stack.enter_context(progress.reporting(description, config.epochs))
        history = model.fit(
            x,
            y,
            epochs=config.epochs,
            verbose=0,
            callbacks=[clock, _Progress(update), *callbacks],
            **options,
        ).history
    history = {name: [float(v) for v in values] for name, values in history.items()}
    if not math.isfinite(history["loss"][-1]):
        raise FloatingPointError(
            f"{description}: the loss is {history['loss'][-1]} after "
            f"{len(history['loss'])} epochs."
        )
    return history, clock.seconds()


class _EpochClock(keras.callbacks.Callback):
    """Wall-clock seconds per epoch."""

    def __init__(self):
        super().__init__()
        self._durations = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self._durations.append(time.perf_counter() - self._start)

    def seconds(self):
        """The median epoch, leaving out the first where there are others."""
        durations = sorted(self._durations[1:] or self._durations)
        return durations[len(durations) // 2]
