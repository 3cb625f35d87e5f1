"""What every `experiment.py` is made of: `running`, `fit`, `Trained`, `Example`."""

import contextlib
import dataclasses
import math
import sys
import time
import typing
from collections.abc import Callable, Mapping

import keras

from lessons.toolkit import progress, resident, runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.errors import UserError
from lessons.toolkit.labels import Labelled
from lessons.toolkit.report import Report


class Trained(typing.NamedTuple):
    """What training gives: the model, its history, and how long an epoch takes.

    Attributes:
        model: the trained model.
        history: one number per epoch (or per look of a `Watch`), by name.
        seconds: wall-clock seconds of an epoch, without the first, which compiles.
    """

    model: keras.Model
    history: dict[str, list[float]]
    seconds: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Example:
    """A small model of a lesson with data to train it on, for the contract's tests.

    Attributes:
        name: of the kind of model, such as a variant.
        build: a function that makes the compiled model, the same weights each time; its
            keyword arguments go to `compile`, such as `jit_compile=True`.
        x: a few random inputs of the shape that the configuration's data has.
        y: targets, or None.
        exceptions: checks of the contract that do not hold for it, each with the reason
            as a sentence. See `tests/contract/checks.py` for their names.
    """

    name: str
    build: Callable[..., keras.Model]
    x: typing.Any
    y: typing.Any = None
    exceptions: Mapping[str, str] = dataclasses.field(default_factory=dict)


@contextlib.contextmanager
def running(slug, config, *, lists=("variants",), one_device=""):
    """What surrounds every run: checks, session, clock; yields the `Report` to fill.

    The main model is the first that was added, unless the lesson says `report.main`.

    Args:
        slug: the lesson.
        config: a `RunConfig`.
        lists: fields that must name at least one entry.
        one_device: what cannot be shared by several devices, as the subject of a
            sentence; empty where everything can.

    Raises:
        UserError: a list is empty, or the devices do not suit, before anything is
            trained.
    """
    for name in lists:
        if not getattr(config, name):
            allowed = config.choices(name)
            raise UserError(
                f"{name} must name at least one entry, got none."
                + (f" Allowed: {', '.join(map(str, allowed))}." if allowed else "")
            )
    if one_device and config.strategy != "none":
        raise UserError(
            f"{one_device} cannot share a batch between several devices. "
            f"Allowed: strategy=none, got {config.strategy!r}."
        )
    start = time.perf_counter()
    report = Report(slug=slug, config=config)
    with runtime.session(config):
        yield report
        if report.models and "model" not in report.models:
            report.main(next(iter(report.models)))
    report.environment = runtime.environment()
    report.seconds = time.perf_counter() - start


class _Progress(keras.callbacks.Callback):
    """Reports each epoch to `progress.reporting`."""

    def __init__(self, update):
        super().__init__()
        self._update = update

    def on_epoch_end(self, epoch, logs=None):
        loss = (logs or {}).get("loss", math.nan)
        self._update(epoch + 1, f"loss {loss:.4g}")


def fit(model, x, config, *, description, y=None, callbacks=(), **options):
    """Train with `model.fit`, showing progress.

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
        A `Trained`; what a `Watch` among the callbacks saw joins the history.

    Raises:
        UserError: labels are no classes of a model that is `Labelled`.
        FloatingPointError: the loss became NaN or infinite.
    """
    if isinstance(model, Labelled):  # before the arrays become a data set
        model.check_labels(y)
    clock = _EpochClock()
    arrays = [x] if y is None else [x, y]
    with contextlib.ExitStack() as stack:
        if resident.suits(model, arrays, options):
            feed = resident.feeding(
                model, arrays, config.batch_size, config.seed, config.epochs
            )
            x, shuffle = stack.enter_context(feed)
            y, callbacks = None, [*callbacks, shuffle]
            options["shuffle"] = False  # the callback does it
        elif not hasattr(x, "element_spec"):
            options.setdefault("batch_size", config.batch_size)
        update = stack.enter_context(progress.reporting(description, config.epochs))
        if config.preset.startswith("paper") and progress.wanted():
            callbacks = [*callbacks, _Pace(description)]
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
    for callback in callbacks:
        if isinstance(callback, Watch):
            history |= callback.history
    return Trained(model, history, clock.seconds())


class _Pace(keras.callbacks.Callback):
    """Says once how long a training will take: seconds of a step times the steps.

    The first execution, which compiles, is left out; then steps are timed for a few
    seconds.

    Args:
        description: what is being trained.
        least: seconds to time.
    """

    def __init__(self, description, least=5.0):
        super().__init__()
        self._description, self._least = description, least
        self._before, self._from, self._said = 0, None, False

    def on_train_batch_end(self, batch, logs=None):
        if self._said:
            return
        done, now = self._before + batch + 1, time.perf_counter()
        if self._from is None:
            self._from = done, now
            return
        spent = now - self._from[1]
        if spent < self._least:
            return
        self._said = True
        second = spent / (done - self._from[0])
        text = f"{self._description}: a step takes {second:.3g} s"
        if self.params.get("steps"):
            steps = self.params["steps"] * self.params["epochs"]
            text += f", so {steps:,} steps take about {duration(second * steps)}"
        print(text, file=sys.stderr, flush=True)

    def on_epoch_end(self, epoch, logs=None):
        self._before += self.params.get("steps") or 0


def duration(seconds):
    """A time in words, in hours from one hour on, in days from two days on."""
    for unit, size, least in (("days", 86400, 2), ("hours", 3600, 1)):
        if seconds >= least * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:.1f} minutes"


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
