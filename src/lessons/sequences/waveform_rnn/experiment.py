"""Train a network on a vowel in each way and judge it: `run(config)`."""

import keras
import numpy as np
import tensorflow as tf

from lessons.sequences.waveform_rnn import data, evaluation, figures, theory
from lessons.sequences.waveform_rnn.model import WaveformRNN
from lessons.sequences.waveform_rnn.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.callbacks import Watch
from lessons.toolkit.experiment import Example, fit, running


class Schedule(keras.callbacks.Callback):
    """Sets alpha and the learning rate before each epoch, and notes them.

    Training ends with the first epoch that had a gradient which was not finite.

    Args:
        alphas: of every epoch.
        rates: of every epoch.
    """

    def __init__(self, alphas, rates):
        super().__init__()
        self.alphas, self.rates = alphas, rates
        self.done = 0

    def on_epoch_begin(self, epoch, logs=None):
        """Set what the epoch is trained with."""
        self.model.alpha.assign(self.alphas[epoch])
        self.model.optimizer.learning_rate.assign(self.rates[epoch])

    def on_epoch_end(self, epoch, logs=None):
        """Count, and stop where training is lost."""
        self.done = epoch + 1
        if logs["lost"] > 0:
            self.model.stop_training = True

    def history(self):
        """Alpha and rate of the epochs that were trained."""
        return {
            "alpha": [float(a) for a in self.alphas[: self.done]],
            "rate": [float(r) for r in self.rates[: self.done]],
        }


def schedule(config, variant):
    """Alpha and learning rate of every epoch.

    Args:
        config: a `Config`.
        variant: a `Variant`.

    Returns:
        A `Schedule`.
    """
    epochs = np.arange(config.epochs)
    ramp = config.ramp_start, config.ramp_stop
    alphas = theory.alpha_at(epochs, *ramp, variant.floor)
    rates = np.full(config.epochs, config.rate)
    if variant.decay:
        # The rate follows the alpha that a mixture to 1/2 has, whatever is fed.
        followed = theory.alpha_at(epochs, *ramp, min(variant.floor, 0.5))
        rates = theory.rate_at(config.rate, followed, config.kappa)
    return Schedule(alphas, rates)


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    return WaveformRNN(
        config.window,
        config.stride,
        config.units,
        feeding=variant.feeding,
        noise=config.noise if variant.feeding == "noise" else 0.0,
        through=variant.through,
        learned_start=config.learned_start,
        seed=config.seed,
    )


def compiled(config, variant, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    clip = {"global_clipnorm": config.clip} if variant.clip else {}
    if config.optimizer == "adam":
        optimizer = keras.optimizers.Adam(config.rate, **clip)
    else:
        optimizer = keras.optimizers.SGD(config.rate, momentum=variant.momentum, **clip)
    model = build_model(config, variant)
    model.compile(optimizer, **options)
    return model


def train(config, variant, sounds, callbacks=()):
    """Train one variant; returns a `Trained`.

    The history holds the loss, the norm of the gradient before clipping, alpha and the
    rate of each epoch, and `prediction` and `generation`, the errors on test voices
    after each `look_every` epochs.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sounds: `data.Sounds`.
        callbacks: of Keras.
    """
    runtime.seed_everything(config.seed)
    model = compiled(config, variant)
    length, window = config.length, config.window
    piece = sounds.test[:, :length]

    def look(network):
        predicted = network.predict_on_batch(piece)
        generated = network.generate(piece[:, :window], predicted.shape[1])
        truth = piece[:, window : window + predicted.shape[1]]
        found = evaluation.errors(predicted, generated, truth)
        return {name: found[f"{name}_error"] for name in ("prediction", "generation")}

    plan = schedule(config, variant)
    trained = fit(
        model,
        sounds.train,
        config,
        description=variant.label,
        callbacks=[plan, Watch(look, config.look_every), *callbacks],
    )
    return trained._replace(history={**trained.history, **plan.history()})


def scores(config, trained, sounds):
    """Numbers of a trained variant.

    Args:
        config: a `Config`.
        trained: a `Trained`.
        sounds: `data.Sounds`.

    Returns:
        Dictionary of floats: those of `evaluation.evaluate`; `diverged`, whether a
        gradient was not finite; `epochs` that were trained; `norm`, the median of the
        gradient's norm over the last eighth of the epochs, and `greatest_norm`, its
        greatest after the first twentieth.
    """
    norms = np.array(trained.history["norm"])
    late = norms[-max(1, config.epochs // 8) :]
    settled = norms[config.epochs // 20 :]
    return {
        **evaluation.evaluate(
            trained.model, sounds.test, config.length, sounds.sample_rate
        ),
        "diverged": float(trained.history["lost"][-1] > 0),
        "epochs": float(len(norms)),
        "norm": float(np.median(late)),
        "greatest_norm": float(np.max(settled, initial=0.0)),
    }


def gradient_norm(model, sounds, alpha, through):
    """Norm of the loss's gradient, all sounds in one batch; the model is not changed.

    Args:
        model: a `WaveformRNN` that is fed a mixture.
        sounds: shape (batch, samples).
        alpha: part of truth.
        through: whether gradients flow through predictions that were fed.
    """
    config = model.get_config() | {"feeding": "mixture", "through": through}
    copy = WaveformRNN.from_config(config)
    copy.build((None, sounds.shape[1]))
    copy.cell.set_weights(model.cell.get_weights())
    copy.alpha.assign(alpha)
    with tf.GradientTape() as tape:
        loss = copy.compute_loss(sounds, None, copy(sounds, training=True))
    weights = [weight.value for weight in copy.trainable_weights]
    return float(tf.linalg.global_norm(tape.gradient(loss, weights)))


def run(config):
    """Train every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `scores` and
        `seconds_per_epoch`; for silence, repeat and linear those of
        `evaluation.evaluate`; `parameters`. The main model is the first variant's.
    """
    alone = "A network that is judged while it trains"
    with running("waveform_rnn", config, one_device=alone) as report:
        sounds = data.load(config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], sounds)
            report.add(name, trained, scores(config, trained, sounds))
        report.metrics |= evaluation.baselines(sounds, config)
        report.figures = figures.all_of(report, sounds)
    return report


def examples(config):
    """A small compiled network of each kind, with random sounds (`Example`s)."""
    rng = np.random.default_rng(0)
    sounds = rng.normal(size=(11, config.length)).astype("float32")
    for name in config.variants:

        def build(variant=VARIANTS[name], **options):
            runtime.seed_everything(config.seed)
            model = compiled(config, variant, **options)
            model.build(sounds.shape)
            model.alpha.assign(0.5)
            return model

        yield Example(name=name, build=build, x=sounds)
