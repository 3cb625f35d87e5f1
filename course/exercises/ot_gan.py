# %% [markdown]
# # Exercise: optimal transport from both sides
#
# Five functions to write (13 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `ot_gan` first. Time: about two
# and a half hours.
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
#   package `lessons.adversarial.ot_gan` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64, except where a question
#   says otherwise. Inside you may use what you like: NumPy, SciPy, TensorFlow. Do not
#   change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `emd_lp` (3 points)
#
# Kantorovich's problem is $\min_{P \ge 0} \langle P, C\rangle$ with row sums $a$ and
# column sums $b$; its dual is $\max a^\top f + b^\top h$ with $f_i + h_j \le C_{ij}$.
#
# **The variant.** Some pairs are *forbidden*: their cost is `np.inf`, and the plan must
# be exactly 0 there. (A feasible plan always exists in the tests.) The weights have
# equal sums, but the sum need not be 1. Return the value, the plan and both potentials.
#
# *Hint:* `scipy.optimize.linprog` needs finite costs, but it need not be told about
# every pair. It also returns the multipliers of the constraints
# (`result.eqlin.marginals`), or you can solve the dual by itself.

# %% [markdown] hints="emd_lp"
# 1. The unknowns of the linear program are the amounts moved over the *allowed* pairs;
#    a forbidden pair has no unknown at all, and no fixed cost can stand for it. Each
#    unknown appears in exactly two of the equations.
# 2. Number the allowed pairs. The matrix of equations has n + m rows and a column for
#    each pair $(i, j)$, with ones in row $i$ and in row $n + j$; the right-hand side is
#    $a$ followed by $b$, as they are given and not scaled.
# 3. `optimize.linprog` returns the amounts, which go to the allowed places of a table
#    of zeros, and the multipliers of the equations, `result.eqlin.marginals`. Their
#    first $n$ entries are $f$ and the other $m$ are $h$; both are needed, because $C$
#    need not be a metric, and $a^\top f + b^\top h$ must be the value.


# %% nbgrader={"grade_id": "emd_lp", "solution": true}
def emd_lp(a, b, C):
    """Exact transport, and the prices that prove it.

    Args:
        a: weights of the rows, shape (n,), positive.
        b: weights of the columns, shape (m,), positive, with the same sum.
        C: costs, shape (n, m); np.inf where nothing may be moved.

    Returns:
        (value, P, f, h): a float, and arrays of shapes (n, m), (n,), (m,).
    """
    ### BEGIN SOLUTION
    from scipy import optimize

    n, m = C.shape
    rows, columns = np.nonzero(np.isfinite(C))
    sums = np.zeros((n + m, len(rows)))
    sums[rows, np.arange(len(rows))] = 1
    sums[n + columns, np.arange(len(rows))] = 1
    result = optimize.linprog(
        C[rows, columns], A_eq=sums, b_eq=np.concatenate([a, b]), method="highs"
    )
    P = np.zeros((n, m))
    P[rows, columns] = result.x
    prices = result.eqlin.marginals
    return float(result.fun), P, prices[:n], prices[n:]
    ### END SOLUTION


# %% nbgrader={"grade_id": "emd_lp_tests", "grade": true, "points": 3, "axes": [0, 2, 1, 1]}
def check_emd_lp():
    C = np.array([[0.0, 2.0], [2.0, 0.0]])
    value, P, f, h = emd_lp(np.array([0.75, 0.25]), np.array([0.5, 0.5]), C)
    P, f, h = np.asarray(P), np.asarray(f), np.asarray(h)
    assert P.shape == (2, 2), "the plan has the shape of C"
    assert f.shape == (2,) and h.shape == (2,), "one price for each row and column"
    assert np.isclose(value, 0.5), (
        "a quarter of the mass has to cross at a cost of 2: the value is 0.5"
    )
    assert np.allclose(P.sum(1), [0.75, 0.25]), "rows of the plan must sum to a"
    assert np.allclose(P.sum(0), [0.5, 0.5]), "columns of the plan must sum to b"
    assert np.all(f[:, None] + h <= C + 1e-7), "prices may not exceed the cost"
    blocked = np.array([[np.inf, 1.0], [5.0, 2.0]])
    value, P, _, _ = emd_lp(np.ones(2), np.ones(2), blocked)
    assert np.isclose(value, 6.0), "the first pair is forbidden: 1 + 5 remain, not 0"
    assert np.asarray(P)[0, 0] == 0, "nothing may be moved over a forbidden pair"


check_emd_lp()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_emd_lp():
    from scipy import optimize, stats

    def solve(a, b, C):
        value, P, f, h = emd_lp(a.copy(), b.copy(), C.copy())
        return float(value), np.asarray(P), np.asarray(f), np.asarray(h)

    rng = np.random.default_rng(180305573)
    for n, m, mass in [(5, 5, 1.0), (3, 7, 4.5), (8, 2, 0.01), (1, 4, 1.0)]:
        C = rng.uniform(0, 3, size=(n, m)) - 1.0
        a, b = mass * rng.dirichlet(np.ones(n)), mass * rng.dirichlet(np.ones(m))
        if n == 5:
            C = 10 * C + 20
            C[np.arange(4), np.arange(4)] = np.inf
            a = b = np.full(5, mass / 5)
        value, P, f, h = solve(a, b, C)
        scale = max(mass, 1e-2)
        assert P.shape == (n, m) and P.min() >= -1e-9 * scale, "plans are not negative"
        assert np.allclose(P.sum(1), a, atol=1e-7 * scale), "rows must sum to a"
        assert np.allclose(P.sum(0), b, atol=1e-7 * scale), "columns must sum to b"
        assert np.all(P[np.isinf(C)] == 0), "forbidden pairs must carry nothing"
        cost = float(np.sum(P[np.isfinite(C)] * C[np.isfinite(C)]))
        assert np.isclose(cost, value, atol=1e-7 * scale), (
            "the value is the plan's cost"
        )
        assert np.all(f[:, None] + h <= C + 1e-6), "prices may not exceed the cost"
        assert np.isclose(a @ f + b @ h, value, atol=1e-6 * scale), (
            "at the optimum the dual value equals the primal value"
        )

    C = rng.normal(size=(6, 6))
    rows, columns = optimize.linear_sum_assignment(C)
    value = solve(np.ones(6), np.ones(6), C)[0]
    assert np.isclose(value, C[rows, columns].sum(), atol=1e-6), (
        "equal weights: the problem is an assignment"
    )
    for unit in (1e6, 1e9):
        dear = np.array([[np.inf, 10 * unit], [5 * unit, 2.0]])
        value, P, _, _ = solve(np.ones(2), np.ones(2), dear)
        assert np.isclose(value, 15 * unit) and P[0, 0] == 0, (
            "a forbidden pair is forbidden however much the others cost: no fixed "
            "number can stand for it"
        )
    x, y = rng.normal(size=7), rng.normal(size=9)
    value = solve(np.full(7, 1 / 7), np.full(9, 1 / 9), np.abs(x[:, None] - y))[0]
    assert np.isclose(value, stats.wasserstein_distance(x, y), atol=1e-7), (
        "on a line the value is the area between the distribution functions"
    )


decide_emd_lp()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `sinkhorn_log` (4 points)
#
# **The variant.** The lesson writes $P_{ij} = a_i b_j \exp((f_i + h_j - C_{ij})/\epsilon)$
# and ends every iteration with the columns. Here the weights are *inside* the
# potentials, and every iteration ends with the **rows**:
#
# $$P_{ij} = \exp((f_i + h_j - C_{ij}) / \epsilon), \qquad
#   \text{columns first, then rows.}$$
#
# Start at $f = 0$. One iteration makes the column sums equal to $b$ by changing $h$, then
# the row sums equal to $a$ by changing $f$. Stay in the log domain throughout. The result
# must have the dtype of `C` (float32 or float64), also for $C/\epsilon$ in the thousands.

# %% [markdown] hints="sinkhorn_log"
# 1. Hold $f$ fixed: which $h_j$ makes column $j$ of $P$ sum to $b_j$? Take the
#    logarithm of that one equation, and note over which index its sum runs.
# 2. $h_j / \epsilon = \log b_j - \log \sum_i e^{(f_i - C_{ij}) / \epsilon}$ comes
#    first, and with this new $h$,
#    $f_i / \epsilon = \log a_i - \log \sum_j e^{(h_j - C_{ij}) / \epsilon}$. These two
#    updates in this order are one iteration; the weights are inside, so $\log a_i$ is
#    $-\log n$ where no weights are given, not 0.
# 3. Let SciPy's `logsumexp` take both sums, along axis 0 for $h$ and along axis 1 for
#    $f$, so that $e^{-C/\epsilon}$ is never formed. Bring the logarithms of the
#    weights, $\epsilon$ and the zeros of $f$ to the dtype of `C` before the first
#    iteration; a single float64 array turns all others into float64.


# %% nbgrader={"grade_id": "sinkhorn_log", "solution": true}
def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    """Sinkhorn's algorithm in the log domain.

    Args:
        C: costs, shape (n, m).
        eps: regularisation, above 0.
        n_iter: iterations, each columns first, then rows.
        a: row sums, shape (n,), positive; 1/n each if None.
        b: column sums, shape (m,), positive; 1/m each if None.

    Returns:
        (P, f, h): arrays of shapes (n, m), (n,), (m,), with the dtype of C.
    """
    ### BEGIN SOLUTION
    from scipy.special import logsumexp

    n, m = C.shape
    log_a = np.full(n, -np.log(n)) if a is None else np.log(a)
    log_b = np.full(m, -np.log(m)) if b is None else np.log(b)
    log_a, log_b = log_a.astype(C.dtype), log_b.astype(C.dtype)
    scaled = C / C.dtype.type(eps)
    f = np.zeros(n, C.dtype)
    for _ in range(n_iter):
        h = log_b - logsumexp(f[:, None] - scaled, axis=0)
        f = log_a - logsumexp(h - scaled, axis=1)
    P = np.exp(f[:, None] + h - scaled)
    eps = C.dtype.type(eps)
    return P, eps * f, eps * h
    ### END SOLUTION


# %% nbgrader={"grade_id": "sinkhorn_log_tests", "grade": true, "points": 4, "axes": [2, 1, 1]}
def check_sinkhorn_log():
    C = np.array([[0.0, 1.0, 2.0], [1.0, 0.5, 0.0]])
    P, f, h = map(np.asarray, sinkhorn_log(C, 0.5, 3))
    assert P.shape == (2, 3) and f.shape == (2,) and h.shape == (3,), "wrong shapes"
    assert np.allclose(P.sum(1), 1 / 2), (
        "rows are updated last, so they must sum to a = 1/n exactly (not to 1)"
    )
    assert np.allclose(P, np.exp((f[:, None] + h - C) / 0.5)), (
        "P = exp((f + h - C) / eps): the weights are inside the potentials"
    )
    P = np.asarray(sinkhorn_log(C, 1e6, 5)[0])
    assert np.allclose(P, 1 / 6, atol=1e-5), "a huge eps gives the product a b^T"
    P = np.asarray(sinkhorn_log((5000 * C).astype(np.float32), 1.0, 50)[0])
    assert P.dtype == np.float32, "a float32 cost must give a float32 plan"
    assert np.all(np.isfinite(P)), "stay in the log domain: exp(-5000) is 0"


check_sinkhorn_log()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sinkhorn_log():
    def solve(C, eps, n_iter, a=None, b=None):
        return tuple(map(np.asarray, sinkhorn_log(C.copy(), eps, n_iter, a, b)))

    rng = np.random.default_rng(26)
    C = rng.uniform(0, 2, size=(5, 4))
    a, b = rng.dirichlet(np.ones(5) * 4), rng.dirichlet(np.ones(4) * 4)

    # Plain scaling of rows and columns in turns, safe at this regularisation
    for n_iter in (1, 2, 5):
        expected = np.exp(-C / 0.7)
        for _ in range(n_iter):
            expected *= b / expected.sum(0)
            expected *= (a / expected.sum(1))[:, None]
        P, f, h = solve(C, 0.7, n_iter, a, b)
        assert np.allclose(P, expected, rtol=1e-9, atol=0), (
            "after n_iter iterations the plan must be that of columns, then rows"
        )
        assert np.allclose(P, np.exp((f[:, None] + h - C) / 0.7), rtol=1e-9), (
            "the potentials must give the plan"
        )

    first = np.exp((solve(C, 0.7, 1)[2] - C) / 0.7)
    assert np.allclose(first.sum(0), 1 / 4), (
        "the first update of h starts at f = 0; without b each column sums to 1/m"
    )
    P, f, h = solve(C, 0.3, 600, a, b)
    assert np.allclose(P.sum(0), b, atol=1e-9), "columns must converge to b"
    assert np.allclose(P.sum(1), a, atol=1e-13), "rows must be exact"
    value = np.sum(P * C) + 0.3 * np.sum(P * np.log(P))
    assert np.isclose(a @ f + b @ h, value, atol=1e-8), (
        "at convergence the potentials must give the regularised value"
    )
    moved = C + rng.normal(size=(5, 1)) + rng.normal(size=4)
    assert np.allclose(solve(moved, 0.3, 600, a, b)[0], P, atol=1e-8), (
        "costs added to whole rows and columns must not change the plan"
    )
    square = C[:4] + C[:4].T
    plan = solve(square, 0.5, 600)[0]
    assert np.allclose(plan, plan.T, atol=1e-9), (
        "a symmetric cost gives a symmetric plan"
    )

    for given in ({"a": a}, {"b": b}):
        P = solve(C, 0.7, 600, **given)[0]
        assert np.allclose(P.sum(1), given.get("a", 1 / 5), atol=1e-9) and np.allclose(
            P.sum(0), given.get("b", 1 / 4), atol=1e-9
        ), "a or b may be given without the other, which is then uniform"
    single = solve(C.astype(np.float32), 0.7, 5, a, b)
    assert {z.dtype for z in single} == {np.dtype(np.float32)}, (
        "the result has the dtype of C, also if the weights are float64"
    )

    hard = (5000 * rng.uniform(size=(30, 30))).astype(np.float32)
    plan, f, h = solve(hard, 1.0, 200)
    assert {plan.dtype, f.dtype, h.dtype} == {np.dtype(np.float32)}, (
        "float32 throughout"
    )
    assert (
        np.all(np.isfinite(plan)) and np.all(np.isfinite(f)) and np.all(np.isfinite(h))
    )
    assert np.allclose(plan.sum(1), 1 / 30, rtol=0.02), (
        "with C / eps in the thousands, rows must still have their sums"
    )


decide_sinkhorn_log()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `energy_distance_sq` (2 points)
#
# **The variant.** Any power of the Euclidean distance between 0 and 2 is of negative
# type, and gives an energy distance of its own:
#
# $$D^2_\beta = 2 E\|x-y\|^\beta - E\|x-x'\|^\beta - E\|y-y'\|^\beta,
#   \qquad 0 < \beta < 2 .$$
#
# Estimate it from two samples **without bias**: $x$ and $x'$ are two *independent* draws,
# and a sample is not independent of itself.

# %% [markdown] hints="energy_distance_sq"
# 1. There are three means over three sets of pairs. Between the samples all pairs
#    count; which pairs of points of *one* sample are two independent draws?
# 2. A point and itself are not independent: within a sample of $n$ the mean runs over
#    the $n(n - 1)$ pairs of different points. Every distance is raised to the power
#    $\beta$ before the mean is taken, and a negative result stays as it is.
# 3. The estimate is $\frac{2}{nm} \sum_{i,j} \|x_i - y_j\|^\beta$
#    ${} - \frac{1}{n(n-1)} \sum_{i \ne j} \|x_i - x_j\|^\beta$
#    ${} - \frac{1}{m(m-1)} \sum_{i \ne j} \|y_i - y_j\|^\beta$; SciPy's `cdist` gives
#    the distances of the first sum and `pdist` those between different points of a
#    sample. Raise `ValueError` first if either sample has fewer than two points.


# %% nbgrader={"grade_id": "energy_distance_sq", "solution": true}
def energy_distance_sq(x, y, beta=1.0):
    """Unbiased estimate of the squared energy distance.

    Args:
        x: first sample, shape (n, d).
        y: second sample, shape (m, d).
        beta: power of the distance, between 0 and 2.

    Returns:
        A float; may be negative.

    Raises:
        ValueError: a sample has fewer than two points.
    """
    ### BEGIN SOLUTION
    from scipy.spatial.distance import cdist, pdist

    if min(len(x), len(y)) < 2:
        raise ValueError("two points of each sample are needed")
    between = np.mean(cdist(x, y) ** beta)
    within = np.mean(pdist(x) ** beta) + np.mean(pdist(y) ** beta)
    return float(2 * between - within)
    ### END SOLUTION


# %% nbgrader={"grade_id": "energy_distance_sq_tests", "grade": true, "points": 2, "axes": 0}
def check_energy_distance_sq():
    x, y = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])
    assert np.isclose(energy_distance_sq(x, y), 2.0), (
        "x = {0, 1}, y = {2, 3}: 2 * 2 - 1 - 1 = 2; leave out a point's distance to itself"
    )
    assert np.isclose(
        energy_distance_sq(4 * x, 4 * y, 0.5), 2 * energy_distance_sq(x, y, 0.5)
    ), "four times the distances, beta = 1/2: twice the result"
    try:
        energy_distance_sq(x[:1], y)
    except ValueError:
        return
    raise AssertionError("a single point has no unbiased estimate: raise ValueError")


check_energy_distance_sq()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_energy_distance_sq():
    rng = np.random.default_rng(5)
    for beta, n, m in ((0.3, 2, 4), (1.0, 7, 2), (1.7, 7, 4)):
        x, y = rng.normal(size=(n, 3)), rng.normal(size=(m, 3)) + 1
        found = float(energy_distance_sq(x.copy(), y.copy(), beta))

        def mean(pairs, beta=beta):
            return np.mean([np.sum((p - q) ** 2) ** (beta / 2) for p, q in pairs])

        expected = 2 * mean([(p, q) for p in x for q in y])
        for z in (x, y):
            expected -= mean(
                [(z[i], z[j]) for i in range(len(z)) for j in range(len(z)) if i != j]
            )
        assert np.isclose(found, expected, rtol=1e-9), "compare with the definition"
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        assert np.isclose(
            energy_distance_sq(x @ turn + 5, y @ turn + 5, beta), found
        ), "turning and moving both samples must not change the distance"
        assert np.isclose(energy_distance_sq(y, x, beta), found), "it is symmetric"
        draws = [
            energy_distance_sq(*rng.normal(size=(2, 4, 2)), beta) for _ in range(500)
        ]
        assert abs(np.mean(draws)) < 5 * np.std(draws) / 500**0.5, (
            "for equal distributions the mean must be 0, also for four points"
        )
    for bad in ((x[:1], y), (x, y[:1])):
        try:
            energy_distance_sq(*bad)
        except ValueError:
            continue
        raise AssertionError("fewer than two points of either sample: ValueError")


decide_energy_distance_sq()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `med_loss` (2 points)
#
# Algorithm 1 draws two mini-batches of data and two of the generator.
#
# **The variant.** There are $B$ mini-batches, two or more of each kind, in any order.
# `W[i, j]` is the Sinkhorn value of batches $i$ and $j$, symmetric. Its diagonal is not 0
# (why?) and must not be used: a batch is not independent of itself. Return the unbiased
# estimate of
#
# $$D^2_{MED} = 2 E\,W(X, Y) - E\,W(X, X') - E\,W(Y, Y')$$
#
# that uses every pair of different batches.

# %% [markdown] hints="med_loss"
# 1. `is_data` sorts the entries of $W$ into those between the kinds, those within the
#    data and those within the generated batches. The diagonal belongs to none of them.
# 2. Each of the three expectations gets a mean of its *own*, over its own number of
#    pairs. With three batches of data and two generated ones there are 6 ordered pairs
#    within the data and only 2 within the other kind, so one mean over both would weigh
#    them wrongly.
# 3. With $p$ batches of data and $q$ generated ones the result is
#    $\frac{2}{pq} \sum_{X, Y} W_{ij} - \frac{1}{p(p-1)} \sum_{X, X'} W_{ij}$
#    ${} - \frac{1}{q(q-1)} \sum_{Y, Y'} W_{ij}$, with $i \ne j$ in the last two sums.
#    `np.ix_` cuts out a block of $W$, and the sum of a block less its trace is that
#    over different batches.


# %% nbgrader={"grade_id": "med_loss", "solution": true}
def med_loss(W, is_data):
    """Mini-batch energy distance, squared, from the distances of many batches.

    Args:
        W: distances of batches, shape (B, B), symmetric.
        is_data: which batches hold data, bool, shape (B,); the others are generated.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    data, generated = np.flatnonzero(is_data), np.flatnonzero(~is_data)
    result = 2 * W[np.ix_(data, generated)].mean()
    for kind in (data, generated):
        block = W[np.ix_(kind, kind)]
        result -= block[~np.eye(len(kind), dtype=bool)].mean()
    return float(result)
    ### END SOLUTION


# %% nbgrader={"grade_id": "med_loss_tests", "grade": true, "points": 2, "axes": 0}
def check_med_loss():
    W = np.array(
        [
            [9.0, 1.0, 5.0, 6.0],
            [1.0, 9.0, 7.0, 8.0],
            [5.0, 7.0, 9.0, 2.0],
            [6.0, 8.0, 2.0, 9.0],
        ]
    )
    found = med_loss(W, np.array([True, True, False, False]))
    assert np.isclose(found, 2 * 6.5 - 1 - 2), (
        "twice the mean of 5, 6, 7, 8, minus the within terms 1 and 2: the result is 10"
    )
    order = np.array([2, 0, 3, 1])
    mixed = np.array([False, True, False, True])
    assert np.isclose(med_loss(W[np.ix_(order, order)], mixed), 10), (
        "the batches may come in any order: is_data says which is which"
    )


check_med_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_med_loss():
    rng = np.random.default_rng(4)
    for data, generated in [(2, 2), (3, 2), (2, 5), (4, 4)]:
        size = data + generated
        W = rng.uniform(size=(size, size))
        W = W + W.T
        is_data = rng.permutation(size) < data
        x, y = np.flatnonzero(is_data), np.flatnonzero(~is_data)
        expected = 2 * np.mean([W[i, j] for i in x for j in y])
        expected -= np.mean([W[i, j] for i in x for j in x if i != j])
        expected -= np.mean([W[i, j] for i in y for j in y if i != j])
        found = float(med_loss(W.copy(), is_data.copy()))
        assert np.isclose(found, expected, rtol=1e-12), (
            "the means must run over all pairs of different batches"
        )
        other = W + np.diag(rng.normal(size=size))
        assert np.isclose(med_loss(other, is_data), found), (
            "the diagonal must not matter"
        )
        assert np.isclose(med_loss(W + 3, is_data), found), (
            "adding a constant to all distances must change nothing: the weights cancel"
        )
        assert np.isclose(med_loss(W, ~is_data), found), "the kinds are interchangeable"


decide_med_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `matched_gradient` (2 points)
#
# The envelope theorem: $\partial OT_\epsilon / \partial C = M$, the optimal plan, as if
# it were constant. In the lesson the features already have length 1.
#
# **The variant.** `U` holds the critic's *raw* outputs; the cost is
# $C_{ij} = 1 - \frac{u_i \cdot v_j}{\|u_i\| \|v_j\|}$. Give the gradient of
# $\langle M, C \rangle$ with respect to `U`, with $M$ constant.
#
# *Hint:* changing the length of $u_i$ changes nothing. So what must
# $u_i \cdot \partial / \partial u_i$ be?

# %% [markdown] hints="matched_gradient"
# 1. Use the chain rule in two stages: the gradient with respect to the *unit* vector
#    $\hat u_i = u_i / \|u_i\|$, then from there to $u_i$. $M$ is a table of constant
#    numbers throughout.
# 2. With respect to $\hat u_i$ the gradient is $p_i = -\sum_j M_{ij} \hat v_j$, where
#    $\hat v_j$ has length 1, too. The derivative of $u / \|u\|$ is the matrix
#    $(I - \hat u \hat u^\top) / \|u\|$: it removes what points along $u$ and divides by
#    the length.
# 3. Row $i$ of the answer is
#    $\left(p_i - (\hat u_i \cdot p_i)\, \hat u_i\right) / \|u_i\|$. It is orthogonal to
#    $u_i$, and for features ten times as long it is a tenth as large.


# %% nbgrader={"grade_id": "matched_gradient", "solution": true}
def matched_gradient(M, U, V):
    """Gradient of the matched cosine cost with respect to raw features.

    Args:
        M: the plan, a constant, shape (n, m).
        U: raw features of the first batch, shape (n, d), no row zero.
        V: raw features of the second batch, shape (m, d), no row zero.

    Returns:
        The gradient with respect to U, shape (n, d).
    """
    ### BEGIN SOLUTION
    length = np.linalg.norm(U, axis=1, keepdims=True)
    unit = U / length
    pull = -M @ (V / np.linalg.norm(V, axis=1, keepdims=True))  # (n, d)
    return (pull - unit * np.sum(unit * pull, axis=1, keepdims=True)) / length
    ### END SOLUTION


# %% nbgrader={"grade_id": "matched_gradient_tests", "grade": true, "points": 2, "axes": 2}
def check_matched_gradient():
    one = np.ones((1, 1))
    found = np.asarray(
        matched_gradient(one, np.array([[2.0, 0.0]]), np.array([[0.0, 3.0]]))
    )
    assert found.shape == (1, 2), "one gradient for each row of U"
    assert np.allclose(found, [[0.0, -0.5]]), (
        "u = (2, 0), v = (0, 3): turning u towards v lowers the cost by 1/|u| = 0.5"
    )
    found = matched_gradient(one, np.array([[1.0, 1.0]]), np.array([[5.0, 5.0]]))
    assert np.allclose(found, 0), "parallel features: the cost is at its minimum"


check_matched_gradient()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_matched_gradient():
    from scipy.spatial.distance import cdist

    rng = np.random.default_rng(7)
    for n, m, d in [(4, 4, 4), (3, 5, 2), (1, 6, 3)]:
        U, V = 3 * rng.normal(size=(n, d)), rng.normal(size=(m, d))
        M = rng.dirichlet(np.ones(n * m)).reshape(n, m)
        found = np.asarray(matched_gradient(M.copy(), U.copy(), V.copy()))
        assert found.shape == (n, d), "the gradient has the shape of U"
        for i in range(n):
            for k in range(d):
                step = np.zeros((n, d))
                step[i, k] = 1e-6
                up, down = (
                    np.sum(M * cdist(U + s * step, V, "cosine")) for s in (1, -1)
                )
                assert np.isclose(found[i, k], (up - down) / 2e-6, atol=1e-7), (
                    "the gradient must be that of finite differences with M constant"
                )
        assert np.allclose(np.sum(found * U, axis=1), 0, atol=1e-12), (
            "stretching a feature changes nothing: the gradient is orthogonal to it"
        )
        assert np.allclose(matched_gradient(M, 10 * U, V), found / 10), (
            "features ten times as long turn ten times as slowly"
        )

    # The envelope theorem: M from a solver, the value from the regularised problem
    def solve(C):
        f, h = np.zeros(5), np.zeros(5)
        for _ in range(3000):
            f = -np.log(np.exp(h - C / 0.3).sum(1)) - np.log(5)
            h = -np.log(np.exp(f[:, None] - C / 0.3).sum(0)) - np.log(5)
        P = np.exp(f[:, None] + h - C / 0.3)
        return P, np.sum(P * C) + 0.3 * np.sum(P * np.log(25 * P))

    U, V = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    M = solve(cdist(U, V, "cosine"))[0]
    step = np.zeros((5, 3))
    step[1, 2] = 1e-5
    up, down = (solve(cdist(U + s * step, V, "cosine"))[1] for s in (1, -1))
    assert np.isclose(matched_gradient(M, U, V)[1, 2], (up - down) / 2e-5, atol=1e-7), (
        "it must be the gradient of the regularised transport value"
    )


decide_matched_gradient()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: two routes (3 points)
#
# 1. A Wasserstein GAN updates its critic five times for each update of the generator;
#    OT-GAN updates the *generator* three times for each update of the critic. Explain the
#    difference by what each critic's value means when the critic is out of date.
# 2. In the lesson's experiment the critic is frozen and the generator goes on. Say what a
#    generator minimises when the critic of (a) the original GAN, (b) OT-GAN is frozen, and
#    which distribution is a minimum in each case.
# 3. Could OT-GAN use one mini-batch of data and one of samples, and drop the within terms?
#    Give the reason, and what the generator would learn to do.
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "two_routes", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The WGAN critic is one potential, the maximiser for the *current* generator only: a
#    lagging critic gives a lower bound whose gradient may point anywhere, so the inner
#    maximum has to be nearly reached. OT-GAN solves the transport problem anew in every
#    step, for whatever features; with any critic the loss compares the feature
#    distributions as they are now, zero in mean for $g = p$ (call it a distance: accepted,
#    though with few examples per batch it can be negative). The critic only decides *what
#    is seen*; were it updated much more often, it could also learn a useless cost. *Half a
#    point* for "the matching is recomputed" without what an outdated critic means.
# 2. (a) $-E \log d(g(z))$ for a fixed $d$, an expectation of one function of a single
#    sample: any distribution on the maximisers of $d$ is a minimum, usually a point (or
#    none at all, the logit being unbounded). (b) the mini-batch energy distance of the
#    features $v(x)$: $g = p$ gives 0 in mean, and is the minimum where the matched cost is
#    of negative type or batches are large, the only one if $v$ loses nothing.
# 3. No: $E W(X, Y)$ alone is biased. Even at $g = p$ it is positive, and it is lowered by
#    a generator with less spread (in the extreme a median of the data), as in the
#    Bernoulli example. The within term of the generator is what rewards spread.
# ### END SOLUTION
