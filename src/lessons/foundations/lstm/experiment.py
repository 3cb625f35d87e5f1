"""Train on a long lag, on text and on FizzBuzz, and judge it all: `run(config)`."""

import functools

import keras
import numpy as np
import tensorflow as tf

from lessons.foundations.lstm import (
    data,
    evaluation,
    figures,
    fizzbuzz,
    generate,
    model,
    ngrams,
    tasks,
)
from lessons.foundations.lstm.variants import VARIANTS
from lessons.toolkit import cores, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Example, fit, running

UPDATES_PER_LOOK = 25  # of the language model, in one call from Python


def build_model(config, size):
    """The language model of a configuration, not compiled.

    Args:
        config: a `Config`.
        size: characters in the vocabulary.
    """
    return model.CharModel(
        size,
        config.units,
        config.embedding_dim,
        dropout=config.dropout,
        streams=config.batch_size if config.batches == "streams" else None,
        init_scale=config.init_scale,
        cell={
            "peephole": config.peephole,
            "forget_bias": config.forget_bias,
            "learned_state": config.learned_state,
            "two_biases": config.two_biases,
        },
    )


def make_optimizer(config):
    """The language model's optimizer, with the configuration's clipping."""
    name = {"global": "global_clipnorm", "tensor": "clipnorm", "value": "clipvalue"}
    options = {name[config.clip_kind]: config.clip}
    if config.optimizer == "adam":
        return keras.optimizers.Adam(config.learning_rate, **options)
    return keras.optimizers.RMSprop(config.learning_rate, rho=0.95, **options)


def compiled(config, size, **options):
    """The language model, ready for `fit`; options go to `compile`."""
    network = build_model(config, size)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(make_optimizer(config), loss, **options)
    return network


def _check(config):
    """Refuse what streams cannot have, before anything is trained."""
    if config.learned_state and config.batches == "streams":
        raise UserError(
            "learned_state=True learns nothing from batches='streams', whose carried "
            "state is a constant. Allowed: learned_state=False, or batches='windows'."
        )
    if config.strategy == "mirrored" and config.batches == "streams":
        raise UserError(
            "batches='streams' carries one state, which several devices cannot share. "
            "Allowed: strategy=none, or batches='windows'."
        )


def train_text(config, corpus):
    """Train the language model; returns a `Trained`.

    The history holds, beside the loss of each epoch, bits per character of held-out
    text (`valid_bpc`) after so many `updates`.

    Args:
        config: a `Config`.
        corpus: a `data.Corpus`.

    Raises:
        UserError: a carried state would have to be shared by several devices.
    """
    _check(config)
    jit_compile = config.jit_compile and config.strategy == "none"
    network = compiled(
        config,
        len(corpus.vocabulary),
        jit_compile=jit_compile and cores.num_cores() == 1,  # more: see `recurrence`
        steps_per_execution=runtime.steps_per_execution(config, UPDATES_PER_LOOK),
    )
    watch = _Watch(corpus, jit_compile)
    rate = keras.callbacks.LearningRateScheduler(
        lambda epoch, rate: rate * (config.decay if epoch >= config.decay_after else 1)
    )
    callbacks, options = [watch, rate], {}
    if config.batches == "streams":
        x, y = data.streams(corpus.train, config.batch_size, config.window)
        callbacks.append(model.CarryState())
        options["shuffle"] = False
    else:
        x, y = data.windows(corpus.train, config.window)
    text = f"language model, {config.batches}"
    trained = fit(
        network, x, config, y=y, description=text, callbacks=callbacks, **options
    )
    history = {"loss": trained.history["loss"], **watch.history}
    return trained._replace(history=history)


class _Watch(keras.callbacks.Callback):
    """Judges the model on part of the held-out text as training goes on."""

    def __init__(self, corpus, jit_compile, longest=500):
        super().__init__()
        self._ids, self._longest, self._jit = corpus.valid, longest, jit_compile
        self.history = {"updates": [], "valid_bpc": []}

    def on_train_begin(self, logs=None):
        self._earlier = self._now = 0  # updates of earlier epochs, and of this one
        self._reader = evaluation.Reader(
            self.model, self._ids, longest=self._longest, jit_compile=self._jit
        )
        self._look()

    def on_train_batch_end(self, batch, logs=None):
        # Keras counts whole executions; the last one of an epoch may hold fewer.
        self._now = min(batch + 1, self.params["steps"])
        if self._now < self.params["steps"]:
            self._look()

    def on_epoch_end(self, epoch, logs=None):
        self._earlier, self._now = self._earlier + self._now, 0
        self._look()

    def _look(self):
        self.history["updates"].append(float(self._earlier + self._now))
        self.history["valid_bpc"].append(self._reader.bits())


def compiled_for_lag(config, name, **options):
    """A variant's network for the task with a lag; options go to `compile`.

    Every variant sees the same sequences, since it starts from the same seed.
    """
    runtime.seed_everything(config.seed)
    inputs, _ = tasks.draw(config.lag_task, 1, config.lag, 0)
    _, outputs = tasks.TASKS[config.lag_task]
    network = model.lag_network(
        name, inputs.shape[1:], outputs, config.lag_units, config.lag
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    if config.lag_task == "adding":
        loss = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.Adam(config.lag_rate, global_clipnorm=1.0)
    network.compile(optimizer, loss, **options)
    return network


def train_lag(config, name):
    """Train one variant on the task with a lag; returns a `Trained`.

    Every update sees sequences that were never seen before.

    Args:
        config: a `Config`.
        name: key of `VARIANTS`.
    """
    stride = max(1, config.lag_updates // 10)
    network = compiled_for_lag(
        config,
        name,
        jit_compile=config.jit_compile and config.strategy == "none",
        steps_per_execution=runtime.steps_per_execution(config, stride),
    )
    count = config.lag_updates * config.lag_batch
    drawn = tasks.draw(config.lag_task, count, config.lag, 2 * config.seed)
    shape = config.lag_updates, config.lag_batch
    batches = tf.data.Dataset.from_tensor_slices(
        tuple(part.reshape(*shape, *part.shape[1:]) for part in drawn)
    )
    return fit(
        network,
        batches,
        config.replace(epochs=config.lag_updates // stride),
        description=f"{config.lag_task}, {VARIANTS[name].label}",
        steps_per_epoch=stride,
        shuffle=False,
    )


def train_fizzbuzz(config):
    """Train the network that counts, in NumPy: (`fizzbuzz.Trained`, metrics)."""
    trained = fizzbuzz.train(
        config.fizzbuzz_units,
        config.fizzbuzz_steps,
        config.seed,
        config.fizzbuzz_init,
        config.fizzbuzz_iterations,
    )
    beyond = fizzbuzz.accuracy(trained.parameters, 1000, config.fizzbuzz_steps)
    return trained, {
        "fizzbuzz/accuracy": float(trained.accuracies[-1]),
        "fizzbuzz/beyond": beyond,
        "fizzbuzz/iterations": float(len(trained.losses)),
    }


def sample_text(network, vocabulary, prime, temperatures, length=200, **options):
    """Texts drawn from a trained model, as strings.

    Args:
        network: a trained `CharModel`.
        vocabulary: its `data.Vocabulary`.
        prime: text to go on from, at least one character.
        temperatures: shape (K,).
        length: characters to draw.
        **options: `num_samples` and `seed` of `generate.Sampler`.

    Returns:
        For each temperature a list of texts.
    """
    sampler = generate.Sampler(network, length)
    ids, _ = sampler(vocabulary.encode(prime), temperatures, **options)
    return [[vocabulary.decode(row) for row in rows] for rows in ids]


def run(config):
    """Train everything and judge it on data that was not trained on.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: `lag/VARIANT/score` (fraction of right answers),
        `lag/VARIANT/loss` and, for an LSTM on the latch, `lag/VARIANT/growth`;
        `text/` with what `evaluation.evaluate` finds and, in bits per character, the
        baselines `uniform`, `unigram`, `bigram` and `trigram`;
        `fizzbuzz/accuracy` on the numbers trained on and `fizzbuzz/beyond`. The main
        model is the language model.
    """
    with running("lstm", config) as report:
        _check(config)
        for name in config.variants:
            trained = train_lag(config, name)
            scores = evaluation.evaluate_lag(trained.model, config)
            scores["loss"] = trained.history["loss"][-1]
            report.add(f"lag/{name}", trained, scores)
        runtime.seed_everything(config.seed)
        corpus = data.load(config)
        trained = train_text(config, corpus)
        counted = ngrams.baselines(corpus.train, corpus.valid, len(corpus.vocabulary))
        scores = evaluation.evaluate(trained.model, corpus)
        report.add("text", trained, counted | scores)
        report.main("text")
        counter, counts = train_fizzbuzz(config)
        report.metrics |= counts
        report.figures = figures.all_of(report, counter.parameters)
    return report


def examples(config):
    """The language model, and a network of each variant for the lag (`Example`s)."""
    size, streams = 30, 8
    ids = np.random.default_rng(0).integers(0, size, (streams, 13), dtype=np.int32)
    small = config.replace(batch_size=streams)
    exceptions = {}
    if config.batches == "streams":
        reason = "The state of as many texts as a batch holds is carried."
        exceptions = {"ragged batch": reason}

    def text_model(**options):
        runtime.seed_everything(config.seed)
        return compiled(small, size, **options)

    yield Example(
        name="text",
        build=text_model,
        x=ids[:, :-1],
        y=ids[:, 1:],
        exceptions=exceptions,
    )
    x, y = tasks.draw(config.lag_task, 11, config.lag, config.seed)
    for name in config.variants:
        yield Example(
            name=name,
            build=functools.partial(compiled_for_lag, config, name),
            x=x,
            y=y,
        )
