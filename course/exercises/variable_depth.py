# %% [markdown]
# # Exercise: who answers, and who stops
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `variable_depth` first. Time: about
# two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * The functions here are *variants* of those in the lesson. Each question says what is
#   different, so a formula copied from the lesson is a wrong answer. The lesson's own
#   package `lessons.memory.variable_depth` cannot be imported.
# * Arrays come in and go out as NumPy arrays; logarithms are natural. Inside you may use
#   what you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `cascade_log_probs` (5 points)
#
# A network has $L$ layers. Where layer $l < L$ is reached, the example stops there or goes on;
# the last layer stops everybody. Give the logarithm of the probability to stop at each layer.
#
# **The variant.** You are given logits of **going on**: $\sigma(b_l)$ is the probability to go on
# at layer $l$, not to stop there. The logits may be as large as 1,000 or as small as -1,000: the
# results must stay finite.

# %% [markdown] hints="cascade_log_probs"
# 1. What must have happened at each of the layers 1 to $l - 1$ for layer $l$ to answer? And which
#    of the two has the probability $\sigma(b)$?
# 2. $\log \sigma(b) = -\mathrm{softplus}(-b)$ and $\log(1 - \sigma(b)) = -\mathrm{softplus}(b)$, where
#    softplus is `np.logaddexp(0, b)`.
# 3. A running sum of the logarithms of going on, shifted by one place, says how much reaches a
#    layer; add the logarithm of stopping there, and for the last layer nothing.


# %% nbgrader={"grade_id": "cascade_log_probs", "solution": true}
def cascade_log_probs(b):
    """Log-probabilities to stop at each layer.

    Args:
        b: logits of going on at layers 1 to L - 1, shape (batch, L - 1); L may be 1.

    Returns:
        Shape (batch, L).
    """
    ### BEGIN SOLUTION
    goes_on = -np.logaddexp(0, -b)
    stops = -np.logaddexp(0, b)
    nothing = np.zeros((len(b), 1))
    reached = np.concatenate([nothing, np.cumsum(goes_on, axis=1)], axis=1)
    return reached + np.concatenate([stops, nothing], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "cascade_log_probs_tests", "grade": true, "points": 5, "axes": 2}
def check_cascade_log_probs():
    found = np.exp(cascade_log_probs(np.zeros((1, 2))))
    assert np.shape(found) == (1, 3), "two logits are three layers: the last has none"
    assert np.allclose(found, [[0.5, 0.25, 0.25]]), (
        "half stop at layer 1, half of the rest at layer 2, and all that is left at 3"
    )
    found = np.exp(cascade_log_probs(np.array([[2.0, 0.0]])))
    assert np.allclose(found, [[0.119203, 0.440399, 0.440399]], atol=1e-6), (
        "with b = 2 a part of 0.8808 goes on past layer 1"
    )


check_cascade_log_probs()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_cascade_log_probs():
    rng = np.random.default_rng(2016)
    for batch, count in ((1, 1), (3, 2), (4, 3), (5, 6), (6, 5), (2, 0)):
        b = rng.normal(0, 2, (batch, count))
        found = np.asarray(cascade_log_probs(b))
        assert found.shape == (batch, count + 1), "one column more than logits"
        expected = np.ones((batch, count + 1))
        for row in range(batch):
            left = 1.0
            for layer in range(count):
                goes_on = 1 / (1 + np.exp(-b[row, layer]))
                expected[row, layer] = left * (1 - goes_on)
                left = left * goes_on
            expected[row, count] = left
        assert np.allclose(np.exp(found).sum(axis=1), 1), "everybody stops somewhere"
        assert np.allclose(np.exp(found), expected), (
            "those who reach layer l, times the part that stops there"
        )
        if count > 1:
            changed = b.copy()
            changed[:, -1] += 3
            again = np.asarray(cascade_log_probs(changed))
            assert np.allclose(again[:, :-2], found[:, :-2]), (
                "what stops at a layer does not depend on gates above it"
            )
    found = np.asarray(cascade_log_probs(np.array([[1000.0, -1000.0, 5.0]])))
    assert np.all(np.isfinite(found)), "logits of 1,000 must not give infinity or NaN"
    assert np.allclose(found, [[-1000, 0, -1005.006715, -1000.006715]]), (
        "work with logarithms throughout: at layer 1 the logarithm is -1,000"
    )


decide_cascade_log_probs()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `mixture_nll` (4 points)
#
# The loss of an example is $-\log \sum_l g_l\, p_l(y)$.
#
# **The variant.** Not every layer has a classifier. Whoever stops at a layer without one is
# answered by the **next layer above that has one**; the last layer always has. Log-probabilities
# of layers without a classifier are NaN.

# %% [markdown] hints="mixture_nll"
# 1. Which comes first, the logarithm or the average over layers? And who answers for those who
#    stop at a layer that says nothing?
# 2. Walk upwards and carry the probability of all who are not answered yet; where there is a
#    classifier it answers all of them, and the carried part is 0 again.
# 3. In logarithms: the carried part is added by `np.logaddexp`, and starts as `-np.inf`; what a
#    classifier answers is the carried part plus $\log p_l(y)$, gathered by `np.logaddexp` too.


# %% nbgrader={"grade_id": "mixture_nll", "solution": true}
def mixture_nll(log_g, log_p, y, has):
    """The loss of each example, in nats.

    Args:
        log_g: log-probabilities to stop at each layer, shape (batch, L).
        log_p: of the classes at each layer, shape (batch, L, classes).
        y: right classes, integers of shape (batch,).
        has: whether a layer has a classifier, booleans of shape (L,); the last has.

    Returns:
        Shape (batch,).
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    total = np.full(len(y), -np.inf)
    waiting = np.full(len(y), -np.inf)
    for layer in range(log_g.shape[1]):
        waiting = np.logaddexp(waiting, log_g[:, layer])
        if has[layer]:
            total = np.logaddexp(total, waiting + log_p[rows, layer, y])
            waiting = np.full(len(y), -np.inf)
    return -total
    ### END SOLUTION


# %% nbgrader={"grade_id": "mixture_nll_tests", "grade": true, "points": 4, "axes": 1}
def check_mixture_nll():
    log_g = np.log([[0.5, 0.5]])
    log_p = np.log([[[0.99, 0.01], [0.5, 0.5]]])
    found = mixture_nll(log_g, log_p, np.array([1]), np.array([True, True]))
    assert np.shape(found) == (1,), "one loss for each example"
    assert np.allclose(found, 1.366492), (
        "the mixture gives the right class (0.01 + 0.5) / 2 = 0.255"
    )
    log_p[:, 0] = np.nan
    found = mixture_nll(log_g, log_p, np.array([1]), np.array([False, True]))
    assert np.allclose(found, 0.693147), (
        "layer 1 says nothing, so layer 2 answers for everybody: its 0.5 counts alone"
    )


check_mixture_nll()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_mixture_nll():
    rng = np.random.default_rng(7)
    for batch, count, classes in (
        (1, 1, 2),
        (5, 4, 3),
        (4, 4, 4),
        (3, 6, 2),
        (6, 3, 5),
    ):
        g = rng.dirichlet(np.ones(count), batch)
        p = rng.dirichlet(np.ones(classes), (batch, count))
        y = rng.integers(classes, size=batch)
        for _ in range(4):
            has = rng.random(count) < 0.5
            has[-1] = True
            shown = np.where(has[:, None], np.log(p), np.nan)
            expected = np.zeros(batch)
            for row in range(batch):
                for layer in range(count):
                    answers = layer
                    while not has[answers]:
                        answers += 1
                    expected[row] += g[row, layer] * p[row, answers, y[row]]
            found = np.asarray(mixture_nll(np.log(g), shown, y, has))
            assert found.shape == (batch,), "one loss for each example"
            assert np.allclose(found, -np.log(expected)), (
                "minus the logarithm of the sum over layers of g times the probability "
                "that the next layer with a classifier gives the right class"
            )
    log_g = np.array([[-800.0, 0.0]])
    log_p = np.array([[[0.0, -800.0], [-900.0, 0.0]]])
    found = mixture_nll(log_g, log_p, np.array([0]), np.array([True, True]))
    assert np.allclose(found, 800), "sums of e to the -800 need logarithms throughout"
    log_g = np.array([[-1600.0, 0.0]])
    log_p = np.array([[[-0.1, -2.0], [-0.5, -1.0]]])
    found = mixture_nll(log_g, log_p, np.array([0]), np.array([True, True]))
    assert np.allclose(found, 0.5), "a gate of e to the -1600 must do no harm"
    log_g = np.log([[0.5, 0.5], [0.25, 0.75]])
    log_p = np.array([[[-900.0, 0.0]] * 2, [[-0.2, -1.7]] * 2])
    found = mixture_nll(log_g, log_p, np.array([0, 0]), np.array([True, True]))
    assert np.allclose(found, [900, 0.2]), (
        "one example must not decide how another one is rounded"
    )


decide_mixture_nll()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `prior_gates` (3 points)
#
# Find the gates $g$ (they sum to 1) for which
# $$-\log \sum_l g_l\, p_l - \sum_l \alpha_l \log g_l$$
# is least, for one example whose right class the layers give probabilities $p_l$.
#
# **The variant.** Each layer has a weight $\alpha_l > 0$ of its own. For given responsibilities
# $r_l = g_l p_l / \sum_k g_k p_k$ find out for yourself which $g$ is best; then mind that $r$ depends
# on $g$.

# %% [markdown] hints="prior_gates"
# 1. With $r$ given, $-\sum_l (r_l + \alpha_l) \log g_l$ is least, with the sum of $g$ held at 1: what
#    does the derivative with a multiplier say about $g_l$? What does everything sum to?
# 2. $g$ is proportional to $r + \alpha$. Begin with equal gates, and repeat: responsibilities from
#    the gates, gates from the responsibilities.
# 3. A thousand rounds are enough for weights of 0.01 and cost nothing; divide `r + alpha` by
#    `1 + alpha.sum()` in each.


# %% nbgrader={"grade_id": "prior_gates", "solution": true}
def prior_gates(p, alpha):
    """The gates of least cost.

    Args:
        p: probability of the right class at each layer, shape (batch, L), above 0.
        alpha: weights of the prior, shape (L,), at least 0.01 each.

    Returns:
        Shape (batch, L), right to 1e-6.
    """
    ### BEGIN SOLUTION
    g = np.full(p.shape, 1 / p.shape[1])
    for _ in range(3000):
        r = g * p
        r = r / r.sum(axis=1, keepdims=True)
        g = (r + alpha) / (1 + alpha.sum())
    return g
    ### END SOLUTION


# %% nbgrader={"grade_id": "prior_gates_tests", "grade": true, "points": 3, "axes": 2}
def check_prior_gates():
    found = prior_gates(np.array([[0.4, 0.4]]), np.array([0.1, 0.3]))
    assert np.shape(found) == (1, 2), "a row for each example, a column for each layer"
    assert np.allclose(found, [[0.25, 0.75]], atol=1e-5), (
        "where layers agree the likelihood says nothing: the prior alone decides, 1 to 3"
    )
    found = prior_gates(np.array([[1.0, 1e-12]]), np.array([0.1, 0.3]))
    assert np.allclose(found, [[1.1 / 1.4, 0.3 / 1.4]], atol=1e-5), (
        "only layer 1 is right, so r = (1, 0) and g is proportional to (1.1, 0.3)"
    )


check_prior_gates()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_prior_gates():
    rng = np.random.default_rng(15)
    for batch, count in ((1, 2), (4, 3), (5, 5), (3, 7)):
        p = rng.uniform(0.01, 1, (batch, count))
        alpha = rng.uniform(0.02, 0.5, count)
        given = p.copy(), alpha.copy()
        found = np.asarray(prior_gates(*given))
        assert found.shape == (batch, count), "the shape of p"
        assert np.allclose(found.sum(axis=1), 1, atol=1e-5), "gates sum to 1"
        # At the minimum the slopes of the cost along the simplex are 0: all entries of
        # its gradient are equal.
        slopes = -p / (found * p).sum(axis=1, keepdims=True) - alpha / found
        assert np.allclose(slopes, slopes.mean(axis=1, keepdims=True), atol=2e-3), (
            "not the minimum: moving a little from one gate to another changes the cost"
        )
    weak, p = np.full(4, 0.01), np.array([[0.9, 0.8, 0.9, 0.89]])
    found = np.asarray(prior_gates(p, weak))
    slopes = -p / (found * p).sum() - weak / found
    assert np.ptp(slopes) < 2e-3, "with weights of 0.01 it takes many rounds"
    slow = np.asarray(prior_gates(np.array([[0.9, 0.88]]), np.full(2, 0.01)))
    assert np.allclose(slow, [[0.723599, 0.276401]], atol=1e-5), (
        "right to 1e-6 is asked: where layers are nearly alike a hundred rounds are too few"
    )
    # Here the second gate stands still in the first round, but not for good.
    p, even = np.array([[0.6, 0.4, 0.2]]), np.full(3, 0.1)
    found = np.asarray(prior_gates(p, even))
    slopes = -p / (found * p).sum() - even / found
    assert np.ptp(slopes) < 2e-3, "go on until no gate moves any more"
    two = np.asarray(prior_gates(np.array([[0.9, 0.1], [0.1, 0.9]]), np.full(2, 0.2)))
    assert np.allclose(two[0], two[1][::-1], atol=1e-5), (
        "each example has its own gates"
    )


decide_prior_gates()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `early_exit` (5 points)
#
# An example leaves at the first layer where the probabilities to stop so far sum to at least
# $\tau$; the last layer keeps nobody. Allow $10^{-9}$ for rounding: a sum of $\tau - 10^{-9}$ is enough.
#
# **The variant.** It is not answered by the layer where it leaves alone, but by the **mixture of all
# layers so far**: the class with the greatest $\sum_{k \le l} g_k\, p_k(y)$.
#
# What lies above an example's exit has not been computed: `g` and `p` are NaN there.

# %% [markdown] hints="early_exit"
# 1. What do you know after layer $l$ without having computed layer $l + 1$? Does the last layer
#    have to ask?
# 2. Keep two sums for each example, of the gates and of gates times probabilities, and walk upwards
#    with those who are still there. `0 * nan` is no 0.
# 3. At each layer add to both sums for the rows that are left; those whose first sum is at least
#    `tau - 1e-9` get the `argmax` of the second as their class, and the layer as their depth.


# %% nbgrader={"grade_id": "early_exit", "solution": true}
def early_exit(g, p, tau):
    """Classes and depths of examples that leave early.

    Args:
        g: probabilities to stop at each layer, shape (batch, L); NaN above the exit.
        p: probabilities of the classes, shape (batch, L, classes); NaN above the exit.
        tau: from 0 to 1.

    Returns:
        (classes, depths): integers of shape (batch,); the first layer has depth 1.
    """
    ### BEGIN SOLUTION
    classes, depths = np.zeros(len(g), int), np.zeros(len(g), int)
    last = g.shape[1] - 1
    for row in range(len(g)):
        sums, mixture = 0.0, 0.0
        for layer in range(last + 1):
            sums = sums + g[row, layer]
            mixture = mixture + g[row, layer] * p[row, layer]
            if sums >= tau - 1e-9 or layer == last:
                classes[row], depths[row] = np.argmax(mixture), layer + 1
                break
    return classes, depths
    ### END SOLUTION


# %% nbgrader={"grade_id": "early_exit_tests", "grade": true, "points": 5, "axes": [1, 1]}
def check_early_exit():
    g = np.array([[0.3, 0.3, 0.4]])
    p = np.array([[[0.9, 0.1], [0.4, 0.6], [0.0, 1.0]]])
    classes, depths = early_exit(g, p, 0.5)
    assert np.shape(classes) == (1,) and np.shape(depths) == (1,), (
        "one for each example"
    )
    assert depths[0] == 2, "0.3 is too little, 0.3 + 0.3 is enough for tau = 0.5"
    assert classes[0] == 0, (
        "layer 2 alone would say class 1, but layers 1 and 2 together give class 0 "
        "0.3 x 0.9 + 0.3 x 0.4 = 0.39 and class 1 only 0.21"
    )
    g[:, 2], p[:, 2] = np.nan, np.nan
    classes, depths = early_exit(g, p, 0.5)
    assert (classes[0], depths[0]) == (0, 2), (
        "layer 3 was not computed: do not touch it"
    )


check_early_exit()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_early_exit():
    rng = np.random.default_rng(40)
    for batch, count, classes in (
        (1, 1, 2),
        (6, 4, 3),
        (5, 5, 5),
        (9, 3, 4),
        (4, 7, 2),
    ):
        g = rng.dirichlet(np.ones(count), batch)
        p = rng.dirichlet(np.full(classes, 0.5), (batch, count))
        for tau in (0.0, 0.2, 0.5, 0.8, 0.95):
            shown_g, shown_p = g.copy(), p.copy()
            labels, depths = [], []
            for row in range(batch):
                sums = np.cumsum(g[row])
                at = min(int(np.sum(sums < tau - 1e-9)), count - 1)
                so_far = g[row, : at + 1] @ p[row, : at + 1]
                labels.append(int(np.argmax(so_far)))
                depths.append(at + 1)
                shown_g[row, at + 1 :] = np.nan
                shown_p[row, at + 1 :] = np.nan
            found = early_exit(shown_g, shown_p, tau)
            assert np.array_equal(found[1], depths), (
                "the first layer at which the gates so far sum to tau, counted from 1"
            )
            assert np.array_equal(found[0], labels), (
                "the class with the greatest sum of g times p over the layers so far"
            )
    tie = np.array([[0.2] * 5, [0.5, 0.25, 0.25, 0, 0], [1 - 1e-3, 1e-3, 0, 0, 0]])
    say = np.zeros((3, 5, 2))
    say[..., 1] = 1
    found = early_exit(tie, say, 0.5)
    assert list(found[1]) == [3, 1, 1], "a sum of exactly tau is enough"
    found = early_exit(np.array([[0.7, 0.1, 0.2]]), np.full((1, 3, 2), 0.5), 0.8)
    assert found[1][0] == 2, "0.7 + 0.1 is 0.8, whatever the last binary digit says"
    short = np.full((2, 3), 0.3)  # sums to 0.9: the last layer keeps nobody
    found = early_exit(short, np.full((2, 3, 2), 0.5), 1.0)
    assert list(found[1]) == [3, 3], (
        "whoever has not left before leaves at the last layer"
    )


decide_early_exit()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `act_weights` (3 points)
#
# Adaptive computation time: the example runs until its halting probabilities sum to at least
# $1 - \epsilon$, say at step $N$. Steps before $N$ weigh their $h_n$, step $N$ weighs the remainder
# $1 - \sum_{n<N} h_n$, later ones nothing.
#
# **The variant.** Each example has a length: it cannot run longer than that many steps. If the
# sum has not got there by then, its last step takes the remainder. What stands behind the
# length is NaN.

# %% [markdown] hints="act_weights"
# 1. What is left when the sum passes $1 - \epsilon$? And what is left for the last step if it never
#    does?
# 2. For each example: walk over its steps with a running sum. Stop where the sum with this step
#    would reach $1 - \epsilon$, or where it is the last one.
# 3. The weight there is 1 minus the running sum *before* this step; the cost is the number of
#    steps plus that weight.


# %% nbgrader={"grade_id": "act_weights", "solution": true}
def act_weights(h, lengths, epsilon):
    """Weights of the steps, and what pondering costs.

    Args:
        h: halting probabilities, shape (batch, steps); NaN behind the lengths.
        lengths: steps that each example has, integers of shape (batch,), at least 1.
        epsilon: a small number.

    Returns:
        (weights, ponder): shapes (batch, steps) and (batch,); ponder is N plus the
        remainder.
    """
    ### BEGIN SOLUTION
    weights, ponder = np.zeros(h.shape), np.zeros(len(h))
    for row in range(len(h)):
        total = 0.0
        for step in range(lengths[row]):
            if total + h[row, step] >= 1 - epsilon or step == lengths[row] - 1:
                weights[row, step] = 1 - total
                ponder[row] = step + 1 + (1 - total)
                break
            weights[row, step] = h[row, step]
            total = total + h[row, step]
    return weights, ponder
    ### END SOLUTION


# %% nbgrader={"grade_id": "act_weights_tests", "grade": true, "points": 3, "axes": [2, 1]}
def check_act_weights():
    h = np.array([[0.3, 0.4, 0.25, 0.2, 0.9]])
    weights, ponder = act_weights(h, np.array([5]), 0.01)
    assert np.shape(weights) == (1, 5) and np.shape(ponder) == (1,), "shapes"
    assert np.allclose(weights, [[0.3, 0.4, 0.25, 0.05, 0]]), (
        "the sum reaches 0.99 at step 4, which weighs what is left of 1: 0.05"
    )
    assert np.allclose(ponder, [4.05]), "4 steps and a remainder of 0.05"
    weights, ponder = act_weights(h, np.array([2]), 0.01)
    assert np.allclose(weights, [[0.3, 0.7, 0, 0, 0]]), (
        "an example of 2 steps ends at step 2, which takes all that is left: 0.7"
    )


check_act_weights()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_act_weights():
    rng = np.random.default_rng(8983)
    for batch, steps in ((1, 1), (5, 4), (4, 4), (8, 6)):
        for scale in (0.2, 0.6, 1.0):
            h = rng.uniform(0, scale, (batch, steps))
            lengths = rng.integers(1, steps + 1, batch)
            expected, cost = np.zeros((batch, steps)), np.zeros(batch)
            for row in range(batch):
                own = h[row, : lengths[row]]
                crossed = np.flatnonzero(np.cumsum(own) >= 1 - 0.05)
                at = crossed[0] if len(crossed) else len(own) - 1
                expected[row, :at] = own[:at]
                expected[row, at] = 1 - own[:at].sum()
                cost[row] = at + 1 + expected[row, at]
                h[row, lengths[row] :] = np.nan
            weights, ponder = act_weights(h, lengths, 0.05)
            assert np.allclose(np.sum(weights, axis=1), 1), "weights sum to 1"
            assert np.allclose(weights, expected), (
                "h before the last step, the remainder at it, nothing after it"
            )
            assert np.allclose(ponder, cost), "the number of steps plus the remainder"
    weights, ponder = act_weights(np.array([[0.5, 0.25, 0.2]]), np.array([3]), 0.25)
    assert np.allclose(weights, [[0.5, 0.5, 0]]) and np.allclose(ponder, 2.5), (
        "a sum of exactly 1 - epsilon is there: 0.5 + 0.25 with epsilon 0.25"
    )
    weights, ponder = act_weights(np.array([[0.995, 0.2]]), np.array([2]), 0.01)
    assert np.allclose(weights, [[1, 0]]) and np.allclose(ponder, 2), (
        "a first step of 0.995 crosses at once: its remainder is all of 1"
    )


decide_act_weights()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: is it depth? (3 points)
#
# A colleague trains a network with gates on two classes of inputs and reports: "Silence has an
# expected depth of 3.0, speech of 3.8. So the network has understood that speech is harder."
#
# 1. The prior has a small weight. Why would silence have a depth of 3.0, the middle of five layers,
#    rather than 1?
# 2. What else can the difference between 3.0 and 3.8 say? Which two experiments, or looks at the
#    network, would you ask for, and what would you expect of each?
# 3. "Giving the exits to other examples costs 12 % of accuracy, so the gates know which examples
#    are easy." What else could explain it, and which network would you train beside it?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "depth", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. If all layers are equally right about an input, the likelihood does not depend on the gates, and
#    the prior alone decides: it wants equal gates, whose depth is $(L + 1) / 2 = 3$. Easy means
#    *uniform*, not shallow; shallow needs a price on depth.
# 2. Depth says that for speech some layers above are better than those below, whatever the reason.
#    *Train longer*: where in the end every layer has learned speech, the gap closes. *Look at each layer
#    alone*: if the low ones are as good on speech as the high ones, nothing is left but the prior. Permuted
#    labels are a fair experiment too, if it is said what they show: they are fitted by the upper layers
#    alone, by heart, and the gap stays. *Half a point* for one of these.
# 3. Layers trained only through the gates have specialised: each is right about the inputs it is
#    given and bad at the others. The exits must then not be exchanged, however easy an input is. Train
#    a network with a loss at every layer, with or without gates: if the exchange costs nothing there,
#    the exits told nothing about difficulty.
# ### END SOLUTION
