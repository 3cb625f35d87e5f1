# %% [markdown]
# # Exercise: learn from this task for the next
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `meta_learning` first. Time:
# about two hours.
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
#   package `lessons.control.meta_learning` cannot be imported.
# * Arrays come in and go out as NumPy arrays; logarithms are natural. Inside you may use
#   what you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `inner_step` (2 points)
#
# One step of gradient descent on a list of tensors: each has a rate of its own.
#
# **The variant.** Entries of a gradient beyond $\pm$ `limit` are cut to it *before* the rate multiplies
# them. Where the loss does not depend on a tensor its gradient is `None`, and the tensor stays as it is. Rates may be
# negative.

# %% [markdown] hints="inner_step"
# 1. What are the shapes of three tensors, three gradients and three rates?
# 2. Pair them and subtract; which of them may be `None`?
# 3. Each new tensor is the old one less its own rate times its own gradient, which
#    `np.clip` has cut; no list and no array is changed in place.


# %% nbgrader={"grade_id": "inner_step", "solution": true}
def inner_step(parameters, gradients, rates, limit):
    """Parameters after one step.

    Args:
        parameters: list of arrays.
        gradients: list of arrays of the same shapes, or None.
        rates: one number for each array.
        limit: greatest entry of a gradient, above 0.

    Returns:
        A new list of arrays.
    """
    ### BEGIN SOLUTION
    moved = []
    for value, gradient, rate in zip(parameters, gradients, rates, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            moved.append(value - rate * np.clip(gradient, -limit, limit))
    return moved
    ### END SOLUTION


# %% nbgrader={"grade_id": "inner_step_tests", "grade": true, "points": 2, "axes": null}
def check_inner_step():
    values = [np.array([1.0, 2.0]), np.array([[3.0]]), np.array(4.0)]
    gradients = [np.array([1.0, -1.0]), None, np.array(0.5)]
    found = inner_step(values, gradients, [0.5, 9.0, -2.0], 10.0)
    assert isinstance(found, list) and len(found) == 3, "a list with an entry for each"
    assert np.allclose(found[0], [0.5, 2.5]), "less the rate times the gradient"
    assert np.allclose(found[1], [[3.0]]), "without a gradient a tensor stays"
    assert np.allclose(found[2], 5.0), "each tensor has its own rate, which may be < 0"
    found = inner_step([np.zeros(3)], [np.array([50.0, -50.0, 1.0])], [0.1], 10.0)
    assert np.allclose(found[0], [-1.0, 1.0, -0.1]), (
        "entries of the gradient are cut to the limit before the rate multiplies them"
    )


check_inner_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_inner_step():
    rng = np.random.default_rng(0)
    for shapes in ([(3, 4)], [(2, 3), ()], [(4,), (1, 2), (3,), (), (2, 2)]):
        count = len(shapes)
        values = [rng.normal(size=shape) for shape in shapes]
        gradients = [np.asarray(5 * rng.normal(size=shape)) for shape in shapes]
        rates = rng.normal(size=count).tolist()
        limit = 2.0
        missing = count - 1 if count > 1 else None
        kept = [np.array(value) for value in values]
        given = [None if k == missing else g for k, g in enumerate(gradients)]
        found = inner_step(values, given, rates, limit)
        assert len(found) == count, "an entry for each tensor"
        for k in range(count):
            assert np.shape(found[k]) == np.shape(kept[k]), "shapes stay"
            if k == missing:
                assert np.allclose(found[k], kept[k]), "without a gradient it stays"
                continue
            for place in np.ndindex(np.shape(kept[k])):
                slope = min(max(gradients[k][place], -limit), limit)
                expected = kept[k][place] - rates[k] * slope
                assert np.isclose(found[k][place], expected), (
                    "old less own rate times own gradient, cut to the limit"
                )
        for value, before in zip(values, kept, strict=True):
            assert np.array_equal(value, before), "what you are given must not change"


decide_inner_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `maml_gradient` (4 points)
#
# Tasks $L_i(\theta) = \frac{a_i}{2} (\theta - c_i)^2$. The gradient by $\theta$ of the *mean* over the tasks
# of the loss after adaptation.
#
# **The variant.** Adaptation takes several steps, one for each entry of `rates`, each at its own rate. With no
# rate at all nothing is adapted.

# %% [markdown] hints="maml_gradient"
# 1. What is $\phi - c$ after one step, in terms of $\theta - c$? And after two?
# 2. How often does the product of the factors enter the loss, how often the gradient?
# 3. The loss is $\frac{a}{2} f^2 (\theta - c)^2$ with $f = \prod_m (1 - \alpha_m a)$. Differentiate, and average
#    over the tasks.


# %% nbgrader={"grade_id": "maml_gradient", "solution": true}
def maml_gradient(a, c, theta, rates):
    """Gradient of the mean loss after adaptation.

    Args:
        a, c: curvatures and minima of the tasks, shape (tasks,).
        theta: a number.
        rates: of the steps, shape (steps,), possibly of no step.

    Returns:
        A number.
    """
    ### BEGIN SOLUTION
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.mean(a * factors**2 * (theta - c)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "maml_gradient_tests", "grade": true, "points": 4, "axes": 0}
def check_maml_gradient():
    one = np.array([5.0]), np.array([2.0])
    assert np.isclose(maml_gradient(*one, 3.0, np.array([])), 5.0), (
        "without a step it is the slope of the task itself"
    )
    assert np.isclose(maml_gradient(*one, 3.0, np.array([0.3])), 1.25), (
        "the factor (1 - 0.3 * 5) = -0.5 enters twice"
    )
    found = maml_gradient(
        np.array([1.0, 4.0]), np.array([-1.0, 2.0]), 0.92, np.array([0.1])
    )
    assert abs(found) < 1e-12, "zero at the optimum of two tasks"
    found = maml_gradient(*one, 3.0, np.array([0.3, 0.1]))
    assert np.isclose(found, 0.3125), "each step brings a factor of its own"


check_maml_gradient()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_maml_gradient():
    rng = np.random.default_rng(1)

    def loss(a, c, theta, rates):
        total = 0.0
        for k in range(len(a)):
            phi = theta
            for rate in rates:
                phi = phi - rate * a[k] * (phi - c[k])
            total += a[k] / 2 * (phi - c[k]) ** 2
        return total / len(a)

    for tasks, steps in ((1, 1), (1, 3), (2, 1), (3, 2), (5, 0), (4, 4), (7, 2)):
        a, c = rng.uniform(0.2, 3, tasks), rng.normal(0, 2, tasks)
        theta, rates = float(rng.normal(0, 2)), rng.normal(0.3, 0.3, steps)
        expected = (
            loss(a, c, theta + 1e-5, rates) - loss(a, c, theta - 1e-5, rates)
        ) / 2e-5
        found = maml_gradient(a, c, theta, rates)
        assert np.isclose(found, expected, rtol=1e-6, atol=1e-7), (
            "the slope of the mean loss after the steps, by finite differences"
        )
    solved = maml_gradient(np.array([4.0]), np.array([1.0]), 7.0, np.array([0.25]))
    assert abs(solved) < 1e-12, "a step that solves the task leaves nothing to learn"


decide_maml_gradient()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `pair_gradient` (5 points)
#
# A bandit with $A$ arms; arm $j$ is pulled with the probability $\pi_j = e^{\theta_j} / \sum_k e^{\theta_k}$. $K$ pulls on the *first* bandit make
# one step of policy gradient,
#
# $$\phi = \theta + \frac{\alpha}{K} \sum_{k=1}^K R_1(a_k)\, \nabla \log \pi_\theta(a_k).$$
#
# The loss is minus the expected reward of $\pi_\phi$ on the *second* bandit. Give the gradient by $\theta$ of the
# expected loss over all outcomes of the pulls, exactly: enumerate the $A^K$ outcomes.
#
# **The variant.** Any number of arms, so that $\theta$ is a vector, and the derivative of the step is a matrix.

# %% [markdown] hints="pair_gradient"
# 1. Name the *two* places where $\theta$ enters the expected loss.
# 2. The probability of an outcome is a product; what is the derivative of a product of probabilities? And what
#    is $\partial\, \nabla \log \pi_\theta(a) / \partial \theta$? It does not depend on $a$.
# 3. For each outcome: probability times (the matrix $\partial \phi / \partial \theta$, transposed, times the slope of the second loss at
#    $\phi$, plus the second loss times the *sum* of the $K$ scores $e_{a_k} - \pi$).


# %% nbgrader={"grade_id": "pair_gradient", "solution": true}
def pair_gradient(theta, alpha, first, second, num_pulls):
    """Gradient of the expected loss on the second bandit.

    Args:
        theta: logits, shape (arms,).
        alpha: rate of the step.
        first, second: rewards of the arms, each of shape (arms,).
        num_pulls: K, at least 1.

    Returns:
        Shape (arms,).
    """
    ### BEGIN SOLUTION
    import itertools

    def softmax(logits):
        exps = np.exp(logits - logits.max())
        return exps / exps.sum()

    arms = len(theta)
    p = softmax(theta)
    spread = np.diag(p) - np.outer(p, p)
    total = np.zeros(arms)
    for pulls in itertools.product(range(arms), repeat=num_pulls):
        pulls = np.array(pulls)
        scores = np.eye(arms)[pulls] - p
        phi = theta + alpha * np.mean(first[pulls][:, None] * scores, axis=0)
        step = np.eye(arms) - alpha * np.mean(first[pulls]) * spread
        q = softmax(phi)
        loss, slope = -q @ second, -q * (second - q @ second)
        total += np.prod(p[pulls]) * (step.T @ slope + loss * scores.sum(axis=0))
    return total
    ### END SOLUTION


# %% nbgrader={"grade_id": "pair_gradient_tests", "grade": true, "points": 5, "axes": 1}
def check_pair_gradient():
    theta, first, second = (
        np.array([0.0, 0.3]),
        np.array([1.0, 0.0]),
        np.array([0.2, 1.0]),
    )
    found = pair_gradient(theta, 0.0, first, second, 2)
    assert np.shape(found) == (2,), "a derivative for each arm"
    assert np.allclose(found, [0.1955667, -0.1955667], atol=1e-6), (
        "without a step it is the gradient on the second bandit"
    )
    found = pair_gradient(theta, 1.5, first, second, 1)
    assert np.allclose(found, [0.2009174, -0.2009174], atol=1e-6), (
        "through the step, and through what is sampled"
    )
    constant = pair_gradient(theta, 1.5, first, np.array([0.7, 0.7]), 2)
    assert np.allclose(constant, 0, atol=1e-9), "all arms alike: nothing to gain"
    more = pair_gradient(theta, 1.5, first, second + 5, 2)
    less = pair_gradient(theta, 1.5, first, second, 2)
    assert np.allclose(more, less), "the same reward added to all arms changes nothing"


check_pair_gradient()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_pair_gradient():
    rng = np.random.default_rng(2)

    def expected_loss(theta, alpha, first, second, count):
        p = np.exp(theta) / np.exp(theta).sum()
        arms, total = len(theta), 0.0
        for number in range(arms**count):
            pulls = [number // arms**k % arms for k in range(count)]
            step = sum(first[a] * ((np.arange(arms) == a) - p) for a in pulls) / count
            phi = theta + alpha * step
            q = np.exp(phi) / np.exp(phi).sum()
            total -= np.prod([p[a] for a in pulls]) * q @ second
        return total

    for arms, count, alpha in (
        (2, 1, 1.5),
        (2, 2, 1.5),
        (2, 3, -0.8),
        (3, 1, 2.0),
        (3, 2, 1.0),
        (4, 2, 3.0),
        (3, 3, 0.7),
    ):
        theta, first, second = rng.normal(size=(3, arms))
        expected = np.zeros(arms)
        for j in range(arms):
            shift = 1e-5 * (np.arange(arms) == j)
            args = alpha, first, second, count
            high, low = (expected_loss(theta + s * shift, *args) for s in (1, -1))
            expected[j] = (high - low) / 2e-5
        found = np.asarray(pair_gradient(theta, alpha, first, second, count))
        assert np.allclose(found, expected, atol=1e-7), (
            "two places: the step's derivative, and the sum of the scores of all pulls "
            "times the loss on the second bandit"
        )
    far = pair_gradient(
        np.array([900.0, 0.0, -900.0]), 1.0, np.ones(3), np.arange(3.0), 2
    )
    assert np.allclose(far, 0, atol=1e-9), (
        "logits of 900: subtract the greatest before you take exponentials"
    )


decide_pair_gradient()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `trajectory_weights` (4 points)
#
# Importance weights of whole trajectories, $w_k = \pi_\theta(\tau_k) / \pi_\phi(\tau_k)$, from the log-probabilities of the
# actions under both policies.
#
# **The variant.** Episodes differ in length: what stands behind the end of an episode is padding, which counts
# nothing and may be anything, NaN too. And the *logarithm* of a weight is cut to $\pm$ `limit`.

# %% [markdown] hints="trajectory_weights"
# 1. Is the probability of a path a sum or a product of those of its steps?
# 2. Add logarithms, along which axis? Which entries must not be added?
# 3. Where `np.arange(H) < length` sum new - old over time (`np.where`, since 0 times NaN is NaN), cut,
#    and exponentiate once.


# %% nbgrader={"grade_id": "trajectory_weights", "solution": true}
def trajectory_weights(new, old, lengths, limit):
    """Weights of trajectories.

    Args:
        new, old: log-probabilities of actions under the policy that is wanted and the
            one that acted, shape (K, H).
        lengths: steps of each episode, integers, shape (K,).
        limit: greatest absolute logarithm of a weight.

    Returns:
        Shape (K,).
    """
    ### BEGIN SOLUTION
    inside = np.arange(new.shape[1])[None, :] < lengths[:, None]
    ratios = np.where(inside, new, 0.0) - np.where(inside, old, 0.0)
    return np.exp(np.clip(ratios.sum(axis=1), -limit, limit))
    ### END SOLUTION


# %% nbgrader={"grade_id": "trajectory_weights_tests", "grade": true, "points": 4, "axes": 1}
def check_trajectory_weights():
    new = np.log(np.array([[0.2, 0.2, 0.2], [0.5, 0.1, 0.1]]))
    old = np.log(np.array([[0.1, 0.1, 0.1], [0.25, 0.4, 0.1]]))
    found = trajectory_weights(new, old, np.array([3, 3]), 50.0)
    assert np.shape(found) == (2,), "one weight for each trajectory"
    assert np.allclose(found, [8.0, 0.5]), "a product over the steps"
    found = trajectory_weights(new, old, np.array([2, 1]), 50.0)
    assert np.allclose(found, [4.0, 2.0]), "steps behind the end do not count"
    found = trajectory_weights(new, old, np.array([3, 3]), np.log(4.0))
    assert np.allclose(found, [4.0, 0.5]), "the logarithm is cut to the limit"
    found = trajectory_weights(new, new, np.array([3, 2]), 50.0)
    assert np.allclose(found, 1), "weights of one policy to itself are one"


check_trajectory_weights()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_trajectory_weights():
    rng = np.random.default_rng(3)
    for count, steps in ((1, 1), (2, 3), (5, 4), (3, 7), (4, 4)):
        new, old = np.log(rng.uniform(0.05, 1, (2, count, steps)))
        lengths = rng.integers(0, steps + 1, count)
        expected = []
        for k in range(count):
            ratio = 1.0
            for t in range(lengths[k]):
                ratio *= np.exp(new[k, t]) / np.exp(old[k, t])
            expected.append(min(max(ratio, np.exp(-1.3)), np.exp(1.3)))
        found = np.asarray(trajectory_weights(new, old, lengths, 1.3))
        assert found.shape == (count,), "one weight for each trajectory"
        assert np.allclose(found, expected), (
            "new over old, multiplied over the steps of the episode, then cut on both sides"
        )
    empty = trajectory_weights(
        np.full((2, 3), np.nan), np.zeros((2, 3)), np.array([0, 0]), 9.0
    )
    assert np.allclose(empty, 1), (
        "nothing happened, so the weight is one; padding is NaN"
    )
    rise = np.concatenate([np.ones(2000), -np.ones(2000)])[None]
    found = trajectory_weights(rise, np.zeros((1, 4000)), np.array([4000]), 9.0)
    assert np.allclose(found, 1), "add all logarithms before you take the exponential"
    padded = np.array([[0.1, np.inf, np.nan]])
    found = trajectory_weights(padded, np.zeros((1, 3)), np.array([1]), 9.0)
    assert np.allclose(found, np.exp(0.1)), "padding may be anything"


decide_trajectory_weights()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `skill_update` (5 points)
#
# TrueSkill for two players. Player $i$ has the skill $N(\mu_i, s_i^2)$. Before the game each $s_i^2$ grows by $\tau^2 = (25/300)^2$.
# A win of player 1, with $c^2 = b_1^2 + b_2^2 + s_1^2 + s_2^2$, $t = (\mu_1 - \mu_2)/c$, $\epsilon = $ margin$/c$:
#
# $$v = \frac{N(t - \epsilon)}{\Phi(t - \epsilon)},\quad w = v (v + t - \epsilon),\quad
# \mu_1 \mathrel{+}= \frac{s_1^2}{c} v,\quad \mu_2 \mathrel{-}= \frac{s_2^2}{c} v,\quad s_i^2 \mathrel{*}= 1 - \frac{s_i^2}{c^2} w.$$
#
# A draw: $v = \frac{N(-\epsilon - t) - N(\epsilon - t)}{\Phi(\epsilon - t) - \Phi(-\epsilon - t)}$,
# $w = v^2 + \frac{(\epsilon - t) N(\epsilon - t) + (\epsilon + t) N(\epsilon + t)}{\Phi(\epsilon - t) - \Phi(-\epsilon - t)}$.
#
# **The variant.** Each player has its own luck $b_i$. The margin is $\Phi^{-1}(0.55) \sqrt{b_1^2 + b_2^2}$ (a tenth of the
# games of equals are draws). The outcome is 1 (the first wins), -1 (the second wins) or 0 (a draw). The favourite may lose although it was 40 $c$ ahead.

# %% [markdown] hints="skill_update"
# 1. Which of the inputs must be squared, and when does $\tau$ come in? Who is "player 1" in the formulas when the outcome is -1?
# 2. The order: $\tau$, $c$, $t$, $\epsilon$, $v$, $w$. At $t = -40$ both $N$ and $\Phi$ are 0: use `scipy.stats.norm.logpdf` and
#    `logcdf`, and take the exponential of the difference.
# 3. Winner up, loser down by $s^2 v / c$; both $s^2$ shrink by their own $s^2 w / c^2$; give the roots, in the order in which the players came.


# %% nbgrader={"grade_id": "skill_update", "solution": true}
def skill_update(mu, s, luck, outcome):
    """Skills after a game.

    Args:
        mu, s: means and standard deviations of two players, each of shape (2,).
        luck: b of the two, shape (2,).
        outcome: 1, -1 or 0.

    Returns:
        (mu, s), each of shape (2,).
    """
    ### BEGIN SOLUTION
    from scipy.stats import norm

    order = np.array([1, 0] if outcome == -1 else [0, 1])
    mean, variance = mu[order], s[order] ** 2 + (25 / 300) ** 2
    total = np.sum(luck**2)
    c = np.sqrt(total + variance.sum())
    t = (mean[0] - mean[1]) / c
    e = norm.ppf(0.55) * np.sqrt(total) / c
    if outcome == 0:
        mass = norm.cdf(e - t) - norm.cdf(-e - t)
        v = (norm.pdf(-e - t) - norm.pdf(e - t)) / mass
        w = v**2 + ((e - t) * norm.pdf(e - t) + (e + t) * norm.pdf(e + t)) / mass
    else:
        v = np.exp(norm.logpdf(t - e) - norm.logcdf(t - e))
        w = v * (v + t - e)
    mean = mean + np.array([1, -1]) * variance / c * v
    deviation = np.sqrt(variance * (1 - variance / c**2 * w))
    return mean[order], deviation[order]
    ### END SOLUTION


# %% nbgrader={"grade_id": "skill_update_tests", "grade": true, "points": 5, "axes": [1, 1]}
def check_skill_update():
    b = np.full(2, 25 / 6)
    mu, s = skill_update(np.array([25.0, 25.0]), np.full(2, 25 / 3), b, 1)
    assert np.allclose(mu, [29.3958, 20.6042], atol=1e-3), (
        "two newcomers, the first wins"
    )
    assert np.allclose(s, 7.17148, atol=1e-4), "both are better known now"
    mu, s = skill_update(np.array([25.0, 25.0]), np.full(2, 25 / 3), b, 0)
    assert np.allclose(mu, 25) and np.allclose(s, 6.45752, atol=1e-4), (
        "a draw of equals"
    )
    mu, s = skill_update(np.array([20.0, 30.0]), np.array([3.0, 5.0]), b, 1)
    assert np.allclose(mu, [21.9192, 24.6716], atol=1e-3), (
        "each moves by its own variance over c"
    )
    assert np.allclose(s, [2.8328, 4.1756], atol=1e-3), (
        "each shrinks by its own variance"
    )
    back, _ = skill_update(np.array([30.0, 20.0]), np.array([5.0, 3.0]), b, -1)
    assert np.allclose(back, [24.6716, 21.9192], atol=1e-3), (
        "-1: the second player has won; the order of the players stays"
    )
    mu, s = skill_update(
        np.array([25.0, 25.0]), np.full(2, 4.0), np.array([2.0, 6.0]), 1
    )
    assert np.allclose(mu, [26.6192, 23.3808], atol=1e-3), (
        "each player has luck of its own"
    )
    mu, s = skill_update(np.array([0.0, 300.0]), np.full(2, 3.0), b, 1)
    assert np.all(np.isfinite(mu)) and np.all(np.isfinite(s)), (
        "who was far ahead lost: by logarithms the numbers stay finite"
    )


check_skill_update()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_skill_update():
    from scipy import integrate, stats

    rng = np.random.default_rng(5)

    def moments(mu, s, luck, outcome):
        """Posterior moments by integration over what the first player's skill is."""
        variance = s**2 + (25 / 300) ** 2
        margin = stats.norm.ppf(0.55) * np.sqrt(np.sum(luck**2))
        found = []
        for i, j in ((0, 1), (1, 0)):
            rest = np.sqrt(np.sum(luck**2) + variance[j])
            sign = outcome if i == 0 else -outcome
            x = np.linspace(-9, 9, 4001) * np.sqrt(variance[i]) + mu[i]
            ahead = x - mu[j]
            if outcome:
                chance = stats.norm.cdf((sign * ahead - margin) / rest)
            else:
                chance = stats.norm.cdf((margin - ahead) / rest) - stats.norm.cdf(
                    (-margin - ahead) / rest
                )
            weight = stats.norm.pdf(x, mu[i], np.sqrt(variance[i])) * chance
            mass = integrate.trapezoid(weight, x)
            mean = integrate.trapezoid(weight * x, x) / mass
            square = integrate.trapezoid(weight * (x - mean) ** 2, x) / mass
            found.append((mean, np.sqrt(square)))
        return np.array(found).T

    for _ in range(12):
        mu, s = rng.normal(25, 5, 2), rng.uniform(1, 8, 2)
        luck = rng.uniform(2, 6, 2)
        for outcome in (1, -1, 0):
            found = np.array(skill_update(mu, s, luck, outcome))
            expected = moments(mu, s, luck, outcome)
            assert np.allclose(found, expected, atol=2e-4), (
                "mean and deviation of each skill given the outcome, by integration"
            )
    known = np.array([25.0, 25.0]), np.array([0.01, 0.02]), np.full(2, 25 / 6)
    for outcome in (1, 0):
        found = np.array(skill_update(*known, outcome))
        assert np.allclose(found, moments(*known, outcome), atol=5e-5), (
            "tau = 25/300 keeps skills from standing still: who is known perfectly may "
            "have changed by that much"
        )
    mu, s = skill_update(np.array([0.0, 300.0]), np.full(2, 3.0), np.full(2, 4.0), 1)
    assert np.all(np.isfinite(mu)) and np.all(np.isfinite(s)), (
        "the favourite was 40 c ahead and lost: finite numbers, by logarithms"
    )
    c = np.sqrt(32 + 2 * (9 + 1 / 144))
    shift = (300 + stats.norm.ppf(0.55) * np.sqrt(32)) / c
    assert np.isclose(mu[0], (9 + 1 / 144) / c * (shift + 1 / shift), rtol=1e-4), (
        "for a great surprise v is about -(t - e)"
    )


decide_skill_update()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: has it learned to adapt? (3 points)
#
# A colleague reports: "Our meta-learner walks at 1.31 units per second over six tasks with weakening legs, the policy without
# adaptation at 1.28, tracking at 1.22 (one seed, 24 lives each). So meta-learning adapts the robot to its broken legs, and
# gradient tracking hurts. At execution we reuse the trajectories of the last policy with importance weights; their product over 40 steps
# and 12 actions makes the estimate unbiased, so nothing is lost."
#
# 1. Which two controls of the meta-learner itself would you ask for before you believe "adapts to its broken legs", and what else does the comparison lack?
# 2. What must be known of "tracking hurts" before it says something about tracking?
# 3. Unbiased: what else do you ask about the weights, and what do you expect with 480 Gaussian factors?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "adapted", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The same parameters without a step (alpha 0), and a step on trajectories of *another* pair of legs: if the latter does as well, the step is a general direction, not an adaptation. Missing: standard errors,
#    several seeds, the same number of training episodes for both. *Half a point* for seeds alone.
# 2. The rate (and number of passes) must have been tuned on other tasks; at a rate of 0 tracking is the policy itself, so a tuned tracker cannot lose by much.
# 3. The variance, or the effective share of the samples, $(\sum w)^2 / (K \sum w^2)$. For a shift of $\delta$ deviations in each factor the second moment is $e^{480 \delta^2}$: at 0.1 it
#    is 122, so of 16 trajectories hardly one counts; an unbiased estimate of enormous variance (or, once cut, a biased one).
# ### END SOLUTION
