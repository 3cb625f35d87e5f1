"""Train autoencoders of notes and judge them: `run(config)`."""

import keras
import numpy as np

from lessons.sequences.wavenet_autoencoder import (
    data,
    evaluation,
    factors,
    figures,
    theory,
    yardsticks,
)
from lessons.sequences.wavenet_autoencoder.config import SPECTRAL
from lessons.sequences.wavenet_autoencoder.model import WaveNetAutoencoder
from lessons.sequences.wavenet_autoencoder.spectral import SpectralAutoencoder
from lessons.sequences.wavenet_autoencoder.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

LONG = 100  # training steps from which XLA is worth its compiling
# The paper's rates by iteration, as parts of the first.
_STEPS = (90_000, 120_000, 150_000, 180_000, 210_000, 240_000)
_PARTS = (1.0, 0.665, 0.3, 0.2, 0.1, 0.03, 0.01)


def build_model(config, variant):
    """The network of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    pitch_dim = config.pitch_dim if variant.pitch else 0
    if variant.spectral:
        encoder, decoder = SPECTRAL[config.spectral_layers]
        if config.spectral_layers == "paper":
            pitch_dim = config.pitch_dim  # always in the released configuration
        weights = theory.frequency_weights(config.n_fft // 2, variant.weighting)
        return SpectralAutoencoder(
            encoder, decoder, weights, pitch_dim=pitch_dim, momentum=config.momentum
        )
    encoder = {
        "width": config.encoder_width,
        "rates": theory.dilations(config.encoder_layers, config.stage),
        "code_dim": config.code_dim,
        "hop": config.hop,
    }
    decoder = {
        "width": config.width,
        "skip": config.skip,
        "rates": theory.dilations(config.decoder_layers, config.stage),
    }
    return WaveNetAutoencoder(encoder, decoder, code=variant.code, pitch_dim=pitch_dim)


def learning_rate(config, num_steps):
    """The schedule of a WaveNet's learning rate.

    Args:
        config: a `Config`.
        num_steps: of the whole training.
    """
    if config.schedule == "constant":
        return config.rate
    if config.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(config.rate, num_steps)
    rates = [config.rate * part for part in _PARTS]
    return keras.optimizers.schedules.PiecewiseConstantDecay(list(_STEPS), rates)


def compiled(config, variant, num_steps=1, **options):
    """The network of a variant, ready for `fit`; options go to `compile`."""
    model = build_model(config, variant)
    if variant.spectral:
        beta = 0.5 if config.spectral_layers == "paper" else 0.9
        optimizer = keras.optimizers.Adam(config.spectral_rate, beta_1=beta)
        shape = (None, config.n_fft // 2, config.spectral_frames + 1, 1)
    else:
        rate = learning_rate(config, num_steps)
        optimizer = keras.optimizers.Adam(rate, epsilon=1e-8)
        # XLA joins what stands between the products; compiling it takes seconds.
        pays = num_steps >= LONG and config.strategy == "none"
        options = {"jit_compile": pays, **options}
        shape = (None, 1 + config.crop)
    if options.get("run_eagerly"):
        options["jit_compile"] = False
    model.compile(optimizer, **options)
    model.build(shape)
    return model


def train(config, variant, split):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        split: `data.Split`.
    """
    runtime.seed_everything(config.seed)
    if variant.spectral:
        x, _ = evaluation.spectra_of(split.train, config)
        model = compiled(config, variant)
        config = config.replace(epochs=config.spectral_epochs)
    else:
        x = split.crops
        steps = config.epochs * -(-len(x) // config.batch_size)
        model = compiled(config, variant, steps)
    return fit(model, x, config, description=variant.label)


def untrained(config, variant):
    """The network of a variant with its first weights: a yardstick of probes."""
    runtime.seed_everything(config.seed)
    return compiled(config, variant)


def judged(model, split, config, judge):
    """Judge one network; see `evaluation.evaluate` and `factors.costs`."""
    found = evaluation.evaluate(model, split, config, judge)
    if "factors" in config.judged and getattr(model, "code", "none") != "none":
        found |= factors.costs(model, split.test, config)
    return found


def run(config):
    """Train every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `judged` and
        `seconds_per_epoch`; for `untrained`, the first variant before training, the
        same; those of `yardsticks.baselines`; `parameters`. The main model is the
        first variant's.
    """
    with running("wavenet_autoencoder", config) as report:
        split = data.load(config)
        judge = None
        if {"sound", "noise"} & set(config.judged):
            judge = evaluation.Judge(split.train, config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], split)
            report.add(name, trained, judged(trained.model, split, config, judge))
        first = untrained(config, VARIANTS[config.variants[0]])
        found = judged(first, split, config, judge)
        report.metrics |= {f"untrained/{name}": value for name, value in found.items()}
        report.metrics |= yardsticks.baselines(split, config, judge)
        report.figures = figures.all_of(report, split)
    return report


def examples(config):
    """A small compiled network of each kind, with random inputs (`Example`s)."""
    rng = np.random.default_rng(0)
    paper = config.preset.startswith("paper")
    count, length = (1, config.hop) if paper else (11, config.crop)
    notes = rng.integers(0, theory.NUM_CLASSES, (count, 1 + length)).astype("int32")
    notes[:, 0] = rng.integers(0, 128, count)
    shape = (count, config.n_fft // 2, config.spectral_frames + 1, 1)
    spectra = rng.random(shape).astype("float32")
    for name in ("autoencoder", "spectral") if paper else ("pitched", "spectral"):
        variant = VARIANTS[name]

        def build(variant=variant, **options):
            runtime.seed_everything(config.seed)
            return compiled(config, variant, **options)

        yield Example(name=name, build=build, x=spectra if variant.spectral else notes)
