"""Every equation by two routes, and with a mistake that must show."""

import math

import keras
import numpy as np
import pytest
from scipy import special, stats

from lessons.foundations.convnet_baseline import (
    networks,
    paper,
    theory,
    theory_norm,
    uncertainty,
)
from lessons.foundations.convnet_baseline import theory_momentum as momentum
from lessons.foundations.convnet_baseline.networks import PUBLISHED, Architecture
from lessons.foundations.convnet_baseline.optimizers import (
    AdaptiveMoments,
    NesterovMomentum,
)
from lessons.toolkit.errors import UserError

rng = np.random.default_rng(0)
Z, Y = np.array([-2.0, 0.0, 3.0]), np.array([0.0, 1.0, 1.0])


@pytest.mark.parametrize("name", list(paper.PARAMETERS))
def test_published_networks_have_their_parameters(name):
    assert networks.count_parameters(PUBLISHED[name]) == paper.PARAMETERS[name]


def test_the_blogs_network_has_its_maps_layers_and_fields():
    stages = networks.stages(PUBLISHED["chung"])
    assert tuple(s.parameters for s in stages) == paper.CHUNG_LAYERS
    assert tuple((s.side, s.pooled) for s in stages[:3]) == paper.CHUNG_MAPS
    assert [s.field for s in stages[:3]] == [5, 14, 28]
    assert [s.pooled_field for s in stages[:3]] == [6, 16, 32]
    assert stages[3].fan_in == 576
    bare = Architecture(
        channels=(32, 64, 128),
        kernels=(3, 2, 2),
        strides=(2, 1, 1),
        dense=(128, 16),
        outputs=2,
        batch_norm=True,
    )
    assert networks.count_parameters(bare) == 110_178  # without the dead biases


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "pool"), [(11, 3, 2, 2), (9, 4, 1, 3)]
)
def test_sizes_are_counted_by_hand(side, kernel, stride, pool):
    places = len([x for x in range(0, side, stride) if x + kernel <= side])
    assert theory.conv_size(side, kernel, stride) == places
    assert theory.conv_size(side, kernel, stride, pool) == places // pool


def test_images_that_are_too_small_are_refused():
    with pytest.raises(UserError, match="too small"):
        theory.conv_size(4, 5)
    with pytest.raises(UserError, match="at least 6"):
        theory.conv_size(5, 5, 1, 2)
    with pytest.raises(UserError, match="too small"):
        networks.stages(PUBLISHED["chung"], (31, 31, 3))
    assert networks.stages(PUBLISHED["chung"], (32, 32, 3))[2].pooled == 1
    with pytest.raises(UserError, match="square"):
        networks.stages(PUBLISHED["chung"], (48, 40, 3))
    for wrong in ({"kernels": (5,)}, {"outputs": 3}, {"dense": (0,)}):
        with pytest.raises(UserError):
            Architecture(**wrong)


def test_binary_cross_entropy_is_the_textbooks_and_stays_finite():
    losses = np.asarray(theory.binary_cross_entropy(Z, Y))
    p = special.expit(Z)
    np.testing.assert_allclose(losses, -Y * np.log(p) - (1 - Y) * np.log(1 - p))
    assert losses.mean() == pytest.approx(0.2895542, abs=1e-7)
    large = theory.binary_cross_entropy(
        np.array([1000.0, -1000.0] * 2), np.array([0.0, 0, 1, 1])
    )
    np.testing.assert_array_equal(large, [1000, 0, 0, 1000])
    half = theory.binary_cross_entropy(np.float16([50, -50]), np.float16([0, 0]))
    np.testing.assert_array_equal(half, [50, 0])  # exp(50) is infinite in float16
    assert float(
        theory.binary_cross_entropy(np.zeros(1), np.ones(1))[0]
    ) == pytest.approx(math.log(2))


def test_its_gradient_is_predicted_minus_wanted():
    found = np.asarray(theory.binary_cross_entropy_gradient(Z, Y))
    np.testing.assert_allclose(found / 3, [0.0397343, -1 / 6, -0.0158086], atol=1e-7)
    step = 1e-6
    numeric = (
        np.asarray(theory.binary_cross_entropy(Z + step, Y))
        - np.asarray(theory.binary_cross_entropy(Z - step, Y))
    ) / (2 * step)
    np.testing.assert_allclose(found, numeric, atol=1e-9)


def test_a_softmax_of_two_is_a_sigmoid_of_their_difference():
    pairs = rng.normal(0, 5, (50, 2))
    labels = rng.integers(0, 2, 50)
    softmax = np.asarray(theory.softmax_cross_entropy(pairs, labels))
    sigmoid = theory.binary_cross_entropy(pairs[:, 1] - pairs[:, 0], labels)
    np.testing.assert_allclose(softmax, sigmoid, atol=1e-12)
    wrong = theory.binary_cross_entropy(pairs[:, 0] - pairs[:, 1], labels)
    assert np.abs(softmax - wrong).max() > 0.1


def test_a_column_of_logits_beside_a_row_of_labels_is_refused():
    for function in (theory.binary_cross_entropy, theory.binary_cross_entropy_gradient):
        with pytest.raises(UserError, match="axes"):
            function(np.zeros((3, 1)), np.zeros(3))


def released_path(mu, factor=None):
    """Fifty steps of the released form; `factor` in place of mu squared."""
    w, m, curvatures = np.ones(2), np.zeros(2), np.array(momentum.CURVATURES)
    for _ in range(50):
        g = 0.01 * curvatures * w
        w, m = w + (mu**2 if factor is None else factor) * m - (1 + mu) * g, mu * m - g
    return w


def test_three_forms_of_nesterov_are_one():
    points, momenta = momentum.look_ahead(
        momentum.CURVATURES, momentum.START, 0.01, 0.95, 50
    )
    w, m = np.ones(2), np.zeros(2)
    for _ in range(50):
        w, m = theory.nesterov_step(w, m, np.array(momentum.CURVATURES) * w, 0.01, 0.95)
    np.testing.assert_allclose(w, [-0.00691051, -0.01723277], atol=1e-8)
    np.testing.assert_allclose(w, points[-1] + 0.95 * momenta[-1], atol=1e-14)
    np.testing.assert_allclose(w, released_path(0.95), atol=1e-14)
    np.testing.assert_allclose(points[-1], [-0.02858662, -0.01933647], atol=1e-8)
    assert np.abs(w - released_path(0.95, 0.95)).max() > 1e-3
    ball = momentum.path(
        "heavy_ball", momentum.CURVATURES, momentum.START, 0.01, 0.95, 50
    )
    np.testing.assert_allclose(ball[-1], [-0.00498831, -0.2556979], atol=1e-7)


@pytest.mark.parametrize("method", momentum.METHODS)
@pytest.mark.parametrize("step", [0.01, 0.1])
def test_factors_are_what_long_paths_shrink_by(method, step):
    path = momentum.path(method, (step,), (1.0,), 1.0, 0.95, 3000)[:, 0]
    sizes = np.array([np.abs(path[n : n + 400]).max() for n in (400, 1200)])
    shrunk = (sizes[1] / sizes[0]) ** (1 / 800)
    assert momentum.factor(method, step, 0.95) == pytest.approx(shrunk, abs=2e-3)


def test_factors_are_the_sources():
    found = [momentum.factor(m, s, 0.95) for s in (0.01, 0.1) for m in momentum.METHODS]
    expected = [0.99, 0.974679, 0.969794, 0.9, 0.974679, 0.924662]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert momentum.factor("nesterov", 1.0, 0.95) == 0
    assert momentum.factor("heavy_ball", 1.0, 0.95) == pytest.approx(0.95**0.5)


def steps_of(optimizer, gradients):
    variable = keras.Variable(np.ones(gradients.shape[1], np.float32))
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    return variable.numpy()


@pytest.mark.parametrize(
    ("own", "peer"),
    [
        (
            lambda **o: NesterovMomentum(0.01, 0.95, **o),
            lambda **o: keras.optimizers.SGD(0.01, momentum=0.95, nesterov=True, **o),
        ),
        (
            lambda **o: NesterovMomentum(0.1, 0.0, **o),
            lambda **o: keras.optimizers.SGD(0.1, **o),
        ),
        (
            lambda **o: AdaptiveMoments(0.01, **o),
            lambda **o: keras.optimizers.Adam(0.01, **o),
        ),
    ],
)
@pytest.mark.parametrize("options", [{}, {"global_clipnorm": 0.5}])
def test_hand_written_optimizers_are_kerass(own, peer, options):
    gradients = rng.normal(0, [1e-4, 1, 30], (60, 3)).astype(np.float32)
    ours = steps_of(own(**options), gradients)
    np.testing.assert_allclose(ours, steps_of(peer(**options), gradients), rtol=3e-6)
    assert np.abs(ours - 1).min() > 1e-7


def test_the_first_step_of_adam_has_the_size_of_the_rate_but_for_tiny_gradients():
    for gradient in (-5.0, 200.0, 1e-3):
        moved = theory.adam_step(0.0, 0.0, 0.0, gradient, 1, 0.1)[0]
        expected = -0.1 * gradient / (abs(gradient) + 1e-7 / math.sqrt(1 - 0.999))
        assert moved == pytest.approx(expected, rel=1e-9)
    sizes = [
        -theory.adam_step(0.0, 0.0, 0.0, g, 1, 1.0)[0] for g in (1e-3, 1e-5, 1e-6, 1e-7)
    ]
    np.testing.assert_allclose(sizes, [0.9969, 0.76, 0.24, 0.0307], rtol=5e-3)


def test_optimizers_refuse_what_cannot_be():
    with pytest.raises(UserError, match="mu"):
        NesterovMomentum(mu=1.0)
    with pytest.raises(UserError, match="beta_2"):
        AdaptiveMoments(beta_2=-0.1)
    with pytest.raises(UserError, match="epsilon"):
        AdaptiveMoments(epsilon=0)


def test_batch_norm_is_kerass_and_forgets_scale_and_shift():
    x = rng.normal(1, 2, (6, 4, 4, 3))
    layer = keras.layers.BatchNormalization(axis=-1)
    found = np.asarray(theory.batch_norm(x, np.ones(3), np.zeros(3)))
    np.testing.assert_allclose(found, layer(x.astype("f"), training=True), atol=2e-5)
    exact = theory.batch_norm(x, 2.0, 1.0, epsilon=0)
    np.testing.assert_allclose(
        theory.batch_norm(3 * x + 7, 2.0, 1.0, epsilon=0), exact, atol=1e-11
    )
    assert (
        np.abs(
            theory.batch_norm(3 * x + 7, 2.0, 1.0) - theory.batch_norm(x, 2.0, 1.0)
        ).max()
        > 1e-5
    )
    released = np.asarray(theory.batch_norm(x, np.ones(3), np.zeros(3), released=True))
    spread = x.std(axis=(0, 1, 2))
    np.testing.assert_allclose(
        released * (spread + 1e-3), found * np.sqrt(spread**2 + 1e-3)
    )


@pytest.mark.parametrize("normal", [True, False])
def test_only_a_normalised_layer_forgets_the_scale_of_its_kernel(normal):
    x, kernel = rng.normal(size=(9, 4)), rng.normal(size=(4, 3))
    out, labels = rng.normal(size=3), np.arange(9) % 2

    def found(kernel, **options):
        return theory_norm.loss_and_gradient(
            x, kernel, out, labels, normal=normal, **options
        )

    loss, slope = found(kernel)
    step = np.zeros_like(kernel)
    step[1, 2] = 1e-6
    numeric = (found(kernel + step)[0] - found(kernel - step)[0]) / 2e-6
    assert slope[1, 2] == pytest.approx(numeric, abs=1e-7)
    scaled, third = found(3 * kernel, bias=7.0)
    same = abs(scaled / loss - 1) < 1e-12 and np.allclose(3 * third, slope, atol=1e-12)
    assert same == normal


def test_dropout_keeps_the_mean_and_adds_its_variance():
    kept = theory.dropout(np.full(200_000, 3.0), 0.25, rng.random(200_000))
    assert kept.mean() == pytest.approx(3, abs=0.02)
    assert kept.var() == pytest.approx(9 * 0.25 / 0.75, abs=0.03)


def test_statistics_are_of_each_feature_and_guard_constants():
    images = rng.integers(0, 256, (40, 4, 4, 3), np.uint8)
    images[:, 0, 0, 0] = 7
    mean, deviation = theory.feature_statistics(images)
    wide = images.reshape(40, -1).astype(float)
    np.testing.assert_allclose(mean.ravel(), wide.mean(axis=0), rtol=1e-6)
    assert deviation[0, 0, 0] == 1
    np.testing.assert_allclose(deviation.ravel()[1:], wide.std(axis=0)[1:], rtol=1e-6)
    constant = theory.feature_statistics(np.full((7, 2), 0.1, np.float32))
    np.testing.assert_array_equal(constant[1], [1, 1])
    with pytest.raises(UserError, match="at least one"):
        theory.feature_statistics(np.zeros((0, 2)))


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [
        ([3, 2, 2, 2], 2, (3, 1)),
        ([3, 4, 2, 3, 1, 2, 2], 2, (6, 4)),
        ([3, 2, 1], 2, (2, 2)),
        ([math.nan, math.nan, 1], 2, (1, 0)),
        ([2, math.nan, 1, 3], 3, (3, 2)),
    ],
)
def test_early_stopping_counts_epochs_in_a_row(losses, patience, expected):
    assert theory.early_stop(losses, patience) == expected
    with pytest.raises(UserError):
        theory.early_stop(losses, 0)
    with pytest.raises(UserError):
        theory.early_stop([], 1)


def test_uncertainty_is_what_drawn_runs_show():
    draws = rng.binomial(5000, 0.82, 200_000) / 5000
    assert uncertainty.standard_error(0.82, 5000) == pytest.approx(
        draws.std(), rel=0.01
    )
    assert uncertainty.standard_error(0.82, 5000) == pytest.approx(0.00543, abs=5e-6)
    assert uncertainty.deviations(0.8138, 0.8220, 5000) == pytest.approx(
        1.06, abs=0.005
    )
    assert uncertainty.deviations(0.8020, 0.8220, 5000) == pytest.approx(
        2.56, abs=0.005
    )


def test_runs_on_the_same_images_are_compared_by_pairs():
    both = rng.random((2, 4000)) < 0.4
    one = np.where(both[0], rng.random(4000) < 0.9, True)
    other = np.where(both[0], rng.random(4000) < 0.85, True)
    found = uncertainty.compare(one, other)
    only_one, only_other = np.sum(one & ~other), np.sum(other & ~one)
    # McNemar's statistic without the small correction of the variance.
    plain = (only_other - only_one) / math.sqrt(only_one + only_other)
    assert found["paired"] == pytest.approx(plain, rel=0.02)
    assert abs(found["paired"]) > abs(found["independent"])
    assert stats.binomtest(int(only_one), int(only_one + only_other)).pvalue < 0.01
    for share in (0.05, 0.2):
        expected = 0.0082 / math.sqrt((share - 0.0082**2) / 5000)
        assert uncertainty.paired_deviations(0.0082, share, 5000) == pytest.approx(
            expected
        )


def test_impossible_accuracies_are_refused():
    with pytest.raises(UserError, match="accuracy"):
        uncertainty.standard_error(1.2, 10)
    with pytest.raises(UserError, match="num_images"):
        uncertainty.standard_error(0.2, 0)
    with pytest.raises(UserError, match="share"):
        uncertainty.paired_deviations(0.2, 0.1, 10)
    with pytest.raises(UserError, match="same images"):
        uncertainty.compare(np.ones(3), np.ones(4))


def test_gains_are_measured_in_random_networks():
    sizes, scale = [400, 300, 200], 0.1
    of = Architecture(
        side=20, channels=(300,), kernels=(19,), strides=(1,), dense=(200,)
    )
    predicted = networks.gain(of, scale, (20, 20, 1))
    fans = [s.fan_in for s in networks.stages(of, (20, 20, 1))]
    assert predicted == pytest.approx(math.prod(scale * (n / 6) ** 0.5 for n in fans))
    values = rng.normal(size=(500, sizes[0]))
    for n, units in zip(sizes, [*sizes[1:], 100], strict=True):
        values = np.maximum(values @ rng.uniform(-scale, scale, (n, units)), 0)
    by_theory = math.prod(scale * (n / 6) ** 0.5 for n in sizes)
    # The first inputs are not rectified, so that the root mean square falls by a root.
    assert np.sqrt((values**2).mean()) == pytest.approx(by_theory, rel=0.15)
