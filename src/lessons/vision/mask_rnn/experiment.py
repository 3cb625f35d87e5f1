"""Train the streams, the recurrence and the localiser, and segment: `run(config)`."""

import functools

import numpy as np

from lessons.toolkit import runtime
from lessons.toolkit.experiment import Example, fit, running
from lessons.vision.mask_rnn import (
    baselines,
    boxes,
    data,
    evaluation,
    figures,
    fine_tuning,
    samples,
    trials,
)
from lessons.vision.mask_rnn.fine_tuning import adam
from lessons.vision.mask_rnn.localiser import Localiser
from lessons.vision.mask_rnn.model import MaskRNN, Segmenter
from lessons.vision.mask_rnn.networks import MaskNet
from lessons.vision.mask_rnn.variants import VARIANTS

CLIP = 1.0  # greatest norm of a gradient through time
ALONE = "masks that are fine-tuned and handed from training to training"


def build_model(config, variant):
    """The `MaskNet` of a variant, not compiled.

    Args:
        config: a `Config`.
        variant: a `Variant`.
    """
    first = "appearance" if variant.mask else "rgb"
    return MaskNet(
        (config.height, config.width),
        (first,) if variant.flow == "none" else (first, "flow"),
        config.filters,
        config.depths,
        config.first_side,
        config.side,
        seed=config.seed,
    )


def segmenter(config, net, num_examples=1, **options):
    """A network ready to be trained on static frames; options go to `compile`."""
    model = Segmenter(net, config.balanced)
    steps = -(-num_examples // config.batch_size) * config.epochs
    model.compile(adam(config.learning_rate, steps), **options)
    return model


def further(config, variant, net, num_examples=1, **options):
    """A trained network ready to go on, on clips or on static frames."""
    if variant.further == "static":
        model = Segmenter(net, config.balanced)
    else:
        model = MaskRNN(net, config.balanced, variant.truncate)
    steps = -(-num_examples // further_batch(config, variant))
    model.compile(adam(config.further_rate, steps, clipnorm=CLIP), **options)
    return model


def further_batch(config, variant):
    """Examples of a step of further training: clips, or as many frames one by one."""
    return config.clip_batch * (1 if variant.further == "clips" else config.unroll)


def further_examples(config, variant, videos):
    """What a trained network goes on with, always the same frames: (x, y)."""
    rng, foreign = np.random.default_rng((config.seed, 2)), variant.flow == "foreign"
    tracks = samples.draw_tracks(videos, config.num_clips, -config.unroll, rng)
    if variant.further == "clips":
        return samples.clips(videos, tracks, config.unroll, foreign)
    video, first, number = (np.repeat(each, config.unroll) for each in tracks)
    first = first + np.tile(np.arange(config.unroll), config.num_clips)
    if variant.further == "warped":
        return samples.clips(videos, (video, first, number), 1, foreign)
    return samples.static(videos, (video, first + 1, number), config, rng, foreign)


def train(config, variant, videos, start=None):
    """Train one variant; returns a `Trained` whose model has the network as `net`.

    Args:
        config: a `Config`.
        variant: a `Variant`.
        videos: training `Videos`.
        start: the trained `MaskNet` of `variant.start`.
    """
    runtime.seed_everything(config.seed)
    net, foreign = build_model(config, variant), variant.flow == "foreign"
    if start is None:
        rng = np.random.default_rng((config.seed, 1))
        tracks = samples.draw_tracks(
            videos, config.num_samples, config.num_frames - 1, rng
        )
        x, y = samples.static(videos, tracks, config, rng, foreign)
        model = segmenter(config, net, len(x))
        return fit(model, x, config, y=y, description=variant.label)
    net.set_weights(start.get_weights())
    x, y = further_examples(config, variant, videos)
    settings = config.replace(epochs=1, batch_size=further_batch(config, variant))
    model = further(config, variant, net, len(x))
    return fit(model, x, settings, y=y, description=variant.label)


def localiser(config, net, num_examples=1, **options):
    """A localiser of a trained network, ready to be trained."""
    model = Localiser(net, config.box_units, config.bins, config.seed)
    steps = -(-num_examples // config.batch_size) * config.box_epochs
    model.compile(adam(config.learning_rate / 4, steps), **options)
    return model


def train_localiser(config, net, videos, shuffled=False):
    """Train a localiser on static frames: a `Trained`, and the mean of its targets.

    Args:
        config: a `Config`.
        net: the trained `MaskNet`.
        videos: training `Videos`.
        shuffled: whether boxes belong to other frames: a control.
    """
    rng = np.random.default_rng((config.seed, 3))
    tracks = samples.draw_tracks(videos, config.num_samples, config.num_frames - 1, rng)
    x, y = samples.static(videos, tracks, config, rng)
    deltas = boxes.targets(x, y)
    if shuffled:
        deltas = deltas[rng.permutation(len(deltas))]
    own = MaskNet.from_config(net.get_config())  # a localiser freezes its network
    own.set_weights(net.get_weights())
    model = localiser(config, own, len(x))
    settings = config.replace(epochs=config.box_epochs)
    trained = fit(model, x, settings, y=deltas, description="localiser")
    return trained, deltas.mean(axis=0)


def tried(config, name, net, train_videos, videos, theirs):
    """One network under other conditions: with wrong inputs, and within boxes.

    Args:
        config: a `Config`.
        name: its variant.
        net: the trained `MaskNet`.
        train_videos, videos: training and test `Videos`.
        theirs: its J by video and frame.

    Returns:
        (localiser, metrics): the trained localiser, and numbers by
        `CONDITION/VARIANT/METRIC` and `gain/VARIANT_CONDITION/METRIC`.
    """
    metrics, kept = {}, None
    for group, shuffled in (("localiser_shuffled", True), ("localiser", False)):
        trained, mean = train_localiser(config, net, train_videos, shuffled)
        found = trials.judged_boxes(config, trained.model, mean, videos)
        metrics |= {f"{group}/{name}/{key}": value for key, value in found.items()}
        kept = trained.model
    found = trials.controls(config, net, videos)
    found |= trials.within_boxes(config, net, kept, videos)
    for condition, (scores, ours) in found.items():
        metrics |= {f"{condition}/{name}/{key}": v for key, v in scores.items()}
        metrics |= trials.gained(f"{name}_{condition}", ours, theirs)
    return kept, metrics


def run(config):
    """Train every variant of a configuration and segment the test videos.

    Args:
        config: a `Config`.

    Returns:
        A `Report`. Metrics: of each variant and of the methods of `baselines` those of
        `evaluation.judge`; `gain/A_B/...`, what A has more than B on the same videos;
        what `tried` finds for the main variant; `online/VARIANT/...` and, on the same
        videos, `offline/VARIANT/...`. The main model is that of `config.main`.
    """
    with running("mask_rnn", config, one_device=ALONE) as report:
        videos, test = data.load(config)
        nets, by_video = {}, {}
        for name in config.variants:
            variant = VARIANTS[name]
            trained = train(config, variant, videos, nets.get(variant.start))
            nets[name], foreign = trained.model.net, variant.flow == "foreign"
            scores, by_video[name] = evaluation.evaluate(
                nets[name], test, radius=config.tolerance, foreign=foreign
            )
            scores["train_loss"] = trained.history["loss"][-1]
            report.add(name, trained, scores)
        numbers, found = baselines.of(test, config.tolerance)
        report.metrics |= numbers | trials.gains(by_video | found)
        if config.trials:
            name = config.main
            report.models["localiser"], numbers = tried(
                config, name, nets[name], videos, test, by_video[name]
            )
            report.metrics |= numbers
        report.metrics |= fine_tuning.compare(config, nets, test)
        report.main(config.main)
        report.figures = figures.all_of(report, test)
    return report


def examples(config):
    """Small compiled models with random inputs (`Example`s).

    The streams are convolutional: those of the paper are shown windows of its frames,
    two steps of them.
    """
    rng = np.random.default_rng(0)
    large = config.height > 100
    if large:
        config = config.replace(height=32, width=48, radius=(4.0, 6.0), unroll=2)
    count, size = 2 if large else 7, (config.height, config.width)
    frames = rng.random((count, *size, 6), dtype="float32")
    clips = rng.random((count, config.unroll + 1, *size, 8), dtype="float32")
    labels = rng.integers(2, size=(count, config.unroll, *size)).astype("float32")

    def build(kind, make, **options):
        runtime.seed_everything(config.seed)
        net = build_model(config, VARIANTS["full"])
        model = make(config, net, **options)
        model.build((None, *kind))
        return model

    kinds = {
        "static": (segmenter, frames, labels[:, 0]),
        "clips": (_further, clips, labels),
        "localiser": (localiser, frames, rng.normal(size=(count, 4)).astype("float32")),
    }
    for name, (make, x, y) in kinds.items():
        yield Example(
            name=name, build=functools.partial(build, x.shape[1:], make), x=x, y=y
        )


def _further(config, net, **options):
    return further(config, VARIANTS["bptt"], net, **options)
