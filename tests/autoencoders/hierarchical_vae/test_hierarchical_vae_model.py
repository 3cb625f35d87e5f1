"""Both families: sizes, what they see, what they are charged, how they wake."""

import keras
import numpy as np
import pytest

from lessons.autoencoders.hierarchical_vae import (
    config,
    data,
    evaluation,
    paper,
    theory,
)
from lessons.autoencoders.hierarchical_vae.experiment import build_model
from lessons.autoencoders.hierarchical_vae.model_conv import ConvChain
from lessons.autoencoders.hierarchical_vae.model_dense import DenseChain
from lessons.autoencoders.hierarchical_vae.model_parts import GaussianHead, WarmUp
from lessons.autoencoders.hierarchical_vae.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5
LAYERS = 3


def make(family, **options):
    keras.utils.set_random_seed(0)
    options = {"seed": 0, **options}
    if family == "dense":
        return DenseChain((8, 8, 1), (4, 3, 2), 12, **options)
    return ConvChain((8, 8, 1), (4, 6), 8, 3, **options)


@pytest.fixture(params=["dense", "conv"])
def family(request):
    return request.param


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((25, 8, 8, 1), dtype=np.float32)


def wake(model, seed=0):
    """Give the heads weights, so that everything depends on everything."""
    rng = np.random.default_rng(seed)
    for weight in model.trainable_weights:
        if not np.any(weight.numpy()):
            weight.assign(rng.normal(0.0, 0.3, weight.shape))
    return model


def noise_for(model, batch_size, seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(batch_size, *shape) for shape in model.latent_shapes]
    return [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def test_the_paper_preset_has_the_published_number_of_parameters_and_latents():
    preset = config.PRESETS["paper"]
    assert data.image_shape(preset) == paper.PAPER_IMAGE_SHAPE
    model = build_model(preset, VARIANTS["plain"], paper.PAPER_IMAGE_SHAPE)
    assert runtime.num_parameters(model) == paper.PAPER_PARAMETERS
    shapes = [(32, 32, 8), (16, 16, 16), (8, 8, 32), (4, 4, 64), (2, 2, 128)]
    assert model.latent_shapes == [*shapes, (2, 2, 256), (256,)]
    assert sum(map(np.prod, model.latent_shapes)) == paper.PAPER_LATENTS
    picture = np.random.default_rng(0).random((2, 64, 64, 3), dtype=np.float32)
    found = model(picture)
    assert found.output.shape == (2, 32, 32, 3, 256)
    kls = np.array(theory.layer_kls(found.posteriors, found.priors))
    np.testing.assert_array_equal(kls, np.zeros((7, 2)))
    parts = {part.name: part.count_params() for part in (model.features, model.decoder)}
    assert parts == {"features": 40 + 393_328 + 524_800, "decoder": 56_064}
    assert sum(head.count_params() for head in model.heads) == 438_384


def test_the_first_divergence_is_zero_for_any_input(family, images):
    found = make(family)(100 * images)
    for posterior, prior in zip(found.posteriors, found.priors, strict=True):
        for mean, scale in (posterior, prior):
            assert not np.any(mean)
            np.testing.assert_allclose(scale, 1.0, atol=1e-6)
    kls = np.array(theory.layer_kls(found.posteriors, found.priors))
    assert np.array_equal(kls, np.zeros((LAYERS, 25)))


def test_an_inference_has_the_documented_shapes(family, images):
    model = make(family)
    found = model(images)
    for shape, z, (mean, scale) in zip(
        model.latent_shapes, found.samples, found.posteriors, strict=True
    ):
        assert z.shape == mean.shape == scale.shape == (25, *shape)
    assert found.output.shape == (25, 4, 4, 1)
    assert make(family, output="categorical")(images).output.shape == (25, 4, 4, 1, 256)


@pytest.mark.parametrize("context", ["all", "top"])
def test_completions_do_not_look_into_the_hole(family, images, context):
    model = wake(make(family, context=context))
    other = data.fill(images, np.zeros((25, 4, 4, 1)))
    np.testing.assert_array_equal(model.complete(images), model.complete(other))
    assert np.any(model(images).posteriors[0][0] != model(other).posteriors[0][0])


def test_only_the_top_prior_sees_the_border_of_context_top(family, images):
    for context, sees in (("top", False), ("all", True)):
        model = wake(make(family, context=context))
        above = noise_for(model, 1)[1]
        answers = []
        for picture in images[:2]:
            borders = model.read(data.masked(picture[None]))
            chain = model.prior_functions(borders)
            answers.append((chain[0](above)[0], chain[-1](None)[0]))
        assert np.any(answers[0][0] != answers[1][0]) == sees
        assert np.any(answers[0][1] != answers[1][1])


def test_a_deterministic_model_has_no_noise_and_no_recognition(family, images):
    model = wake(make(family, posterior="none"))
    found = model(images)
    np.testing.assert_array_equal(found.output, model(images).output)
    np.testing.assert_allclose(
        found.output, model.complete(images, None)[0], atol=FLOAT32
    )
    assert model.heads == []
    other = data.fill(images, np.zeros((25, 4, 4, 1)))
    np.testing.assert_array_equal(found.output, model(other).output)


def test_freezing_is_at_the_conditional_mean(family, images):
    model = wake(make(family))
    draws = {v: model.complete(images, v, 6, seed=3) for v in (None, 1, 2, 3, "all")}
    assert draws["all"].shape == (6, 25, 4, 4, 1)
    np.testing.assert_allclose(draws[None] - draws[None][:1], 0, atol=FLOAT32)
    for vary in (1, 2, 3, "all"):
        assert draws[vary].std(axis=0).max() > 1e-3
        np.testing.assert_array_equal(
            draws[vary], model.complete(images, vary, 6, seed=3)
        )
    # Layer 3 by hand: z_2 and z_1 follow at their means.
    context = model.read(data.masked(images))
    chain = model.prior_functions(context)
    mean, scale = chain[2](None)
    z = mean
    for layer in (1, 0):
        z = chain[layer](z)[0]
    np.testing.assert_allclose(draws[None][0], model.decode(z, context), atol=FLOAT32)


def test_loss_is_the_negative_bound_with_weight_and_floor(family, images):
    model = wake(make(family, free_bits=2.0))
    model.kl_weight.assign(0.5)
    found = model(images)
    kls = np.array(theory.layer_kls(found.posteriors, found.priors)).mean(axis=1)
    log_px = np.mean(evaluation.log_likelihood(model, images, found.output))
    loss = float(model.compute_loss(x=images, y_pred=found))
    expected = -log_px + 0.5 * np.maximum(kls, 2.0).sum()
    assert loss == pytest.approx(expected, rel=1e-4)
    shown = {tracker.name: float(tracker.result()) for tracker in model.trackers}
    assert shown["bound"] == pytest.approx(log_px - kls.sum(), rel=1e-4)
    assert shown["kl_2"] == pytest.approx(kls[1], rel=1e-4)


def test_sample_weights_weigh_the_bound(images):
    model = wake(make("dense"))
    noise = noise_for(model, 25)
    weights = np.zeros(25, "float32")
    weights[3] = 25.0
    alone = model(images[3:4], noise=[values[3:4] for values in noise])
    expected = float(model.compute_loss(x=images[3:4], y_pred=alone))
    found = model(images, noise=noise)
    weighed = model.compute_loss(x=images, y_pred=found, sample_weight=weights)
    assert float(weighed) == pytest.approx(expected, rel=FLOAT32)


def train(model, images, rate, epochs, batch_size=25, **options):
    """Train eagerly: tests of the contract compile."""
    model.compile(keras.optimizers.Adam(rate), run_eagerly=True)
    options |= {"batch_size": batch_size, "epochs": epochs, "verbose": 0}
    return model.fit(images, **options).history


@pytest.mark.parametrize(
    ("family", "posterior", "epochs"),
    [
        # A chain wakes from the pixels up. Heads start at zero weights, and a layer has
        # no gradient before the prior below it depends on it: two steps each.
        ("dense", "bottom_up", 2 * LAYERS + 2),
        ("dense", "ladder", 2 * LAYERS + 2),
        ("dense", "none", 2),
        ("conv", "bottom_up", 2 * LAYERS + 2),
    ],
)
def test_a_few_steps_change_every_weight_and_raise_the_bound(
    family, posterior, epochs, images
):
    model = make(family, posterior=posterior)
    before = [weight.numpy() for weight in model.trainable_weights]
    bounds = train(model, images, 1e-2, epochs=epochs)["bound"]
    assert bounds[-1] > bounds[0]
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert np.any(weight.numpy() != old), weight.path
        assert np.all(np.isfinite(weight.numpy()))


def test_the_first_step_leaves_what_is_behind_the_heads(images):
    model = make("dense", context="top")
    before = [weight.numpy() for weight in model.features.trainable_weights]
    train(model, images, 1e-3, epochs=1)
    for weight, old in zip(model.features.trainable_weights, before, strict=True):
        np.testing.assert_array_equal(weight, old)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_keeps_the_bound_in_float32(family, images, precision):
    keras.config.set_dtype_policy(precision)
    try:
        model = make(family)
        found = model(images)
    finally:
        keras.config.set_dtype_policy("float32")
    parts = [found.output, *found.samples, *sum(found.posteriors, ())]
    assert {keras.backend.standardize_dtype(part.dtype) for part in parts} == {
        "float32"
    }
    inner = [layer.compute_dtype for layer in model.features.layers]
    assert precision.removeprefix("mixed_") in inner


def test_warm_up_sets_the_weight_and_leaves_it_at_one(images):
    model, seen = make("dense"), []
    look = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: seen.append(float(model.kl_weight))
    )
    train(model, images, 1e-3, epochs=4, callbacks=[WarmUp(10), look])
    assert seen == pytest.approx([0.0, 0.1, 0.2, 0.3])
    assert float(model.kl_weight) == 1.0


def test_a_head_is_a_map_of_the_last_axis():
    head = GaussianHead(2)
    x = np.random.default_rng(0).normal(size=(3, 4, 4, 5)).astype("float32")
    head.build(x.shape)
    head.kernel.assign(np.random.default_rng(1).normal(size=(5, 4)))
    mean, scale = head(x)
    np.testing.assert_allclose(mean, x @ head.kernel.numpy()[:, :2], atol=FLOAT32)
    assert np.min(scale) >= theory.SMALLEST_SCALE
    assert head.compute_output_shape(x.shape) == ((3, 4, 4, 2), (3, 4, 4, 2))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"image_shape": (6, 8, 1)}, "multiples of 4"),
        ({"latents": (4, 0)}, "latents and hidden"),
        ({"latents": ()}, "at least 1 layer"),
        ({"context": "none"}, "Allowed: .*all.*top"),
        ({"posterior": "top_down"}, "unknown posterior"),
        ({"output": "beta"}, "unknown output"),
        ({"free_bits": -1.0}, "free_bits"),
        ({"pixel_scale": 0.0}, "pixel_scale"),
    ],
)
def test_impossible_arguments_are_named(change, words):
    arguments = {"image_shape": (8, 8, 1), "latents": (4, 2), "hidden": 8, **change}
    with pytest.raises(UserError, match=words):
        DenseChain(**arguments)


def test_images_that_cannot_be_halved_and_unknown_layers_are_refused():
    with pytest.raises(UserError, match="multiples of 8"):
        ConvChain((12, 8, 1), (4, 4, 4), 8, 3)
    with pytest.raises(UserError, match="unknown layers that vary 4"):
        make("dense").complete(np.zeros((1, 8, 8, 1), "float32"), 4)
