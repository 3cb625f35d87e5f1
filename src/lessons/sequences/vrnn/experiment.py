"""Train every variant of a configuration and judge it: `run(config)`."""

import keras
import numpy as np

from lessons.sequences.vrnn import data, evaluation, figures, replay
from lessons.sequences.vrnn.density import OutputRNN
from lessons.sequences.vrnn.model import VRNN
from lessons.sequences.vrnn.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running

_LONG = 1500  # training steps from which compiling them with XLA pays


def head_of(config, variant):
    """(head, components) of a variant for the sequences of a configuration.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    kind, _, _ = data.kind_of(config)
    many = variant.components or config.components
    if kind == "symbol":
        return "symbol", 1
    mixture = variant.output.endswith("gmm")
    return "pen" if kind == "pen" else variant.output, many if mixture else 1


def build_model(config, variant):
    """The model of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.

    Returns:
        An `OutputRNN` without latent variables, else a `VRNN`.
    """
    _, dim, masked = data.kind_of(config)
    head, components = head_of(config, variant)
    shared = {
        "head": head, "dim": dim, "units": config.units, "components": components,
        "floor": config.floor, "norm": variant.norm, "masked": masked,
        "reduction": config.reduction, "recurrent": config.recurrent,
        "seed": config.seed,
    }  # fmt: skip
    if variant.latents == "none":
        return OutputRNN(
            x_hidden=config.rnn_x_hidden,
            decoder_hidden=config.rnn_decoder_hidden,
            **shared,
        )
    return VRNN(
        x_hidden=config.x_hidden,
        decoder_hidden=config.decoder_hidden,
        latent=config.latent,
        z_hidden=config.z_hidden,
        encoder_hidden=config.encoder_hidden,
        prior_hidden=config.prior_hidden,
        prior=variant.latents,
        memory=variant.memory,
        decoder_sees=variant.decoder_sees,
        **shared,
    )


def compiled(config, variant, steps=0, **options):
    """The model of a variant, ready for `fit`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        steps: of the training, along which the rate falls; 0 for a constant rate.
        **options: for `compile`.
    """
    model = build_model(config, variant)
    model.build((None, None, model.size + model.masked))
    rate = config.rate * variant.rate_factor
    if config.decay and steps:
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    optimizer = keras.optimizers.Adam(rate, global_clipnorm=config.clip)
    model.compile(optimizer, **options)
    return model


def train(config, variant, sequences, callbacks=()):
    """Train one variant; returns a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        sequences: `data.Sequences`.
        callbacks: of Keras.
    """
    runtime.seed_everything(config.seed)
    x, options = sequences.train, {}
    if variant.stream != "fixed":
        rng = np.random.default_rng(config.seed)
        rows = replay.order(
            len(x), config.batch_size, variant.stream, config.buffer, rng
        )
        x, options = x[rows.ravel()], {"shuffle": False}
    steps = config.epochs * -(-len(x) // config.batch_size)
    fast = {"jit_compile": True} if steps >= _LONG else {}
    model = compiled(config, variant, steps, **fast)
    return fit(
        model, x, config, description=variant.label, callbacks=callbacks, **options
    )


def run(config):
    """Train every variant of a configuration and judge it.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant those of `evaluation.evaluate` and
        `seconds_per_epoch`; those of `evaluation.baselines`; `parameters`. The main
        model is the first variant's.
    """
    with running("vrnn", config) as report:
        sequences = data.load(config)
        for name in config.variants:
            trained = train(config, VARIANTS[name], sequences)
            scores = evaluation.evaluate(trained.model, sequences, config)
            report.add(name, trained, scores)
        report.metrics |= evaluation.baselines(sequences, config)
        report.figures = figures.all_of(report, sequences)
    return report


def examples(config):
    """A small compiled model of each kind, with random sequences (`Example`s)."""
    rng = np.random.default_rng(0)
    kind, dim, masked = data.kind_of(config)
    paper = config.preset.startswith("paper")
    shape = (3, 2) if paper else (7, config.num_frames)
    if kind == "symbol":
        x = rng.integers(0, dim, (*shape, 1)).astype("float32")
    else:
        x = rng.normal(size=(*shape, dim)).astype("float32")
    if kind == "pen":
        x[..., 2] = x[..., 2] > 0
    if masked:
        lengths = 1 + np.arange(len(x))[:, None] % shape[1]
        x = np.concatenate([x, (np.arange(shape[1]) < lengths)[..., None]], axis=-1)
    # Orthogonal weights of 4000 units take a minute: another start trains as well.
    small = config.replace(recurrent="glorot_uniform") if paper else config
    for name in config.variants:

        def build(variant=VARIANTS[name], **options):
            runtime.seed_everything(config.seed)
            return compiled(small, variant, **options)

        yield Example(name=name, build=build, x=np.float32(x))
