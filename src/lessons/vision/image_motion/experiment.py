"""Learn motions from clips without labels and judge what was learned: `run(config)`."""

import functools

import keras
import numpy as np
from keras import layers

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running
from lessons.vision.image_motion import (
    baselines,
    data,
    evaluation,
    figures,
    readouts,
    saliency,
)
from lessons.vision.image_motion.model import GroupLearner
from lessons.vision.image_motion.networks import MotionNetwork
from lessons.vision.image_motion.variants import VARIANTS

ALONE = "A loss that compares the clips of a batch with each other"


def build_network(config, variant):
    """The network that embeds sequences.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    return MotionNetwork(
        (config.height, config.width, 1),
        config.filters,
        dilations=config.dilations or None,
        strides=config.strides,
        pools=config.pools,
        normalize=config.normalize,
        average=config.average,
        features=config.features,
        units=config.units,
        inputs=variant.inputs,
        seed=config.seed,
    )


def build_model(config, variant):
    """The learner of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    return GroupLearner(
        build_network(config, variant),
        variant.distance,
        config.margin,
        variant.middles,
        variant.ramps,
        variant.twins,
        config.seed,
    )


def _optimizer(config):
    steps = config.epochs * -(-config.num_train // config.batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps)
    return keras.optimizers.Adam(schedule)


def compiled(config, variant, **options):
    """The learner of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    model = build_model(config, variant)
    model.build((None, config.num_frames, config.height, config.width, 1))
    model.compile(_optimizer(config), **options)
    return model


def train(config, variant, clips, start=None):
    """Train one variant on clips, without looking at their motion: a `Trained`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        clips: `data.Clips`.
        start: a `MotionNetwork` with the first weights of a variant that does not begin
            with random ones.
    """
    model = compiled(config, variant)
    if variant.start == "labels":
        model.network.set_weights(start.get_weights())
    frames = clips.frames
    if variant.twins:
        frames = np.concatenate([frames, clips.twins], axis=1)
    return fit(model, frames, config, description=variant.label)


def train_supervised(config, clips):
    """Train the network of the first variant on labels: a yardstick, a `Trained`.

    The model gives the motion in standard deviations of the training clips, from the
    first, the middle and the last frame.

    Args:
        config: a `Config`.
        clips: `data.Clips`.
    """
    runtime.seed_everything(config.seed)
    network = build_network(config, VARIANTS["pairs"])
    shape = (None, config.height, config.width, 1)
    start = keras.initializers.GlorotUniform(seed=config.seed)
    head = layers.Dense(clips.motion.shape[1], kernel_initializer=start)
    model = keras.Sequential([keras.Input(shape), network, head])
    model.compile(_optimizer(config), "mse")
    order = list(evaluation.through(clips.frames))
    spread = np.maximum(clips.motion.std(axis=0), 1e-9)
    targets = ((clips.motion - clips.motion.mean(axis=0)) / spread).astype("float32")
    frames = np.ascontiguousarray(clips.frames[:, order])
    return fit(model, frames, config, y=targets, description="with labels")


def supervised(model, train_clips, test_clips):
    """What the same network reads from clips if it is told the motion of some.

    Its saliency is a control for the others: it knows the motion.

    Args:
        model: as `train_supervised` gives it.
        train_clips, test_clips: `data.Clips`.

    Returns:
        Dictionary of floats, `supervised/r2_NAME` and those of `saliency.lobes`.
    """
    order = evaluation.through(test_clips.frames)
    parts = train_clips, test_clips
    codes = [evaluation.embed(model, part.frames, order) for part in parts]
    found = readouts.by_name(
        codes[0], train_clips.motion, codes[1], test_clips.motion, test_clips.names
    )
    found |= saliency.lobes(model.layers[0], test_clips.frames)
    return {f"supervised/{name}": value for name, value in found.items()}


def scores(config, network, train_clips, test_clips):
    """Numbers of a network: `evaluation.evaluate`, and `saliency.lobes`.

    Args:
        config: a `Config`.
        network: a `MotionNetwork`.
        train_clips, test_clips: `data.Clips`.
    """
    found = evaluation.evaluate(network, train_clips, test_clips, config.margin)
    return found | saliency.lobes(network, test_clips.frames)


def run(config):
    """Train every variant of a configuration and judge it on test clips.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: for each variant and for `untrained` those of `scores`;
        those of `baselines.of` and `supervised`; `parameters` and
        `seconds_per_epoch`. The main model is the first variant's.
    """
    with running("image_motion", config, one_device=ALONE) as report:
        clips, test = data.load(config)
        told = None
        if config.labels:
            labelled = train_supervised(config, clips).model
            report.metrics |= supervised(labelled, clips, test)
            told = labelled.layers[0]
        for name in config.variants:
            trained = train(config, VARIANTS[name], clips, told)
            found = scores(config, trained.model.network, clips, test)
            found["train_loss"] = trained.history["loss"][-1]
            report.add(name, trained, found)
        found = scores(config, build_network(config, VARIANTS["pairs"]), clips, test)
        report.metrics |= {f"untrained/{key}": value for key, value in found.items()}
        report.metrics |= baselines.of(clips, test, config)
        report.figures = figures.all_of(report, test)
    return report


def examples(config):
    """Small compiled learners with random clips (`Example`s).

    One for each input of the convolutions: distances and middles change no layer.
    """
    rng = np.random.default_rng(0)
    large = config.features >= 100
    shape = (2 if large else 7, config.num_frames, config.height, config.width, 1)
    clips = rng.random(shape, dtype="float32")
    kinds = ("pairs",) if large else ("pairs", "frames")
    for name in kinds:
        yield Example(
            name=name,
            build=functools.partial(compiled, config, VARIANTS[name]),
            x=clips,
        )
