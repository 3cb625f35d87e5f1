"""The GANs that measure what they generate, and the networks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lessons.adversarial.ambient_gan import experiment, networks
from lessons.adversarial.ambient_gan.config import MEASUREMENTS, PRESETS
from lessons.adversarial.ambient_gan.measurements import BlockPixels
from lessons.adversarial.ambient_gan.model import AmbientGAN, AmbientWGAN
from lessons.adversarial.ambient_gan.paper import PAPER_PARAMETERS
from lessons.adversarial.ambient_gan.variants import VARIANTS
from lessons.toolkit.adversarial import PenalizedWGAN
from lessons.toolkit.errors import UserError

SMOKE = PRESETS["smoke"].replace(patch=3)
SHAPE = (8, 8, 1)


@pytest.fixture
def seen():
    rng = np.random.default_rng(0)
    mask = rng.random((32, *SHAPE)) < 0.2
    return (mask * rng.uniform(size=mask.shape)).astype(np.float32)


def make(name="ambient", shape=SHAPE, **changes):
    return experiment.compiled(SMOKE.replace(**changes), VARIANTS[name], shape)


def changed(before, network):
    pairs = zip(before, network.get_weights(), strict=True)
    return [not np.array_equal(a, b) for a, b in pairs]


@pytest.mark.parametrize("loss", ["wgan_gp", "gan"])
def test_each_turn_changes_every_weight_of_one_network(loss, seen):
    model = make(loss=loss)
    codes = model.codes(32)
    kept = [n.get_weights() for n in (model.generator, model.critic)]
    model.update_generator(seen, codes)
    assert all(changed(kept[0], model.generator))
    assert not any(changed(kept[1], model.critic))
    kept[0] = model.generator.get_weights()
    model.update_critic(seen, codes)
    # A constant added to a Wasserstein critic has no gradient.
    assert sum(changed(kept[1], model.critic)) == len(kept[1]) - (loss == "wgan_gp")
    assert not any(changed(kept[0], model.generator))


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_critic_sees_measured_fakes_and_unmeasured_data(name):
    model = make(measurement=name)
    shape = model.critic.input_shape[1:]
    real = np.random.default_rng(1).normal(size=(4, *shape)).astype(np.float32)
    calls = []
    critic = model.critic

    class Spy:
        trainable_variables = critic.trainable_variables

        def __call__(self, inputs, training=None):
            calls.append(np.asarray(inputs))
            return critic(inputs, training=training)

    model._tracker.unlock()
    object.__setattr__(model, "critic", Spy())
    model.critic_loss(real, model.codes(4))
    batch = calls[0]
    np.testing.assert_array_equal(batch[:4], real)
    assert batch.shape == (12, *shape)
    between = np.minimum(real, batch[4:8]) - 1e-5 <= batch[8:]
    assert np.all(between & (batch[8:] <= np.maximum(real, batch[4:8]) + 1e-5))


def test_fakes_are_measurements_of_samples_with_new_masks_each_time():
    model = make(p=0.8)
    codes = model.codes(50)
    images = model.generator(codes).numpy()
    first, second = (model.fakes(codes).numpy() for _ in range(2))
    for fakes in (first, second):
        assert np.all((fakes == 0) | (fakes == images))
        assert np.mean(fakes == 0) == pytest.approx(0.8, abs=0.03)
    assert np.any(first != second)


def test_without_measurement_it_is_the_plain_wgan(seen):
    model = make("full")
    plain = PenalizedWGAN(model.generator, model.critic, seed=0)
    codes = model.codes(32)
    np.testing.assert_array_equal(model.fakes(codes), plain.fakes(codes))
    assert float(model.generator_loss(seen, codes)) == pytest.approx(
        float(plain.generator_loss(seen, codes))
    )


def test_generator_gradient_passes_through_the_mask(seen):
    model = make()
    model.measurement = BlockPixels(SHAPE, 1.0)  # nothing is seen
    codes = model.codes(32)
    weights = [w.value for w in model.generator.trainable_variables]
    with tf.GradientTape() as tape:
        loss = model.generator_loss(seen, codes)
    gradients = tape.gradient(loss, weights)
    assert all(np.all(np.asarray(g) == 0) for g in gradients)


def test_remeasured_data_are_measured_in_the_step(seen):
    model = make(remeasure=True, p=0.9)
    ones = np.ones((64, *SHAPE), np.float32)
    calls = []
    model.measurement = type(
        "Spy",
        (BlockPixels,),
        {"__call__": lambda self, x, seed=None: calls.append(np.asarray(x)) or x},
    )(SHAPE, 0.9)
    model.critic_loss(ones, model.codes(64))
    assert len(calls) == 2  # the data and the samples
    assert any(np.array_equal(call, ones) for call in calls)


def test_codes_are_uniform():
    codes = make().codes(5000).numpy()
    assert np.abs(codes).max() <= 1
    # 80,000 numbers of deviation 0.577: four standard errors are 0.008
    assert codes.mean() == pytest.approx(0, abs=0.01)
    assert codes.std() == pytest.approx(3**-0.5, abs=0.01)


@pytest.mark.parametrize("name", MEASUREMENTS)
@pytest.mark.parametrize("loss", ["wgan_gp", "gan"])
def test_saved_model_gives_the_same_samples_and_trains_on(name, loss, tmp_path):
    model = make(measurement=name, loss=loss)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is (AmbientGAN if loss == "gan" else AmbientWGAN)
    np.testing.assert_array_equal(loaded.sample(5, seed=1), model.sample(5, seed=1))
    assert loaded.measurement.get_config() == model.measurement.get_config()
    data = np.ones((3, *model.critic.input_shape[1:]), np.float32)
    losses = [m.critic_loss(data, m.codes(3, seed=1)) for m in (model, loaded)]
    assert np.all(np.isfinite(losses))


def test_whole_step_compiles_with_xla():
    model = make(measurement="extract_patch")
    model.compile(keras.optimizers.Adam(), keras.optimizers.Adam(), jit_compile=True)
    data = np.ones((16, *model.critic.input_shape[1:]), np.float32)
    history = model.fit(data, batch_size=8, epochs=2, verbose=0).history
    assert np.isfinite(history["loss"][-1])


def test_compiled_update_agrees_with_the_eager_one(seen):
    updated = []
    for wrap in (lambda f: f, tf.function):
        model = make()
        codes = model.codes(32, seed=3)
        wrap(model.update_generator)(seen, codes)
        wrap(model.update_critic)(seen, codes)
        updated.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    np.testing.assert_allclose(updated[1], updated[0], atol=1e-5)


def test_scores_are_float32_under_mixed_precision(seen):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        scores = make().critic(seen)
    finally:
        keras.config.set_dtype_policy(policy)
    assert scores.dtype == tf.float32


def test_published_mnist_networks_have_their_parameters():
    model = experiment.build_model(PRESETS["paper"], VARIANTS["ambient"], (28, 28, 1))
    assert model.generator.count_params() == PAPER_PARAMETERS["generator"]
    assert model.critic.count_params() == PAPER_PARAMETERS["critic"]
    assert model.sample(1).shape == (1, 28, 28, 1)
    assert model.generator.layers[4].output.shape[1:] == (7, 7, 128)


def test_published_face_networks_have_their_shapes_and_parameters():
    config = PRESETS["paper_faces"]
    generator, critic = networks.build(config, (64, 64, 3), (64, 64, 3))
    # weights and biases of the table, then gains and offsets of the normalisation
    sizes = ((512, 256), (256, 128), (128, 64), (64, 3))
    expected = 101 * 8192 + sum(25 * a * b + b for a, b in sizes)
    expected += 2 * (512 + 256 + 128 + 64)
    assert sum(np.prod(w.shape) for w in generator.trainable_weights) == expected
    sizes = ((3, 64), (64, 128), (128, 256), (256, 512))
    expected = sum(25 * a * b + b for a, b in sizes) + 4 * 4 * 512 + 1
    expected += 2 * (128 + 256 + 512)
    assert sum(np.prod(w.shape) for w in critic.trainable_weights) == expected
    assert generator.output_shape == (None, 64, 64, 3)


def test_face_networks_take_both_losses():
    for loss in ("gan", "wgan_gp"):
        changes = {"networks": "dcgan", "loss": loss, "measurement": "extract_patch"}
        model = make(shape=(16, 16, 1), **changes)
        codes = model.codes(2)
        seen = np.zeros((2, 3, 3, 1), np.float32)
        losses = model.critic_loss(seen, codes), model.generator_loss(seen, codes)
        assert np.all(np.isfinite(losses))
        normalised = "batch_normalization" in str(model.critic.weights)
        assert normalised == (loss == "gan")


def test_projections_of_faces_get_the_published_dense_critic():
    config = PRESETS["paper_faces"].replace(measurement="pad_rotate_project")
    model = experiment.build_model(config, VARIANTS["ambient"], (64, 64, 3))
    trained = sum(np.prod(w.shape) for w in model.critic.trainable_weights)
    assert trained == 277 * 100 + 101 * 100 + 101 + 4 * 100  # 92 * 3 = 276 inputs
    assert [type(layer).__name__ for layer in model.critic.layers].count(
        "BatchNormalization"
    ) == 2


@pytest.mark.parametrize(
    ("changes", "shape", "named"),
    [
        ({"networks": "mnist"}, (8, 8, 1), "28x28x1"),
        ({"networks": "dcgan"}, (24, 24, 3), "multiple of 16"),
        ({"measurement": "keep_patch", "assumed_p": 0.5}, SHAPE, "assumed_p"),
    ],
)
def test_networks_that_do_not_fit_are_refused(changes, shape, named):
    with pytest.raises(UserError, match=named):
        make(shape=shape, **changes)
