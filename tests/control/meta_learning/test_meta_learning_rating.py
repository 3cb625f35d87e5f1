"""TrueSkill against the package of that name, against sampling, and at extremes."""

import math

import numpy as np
import pytest
import trueskill

from lessons.control.meta_learning import rating
from lessons.control.meta_learning.rating import Rating
from lessons.toolkit.errors import UserError

EXACT = 1e-9


def test_newcomers():
    winner, loser = rating.update(Rating(), Rating())
    assert winner == pytest.approx((29.3958, 7.17148), abs=1e-4)
    assert loser == pytest.approx((20.6042, 7.17148), abs=1e-4)
    for one in rating.update(Rating(), Rating(), draw=True):
        assert one == pytest.approx((25, 6.45752), abs=1e-4)
    winner, _ = rating.update(Rating(), Rating(), drift=0, draw_probability=0)
    assert winner == pytest.approx((29.2052, 7.19448), abs=1e-4)


def test_unequal_players():
    pair = Rating(20, 3), Rating(30, 5)
    winner, loser = rating.update(*pair)
    assert winner == pytest.approx((21.9192, 2.8328), abs=1e-4)
    assert loser == pytest.approx((24.6716, 4.1756), abs=1e-4)
    one, other = rating.update(*pair, draw=True)
    assert one == pytest.approx((21.3069, 2.7982), abs=1e-4)
    assert other == pytest.approx((26.3715, 3.9916), abs=1e-4)
    assert rating.update(*pair[::-1], draw=True) == (other, one)


def test_updates_are_those_of_the_package():
    rng = np.random.default_rng(0)
    for _ in range(200):
        ones = [Rating(rng.normal(25, 12), rng.uniform(0.3, 9)) for _ in range(2)]
        options = rng.uniform(1, 8), rng.uniform(0, 0.5), rng.uniform(0.01, 0.9)
        draw = bool(rng.integers(2))
        game = trueskill.TrueSkill(
            beta=options[0],
            tau=options[1],
            draw_probability=options[2],
            backend="scipy",
        )
        expected = trueskill.rate_1vs1(
            *(trueskill.Rating(*one) for one in ones), draw, env=game
        )
        found = rating.update(
            *ones,
            draw,
            performance=options[0],
            drift=options[1],
            draw_probability=options[2],
        )
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx((other.mu, other.sigma), abs=EXACT)


def test_moments_are_those_of_draws():
    """The belief after a result is that of the sampled skills that agree with it."""
    rng = np.random.default_rng(1)
    skills = rng.normal([20, 23], [3, 5], (400_000, 2))
    shown = skills + rng.normal(size=skills.shape) * 4
    gap, margin = shown[:, 0] - shown[:, 1], rating.draw_margin(0.3, 4.0)
    assert np.mean(np.abs(rng.normal(size=400_000)) * 4 * 2**0.5 < margin) == (
        pytest.approx(0.3, abs=0.003)  # four standard errors
    )
    for draw, agree in ((False, gap > margin), (True, np.abs(gap) < margin)):
        found = rating.update(
            Rating(20, 3),
            Rating(23, 5),
            draw,
            performance=4.0,
            drift=0.0,
            draw_probability=0.3,
        )
        kept = skills[agree]
        for k, one in enumerate(found):
            error = 4 * one.deviation / math.sqrt(len(kept))
            assert kept[:, k].mean() == pytest.approx(one.mean, abs=error)
            assert kept[:, k].std() == pytest.approx(one.deviation, abs=error)


def test_greatest_surprises_stay_finite():
    """Far out, v is the distance to the edge, and the variance of the rest is 1/x²."""
    for x in (-40.0, -1e3 + 1e-9, -1e3 - 1e-9, -1e7):
        v, w = rating.of_win(x, 0.0)
        assert v == pytest.approx(-x - 1 / x, rel=1e-5)
        assert w == pytest.approx(1 - 1 / x**2, abs=1e-5)
    assert rating.of_win(60.0, 0.1) == (0, 0)
    v, w = rating.of_draw(50.0, 0.1)
    assert v == pytest.approx(-49.9, abs=0.03) and 0.999 < w <= 1
    assert rating.of_draw(-50.0, 0.1) == (-v, w)
    _, other = rating.update(Rating(1e4, 1), Rating(0, 1))
    assert other.mean == pytest.approx(0, abs=EXACT)
    upset, _ = rating.update(Rating(0, 1), Rating(1e4, 1))
    assert math.isfinite(upset.mean) and 0 < upset.deviation < 1.1


def test_chances_and_quality():
    b = rating.PERFORMANCE
    known = Rating(25 + b, 0), Rating(25, 0)
    assert rating.win_probability(*known) == pytest.approx(0.76025, abs=1e-5)
    new = Rating(25 + b), Rating(25)
    assert rating.win_probability(*new) == pytest.approx(0.6241, abs=1e-4)
    assert rating.match_quality(Rating(), Rating()) == pytest.approx(0.447214, abs=1e-6)
    pair = Rating(20, 3), Rating(30, 5)
    expected = trueskill.quality_1vs1(*(trueskill.Rating(*one) for one in pair))
    assert rating.match_quality(*pair) == pytest.approx(expected, abs=1e-6)
    assert rating.win_probability(*pair) + rating.win_probability(
        *pair[::-1]
    ) == pytest.approx(1)


def test_ratings_after_many_games_are_evidence_and_not_strength():
    """One always wins: the gap grows with the number of games, and no strength does."""
    for count, mean in ((10, 34.6), (50, 36.4), (300, 37.7)):
        ratings, history = rating.of_games([("b", "a", 1)] * count, ("a", "b"))
        assert ratings["b"].mean == pytest.approx(mean, abs=0.05)
        assert history["a"].shape == (count + 1, 2)
        assert tuple(history["a"][0]) == Rating()
        assert tuple(history["a"][-1]) == ratings["a"]
        assert rating.rank(ratings) == ["b", "a"]
    games = [("a", "b", -1), ("b", "a", 1), ("a", "b", 0)]
    step = rating.update(*rating.update(Rating(), Rating()))
    expected = rating.update(*step, draw=True)
    ratings, _ = rating.of_games(games, ("a", "b"))
    assert (ratings["b"], ratings["a"]) == expected


def test_rank_is_careful():
    ratings = {"sure": Rating(24, 1), "new": Rating(30, 8), "weak": Rating(10, 1)}
    assert rating.rank(ratings) == ["sure", "weak", "new"]
    assert rating.conservative(ratings["new"]) == 6


def test_numbers_that_cannot_be():
    for options in ({"draw_probability": 1.0}, {"performance": 0.0}):
        with pytest.raises(UserError, match="draw_probability"):
            rating.update(Rating(), Rating(), **options)
    with pytest.raises(UserError, match="draw needs"):
        rating.update(Rating(), Rating(), draw=True, draw_probability=0.0)
    for game in (("a", "b", 0.5), ("a", "c", 1)):
        with pytest.raises(UserError, match="1, 0 or -1"):
            rating.of_games([game], ["a", "b"])
