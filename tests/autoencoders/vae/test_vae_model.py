"""The two families: sizes, outputs, what the loss is made of, precision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.autoencoders.vae import config, evaluation, experiment, paper, theory
from lessons.autoencoders.vae.model import DenseVAE
from lessons.autoencoders.vae.model_conv import ConvVAE, PerforatedUpSampling2D
from lessons.autoencoders.vae.optimizers import RescalingRMSprop
from lessons.autoencoders.vae.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

FLOAT32 = 1e-5


def make(family, **options):
    keras.utils.set_random_seed(0)
    options = {"variance": 0.05, "seed": 0, **options}
    if family == "dense":
        return DenseVAE((8, 8, 1), 4, (16, 8), (8, 16), **options)
    return ConvVAE((8, 8, 1), 4, (4, 8), 12, **options)


@pytest.fixture(params=["dense", "conv"])
def family(request):
    return request.param


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((25, 8, 8, 1), dtype=np.float32)


@pytest.mark.parametrize("name", ["paper", "paper_conv"])
def test_paper_presets_have_the_published_number_of_parameters(name):
    model = experiment.build_model(
        config.PRESETS[name], VARIANTS["bn_sgd"], (28, 28, 1)
    )
    assert runtime.num_parameters(model) == paper.PAPER_PARAMETERS[name]
    mean, scale = model.encoder(np.zeros((2, 28, 28, 1), "float32"))
    assert mean.shape == scale.shape == (2, config.PRESETS[name].latent_dim)
    assert model.decoder(mean).shape == (2, 28, 28, 1)


def test_biases_before_normalisation_are_the_4112_redundant_parameters():
    model = experiment.build_model(
        config.PRESETS["paper"], VARIANTS["bn_sgd"], (28, 28, 1)
    )
    biases = [w for w in model.trainable_weights if w.name == "bias"]
    assert sum(int(np.prod(w.shape)) for w in biases) == 4112


def test_output_is_a_named_tuple_of_the_documented_shapes(family, images):
    output = make(family)(images)
    assert output.mean.shape == output.scale.shape == output.z.shape == (25, 4)
    assert output.reconstruction.shape == images.shape
    assert np.min(output.scale) > 0
    assert np.max(np.abs(output.reconstruction)) <= 1


def test_loss_is_the_mean_cost_and_metrics_are_its_parts(family, images):
    model = make(family)
    output = model(images)
    loss = float(model.compute_loss(x=images, y_pred=output))
    error = np.sum((images - output.reconstruction) ** 2, axis=(1, 2, 3))
    kl = np.asarray(theory.gaussian_kl(output.mean, output.scale))
    assert loss == pytest.approx(np.mean(error / 0.1 + kl), rel=FLOAT32)
    assert float(model.kl_metric.result()) == pytest.approx(kl.mean(), rel=FLOAT32)
    squared_error = float(model.squared_error_metric.result())
    assert squared_error == pytest.approx(error.mean(), rel=FLOAT32)


def test_sample_weights_weigh_the_cost(images):
    model = make("dense")
    output = model(images)
    weights = np.zeros(25, "float32")
    weights[3] = 25.0
    only = tuple(part[3:4] for part in output)
    alone = float(model.compute_loss(x=images[3:4], y_pred=type(output)(*only)))
    weighted = model.compute_loss(x=images, y_pred=output, sample_weight=weights)
    assert float(weighted) == pytest.approx(alone, rel=FLOAT32)


def test_kl_starts_above_its_floor_only_with_normalisation(images):
    for batch_norm in (True, False):
        output = make("dense", batch_norm=batch_norm)(images, training=True)
        kl = float(np.mean(theory.gaussian_kl(output.mean, output.scale)))
        assert (kl > 0.5 * 4 * 0.99) == batch_norm


def test_compiled_by_xla_or_not_the_gradients_agree(images):
    keras.utils.set_random_seed(0)
    model = ConvVAE((8, 8, 1), 4, (4,), 12, variance=0.05)  # has dense layers, too
    noise = tf.random.stateless_normal((25, 4), (1, 2))

    def gradients(batch):
        with tf.GradientTape() as tape:
            mean, scale = model.encoder(batch, training=True)
            y = model.decoder(mean + scale * noise, training=True)
            loss = tf.reduce_mean(theory.cost(batch, y, mean, scale, 0.05))
        return tape.gradient(loss, model.trainable_variables)

    plain = gradients(images)
    compiled = tf.function(gradients, jit_compile=True)(images)
    scale = max(np.max(np.abs(g)) for g in plain)
    for one, other in zip(plain, compiled, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4 * scale)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_keeps_the_loss_in_float32(family, images, precision):
    keras.config.set_dtype_policy(precision)
    try:
        model = make(family)
        output = model(images)
        assert {part.dtype.name for part in output} == {"float32"}
        inner = [layer.compute_dtype for layer in model.encoder.layers]
        assert precision.removeprefix("mixed_") in inner
        if (family, precision) == ("dense", "mixed_float16"):
            # bfloat16 trains in the contract. Here ten steps go by until the scale of
            # the loss fits float16; then the loss drops to a fifth.
            model.compile(RescalingRMSprop(1e-2), run_eagerly=True)
            history = model.fit(images, batch_size=5, epochs=4, verbose=0).history
            assert history["loss"][-1] < 0.5 * history["loss"][0]
    finally:
        keras.config.set_dtype_policy("float32")


def test_perforated_upsampling_is_a_strided_transposed_convolution():
    random = np.random.default_rng(1)
    x = random.normal(size=(2, 3, 5, 4)).astype("float32")
    kernel = random.normal(size=(3, 3, 4, 6)).astype("float32")
    up = PerforatedUpSampling2D()(x)
    assert up.shape == (2, 6, 10, 4)
    np.testing.assert_array_equal(up[:, ::2, ::2], x)
    assert np.count_nonzero(up) == np.count_nonzero(x)
    convolved = tf.nn.conv2d(up, kernel, 1, "SAME")
    # The transposed convolution by definition: each value adds a flipped kernel.
    expected = np.zeros((2, 8, 12, 6), "float32")
    for i, j in np.ndindex(3, 5):
        patch = np.einsum("bc,uvcf->buvf", x[:, i, j], kernel[::-1, ::-1])
        expected[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += patch
    np.testing.assert_allclose(convolved, expected[:, 1:7, 1:11], atol=1e-4)


def test_sampling_and_paths_have_their_shapes_and_ends():
    model = make("dense")
    samples = model.sample(6, seed=3)
    assert samples.shape == (6, 8, 8, 1)
    np.testing.assert_array_equal(samples, model.sample(6, seed=3))
    path = model.path(48, seed=3)
    assert path.shape == (48, 8, 8, 1)
    ends = keras.random.normal((2, 4), seed=3)
    np.testing.assert_allclose(
        path[[0, -1]], model.decoder(ends, training=False), atol=FLOAT32
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"latent_dim": 0}, "latent_dim"),
        ({"image_shape": (8, 8)}, "image_shape"),
        ({"variance": 0.0}, "variance"),
        ({"variance": float("nan")}, "variance"),
        ({"beta": -1.0}, "beta"),
        ({"output": "tanh"}, "Allowed: clip, sigmoid, linear"),
    ],
)
def test_impossible_arguments_are_named(change, words):
    arguments = {
        "image_shape": (8, 8, 1),
        "latent_dim": 4,
        "encoder_units": (8,),
        "decoder_units": (8,),
        **change,
    }
    with pytest.raises(UserError, match=words):
        DenseVAE(**arguments)


def test_an_image_that_cannot_be_halved_is_refused():
    with pytest.raises(UserError, match="multiples of 4"):
        ConvVAE((10, 8, 1), 4, (4, 8), 12)


def test_an_image_takes_a_multiplication_per_weight_and_place():
    settings = config.PRESETS["smoke"]
    dense = experiment.build_model(settings, VARIANTS["plain_sgd"], (8, 8, 1))
    kernels = [w for w in dense.trainable_weights if w.path.endswith("kernel")]
    assert evaluation.multiplications(dense) == sum(np.prod(w.shape) for w in kernels)
    settings = config.PRESETS["smoke_conv"]
    conv = experiment.build_model(settings, VARIANTS["plain_sgd"], (8, 8, 1))
    first = next(layer for layer in conv.encoder.layers if hasattr(layer, "kernel"))
    weights = sum(np.prod(w.shape) for w in conv.trainable_weights if w.ndim > 1)
    assert first.output.shape[1:3] == (8, 8)
    more = evaluation.multiplications(conv) - weights
    assert more >= 63 * np.prod(first.kernel.shape)
