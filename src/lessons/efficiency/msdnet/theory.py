r"""Equations of Huang et al. 2018, arXiv:1703.09844: loss, shares of exits, thresholds.

The paper's sections 3 and 4 number few of them. Exits are counted from 0 in arrays and
from 1 in formulas; $C_k$ is what an image costs until exit k, earlier ones included.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError

ROUNDING = 1e-9  # of a share times a number of examples, so that .29 x 100 is 29


def multi_exit_loss(labels, logits, weights):
    r"""$\sum_k w_k L(f_k(x), y)$ with cross-entropy L (section 4, "loss function").

    Args:
        labels: classes, integers of shape (batch,).
        logits: shape (batch, exits, classes).
        weights: $w_k$, one number for each exit.

    Returns:
        Losses of the examples, shape (batch,).
    """
    truth = ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
    costs = -ops.sum(ops.log_softmax(logits) * truth[:, None], axis=-1)
    return ops.sum(costs * ops.convert_to_tensor(weights, logits.dtype), axis=-1)


def geometric_shares(p, num_exits):
    r"""$q_k \propto p^{k-1}$; the released code's way, with any $p > 0$.

    $p < 1$ favours early exits and is $1 - q$ of `exit_distribution`; $p = 1$ gives
    equal shares, $p > 1$ favours late exits, which no $q$ in (0, 1) does.

    Args:
        p: ratio of two neighbouring shares.
        num_exits: K.

    Returns:
        Shape (K,), sums to 1.
    """
    if not (np.isfinite(p) and p > 0):
        raise UserError(f"p must be a number above 0, got {p!r}.")
    powers = float(p) ** np.arange(num_exits)
    return powers / powers.sum()


def exit_distribution(q, num_exits):
    r"""$q_k = z (1-q)^{k-1} q$ with $z = 1 / (1 - (1-q)^K)$ (section 5.2).

    Each image leaves at an exit that it reaches with the same probability q.

    Args:
        q: in (0, 1).
        num_exits: K.

    Returns:
        Shape (K,), sums to 1.
    """
    if not 0 < q < 1:
        raise UserError(f"q must lie between 0 and 1, got {q!r}.")
    places = np.arange(num_exits)
    return q * (1 - q) ** places / (1 - (1 - q) ** num_exits)


def expected_cost(shares, costs):
    r"""$\sum_k q_k C_k$, what an image costs on average.

    Args:
        shares: $q_k$, shape (K,).
        costs: $C_k$, shape (K,).
    """
    return float(np.dot(shares, costs))


def solve_q(costs, budget):
    r"""The q at which $\sum_k q_k C_k$ is the budget (section 5.2).

    The cost falls in q from the mean of $C_k$ to $C_1$.

    Args:
        costs: $C_k$, rising, shape (K,), at least two.
        budget: $B / |D_{test}|$ in the costs' unit.

    Raises:
        UserError: no q gives this budget.
    """
    costs = _rising(costs)
    low, high = costs[0], costs.mean()
    if not low < budget < high:
        raise UserError(
            f"the budget must lie between the first cost and the mean of the costs, "
            f"{low:g} and {high:g}, got {budget!r}."
        )
    return 1 - solve_p(costs, budget)


def solve_p(costs, budget):
    """The p of `geometric_shares` at which the expected cost is the budget.

    Args:
        costs: $C_k$, rising, shape (K,), at least two.
        budget: between the first and the last cost.

    Raises:
        UserError: no p gives this budget.
    """
    from scipy import optimize

    costs = _rising(costs)
    if not costs[0] < budget < costs[-1]:
        raise UserError(
            f"the budget must lie between the first and the last cost, {costs[0]:g} "
            f"and {costs[-1]:g}, got {budget!r}."
        )

    def excess(log_p):
        shares = geometric_shares(np.exp(log_p), len(costs))
        return expected_cost(shares, costs) - budget

    try:
        root = optimize.brentq(excess, -100 / len(costs), 100 / len(costs), xtol=1e-13)
    except ValueError:
        raise UserError(
            f"the budget {budget!r} is too near to the first or the last cost."
        ) from None
    return float(np.exp(root))


def _rising(costs):
    costs = np.asarray(costs, float)
    if costs.ndim != 1 or len(costs) < 2 or np.any(np.diff(costs) <= 0):
        raise UserError(
            f"costs must be at least two rising numbers, got {costs.tolist()}: they "
            "count what an image costs until each exit."
        )
    return costs


def find_thresholds(confidence, shares):
    r"""Thresholds at which exits get their shares of validation examples (section 5.2).

    Exit after exit, those who have not left are ranked, and $\theta_k$ is the
    confidence of the $\lfloor n q_k \rfloor$-th of them; who is at least as confident
    leaves. The last threshold is $-\infty$. Where nobody is to leave, or nobody is
    left, it is $\infty$; if fewer are left than should leave, all of them do (the
    released code lets them all go on instead). NaN passes no exit but the last.

    Args:
        confidence: of each exit and example, shape (K, n).
        shares: $q_k$, shape (K,).

    Returns:
        $\theta$, shape (K,).
    """
    confidence = np.asarray(confidence, float)
    shares = np.asarray(shares, float)
    if confidence.ndim != 2 or shares.shape != confidence.shape[:1]:
        raise UserError(
            f"confidence must have shape (exits, examples) and shares (exits,), got "
            f"{confidence.shape} and {shares.shape}."
        )
    if np.any(shares < 0) or abs(shares.sum() - 1) > 1e-6:
        raise UserError(f"shares must be at least 0 and sum to 1, got {shares}.")
    total = confidence.shape[1]
    thresholds = np.full(len(shares), np.inf)
    thresholds[-1] = -np.inf
    left = np.ones(total, bool)
    for k, share in enumerate(shares[:-1]):
        ranked = np.sort(confidence[k][left & ~np.isnan(confidence[k])])[::-1]
        count = min(int(np.floor(share * total + ROUNDING)), len(ranked))
        if count:
            thresholds[k] = ranked[count - 1]
        left &= ~(confidence[k] >= thresholds[k])
    return thresholds


def choose_exits(confidence, thresholds):
    r"""The first exit k with $c_k \ge \theta_k$ of each example.

    Args:
        confidence: shape (K, n); what the last exit says does not matter.
        thresholds: shape (K,).

    Returns:
        Exits counted from 0, integers of shape (n,).
    """
    passes = np.asarray(confidence) >= np.asarray(thresholds)[:, None]
    passes[-1] = True
    return passes.argmax(axis=0)


def needed_cells(layer, num_scales):
    r"""What an exit reads through, by the rule $l \le L - (S - s)$ (section 4).

    Layer 0 is a chain from fine to coarse, so there all finer scales are needed.

    Args:
        layer: L, that of the exit.
        num_scales: S.

    Returns:
        Set of (l, s), scales counted from 1, the finest.
    """
    cells = {
        (l, s)
        for l in range(1, layer + 1)  # noqa: E741 - the paper's letter
        for s in range(1, num_scales + 1)
        if l <= layer - (num_scales - s)
    }
    return cells | {(0, s) for s in range(1, num_scales + 1)}


def anytime_exit(costs, budget):
    r"""The last exit with $C_k \le B$, counted from 0; -1 if there is none.

    Args:
        costs: $C_k$, rising.
        budget: B for each image.
    """
    return int(np.searchsorted(costs, budget, side="right")) - 1


def exit_layers(num_exits, base, step, mode):
    """Layers of the exits.

    Args:
        num_exits: K.
        base: layer of the first exit.
        step: layers from one exit to the next.
        mode: "even", or "lin_grow", where the k-th step is k - 1 layers longer than
            the first one: base 1, step 1 gives steps of 1, 2, 3 layers.

    Returns:
        Tuple of whole numbers.
    """
    if mode == "even":
        return tuple(base + step * k for k in range(num_exits))
    layers = [base]
    for k in range(1, num_exits):
        layers.append(layers[-1] + base + step * k)
    return tuple(layers)
