"""The quantisers, each by another route: NumPy, tables, counting, brute force."""

import numpy as np
import pytest

from lessons.efficiency.wage import networks, paper, theory
from lessons.toolkit.errors import UserError


def array(values):
    return np.asarray(values, np.float64)


def levels(bits):
    """The levels of k bits, counted out."""
    most = 2 ** (bits - 1) - 1
    return np.arange(-most, most + 1) / 2.0 ** (bits - 1)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_quantize_takes_the_nearest_of_all_levels(bits):
    values = np.random.default_rng(0).uniform(-2, 2, 5000)
    table = levels(bits)
    nearest = table[np.abs(values[:, None] - table).argmin(axis=1)]
    np.testing.assert_array_equal(array(theory.quantize(values, bits)), nearest)
    found = np.unique(array(theory.quantize(np.linspace(-3, 3, 10_001), bits)))
    assert len(found) == 2**bits - 1


def test_examples_of_the_sheet():
    found = array(theory.quantize(np.array([-1, 0.2, 0.6]), 2))
    np.testing.assert_array_equal(found, [-0.5, 0, 0.5])
    ties = array(theory.quantize(np.array([0.25, 0.75, -0.25]), 2))
    np.testing.assert_array_equal(ties, [0, 0.5, 0])  # to even; then the clip
    values = np.array([1, 1.4, 1.42, 3, 0.3, 0.75, 6, 2.9])
    expected = [1, 1, 2, 4, 0.25, 1, 8, 4]
    np.testing.assert_array_equal(array(theory.shift(values)), expected)


def test_shift_agrees_with_the_logarithm_away_from_the_boundary():
    values = np.exp(np.random.default_rng(1).normal(0, 12, 100_000))
    values = values.astype(np.float32).astype(np.float64)
    found = array(theory.shift(values))
    exponents = np.log2(values)
    away = np.abs(exponents % 1 - 0.5) > 1e-6
    np.testing.assert_array_equal(found[away], 2.0 ** np.rint(exponents[away]))
    ratios = values / found
    assert ratios.min() >= 0.7071067 and ratios.max() <= 1.4142137


@pytest.mark.parametrize("exponent", [-100, -30, 0, 5, 90])
def test_shift_changes_exactly_at_the_square_root_of_two(exponent):
    root = np.float32(np.sqrt(2))  # the nearest float32 is below the root
    above = np.nextafter(root, np.float32(2))
    scale = np.float32(2.0) ** exponent
    assert float(theory.shift(root * scale)) == scale
    assert float(theory.shift(above * scale)) == 2 * scale


def test_a_linear_rule_would_give_another_power():
    assert float(theory.shift(1.45)) == 2  # the nearest power in value is 1
    assert float(theory.shift(0.0)) == 0


@pytest.mark.parametrize("bits", [0, 1, 17, 2.5, True])
def test_impossible_bits_are_refused(bits):
    with pytest.raises(UserError, match="from 2 to 16"):
        theory.step(bits)


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_the_start_is_ternary_with_thirds_whatever_the_bits(bits):
    # L = 1.5 sigma: rounding changes at sigma / 2 and at 3 sigma / 2, the limit.
    limit = theory.least_limit(bits)
    draws = np.random.default_rng(2).uniform(-limit, limit, 2_000_000)
    steps = array(theory.quantize(draws, bits)) / theory.step(bits)
    shares = [np.mean(steps == level) for level in (-1, 0, 1)]
    np.testing.assert_allclose(shares, 1 / 3, atol=0.002)


@pytest.mark.parametrize("name", ["lenet", "vgg7"])
@pytest.mark.parametrize("recipe", ["paper", "code"])
def test_alphas_are_those_of_the_paper_and_of_the_log(name, recipe):
    shape = (28, 28, 1) if name == "lenet" else (32, 32, 3)
    costs = networks.costs(networks.PUBLISHED[name], shape, 10)
    factor = {"paper": 6.0, "code": 3.0}[recipe]
    found = [theory.layer_scale(c.fan_in, 2, factor=factor) for c in costs]
    assert tuple(found) == paper.ALPHAS[name][recipe]
    # As printed, with the limit after the maximum, every layer would have 1.
    ratios = [0.75 / max(np.sqrt(factor / c.fan_in), 0.75) for c in costs]
    assert max(ratios) <= 1


def test_alpha_is_at_least_one_and_changes_at_its_boundary():
    assert theory.layer_scale(2, 2) == 1
    # 0.75 sqrt(n / 6) = sqrt(2) at n = 21.3
    assert theory.layer_scale(21, 2) == 1 and theory.layer_scale(22, 2) == 2


def test_errors_lose_their_scale_exactly_and_keep_their_signs():
    errors = np.random.default_rng(3).standard_t(2, size=(40, 7)).astype(np.float32)
    found = array(theory.quantize_error(errors, 8))
    for power in (-90, -5, 3, 60):
        scaled = errors * np.float32(2.0) ** power
        np.testing.assert_array_equal(array(theory.quantize_error(scaled, 8)), found)
    assert np.abs(found).max() >= 0.5
    assert np.all(found * errors >= 0)
    assert np.all(array(theory.quantize_error(np.zeros((2, 3)), 8)) == 0)
    one_row = array(theory.quantize_error(np.array([[4.0, 0.0], [0.0, 1.0]]), 8))
    np.testing.assert_array_equal(one_row, [[127 / 128, 0], [0, 0.25]])


def test_stochastic_rounding_is_unbiased_and_has_the_variance_of_a_coin():
    rng = np.random.default_rng(4)
    for value in (1.4, -1.4, 0.3, -0.05, 2.0, 0.0):
        draws = rng.random(200_000)
        found = array(theory.stochastic_round(np.full(200_000, value), draws))
        part = abs(value) % 1
        assert found.mean() == pytest.approx(value, abs=0.0055)  # 5 standard errors
        assert found.var() == pytest.approx(part * (1 - part), abs=0.002)
        assert set(np.abs(found)) <= {np.floor(abs(value)), np.floor(abs(value)) + 1}


def test_steps_of_weights_are_not_ternary():
    # |g_s| reaches sqrt(2): g = 1.4 moves two steps with probability 0.4.
    gradient = np.array([1.4, 0.7, -0.2, 0.05])
    draws = np.random.default_rng(5).random((100_000, 4))
    steps = np.stack(
        [array(theory.weight_step(gradient, 1.0, 8, d)) for d in draws[:1]]
    )
    assert np.all(np.isin(steps * 128, [-1, 0, 1, 2]))
    scaled = array(theory.normalized(gradient))
    found = array(theory.stochastic_round(np.tile(scaled, (100_000, 1)), draws))
    assert np.mean(found[:, 0] == 2) == pytest.approx(0.4, abs=0.01)
    np.testing.assert_allclose(found.mean(axis=0), gradient, atol=0.01)


def test_nearest_rounding_loses_every_small_step():
    gradient = np.random.default_rng(6).normal(size=70_000)
    nearest = array(theory.weight_step(gradient, 0.25, 8))
    assert np.all(nearest == 0)  # |g_s| is at most sqrt(2) / 4
    draws = np.random.default_rng(7).random(70_000)
    drawn = array(theory.weight_step(gradient, 0.25, 8, draws)) * 128
    scaled = 0.25 * array(theory.normalized(gradient))
    assert np.mean(drawn != 0) == pytest.approx(np.abs(scaled).mean(), abs=0.004)
    assert np.sum(drawn * gradient) > 0


def test_the_store_saturates_one_step_below_one():
    kept = array(theory.keep(np.array([1.2, -1.2, 0.5]), 8))
    np.testing.assert_array_equal(kept, [127 / 128, -127 / 128, 0.5])


def test_window_counts_by_brute_force_and_gamma_turns_the_direction():
    cosines = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        errors = rng.lognormal(0, 2, 30_000) * rng.choice([-1, 1], 30_000)
        rows = [theory.window(errors, 8, gamma) for gamma in (1.0, 2.0, 4.0, 8.0)]
        cosines.append([row[2] for row in rows])
        if seed == 0:
            largest = np.abs(errors).max()
            scaled = errors / 2.0 ** np.round(np.log2(largest))
            kept = np.clip(np.round(scaled * 128), -127, 127)
            zeros, saturated, cosine = rows[0]
            assert zeros == pytest.approx(np.mean(kept == 0), abs=1e-6)
            assert saturated == pytest.approx(np.mean(np.abs(scaled) > 127 / 128))
            exact = kept @ errors / np.linalg.norm(kept) / np.linalg.norm(errors)
            assert cosine == pytest.approx(exact, abs=1e-5)
    # In every draw: the more errors saturate, the worse the direction.
    assert np.all(np.diff(cosines, axis=1) < 0)
    means = np.mean(cosines, axis=0)
    assert means[0] > 0.97 and means[3] < 0.9


def test_losses_by_their_definitions():
    rng = np.random.default_rng(8)
    outputs, labels = rng.normal(size=(5, 4)), rng.integers(4, size=5)
    targets = np.eye(4)[labels]
    squares = 0.5 * ((outputs - targets) ** 2).sum(axis=1)
    np.testing.assert_allclose(theory.squared_error(labels, outputs), squares)
    chances = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    costs = -np.log(chances[np.arange(5), labels])
    np.testing.assert_allclose(theory.cross_entropy(labels, outputs), costs)


def test_architectures_have_the_published_sizes():
    count = {}
    for name, shape, classes in (
        ("lenet", (28, 28, 1), 10),
        ("vgg7", (32, 32, 3), 10),
        ("alexnet", (224, 224, 3), 1000),
    ):
        costs = networks.costs(networks.PUBLISHED[name], shape, classes)
        count[name] = [c.weights for c in costs]
    assert count["lenet"] == [800, 51_200, 1_605_632, 5_120]
    assert sum(count["lenet"]) == paper.PAPER_PARAMETERS["paper_lenet"]
    assert sum(count["vgg7"][:6]) == 4_574_592
    assert sum(count["vgg7"]) == paper.PAPER_PARAMETERS["paper"]
    assert sum(count["alexnet"]) == 62_367_776


@pytest.mark.parametrize("text", ["", "32C", "512", "FC", "32C5-", "0FC", "MP0"])
def test_an_unreadable_architecture_is_refused(text):
    with pytest.raises(UserError, match="Allowed"):
        networks.parse(text)


def test_a_network_that_pools_images_away_is_refused():
    with pytest.raises(UserError, match="too small"):
        networks.costs("MP2-MP2-MP2-MP2", (8, 8, 1), 10)
