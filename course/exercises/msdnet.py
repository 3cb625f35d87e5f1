# %% [markdown]
# # Exercise: who leaves where, and what that costs
#
# Five functions to write (14 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `msdnet` first. Time: about two
# hours.
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
#   package `lessons.efficiency.msdnet` cannot be imported.
# * Arrays come in and go out as NumPy arrays; exits in arrays are counted from 0. Inside
#   you may use what you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are
#   given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `exit_shares` (2 points)
#
# In the lesson each image leaves at an exit that it reaches with the same probability $q$,
# and the shares are divided by their sum.
#
# **The variant.** Each exit has a probability of its own: whoever reaches exit $k$ leaves there
# with probability $q_k$. Some would leave nowhere; the shares of the exits are divided by
# their sum, so that those are spread as the others are.

# %% [markdown] hints="exit_shares"
# 1. Which part of all images reaches exit $k$? Each exit before it lets a part go on.
# 2. Exit $k$ is reached by the product of $1 - q_j$ over the exits *before* it, and a part $q_k$
#    of those leaves there.
# 3. Shift `np.cumprod` of `1 - q` by one place, with a 1 in front; multiply by `q`, and divide by
#    what all shares add up to.


# %% nbgrader={"grade_id": "exit_shares", "solution": true}
def exit_shares(q):
    """Which part of the images leaves at each exit.

    Args:
        q: probability of leaving, for those who reach the exit, shape (K,), each in
            (0, 1].

    Returns:
        Shape (K,), at least 0, with sum 1.
    """
    ### BEGIN SOLUTION
    reached = np.concatenate([[1.0], np.cumprod(1 - q)[:-1]])
    shares = reached * q
    return shares / shares.sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "exit_shares_tests", "grade": true, "points": 2, "axes": 1}
def check_exit_shares():
    found = exit_shares(np.array([0.5, 0.5]))
    assert np.shape(found) == (2,), "a share for each exit"
    assert np.allclose(found, [2 / 3, 1 / 3]), (
        "a half and a quarter leave; divided by their sum, 3/4, that is 2/3 and 1/3"
    )
    found = exit_shares(np.array([0.2, 0.5, 1.0]))
    assert np.allclose(found, [0.2, 0.4, 0.4]), (
        "0.8 reach exit 2 and half of them leave; all of the 0.4 that are left leave last"
    )


check_exit_shares()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_exit_shares():
    rng = np.random.default_rng(1703)
    for count in (1, 2, 3, 6, 11):
        q = rng.uniform(0.05, 0.95, count)
        found = np.asarray(exit_shares(q))
        expected = np.empty(count)
        for k in range(count):
            expected[k] = q[k]
            for before in range(k):
                expected[k] *= 1 - q[before]
        assert found.shape == (count,), "a share for each exit"
        assert np.allclose(found.sum(), 1), "the shares sum to 1"
        assert np.allclose(found, expected / expected.sum()), (
            "those who reach exit k, times q_k, divided by the sum over the exits"
        )
    found = np.asarray(exit_shares(np.full(5, 0.9)))
    assert np.isclose(found[0], 0.9 / (1 - 0.1**5)), (
        "with equal q it is the lesson's: most leave first if q is near 1"
    )
    found = np.asarray(exit_shares(np.array([0.3, 1.0, 0.5, 0.2])))
    assert np.allclose(found, [0.3, 0.7, 0, 0]), "nobody gets past q = 1"


decide_exit_shares()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `solve_q` (2 points)
#
# Find the $q$ at which images cost the budget on average, where the shares are those of the
# lesson, $q_k = q (1-q)^{k-1} / (1 - (1-q)^K)$.
#
# **The variant.** You are not given what an image costs *until* exit $k$ but what exit $k$ costs
# **beyond** exit $k - 1$: `added[k]`. Who leaves at exit 3 has paid for three. If no $q$ in (0, 1)
# gives the budget, raise `ValueError`.

# %% [markdown] hints="solve_q"
# 1. What has an image paid that leaves at exit $k$? Which way does the mean cost move as $q$
#    grows, and what are its limits for $q$ near 0 and near 1?
# 2. Running sums of `added` are the costs. The mean cost falls in $q$, from the *mean* of
#    these costs to the first of them; refuse a budget that is not strictly between.
# 3. Halve an interval a hundred times: keep the upper half while the middle costs more than
#    the budget, else the lower half.


# %% nbgrader={"grade_id": "solve_q", "solution": true}
def solve_q(added, budget):
    """The q that spends a budget.

    Args:
        added: what each exit costs beyond the one before, shape (K,), above 0, K > 1.
        budget: mean cost of an image.

    Returns:
        A float in (0, 1), right to 1e-8.

    Raises:
        ValueError: no q gives this budget.
    """
    ### BEGIN SOLUTION
    costs = np.cumsum(added)
    if not costs[0] < budget < costs.mean():
        raise ValueError(f"no q costs {budget}")
    places = np.arange(len(costs))
    low, high = 0.0, 1.0
    for _ in range(100):
        q = (low + high) / 2
        shares = (1 - q) ** places
        if shares @ costs / shares.sum() > budget:
            low = q
        else:
            high = q
    return float((low + high) / 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "solve_q_tests", "grade": true, "points": 2, "axes": 0}
def check_solve_q():
    found = solve_q(np.array([1.0, 1.0, 2.0]), 2.0)
    assert np.ndim(found) == 0, "the result is one number"
    assert np.isclose(found, 1 - np.sqrt(0.5), rtol=0, atol=2e-8), (
        "exits cost 1, 2 and 4 in all; q = 0.29289322 gives the mean cost 2"
    )
    for budget in (0.5, 2.4):
        try:
            solve_q(np.array([1.0, 1.0, 2.0]), budget)
        except ValueError:
            continue
        raise AssertionError(
            f"a budget of {budget} must be a ValueError: the mean cost lies between the "
            "first cost, 1, and the mean of the costs, 7/3"
        )


check_solve_q()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_solve_q():
    rng = np.random.default_rng(9844)
    for count in (2, 3, 5, 8):
        added = rng.uniform(0.3, 4, count)
        costs = [added[: k + 1].sum() for k in range(count)]
        for q in (0.0312345678, 0.4142135624, 0.7712345678, 0.9543210987):
            weights = [q * (1 - q) ** k for k in range(count)]
            budget = sum(w * c for w, c in zip(weights, costs, strict=True))
            budget = budget / sum(weights)
            found = solve_q(added, budget)
            assert np.isclose(found, q, rtol=0, atol=2e-8), (
                "the q whose shares cost the budget, with costs that add up, to 1e-8"
            )
        for budget in (costs[0] - 0.01, np.mean(costs) + 0.01, costs[-1], 0.0):
            try:
                solve_q(added, budget)
            except ValueError:
                continue
            raise AssertionError(
                "a budget below the first cost or above the mean cost is a ValueError"
            )
    for budget in (1.0, 2.0):  # exits cost 1 and 3: q would be 1, or 0
        try:
            solve_q(np.array([1.0, 2.0]), budget)
        except ValueError:
            continue
        raise AssertionError(
            "the first cost itself and the mean cost itself need q = 1 and q = 0, which "
            "are not in (0, 1): a ValueError"
        )
    assert np.isclose(solve_q(np.array([2.0, 6.0]), 3.5), 2 / 3, rtol=0, atol=2e-8), (
        "two exits at 2 and 8: one image in four goes on, (1 - q) / (2 - q) = 1/4"
    )


decide_solve_q()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `find_thresholds` (4 points)
#
# Set the thresholds of $K$ exits on $n$ validation examples, so that $\lfloor n q_k \rfloor$ of them
# leave at exit $k < K$ (add $10^{-9}$ before rounding down: 0.29 x 100 is 28.999... in a computer).
#
# **The variant.** You are given *uncertainties* $u_k(i)$, such as the entropy: **the less, the
# surer**. An example leaves at the first exit with $u_k(i) \le \theta_k$.
#
# * The threshold of the last exit is $\infty$: the rest leaves there.
# * An exit where nobody is to leave ($\lfloor n q_k \rfloor = 0$), or where nobody is left, has the
#   threshold $-\infty$.
# * If fewer are left than should leave, all of them do.

# %% [markdown] hints="find_thresholds"
# 1. Who is still there when the second exit looks? Of whom is $q_2$ a share: of those, or of
#    all examples?
# 2. At each exit, sort the uncertainties of those who are left, smallest first. With $m$ of
#    them to leave, the threshold is the $m$-th value; whoever has at most that has left.
# 3. Keep booleans `left`, all true at first. Take `m = min(int(n * q + 1e-9), left.sum())` at each
#    exit but the last; for `m > 0` the threshold is entry `m - 1` of the sorted survivors.


# %% nbgrader={"grade_id": "find_thresholds", "solution": true}
def find_thresholds(uncertainty, shares):
    """Thresholds that let shares of the examples leave.

    Args:
        uncertainty: of each exit and example, shape (K, n).
        shares: of all examples, shape (K,), with sum 1.

    Returns:
        Shape (K,).
    """
    ### BEGIN SOLUTION
    n = uncertainty.shape[1]
    thresholds = np.full(len(shares), -np.inf)
    thresholds[-1] = np.inf
    left = np.ones(n, bool)
    for k in range(len(shares) - 1):
        m = min(int(np.floor(n * shares[k] + 1e-9)), int(left.sum()))
        if m:
            thresholds[k] = np.sort(uncertainty[k, left])[m - 1]
        left &= uncertainty[k] > thresholds[k]
    return thresholds
    ### END SOLUTION


# %% nbgrader={"grade_id": "find_thresholds_tests", "grade": true, "points": 4, "axes": 1}
def check_find_thresholds():
    uncertainty = np.array(
        [[0.1, 0.2, 0.8, 0.9], [0.01, 0.02, 0.7, 0.6], [0.0, 0.0, 0.0, 0.0]]
    )
    found = find_thresholds(uncertainty, np.array([0.5, 0.25, 0.25]))
    assert np.shape(found) == (3,), "a threshold for each exit"
    assert found[2] == np.inf, "the rest leaves at the last exit: its threshold is inf"
    assert np.isclose(found[0], 0.2), (
        "two of four leave at exit 1, the least uncertain ones: the second smallest, 0.2"
    )
    assert np.isclose(found[1], 0.6), (
        "only the last two examples are left at exit 2; one of four leaves, that with 0.6"
    )
    found = find_thresholds(uncertainty, np.array([0.0, 0.5, 0.5]))
    assert found[0] == -np.inf, "where nobody is to leave the threshold is -inf"


check_find_thresholds()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_find_thresholds():
    rng = np.random.default_rng(11)
    for count, n, shares in [
        (2, 10, [0.3, 0.7]),
        (3, 40, [0.5, 0.25, 0.25]),
        (4, 100, [0.29, 0.41, 0.0, 0.3]),
        (5, 77, [0.1, 0.2, 0.3, 0.2, 0.2]),
    ]:
        uncertainty = rng.exponential(1, (count, n))
        shares = np.array(shares)
        found = np.asarray(find_thresholds(uncertainty, shares))
        assert found.shape == (count,), "a threshold for each exit"
        exits = []
        for i in range(n):
            k = 0
            while uncertainty[k, i] > found[k]:
                k += 1
            exits.append(k)
        counts = np.bincount(exits, minlength=count)
        for k in range(count - 1):
            assert counts[k] == int(n * shares[k] + 1e-9), (
                "floor(n q_k) of all examples leave at exit k"
            )
            assert found[k] == -np.inf or found[k] in uncertainty[k], (
                "a threshold is the uncertainty of the last who leaves"
            )
        assert found[-1] == np.inf, "the rest leaves at the last exit"
    tied = np.array([[1.0, 1.0, 1.0, 2.0], [5.0, 5.0, 5.0, 4.0], [0.0] * 4])
    found = find_thresholds(tied, np.array([0.25, 0.5, 0.25]))
    assert found[0] == 1 and found[1] == 4, (
        "ties leave together, and then fewer are left than should leave: all of them do"
    )
    tied[0, 3] = 1.0
    found = find_thresholds(tied, np.array([0.25, 0.5, 0.25]))
    assert found[1] == -np.inf, "where nobody is left the threshold is -inf"
    found = find_thresholds(np.array([[0.3, 0.1]]), np.array([1.0]))
    assert np.array_equal(found, [np.inf]), "with one exit everybody leaves there"
    big = np.array([[-3.0, 4.0, 9.0, -7.0], [1.0, 1.0, 1.0, 1.0]])
    found = find_thresholds(big, np.array([0.75, 0.25]))
    assert found[0] == 4, "uncertainties may be any numbers, also below 0 or above 1"


decide_find_thresholds()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `dynamic_predict` (3 points)
#
# Class and exit of each example, given the probabilities of all exits and the thresholds.
#
# **The variant.** The confidence is the **margin**: the greatest probability less the second
# greatest. An example leaves at the *first* exit whose margin is at least its threshold; if there
# is none, at the last exit. Its class is the one that *this* exit finds most probable.

# %% [markdown] hints="dynamic_predict"
# 1. Which exit decides if two of them pass? Whose class counts?
# 2. Sort the probabilities along the classes; the last two of them give the margins, shape
#    (K, n). Compare with the thresholds as a column.
# 3. Let everybody pass the last exit, then `argmax` over the exits of the booleans finds the
#    first `True`. Take the class from the probabilities of that exit, example by example.


# %% nbgrader={"grade_id": "dynamic_predict", "solution": true}
def dynamic_predict(probabilities, thresholds):
    """Classes and exits of examples.

    Args:
        probabilities: shape (K, n, c), c > 1.
        thresholds: shape (K,).

    Returns:
        (labels, exits): integers, shape (n,) each; exits are counted from 0.
    """
    ### BEGIN SOLUTION
    ordered = np.sort(probabilities, axis=-1)
    margins = ordered[..., -1] - ordered[..., -2]
    passes = margins >= thresholds[:, None]
    passes[-1] = True
    exits = passes.argmax(axis=0)
    chosen = probabilities[exits, np.arange(probabilities.shape[1])]
    return chosen.argmax(axis=-1), exits
    ### END SOLUTION


# %% nbgrader={"grade_id": "dynamic_predict_tests", "grade": true, "points": 3, "axes": [1, 1]}
def check_dynamic_predict():
    first = [[0.6, 0.3, 0.1], [0.4, 0.35, 0.25]]
    second = [[0.1, 0.8, 0.1], [0.1, 0.2, 0.7]]
    p = np.array([first, second])
    labels, exits = dynamic_predict(p, np.array([0.25, -np.inf]))
    assert np.shape(labels) == (2,) and np.shape(exits) == (2,), "one of each, twice"
    assert np.array_equal(exits, [0, 1]), (
        "the margins of exit 1 are 0.3 and 0.05: only the first example leaves there"
    )
    assert np.array_equal(labels, [0, 2]), (
        "each takes the class of the exit it leaves at"
    )
    labels, exits = dynamic_predict(p, np.array([0.05 - 1e-12, 0.0]))
    assert np.array_equal(exits, [0, 0]), (
        "the first exit that passes, not the surest one"
    )


check_dynamic_predict()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_dynamic_predict():
    rng = np.random.default_rng(13)
    for count, n, c in [(2, 6, 2), (3, 50, 4), (5, 20, 7), (1, 4, 3), (4, 9, 9)]:
        p = rng.dirichlet(np.full(c, 0.6), (count, n))
        thresholds = rng.uniform(0.2, 0.9, count)
        labels, exits = dynamic_predict(p, thresholds)
        labels, exits = np.asarray(labels), np.asarray(exits)
        assert labels.shape == (n,) and exits.shape == (n,), (
            "one of each for an example"
        )
        for i in range(n):
            at = count - 1
            for k in range(count - 1):
                one, two = sorted(p[k, i].tolist())[-2:][::-1]
                if one - two >= thresholds[k]:
                    at = k
                    break
            assert exits[i] == at, (
                "the first exit whose margin is at least its threshold, or the last one"
            )
            assert labels[i] == int(np.argmax(p[at, i])), (
                "the class that this exit alone finds most probable"
            )
    p = np.array([[[0.75, 0.25]], [[0.0, 1.0]]])
    labels, exits = dynamic_predict(p, np.array([0.5, 0.5]))
    assert exits[0] == 0 and labels[0] == 0, "a margin equal to its threshold leaves"
    labels, exits = dynamic_predict(p, np.array([np.inf, np.inf]))
    assert exits[0] == 1 and labels[0] == 1, (
        "nobody is kept: the last exit takes the rest whatever its threshold is"
    )


decide_dynamic_predict()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `new_cells` (3 points)
#
# Scale 0 is the finest here, scale $S - 1$ the coarsest, which exits read. From layer 1 on, the cell
# at layer $l$ and scale $s$ reads layer $l - 1$ at scale $s$ and, for $s > 0$, at scale $s - 1$. In layer 0
# scale $s > 0$ is computed from scale $s - 1$ of the same layer.
#
# **The variant.** Return what has to be computed for an exit after layer `layer` **beyond** what an
# exit after layer `cached` has left behind already; `cached=0` says that nothing has been
# computed.

# %% [markdown] hints="new_cells"
# 1. Go back from the exit: how many layers back can a finer scale first be read?
# 2. Scale $s$ is needed up to layer $L - (S - 1 - s)$: each finer scale stops one layer earlier.
#    Layer 0 is an exception, since its scales are a chain.
# 3. Mark what the exit needs, with all of layer 0; mark what the earlier exit needed in the same
#    way (nothing for `cached=0`); return what is in the first and not in the second.


# %% nbgrader={"grade_id": "new_cells", "solution": true}
def new_cells(layer, cached, n_scales):
    """Cells that an exit needs beyond an earlier exit.

    Args:
        layer: of the exit, at least 1.
        cached: layer of the earlier exit, below `layer`; 0 for none.
        n_scales: S, at least 1.

    Returns:
        Booleans, shape (layer + 1, n_scales).
    """
    ### BEGIN SOLUTION
    rows = np.arange(layer + 1)[:, None]
    back = n_scales - 1 - np.arange(n_scales)
    needed = (rows <= layer - back) | (rows == 0)
    if cached:
        needed &= ~((rows <= cached - back) | (rows == 0))
    return needed
    ### END SOLUTION


# %% nbgrader={"grade_id": "new_cells_tests", "grade": true, "points": 3, "axes": 2}
def check_new_cells():
    found = np.asarray(new_cells(3, 0, 3))
    assert found.shape == (4, 3), "a row for each layer from 0, a column for each scale"
    assert np.array_equal(found[:, 2], [True] * 4), "the exit's own scale, all layers"
    assert not found[3, 0] and not found[2, 0] and found[1, 0], (
        "the finest of three scales is needed up to two layers before the exit"
    )
    assert found.sum() == 9, "layer 0 whole, and 1 + 2 + 3 cells after it"
    found = np.asarray(new_cells(3, 1, 3))
    assert not found[0].any(), "layer 0 is there already"
    assert found.sum() == 5, "what exit 1 needed, (1, 2), is not computed again"


check_new_cells()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_new_cells():
    def reached(layer, n_scales):
        cells, todo = set(), [(layer, n_scales - 1)]
        while todo:
            at, scale = todo.pop()
            if scale < 0 or (at, scale) in cells:
                continue
            cells.add((at, scale))
            if at:
                todo += [(at - 1, scale), (at - 1, scale - 1)]
            else:
                todo.append((0, scale - 1))
        return cells

    for layer in range(1, 9):
        for n_scales in range(1, 6):
            for cached in range(layer):
                found = np.asarray(new_cells(layer, cached, n_scales))
                assert found.shape == (layer + 1, n_scales), (
                    "a row for each layer from 0, a column for each scale"
                )
                expected = reached(layer, n_scales)
                if cached:
                    expected -= reached(cached, n_scales)
                cells = {tuple(map(int, cell)) for cell in np.argwhere(found)}
                assert cells == expected, (
                    "what one meets going back from the exit, without what the earlier "
                    "exit has met; for cached = 0 layer 0 is needed whole"
                )


decide_new_cells()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. Thresholds are set on validation images so that exits get their shares. Why does it say
#    nothing about the quality of the confidence that these shares are met? Which control
#    does say something?
# 2. A colleague sets the thresholds on the test images, "since no label is used". Is anything
#    wrong with that, and what would you do?
# 3. A table shows: MSDNet, leaving early, 0.89 at 0.57 million multiplications; its last exit 0.89
#    at 1.55 million. "So the grid of scales saves two thirds of the work." Which rows are missing?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Ranks meet the shares whatever is ranked, also random numbers. The control gives the same
#    exits to other examples (shuffled confidences): same shares, same cost, and the accuracy
#    falls to that of a random exit. *Half a point* for one of the two.
# 2. The cost of the test set then becomes exactly what was asked for, which uses knowledge of
#    the whole test set at once: an image's exit depends on the others', and nothing says how far
#    cost and accuracy move on new data. Set them on validation images, and report the cost that
#    was measured on test images.
# 3. The same rule on a network without the grid (a chain with one scale) at the same cost, and a
#    single exit or a mix of exits at the same cost: leaving early may save as much there, so that
#    the confidence did it and not the grid.
# ### END SOLUTION
