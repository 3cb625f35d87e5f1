"""Train on a long lag, on text and on FizzBuzz, and judge it all: `run(config)`."""

import time

import keras
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
from lessons.foundations.lstm.config import PRESETS
from lessons.toolkit import results, runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import Report, fit

NUM_TEST = 1000  # sequences that judge a network on the task with a lag
_STEPS_PER_EXECUTION = 25


def build_text_model(config, size):
    """The language model a configuration describes, not compiled.

    Args:
        config: a `Config`.
        size: characters in the vocabulary.
    """
    network = model.CharModel(
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
    network.build((None, config.window))
    return network


def make_optimizer(config):
    """The language model's optimizer, with the configuration's clipping."""
    name = {"global": "global_clipnorm", "tensor": "clipnorm", "value": "clipvalue"}
    options = {name[config.clip_kind]: config.clip}
    if config.optimizer == "adam":
        return keras.optimizers.Adam(config.learning_rate, **options)
    return keras.optimizers.RMSprop(config.learning_rate, rho=0.95, **options)


def train_text(config, corpus):
    """Train the language model: (network, history, seconds of an epoch).

    The history holds, beside the loss of each epoch, bits per character of held-out
    text (`valid_bpc`) and of the text it is training on (`train_bpc`) after so many
    `updates`.
    """
    if config.strategy == "mirrored" and config.batches == "streams":
        raise UserError(
            "batches='streams' carries one state, which several devices cannot share. "
            "Allowed with strategy='mirrored': batches='windows'."
        )
    network = build_text_model(config, len(corpus.vocabulary))
    single = config.strategy == "none"
    network.compile(
        make_optimizer(config),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=config.jit_compile and single,
        steps_per_execution=runtime.steps_per_execution(config, _STEPS_PER_EXECUTION),
    )
    watch = _Watch(corpus, config.jit_compile and single)
    rate = keras.callbacks.LearningRateScheduler(
        lambda epoch, rate: rate * (config.decay if epoch >= config.decay_after else 1)
    )
    callbacks, options = [watch, rate], {}
    if config.batches == "streams":
        arrays = data.streams(corpus.train, config.batch_size, config.window)
        callbacks.append(model.CarryState())
        options["shuffle"] = False
    else:
        arrays = data.windows(corpus.train, config.window)
    _, history, seconds = fit(
        network,
        arrays[0],
        config,
        y=arrays[1],
        description=f"language model, {config.batches}",
        callbacks=callbacks,
        **options,
    )
    history.pop("learning_rate", None)
    return network, history | watch.history, seconds


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


def train_lag(config, kind):
    """Train one network on the task with a lag: (network, history, score).

    Every update sees sequences that were never seen before.
    """
    runtime.seed_everything(config.seed)  # every network sees the same sequences
    count = config.lag_updates * config.lag_batch
    inputs, targets = tasks.draw(config.lag_task, count, config.lag, 2 * config.seed)
    _, outputs = tasks.TASKS[config.lag_task]
    network = model.lag_network(
        kind, inputs.shape[1:], outputs, config.lag_units, config.lag
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    if config.lag_task == "adding":
        loss = keras.losses.MeanSquaredError()
    stride = max(1, config.lag_updates // 10)
    network.compile(
        keras.optimizers.Adam(config.lag_rate, global_clipnorm=1.0),
        loss,
        jit_compile=config.jit_compile and config.strategy == "none",
        steps_per_execution=runtime.steps_per_execution(config, stride),
    )
    shape = config.lag_updates, config.lag_batch
    batches = tf.data.Dataset.from_tensor_slices(
        tuple(a.reshape(*shape, *a.shape[1:]) for a in (inputs, targets))
    )
    _, history, _ = fit(
        network,
        batches,
        config.replace(epochs=config.lag_updates // stride),
        description=f"{config.lag_task}, {kind}",
        steps_per_epoch=stride,
        shuffle=False,
    )
    test = tasks.draw(config.lag_task, NUM_TEST, config.lag, 2 * config.seed + 1)
    answers = network.predict(test[0], batch_size=NUM_TEST, verbose=0)
    return network, history, evaluation.lag_score(config.lag_task, answers, test[1])


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
        A `Report`. Metrics: `lag/CELL/score` (share of right answers) and
        `lag/CELL/loss` for each cell; `text/bpc` and the baselines `text/uniform`,
        `text/unigram`, `text/bigram`, `text/trigram` in bits per character;
        `fizzbuzz/accuracy` on the numbers trained on and `fizzbuzz/beyond`. The main
        model is the language model.
    """
    start = time.perf_counter()
    with runtime.session(config):
        metrics, history, models = {}, {}, {}
        for kind in config.lag_cells:
            network, curves, score = train_lag(config, kind)
            metrics[f"lag/{kind}/score"] = score
            metrics[f"lag/{kind}/loss"] = curves["loss"][-1]
            history[f"lag/{kind}/loss"] = curves["loss"]
            models[f"lag_{kind}"] = network
        runtime.seed_everything(config.seed)
        corpus = data.load(config)
        network, curves, seconds = train_text(config, corpus)
        history |= {f"text/{name}": values for name, values in curves.items()}
        counted = ngrams.baselines(corpus.train, corpus.valid, len(corpus.vocabulary))
        metrics |= {f"text/{name}": value for name, value in counted.items()}
        metrics["text/bpc"] = evaluation.Reader(network, corpus.valid).bits()
        metrics["text/seconds_per_epoch"] = seconds
        metrics["text/parameters"] = float(network.count_params())
        models["model"] = network
        trained, counts = train_fizzbuzz(config)
        metrics |= counts
        pictures = {
            "text": figures.text_curve(
                curves["updates"], curves["valid_bpc"], counted, config.source
            ),
            "fizzbuzz": figures.polygon(trained.parameters),
        }
        if config.lag_cells:
            pictures["lag"] = figures.lag_curves(history, config)
    return Report(
        slug="lstm",
        config=config,
        metrics=metrics,
        history=history,
        figures=pictures,
        environment=runtime.environment(),
        seconds=time.perf_counter() - start,
        models=models,
    )


def recorded(preset="laptop", **settings):
    """Metrics of the recorded runs of a preset, one per seed.

    Args:
        preset: name of the preset.
        **settings: the values of the fields that may differ from the preset's.
    """
    config = PRESETS[preset].replace(**settings)
    return [metrics for _, metrics in results.metrics_by_seed(__file__, config)]
