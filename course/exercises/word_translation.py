# %% [markdown]
# # Exercise: two languages without a dictionary
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `word_translation` first. Time:
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
#   package `lessons.language.word_translation` cannot be imported.
# * Words are *rows*: a mapping $W$ takes the words $X$ to $X W^\top$.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `procrustes` (4 points)
#
# In the lesson $W$ is the orthogonal matrix with the least $\|X W^\top - Y\|_F^2$. It may be a
# reflection.
#
# **The variant.** Some pairs are more certain than others: find the orthogonal $W$ with the least
#
# $$\sum_i c_i\, \|W x_i - y_i\|^2 .$$

# %% [markdown] hints="procrustes"
# 1. Expand one square. Which of its three parts depends on $W$, if $W$ keeps lengths?
# 2. What is left is a trace of $W^\top$ times a matrix of shape (d, d), into which every pair
#    enters once, times its weight. Take the singular value decomposition of that matrix.
# 3. $W$ is the product of the two orthogonal factors, the singular values left out. NumPy gives
#    the second factor transposed already.


# %% nbgrader={"grade_id": "procrustes", "solution": true}
def procrustes(X, Y, c):
    """The orthogonal mapping with the least weighted squared error.

    Args:
        X, Y: pairs of words, row by row, shape (n, d) each.
        c: weights of the pairs, at least 0, shape (n,).

    Returns:
        W, shape (d, d): X @ W.T is near Y.
    """
    ### BEGIN SOLUTION
    left, _, right = np.linalg.svd((Y * c[:, None]).T @ X)
    return left @ right
    ### END SOLUTION


# %% nbgrader={"grade_id": "procrustes_tests", "grade": true, "points": 4, "axes": 2}
def check_procrustes():
    Q = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    X = np.random.default_rng(0).normal(size=(6, 3))
    ones = np.ones(6)
    found = procrustes(X, X @ Q.T, ones)
    assert np.shape(found) == (3, 3), "W has the shape (d, d)"
    assert np.allclose(found, Q), (
        "where Y = X Q^T exactly, W is Q; its transpose is the way back"
    )
    mirror = np.diag([1.0, 1.0, -1.0])
    assert np.allclose(procrustes(X, X @ mirror, ones), mirror), (
        "a reflection is orthogonal too: nothing forces the determinant to be 1"
    )
    Y = X @ Q.T
    Y[5] = 100.0
    assert np.allclose(procrustes(X, Y, np.array([1.0, 1, 1, 1, 1, 0])), Q), (
        "a pair of weight 0 does not count"
    )
    twice = np.array([[1.0, 0.0], [1.0, 0.0]])
    found = procrustes(twice, np.eye(2), np.array([3.0, 1.0]))
    assert np.allclose(found[:, 0], np.array([3.0, 1.0]) / np.sqrt(10)), (
        "one word with two translations goes between them, nearer to the one that "
        "weighs more: with weights 3 and 1 along (3, 1)"
    )


check_procrustes()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_procrustes():
    from scipy.linalg import orthogonal_procrustes
    from scipy.stats import ortho_group

    rng = np.random.default_rng(1710)
    for n, d, shift in [(40, 2, 0.0), (30, 5, 2.0), (12, 4, -1.0), (60, 3, 5.0)]:
        Q = ortho_group.rvs(d, random_state=rng)
        X = rng.normal(size=(n, d)) + shift
        Y = X @ Q.T + rng.normal(size=(n, d))
        c = rng.gamma(0.7, size=n)
        root = np.sqrt(c)[:, None]
        expected = orthogonal_procrustes(root * X, root * Y)[0].T
        found = np.asarray(procrustes(X, Y, c))
        assert np.allclose(found @ found.T, np.eye(d)), "W is orthogonal"
        assert np.allclose(found, expected), (
            "each pair enters with its weight, and neither cloud is shifted"
        )
        assert np.allclose(procrustes(X, Y, 7 * c), expected), (
            "only ratios of weights count"
        )
        other = np.asarray(procrustes(Y, X, c))
        assert np.allclose(other, expected.T), "from Y to X it is the transpose"
    few = rng.normal(size=(1, 4))
    Q = ortho_group.rvs(4, random_state=rng)
    found = np.asarray(procrustes(few, few @ Q.T, np.ones(1)))
    assert np.allclose(found @ found.T, np.eye(4)), "one pair: W is orthogonal still"
    assert np.allclose(few @ found.T, few @ Q.T), "and takes it where it belongs"
    X = rng.normal(size=(100_000, 3))
    Q = ortho_group.rvs(3, random_state=rng)
    assert np.allclose(procrustes(X, X @ Q.T, np.ones(len(X))), Q), (
        "100,000 pairs of three numbers: no matrix of n x n is needed"
    )


decide_procrustes()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `orthogonalize` (3 points)
#
# In the lesson $W \leftarrow (1 + \beta) W - \beta (W W^\top) W$ after each update, for a square $W$.
#
# **The variant.** $W$ has the shape $(p, d)$ and need not be square, the step is made `steps` times,
# and $W$ may be a stack of such matrices, shape $(r, p, d)$: each is treated by itself.

# %% [markdown] hints="orthogonalize"
# 1. What becomes of a singular value of 1, and what of one a little above?
# 2. Which of $W W^\top$ and $W^\top W$ can stand to the left of $W$ when it is not square?
# 3. Each step needs two matrix products and the transpose of the last two axes only; repeat it
#    with what came out.


# %% nbgrader={"grade_id": "orthogonalize", "solution": true}
def orthogonalize(W, beta, steps):
    """Steps towards matrices with singular values 1.

    Args:
        W: shape (p, d), or (r, p, d) for r matrices.
        beta: size of a step, at least 0.
        steps: how many, at least 0.

    Returns:
        The shape of W.
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        W = (1 + beta) * W - beta * (W @ np.swapaxes(W, -1, -2)) @ W
    return W
    ### END SOLUTION


# %% nbgrader={"grade_id": "orthogonalize_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_orthogonalize():
    found = orthogonalize(np.diag([2.0, 0.5]), 0.01, 1)
    assert np.allclose(found, np.diag([1.94, 0.50375])), (
        "a singular value s becomes (1 + beta) s - beta s³: 2 becomes 1.94"
    )
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert np.allclose(orthogonalize(turn, 0.3, 5), turn), (
        "an orthogonal matrix stays what it is"
    )
    shear = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert np.allclose(orthogonalize(shear, 0.1, 1), [[0.9, 0.8], [-0.1, 0.9]]), (
        "in the product of three the transpose stands in the middle"
    )
    wide = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert np.allclose(orthogonalize(wide, 0.01, 1)[0, 0], 1.94), "W may be wide"
    found = orthogonalize(np.diag([2.0, 0.5]), 0.01, 2)
    assert np.isclose(found[0, 0], 1.01 * 1.94 - 0.01 * 1.94**3), (
        "the second of two steps begins where the first ended: at 1.94"
    )
    found = orthogonalize(np.stack([turn, 2 * turn]), 0.01, 1)
    assert np.allclose(found, [turn, 1.94 * turn]), (
        "each matrix of a stack is treated by itself"
    )


check_orthogonalize()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_orthogonalize():
    rng = np.random.default_rng(7)
    for shape, beta, steps in [
        ((3, 3), 0.01, 1),
        ((2, 5), 0.05, 3),
        ((5, 2), 0.1, 2),
        ((4, 4), 0.5, 4),
        ((1, 6), 0.02, 7),
        ((3, 3), 0.2, 0),
    ]:
        W = rng.normal(size=shape)
        W /= np.linalg.norm(W, 2)
        left, values, right = np.linalg.svd(W, full_matrices=False)
        for _ in range(steps):
            values = (1 + beta) * values - beta * values**3
        found = np.asarray(orthogonalize(W, beta, steps))
        assert found.shape == shape, "the result has the shape of W"
        assert np.allclose(found, (left * values) @ right), (
            "singular vectors stay, singular values go to (1 + beta) s - beta s³, "
            "as often as steps says"
        )
    for shape in ((3, 3, 3), (3, 2, 4)):
        stack = rng.normal(size=shape) / 3
        found = np.asarray(orthogonalize(stack, 0.1, 2))
        alone = [np.asarray(orthogonalize(W, 0.1, 2)) for W in stack]
        assert np.allclose(found, np.stack(alone)), "each matrix of a stack by itself"
    W = rng.normal(size=(4, 4)) / 3
    away = [
        np.linalg.norm((V := np.asarray(orthogonalize(W, 0.05, n))).T @ V - np.eye(4))
        for n in (0, 1, 5, 30, 400)
    ]
    assert np.all(np.diff(away) < 0) and away[-1] < 1e-6, (
        "every step comes nearer to an orthogonal matrix"
    )


decide_orthogonalize()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `csls` (4 points)
#
# In the lesson $\mathrm{CSLS}_{ij} = 2 S_{ij} - r_i - q_j$, where $r_i$ is the mean of the $K$ largest
# entries of row $i$ and $q_j$ that of the $K$ largest entries of column $j$.
#
# **The variant.** Two numbers of neighbours: `k_row` entries for $r_i$ and `k_column` for $q_j$. Where a
# row or a column has fewer entries, all of them are taken.

# %% [markdown] hints="csls"
# 1. Who is a hub: how near is a column to its own nearest rows?
# 2. One mean for each row over its best columns, one for each column over its best rows.
#    Along which axis do you sort for which?
# 3. Twice the scores, minus a column vector, minus a row vector. Use the smaller of k and the
#    number of entries there are.


# %% nbgrader={"grade_id": "csls", "solution": true}
def csls(S, k_row, k_column):
    """Scores that are scaled by the neighbourhoods of both words.

    Args:
        S: cosines, shape (n, m).
        k_row: neighbours of each row, among the m columns, at least 1.
        k_column: neighbours of each column, among the n rows, at least 1.

    Returns:
        Shape (n, m).
    """
    ### BEGIN SOLUTION
    rows = np.sort(S, axis=1)[:, -min(k_row, S.shape[1]) :].mean(axis=1)
    columns = np.sort(S, axis=0)[-min(k_column, S.shape[0]) :].mean(axis=0)
    return 2 * S - rows[:, None] - columns[None]
    ### END SOLUTION


# %% nbgrader={"grade_id": "csls_tests", "grade": true, "points": 4, "axes": 2}
def check_csls():
    S = np.array([[0.9, 0.8, 0.1], [0.7, 0.75, 0.2]])
    found = csls(S, 2, 2)
    assert np.shape(found) == (2, 3), "one number for each pair"
    assert np.allclose(found, [[0.15, -0.025, -0.8], [-0.125, 0.0, -0.475]]), (
        "row means of the two best columns are 0.85 and 0.725, column means 0.8, 0.775 "
        "and 0.15"
    )
    assert np.allclose(csls(S, 1, 2)[0], [0.1, -0.075, -0.85]), (
        "with k_row = 1 the first row's neighbourhood is its best entry, 0.9"
    )
    assert np.allclose(csls(S, 2, 10), csls(S, 2, 2)), (
        "more neighbours than there are rows: all rows are taken"
    )


check_csls()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_csls():
    rng = np.random.default_rng(9)
    for n, m, k, q in [
        (4, 7, 1, 1),
        (6, 3, 2, 4),
        (5, 5, 5, 5),
        (9, 4, 3, 2),
        (3, 8, 20, 1),
        (8, 3, 1, 20),
    ]:
        S = rng.uniform(-1, 1, size=(n, m))
        expected = np.zeros((n, m))
        for i in range(n):
            for j in range(m):
                row = sorted(S[i].tolist(), reverse=True)[:k]
                column = sorted(S[:, j].tolist(), reverse=True)[:q]
                expected[i, j] = 2 * S[i, j] - sum(row) / len(row)
                expected[i, j] -= sum(column) / len(column)
        found = np.asarray(csls(S, k, q))
        assert np.allclose(found, expected), (
            "k_row largest entries of the row, k_column largest of the column"
        )
        assert np.allclose(csls(S.T, q, k), found.T), (
            "exchanging the languages transposes the scores"
        )
        assert np.allclose(csls(S + 0.3, k, q), found), "a constant cancels"
        assert np.allclose(csls(2.5 * S, k, q), 2.5 * found), "a factor stays a factor"
    S = rng.uniform(-1, 1, size=(12, 9))
    found = np.asarray(csls(S, 1, 1))
    assert found.max() < 1e-9, "with one neighbour no score is above 0"
    best = (S == S.max(axis=1, keepdims=True)) & (S == S.max(axis=0))
    assert np.all(np.isclose(found, 0) == best), "and 0 is for mutual neighbours"
    hub = np.array([[0.95, 0.10], [0.88, 0.85]])
    assert np.argmax(csls(hub, 1, 1), axis=1).tolist() == [0, 1], "a hub is demoted"
    assert np.allclose(csls(np.full((3, 2), 0.4), 2, 2), 0), "equal scores: all 0"


decide_csls()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `mutual_pairs` (3 points)
#
# In the lesson a dictionary is made of pairs that choose each other: $j$ is the best column of row
# $i$, and $i$ the best row of column $j$.
#
# **The variant.** Only sure pairs: $S_{ij}$ must be above *every other* entry of its row and of its
# column by more than `margin`, which is at least 0. So equal entries never make a pair. An entry without any
# other in its row or column has nothing to be compared with there.

# %% [markdown] hints="mutual_pairs"
# 1. What must hold in the row, what in the column? Is one of the two enough?
# 2. For each pair of best entries compare with the second best in the row and in the column.
# 3. Put minus infinity in place of the entry itself, take the maximum of the rest of the row and
#    of the rest of the column, and compare both.


# %% nbgrader={"grade_id": "mutual_pairs", "solution": true}
def mutual_pairs(S, margin):
    """Pairs of words that choose each other clearly.

    Args:
        S: scores, shape (n, m).
        margin: at least 0.

    Returns:
        A list of tuples (i, j) of ints, by rising i.
    """
    ### BEGIN SOLUTION
    found = []
    for i, row in enumerate(S):
        j = int(np.argmax(row))
        others = np.concatenate([np.delete(row, j), np.delete(S[:, j], i)])
        if np.all(S[i, j] - others > margin):
            found.append((i, j))
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "mutual_pairs_tests", "grade": true, "points": 3, "axes": null}
def check_mutual_pairs():
    S = np.array([[0.9, 0.2, 0.3], [0.8, 0.1, 0.7], [0.0, 0.6, 0.5]])
    assert [tuple(p) for p in mutual_pairs(S, 0.0)] == [(0, 0), (2, 1)], (
        "row 1 likes column 0 best, which likes row 0: no pair"
    )
    assert [tuple(p) for p in mutual_pairs(S, 0.08)] == [(0, 0), (2, 1)], (
        "both pairs are ahead by about 0.1 or more"
    )
    assert [tuple(p) for p in mutual_pairs(S, 0.2)] == [], (
        "in column 0 the entry 0.8 is only 0.1 behind, in row 2 the entry 0.5"
    )


check_mutual_pairs()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_mutual_pairs():
    rng = np.random.default_rng(11)
    for n, m in [(6, 6), (4, 9), (9, 4), (1, 5), (5, 1), (12, 12)]:
        for margin in (0.0, 0.05, 0.3):
            S = rng.uniform(-2, 1, size=(n, m))
            expected = []
            for i in range(n):
                for j in range(m):
                    rest = [S[i, b] for b in range(m) if b != j]
                    rest += [S[a, j] for a in range(n) if a != i]
                    if all(S[i, j] > r + margin for r in rest):
                        expected.append((i, j))
            found = [tuple(int(v) for v in pair) for pair in mutual_pairs(S, margin)]
            assert found == expected, (
                "ahead of all others in its row and in its column, by rising row"
            )
            back = [(j, i) for i, j in mutual_pairs(S.T, margin)]
            assert sorted(back) == expected, "the same pairs seen from the other side"
    tie = np.array([[0.5, 0.5, 0.1], [0.2, 0.1, 0.4]])
    assert [tuple(p) for p in mutual_pairs(tie, 0.0)] == [(1, 2)], (
        "equal entries of a row: none of them is a pair"
    )
    assert [tuple(p) for p in mutual_pairs(tie.T, 0.0)] == [(2, 1)], (
        "equal entries of a column: none of them is a pair"
    )
    assert [tuple(p) for p in mutual_pairs(np.array([[-3.0]]), 5.0)] == [(0, 0)], (
        "a single entry has no rival"
    )
    S = np.array([[4.0, 1.0], [0.0, 2.0]])
    assert [tuple(p) for p in mutual_pairs(S, 1.0)] == [(0, 0)], (
        "ahead by exactly the margin is not more than the margin"
    )
    assert list(mutual_pairs(np.zeros((3, 3)), 0.0)) == [], "no pairs: an empty list"


decide_mutual_pairs()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `precision_at_k` (3 points)
#
# In the lesson a source word is right if at least one of its translations is among its $k$ best
# columns; the result is the percentage of right source words.
#
# **The variant.** Words have frequencies, and the result is the percentage of *running words*: each
# source word counts with its weight. Words without any translation are no queries. Of equal scores the
# lower column comes first.

# %% [markdown] hints="precision_at_k"
# 1. What is counted: words, or pairs of a word and a translation?
# 2. Which words enter the sum below the line? What makes a word enter the one above it?
# 3. Order each query's columns by falling score with a stable sort, keep the first k, and look
#    whether one of them is in the word's set. Percent, not a fraction.


# %% nbgrader={"grade_id": "precision_at_k", "solution": true}
def precision_at_k(S, gold, k, weights):
    """Percent of running source words with a right translation among the k best.

    Args:
        S: scores, shape (n, m).
        gold: dictionary from rows to sets of columns; a set may be empty, a row absent.
        k: at least 1.
        weights: of the source words, above 0, shape (n,).

    Returns:
        A float from 0 to 100. At least one word has a translation.
    """
    ### BEGIN SOLUTION
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            best = np.argsort(-S[row], kind="stable")[:k]
            right += weights[row] * any(int(j) in columns for j in best)
    return float(100 * right / total)
    ### END SOLUTION


# %% nbgrader={"grade_id": "precision_at_k_tests", "grade": true, "points": 3, "axes": 0}
def check_precision_at_k():
    S = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    even = np.ones(2)
    assert np.isclose(precision_at_k(S, {0: {0, 1}}, 1, even), 100), (
        "one of two right translations is enough: the word is one query"
    )
    assert np.isclose(precision_at_k(S, {0: {0}, 1: {1}}, 1, even), 50), (
        "one of two words, in percent"
    )
    assert np.isclose(precision_at_k(S, {0: {0}, 1: {1}}, 2, even), 100), (
        "among the two best both are right"
    )
    found = precision_at_k(S, {0: {0}, 1: {1}}, 1, np.array([3.0, 1.0]))
    assert np.isclose(found, 75), "a word three times as frequent counts three times"


check_precision_at_k()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_precision_at_k():
    rng = np.random.default_rng(13)
    for n, m, k in [(6, 5, 1), (9, 4, 2), (5, 12, 3), (7, 6, 6), (4, 3, 10)]:
        S = rng.normal(size=(n, m))
        weights = rng.gamma(1.0, size=n) + 0.1
        gold = {
            int(i): {int(j) for j in rng.integers(m, size=rng.integers(0, 4))}
            for i in rng.permutation(n)[: n - 1]
        }
        gold[min(gold)] = {0, m - 1}
        above = below = 0.0
        for i in range(n):
            if not gold.get(i):
                continue
            below += weights[i]
            for j in gold[i]:
                ahead = sum(
                    S[i, b] > S[i, j] or (S[i, b] == S[i, j] and b < j)
                    for b in range(m)
                )
                if ahead < k:
                    above += weights[i]
                    break
        found = precision_at_k(S, gold, k, weights)
        assert np.isclose(found, 100 * above / below), (
            "the weight of right words over that of words with a translation"
        )
        assert np.isclose(precision_at_k(S, gold, k, 5 * weights), found), (
            "only ratios of weights count"
        )
    S = np.array([[2.0, 2.0, 1.0]])
    one = np.ones(1)
    assert precision_at_k(S, {0: {1}}, 1, one) == 0, "a tie: the lower column is first"
    assert np.isclose(precision_at_k(S, {0: {0}}, 1, one), 100), (
        "a tie: the lower column is first"
    )
    alike = np.zeros((1, 60))
    for k in (1, 7, 30):
        found = [precision_at_k(alike, {0: {j}}, k, one) for j in range(60)]
        assert np.allclose(found, [100.0] * k + [0.0] * (60 - k)), (
            "among sixty equal scores the first k columns are the k best"
        )
    stripes = np.resize([1.0, 0.0], (1, 80))
    for k in (5, 39):
        found = [precision_at_k(stripes, {0: {2 * j}}, k, one) for j in range(40)]
        assert np.allclose(found, [100.0] * k + [0.0] * (40 - k)), (
            "among equal scores between others the lower columns are first, too"
        )
    S = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    gold = {1: {0}, 2: {0}, 0: set()}
    found = precision_at_k(S, gold, 1, np.array([100.0, 1.0, 3.0]))
    assert np.isclose(found, 25), "a word without translations is no query"
    S = np.array([[-1.0, -2.0], [-2.0, -1.0]])
    found = precision_at_k(S, {1: {1}}, 1, np.array([9.0, 1.0]))
    assert np.isclose(found, 100), "weights belong to rows, and scores may be negative"


decide_precision_at_k()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. Without a single pair, an adversarial game aligns two languages with P@1 of 96. Name a method
#    without any network that must stand in the same table, and say what the table would then show
#    if both reach 96.
# 2. A colleague chooses among ten restarts by the criterion, reads 0.93, and reports success, "since
#    0.93 is a high cosine". What may be wrong, and which two numbers would you ask for?
# 3. With cosines, one target word is the nearest neighbour of every tenth source word. Why does the
#    common mean of all word vectors make such words, and why does CSLS help?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Matching the axes of the two clouds (eigenvectors of the second moments, signs from mean or
#    skewness) and refining; also frequency ranks as a dictionary. If it reaches 96 as well, these
#    data do not show that a game is needed: they must match too little for moments first.
# 2. Mappings with one axis turned round have such criteria and translate half of the words; the level says
#    nothing, differences do. Ask for the criteria of the other restarts, of an unrelated language, or of a
#    mapping known to be right, and for the number of different answers.
# 3. A target word that lies along the common mean has a raised cosine with all source words. CSLS takes its
#    mean cosine with its own nearest source words away, which is large just for such words.
# ### END SOLUTION
