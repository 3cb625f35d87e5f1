r"""TrueSkill for two players: how strong a player is, and how sure one is of it.

A player's skill is believed to be $N(\mu, s^2)$; in a game it shows as
$N(skill, b^2)$; who shows more by at least a margin wins. Skills may drift from game to
game by $\tau$. After a result the beliefs are the Gaussians with the moments of the
exact posterior (Herbrich, Minka, Graepel 2006).
"""

import math
import typing

import numpy as np
from scipy import special

from lessons.toolkit.errors import UserError

MEAN = 25.0
DEVIATION = 25 / 3  # a standard deviation, not a variance
PERFORMANCE = 25 / 6  # b: how much luck a game holds
DRIFT = 25 / 300  # tau
DRAWS = 0.1  # chance that two equals draw


class Rating(typing.NamedTuple):
    """What one believes of a player's skill."""

    mean: float = MEAN
    deviation: float = DEVIATION


def update(
    winner,
    loser,
    draw=False,
    *,
    performance=PERFORMANCE,
    drift=DRIFT,
    draw_probability=DRAWS,
):
    r"""Ratings after a game.

    With $c^2 = 2 b^2 + s_w^2 + s_l^2$ the means move by $s^2 v / c$, the winner's up
    and the loser's down, and the variances shrink by the factor $1 - s^2 w / c^2$.

    Args:
        winner, loser: `Rating`s; of a draw, the two players in any order.
        draw: whether nobody won.
        performance: b, above 0.
        drift: $\tau$; each variance grows by $\tau^2$ before the game.
        draw_probability: chance that two equals draw, from 0 to below 1.

    Returns:
        (winner, loser), their new `Rating`s.

    Raises:
        UserError: numbers that cannot be, such as a draw where the chance of it is 0.
    """
    margin = draw_margin(draw_probability, performance)
    if draw and margin == 0:
        raise UserError("a draw needs a draw_probability above 0, got 0.")
    variances = [r.deviation**2 + drift**2 for r in (winner, loser)]
    c = math.sqrt(2 * performance**2 + sum(variances))
    shift = float((winner.mean - loser.mean) / c)
    moments = of_draw if draw else of_win
    v, w = moments(shift, float(margin / c))
    return tuple(
        Rating(
            rating.mean + sign * variance / c * v,
            math.sqrt(variance * max(1 - variance / c**2 * w, 0.0)),
        )
        for rating, variance, sign in zip(
            (winner, loser), variances, (1, -1), strict=True
        )
    )


def draw_margin(draw_probability=DRAWS, performance=PERFORMANCE):
    r"""By how much one has to show more to win, $\Phi^{-1}((p + 1)/2) \sqrt 2 b$.

    Raises:
        UserError: the probability is not from 0 to below 1, or b is not above 0.
    """
    if not 0 <= draw_probability < 1 or not performance > 0:
        raise UserError(
            "draw_probability must be from 0 to below 1 and performance above 0, got "
            f"{draw_probability} and {performance}."
        )
    return float(special.ndtri((draw_probability + 1) / 2)) * math.sqrt(2) * performance


def of_win(t, e):
    r"""How a win moves and narrows a belief: v and w for $t - e$.

    $v = N(t - e) / \Phi(t - e)$ and $w = v (v + t - e)$, both finite for the greatest
    surprise.

    Args:
        t: difference of the means, in units of c.
        e: margin in these units.
    """
    x = t - e
    if x < 0:
        v = 1 / _tail(-x)
    else:
        v = math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi) / float(special.ndtr(x))
    if x < -1e3:  # v + x is there the small difference of large numbers
        return v, 1 - 1 / x**2
    return v, v * (v + x)


def of_draw(t, e):
    r"""How a draw moves and narrows a belief: v and w, mean and variance of a strip.

    Given a draw, the difference of what was shown, in units of c and less t, lies
    between $-e - t$ and $e - t$; v is its mean and w is 1 less its variance.

    Args:
        t, e: as for `of_win`, e above 0.
    """
    sign = -1.0 if t > 0 else 1.0  # both edges then lie to the right of -e
    low, high = abs(t) - e, abs(t) + e
    # The density at low is taken out of all terms, which would underflow far away.
    ratio = math.exp(-2 * abs(t) * e)
    if low > 0:
        mass = _tail(low) - ratio * _tail(high)
    else:
        density = math.exp(-0.5 * low * low) / math.sqrt(2 * math.pi)
        mass = float(special.ndtr(high) - special.ndtr(low)) / density
    v = (1 - ratio) / mass
    w = v * v - (low - ratio * high) / mass
    return sign * v, min(max(w, 0.0), 1.0)


def _tail(x):
    r"""Mills' ratio, $(1 - \Phi(x)) / N(x)$, which does not underflow for large x."""
    return math.sqrt(math.pi / 2) * float(special.erfcx(x / math.sqrt(2)))


def win_probability(one, other, performance=PERFORMANCE):
    r"""Chance that one shows more than the other.

    $\Phi((\mu_a - \mu_b) / \sqrt{2 b^2 + s_a^2 + s_b^2})$.

    Args:
        one, other: `Rating`s, of numbers or of arrays that broadcast.
        performance: b.
    """
    return special.ndtr((one.mean - other.mean) / _spread(one, other, performance))


def match_quality(one, other, performance=PERFORMANCE):
    r"""How close to even a game is, 1 for two known equals.

    $\sqrt{2 b^2 / c^2} \exp(-(\mu_a - \mu_b)^2 / (2 c^2))$ with
    $c^2 = 2 b^2 + s_a^2 + s_b^2$.
    """
    c = _spread(one, other, performance)
    apart = (one.mean - other.mean) / c
    return math.sqrt(2) * performance / c * np.exp(-0.5 * apart**2)


def _spread(one, other, performance):
    return np.sqrt(2 * performance**2 + one.deviation**2 + other.deviation**2)


def conservative(rating):
    r"""The skill that a player has almost surely, $\mu - 3 s$."""
    return rating.mean - 3 * rating.deviation


def rank(ratings):
    """Names from strongest to weakest by $\\mu - 3 s$; ties in the order given.

    Args:
        ratings: `Rating`s by name.
    """
    return sorted(ratings, key=lambda name: -conservative(ratings[name]))


def of_games(games, names, **options):
    """Ratings after a list of games, with the whole way to them.

    Args:
        games: triples (one, other, result); result 1 where one has won, -1 where the
            other has, 0 for a draw.
        names: of all players; all begin as newcomers.
        **options: for `update`.

    Returns:
        (ratings, history): `Rating`s by name, and for each name the ratings before the
        first game and after each, shape (games + 1, 2), mean and deviation.

    Raises:
        UserError: a name or a result is not known.
    """
    odd = [
        game
        for game in games
        if not {*game[:2]} <= {*names} or game[2] not in (1, 0, -1)
    ]
    if odd:
        raise UserError(
            f"a game is (one, other, result) of players {', '.join(names)} with the "
            f"result 1, 0 or -1, got {odd[0]}."
        )
    ratings = {name: Rating() for name in names}
    history = {name: [ratings[name]] for name in names}
    for one, other, result in games:
        winner, loser = (other, one) if result < 0 else (one, other)
        ratings[winner], ratings[loser] = update(
            ratings[winner], ratings[loser], result == 0, **options
        )
        for name in names:
            history[name].append(ratings[name])
    return ratings, {name: np.array(rows) for name, rows in history.items()}
