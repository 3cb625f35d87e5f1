# %% [markdown]
# # Exercise: a memory with a gradient
#
# Six functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `neural_turing_machine` first.
# Time: about two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * Arrays come in and go out as NumPy arrays of dtype float64. Use NumPy only.
# * The memory has the shape (slots, width) and a head's weighting the shape (slots,):
#   no batch, and one head at a time unless a question says otherwise.
# * The lesson's own package `lessons.memory.neural_turing_machine` cannot be imported.
# * No function may call another question's function: each question is marked by itself.
#   Do not change the arrays you are given.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `content_weights` (4 points)
#
# $w(n) \propto \exp\big(\beta \cos(k, M(n))\big)$.
#
# **The variant.** There is no small constant in the cosine. Instead a row of zeros (an
# empty slot) resembles nothing: its cosine is 0, exactly, and so is every cosine of a
# key of zeros. And $\beta$ may be as large as $10^6$: no overflow, no warning.

# %% [markdown] hints="content_weights"
# 1. There are two steps: one cosine per slot, with products and lengths along the
#    width, and then a softmax over the slots. The rows and keys of zeros concern only
#    the first step, the huge $\beta$ only the second.
# 2. The cosine is $k \cdot M(n) / (\|k\|\,\|M(n)\|)$. Where the denominator is exactly
#    0, the cosine is 0 and no division may take place; everywhere else nothing is added
#    to the denominator, because a row of length $10^{-100}$ has a direction too.
# 3. Divide only where the denominator is positive, into an array of zeros (`np.divide`
#    has the arguments `out` and `where` for this). Then take $e^{\beta \cos_n - m}$
#    with $m = \max_n \beta \cos_n$, so that no exponent is above 0, and divide by the
#    sum over slots.


# %% nbgrader={"grade_id": "content_weights", "solution": true}
def content_weights(M, k, beta):
    """Weighting of the slots by their resemblance to a key.

    Args:
        M: the memory, shape (slots, width).
        k: the key, shape (width,).
        beta: strength, at least 0.

    Returns:
        The weighting, shape (slots,).
    """
    ### BEGIN SOLUTION
    norms = np.linalg.norm(M, axis=1) * np.linalg.norm(k)
    cosines = np.divide(M @ k, norms, out=np.zeros(len(M)), where=norms > 0)
    scores = beta * cosines
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "content_weights_tests", "grade": true, "points": 4, "axes": 1}
def check_content_weights():
    M = np.array([[1.0, 0], [0, 1], [1, 1], [-1, 0]])
    k = np.array([1.0, 0.0])
    found = np.asarray(content_weights(M, k, 2.0))
    assert found.shape == (4,), "one weight for each slot: shape (slots,)"
    assert np.isclose(found.sum(), 1), "the weights of the slots must sum to 1"
    assert np.allclose(found, [0.584686, 0.079129, 0.325476, 0.010709], atol=1e-5), (
        "the lesson's worked example: softmax over slots of beta times the cosine"
    )
    assert np.allclose(content_weights(M, k, 0.0), 0.25), "beta = 0 must be uniform"


check_content_weights()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_content_weights():
    rng = np.random.default_rng(1410)
    for slots, width in ((1, 3), (5, 2), (9, 6)):
        M, k = rng.normal(size=(slots, width)), rng.normal(size=width)
        beta = rng.uniform(0.5, 9)
        found = np.asarray(content_weights(M.copy(), k.copy(), beta))
        powers = []
        for row in M:
            lengths = np.sqrt(np.sum(row**2)) * np.sqrt(np.sum(k**2))
            powers.append(np.exp(beta * np.sum(row * k) / lengths))
        assert np.allclose(found, np.array(powers) / np.sum(powers), rtol=1e-9), (
            "weights must be exp(beta cos) over their sum over slots"
        )
        lengths = rng.uniform(0.1, 50, (slots, 1))
        scaled = np.asarray(content_weights(lengths * M, 7 * k, beta))
        assert np.allclose(scaled, found, rtol=1e-9), (
            "the lengths of the key and of the rows must not matter"
        )
        tiny = np.asarray(content_weights(1e-100 * M, k, beta))
        assert np.allclose(tiny, found, rtol=1e-9), (
            "rows of length 1e-100 have a direction too: add no constant to the cosine"
        )
    M = np.array([[0.0, 0], [2, 0], [0, 3]])
    with np.errstate(all="raise"):
        found = np.asarray(content_weights(M, np.array([1.0, 0]), 1.0))
        assert np.allclose(found, np.exp([0, 1, 0]) / np.exp([0, 1, 0]).sum()), (
            "the cosine with a row of zeros is 0"
        )
        found = np.asarray(content_weights(M, np.zeros(2), 5.0))
        assert np.allclose(found, 1 / 3), "a key of zeros resembles all slots alike"
    found = np.asarray(content_weights(M, np.array([1.0, 0]), 1e6))
    assert np.allclose(found, [0, 1, 0]), "a huge beta must pick the best slot"
    # No cosine is 1 and two are close; for the second key they are the largest in size,
    # but negative.
    M = np.array([[1.0, 0.1], [1, 0.2], [-3, 1]])
    for k, best in ((1.0, 0), (-1.0, 2)):
        found = np.asarray(content_weights(M, np.array([k, 0.0]), 1e6))
        assert np.allclose(found, np.eye(3)[best]), (
            "a huge beta must pick the best slot also where no cosine is 1: subtract "
            "the largest score, neither beta nor a bound"
        )


decide_content_weights()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `shift` (4 points)
#
# $\tilde w(n) = \sum_m w(m)\, s(n - m \bmod N)$.
#
# **The variant.** The distribution $s$ may have any odd number $2R + 1$ of entries, for
# the offsets $-R, \dots, R$ in this order; it may be *wider than the memory*, then it
# goes around the circle more than once. Offset $+1$ moves weight from slot $n$ to slot
# $n + 1$.

# %% [markdown] hints="shift"
# 1. A shift by one fixed offset moves the whole weighting along the circle. The result
#    is a mixture of such moved copies, one for each entry of $s$.
# 2. Entry number $o$ of $s$, counted from 0, belongs to the offset $r = o - R$, where
#    $2R + 1$ is the length of $s$. What stands in slot $n$ goes to slot
#    $(n + r) \bmod N$, and the modulo also serves offsets that are larger than the
#    memory.
# 3. `np.roll` of the weighting by $r$ moves everything to higher slots for positive
#    $r$, goes around the edge and takes any $r$. Multiply the copy for each offset by
#    its entry of $s$ and add the copies up, which leaves the shape (slots,).


# %% nbgrader={"grade_id": "shift", "solution": true}
def shift(w, s):
    """A weighting after a circular shift.

    Args:
        w: the weighting, shape (slots,).
        s: distribution over the offsets -R, ..., R, shape (2 R + 1,).

    Returns:
        The shifted weighting, shape (slots,).
    """
    ### BEGIN SOLUTION
    reach = len(s) // 2
    moved = [share * np.roll(w, o - reach) for o, share in enumerate(s)]
    return np.sum(moved, axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "shift_tests", "grade": true, "points": 4, "axes": 1}
def check_shift():
    w = np.array([0.0, 1, 0, 0])
    found = np.asarray(shift(w, np.array([0.0, 1, 0])))
    assert np.allclose(found, w), "offset 0 must leave the weighting as it is"
    found = np.asarray(shift(w, np.array([0.0, 0, 1])))
    assert np.allclose(found, [0, 0, 1, 0]), (
        "offset +1 (the last of three) must move weight from slot 1 to slot 2"
    )
    found = np.asarray(shift(w, np.array([0.1, 0.7, 0.2])))
    assert np.allclose(found, [0.1, 0.7, 0.2, 0]), "shares go to both neighbours"


check_shift()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_shift():
    rng = np.random.default_rng(8)
    last = np.eye(5)[4]
    assert np.allclose(shift(last.copy(), np.array([0.0, 0, 1])), np.eye(5)[0]), (
        "the slots are a circle: from the last slot +1 leads to slot 0"
    )
    assert np.allclose(shift(np.eye(5)[0], np.array([1.0, 0, 0])), last), (
        "the slots are a circle: from slot 0 -1 leads to the last slot"
    )
    for slots, reach in ((4, 1), (7, 2), (3, 4), (1, 1), (6, 0)):
        w, s = rng.dirichlet(np.ones(slots)), rng.dirichlet(np.ones(2 * reach + 1))
        expected = np.zeros(slots)
        for n in range(slots):
            for index, share in enumerate(s):
                expected[(n + index - reach) % slots] += share * w[n]
        found = np.asarray(shift(w, s))
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-12), (
            "every offset must move its share, around the circle, for any odd width"
        )
    w = rng.dirichlet(np.ones(6))
    one = np.asarray(shift(np.asarray(shift(w, np.eye(5)[4])), np.eye(5)[1]))
    assert np.allclose(one, np.roll(w, 1)), "a shift by +2 and one by -1 make +1"


decide_shift()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `sharpen` (2 points)
#
# $w(n) = \tilde w(n)^\gamma / \sum_m \tilde w(m)^\gamma$.
#
# **The variant.** Exact at the extremes: a weight of exactly 0 stays exactly 0, and
# $\gamma$ may be as large as $10^4$ without underflow to 0/0. No added constants, no
# warnings.

# %% [markdown] hints="sharpen"
# 1. Powers of numbers below 1 vanish when $\gamma$ is large, and $0 / 0$ is left of the
#    fraction. By which number may all weights be multiplied beforehand without changing
#    the result?
# 2. A common factor $c$ of all weights becomes $c^\gamma$ above and below the fraction
#    line and cancels. Choose it so that the largest weight becomes 1: then the sum of
#    powers is at least 1 for every $\gamma$.
# 3. Divide all weights by the greatest one, raise the quotients to the power $\gamma$
#    and divide by their sum. No logarithm and no constant is needed, and a weight of 0
#    stays exactly 0 because $0^\gamma = 0$.


# %% nbgrader={"grade_id": "sharpen", "solution": true}
def sharpen(w, gamma):
    """A weighting raised to a power and normalised.

    Args:
        w: the weighting, shape (slots,); entries may be 0.
        gamma: exponent, at least 1.

    Returns:
        The sharpened weighting, shape (slots,).
    """
    ### BEGIN SOLUTION
    powers = (w / w.max()) ** gamma
    return powers / powers.sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "sharpen_tests", "grade": true, "points": 2, "axes": 1}
def check_sharpen():
    w = np.array([0.1, 0.6, 0.3])
    assert np.allclose(sharpen(w, 1.0), w), "gamma = 1 changes nothing"
    found = np.asarray(sharpen(w, 2.0))
    assert np.allclose(found, np.array([1, 36, 9]) / 46), (
        "square each weight, then divide by the sum of the squares"
    )


check_sharpen()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sharpen():
    rng = np.random.default_rng(9)
    for slots in (1, 4, 9):
        w, gamma = rng.dirichlet(np.ones(slots)), rng.uniform(1, 6)
        found = np.asarray(sharpen(w.copy(), gamma))
        expected = np.array([v**gamma for v in w]) / sum(v**gamma for v in w)
        assert np.allclose(found, expected, rtol=1e-9), (
            "the result must be w^gamma over the sum of w^gamma"
        )
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        found = np.asarray(sharpen(np.full(128, 1 / 128), 1e4))
        assert np.allclose(found, 1 / 128), (
            "equal weights stay equal for any gamma: do not let powers underflow"
        )
        found = np.asarray(sharpen(np.array([0.0, 0.25, 0.75]), 3.0))
        assert found[0] == 0, "a weight of 0 stays exactly 0"
        found_1 = np.asarray(sharpen(np.array([0.0, 0.25, 0.75]), 1.0))
        assert found_1[0] == 0, "a weight of 0 stays exactly 0, for gamma = 1 too"
        assert np.allclose(found[1:], [1 / 28, 27 / 28]), "zeros change nothing else"
        found = np.asarray(sharpen(np.array([0.5, 0.3, 0.2]), 1e4))
        assert np.allclose(found, [1, 0, 0]), "a huge gamma leaves the largest weight"
        found = np.asarray(sharpen(np.array([0.5, 0.49995, 0.00005]), 1e4))
        assert np.allclose(found[1] / found[0], np.exp(1e4 * np.log(0.9999))), (
            "a huge gamma is exact too: two nearly equal weights keep their ratio^gamma"
        )


decide_sharpen()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `address` (3 points)
#
# The whole pipeline. **The variant.** Content addressing is given to you: `content` is
# its weighting. There remain the gate, $w^g = g\,w^c + (1 - g)\,w_{t-1}$, the circular
# shift by $s$ over the offsets $(-1, 0, +1)$ and the sharpening by $\gamma$, in this
# order; and a head may be *switched off*: with `on=False` it keeps its last weighting.
# As in question 3, $\gamma$ may be as large as $10^4$ without underflow to 0/0.

# %% [markdown] hints="address"
# 1. Write the three steps one after the other, each with a weighting of shape (slots,)
#    as its result. Whether the head is on is settled before all of them.
# 2. The gate comes first and $g$ is the share of the *content*. It is the mixture that
#    is then moved, last weighting included, and what has been moved is sharpened; any
#    other order gives other numbers.
# 3. After the gate, $\tilde w(n) = s_{-1} w^g(n + 1) + s_0 w^g(n) + s_{+1} w^g(n - 1)$
#    with slot numbers taken around the circle; then all are divided by the greatest,
#    raised to the power $\gamma$ and divided by their sum over slots. A head that is off
#    returns a copy of its last weighting.


# %% nbgrader={"grade_id": "address", "solution": true}
def address(content, previous, g, s, gamma, on=True):
    """The weighting of a head after gate, shift and sharpening.

    Args:
        content: weighting by content, shape (slots,).
        previous: the head's last weighting, shape (slots,).
        g: share of the content, in [0, 1].
        s: distribution over the offsets -1, 0, +1, shape (3,).
        gamma: sharpness, from 1 to 10^4.
        on: whether the head moves at all.

    Returns:
        The new weighting, shape (slots,).
    """
    ### BEGIN SOLUTION
    if not on:
        return previous.copy()
    gated = g * content + (1 - g) * previous
    moved = s[0] * np.roll(gated, -1) + s[1] * gated + s[2] * np.roll(gated, 1)
    powers = (moved / moved.max()) ** gamma
    return powers / powers.sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "address_tests", "grade": true, "points": 3, "axes": 1}
def check_address():
    content = np.array([0.584686, 0.079129, 0.325476, 0.010709])
    previous, s = np.array([0.0, 1, 0, 0]), np.array([0.1, 0.8, 0.1])
    found = np.asarray(address(content, previous, 0.5, s, 2.0))
    expected = [0.239348, 0.655343, 0.098173, 0.007136]
    assert np.allclose(found, expected, atol=1e-5), (
        "the lesson's worked example: gate, then shift, then sharpening"
    )
    off = np.asarray(address(content, previous, 0.5, s, 2.0, on=False))
    assert np.allclose(off, previous), "a head that is off keeps its weighting"


check_address()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_address():
    rng = np.random.default_rng(20)
    stay = np.array([0.0, 1, 0])
    for slots in (3, 5, 8):
        content, previous = rng.dirichlet(np.ones(slots), 2)
        found = np.asarray(address(content, previous, 1.0, stay, 1.0))
        assert np.allclose(found, content), "g = 1 takes the content"
        found = np.asarray(address(content, previous, 0.0, stay, 1.0))
        assert np.allclose(found, previous), "g = 0 takes the last weighting"
        found = np.asarray(address(content, previous, 0.0, np.eye(3)[2], 1.0))
        assert np.allclose(found, np.roll(previous, 1)), "offset +1 moves on"
        g, gamma, s = rng.random(), rng.uniform(1.5, 5), rng.dirichlet(np.ones(3))
        gated = g * content + (1 - g) * previous
        moved = np.zeros(slots)
        for n in range(slots):
            for index in range(3):
                moved[(n + index - 1) % slots] += s[index] * gated[n]
        expected = moved**gamma / np.sum(moved**gamma)
        found = np.asarray(address(content, previous, g, s, gamma))
        assert np.allclose(found, expected, rtol=1e-9), (
            "first the gate, then the shift, then the sharpening"
        )
        off = address(content, previous, g, s, gamma, False)
        assert np.allclose(off, previous), "a head that is off keeps its weighting"
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        for slots in (4, 128):
            equal = np.full(slots, 1 / slots)
            found = np.asarray(address(equal, equal, 0.5, np.full(3, 1 / 3), 1e4))
            assert np.allclose(found, 1 / slots), (
                "equal weights stay equal for any gamma: do not let powers underflow"
            )
        content, previous, s = np.eye(4)[2], np.full(4, 0.25), np.array([0.2, 0.3, 0.5])
        found = np.asarray(address(content, previous, 0.4, s, 1e4))
        assert np.allclose(found, np.eye(4)[3]), (
            "a huge gamma leaves the largest weight, after gate and shift"
        )
        near = np.array([0.5, 0.49995, 0.00005])
        found = np.asarray(address(near, near, 0.5, stay, 1e4))
        assert np.allclose(found[1] / found[0], np.exp(1e4 * np.log(0.9999))), (
            "a huge gamma is exact too: two nearly equal weights keep their ratio^gamma"
        )


decide_address()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `write` (4 points)
#
# Several heads: $M(n) \leftarrow M(n) \odot \prod_j (1 - w^j(n) e^j) + \sum_j w^j(n) a^j$.
#
# **The variant.** There may be no head at all (shapes (0, slots) and (0, width)): then
# the memory comes back unchanged. The memory given is left alone.

# %% [markdown] hints="write"
# 1. Every head has a table of shape (slots, width) of what it erases and one of what it
#    adds, so think of arrays of shape (heads, slots, width). How does the axis of the
#    heads go away in each of the two: by a sum or by a product?
# 2. All heads erase before any head adds. What is kept is the *product* of the
#    $1 - w^j(n) e^j_i$: two heads that erase a cell completely leave 0 of it, where 1
#    minus the sum would leave minus 1.
# 3. The new cell is $M_{ni} \prod_j (1 - w^j_n e^j_i) + \sum_j w^j_n a^j_i$; the second
#    sum is a product of two matrices. An empty product is 1 and an empty sum is 0, so
#    that no head needs no case of its own; write the result into a new array.


# %% nbgrader={"grade_id": "write", "solution": true}
def write(M, ws, es, as_):
    """The memory after all heads have erased and all have added.

    Args:
        M: the memory, shape (slots, width).
        ws: weightings, shape (heads, slots).
        es: what is erased, shape (heads, width), in [0, 1].
        as_: what is added, shape (heads, width).

    Returns:
        The new memory, shape (slots, width).
    """
    ### BEGIN SOLUTION
    keep = np.prod(1 - ws[:, :, None] * es[:, None, :], axis=0)
    return M * keep + ws.T @ as_
    ### END SOLUTION


# %% nbgrader={"grade_id": "write_tests", "grade": true, "points": 4, "axes": 2}
def check_write():
    M = np.array([[1.0, 2], [3, 4]])
    ws, es, as_ = np.array([[0.0, 1]]), np.array([[1.0, 1]]), np.array([[5.0, 6]])
    found = np.asarray(write(M.copy(), ws, es, as_))
    assert np.allclose(found, [[1, 2], [5, 6]]), (
        "a sharp head with e = 1 overwrites its slot: first erase, then add"
    )
    found = np.asarray(write(M.copy(), 0.5 * np.ones((1, 2)), es, 0 * as_))
    assert np.allclose(found, M / 2), "half a weight erases half of every slot"


check_write()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_write():
    rng = np.random.default_rng(7)
    cell, one = np.array([[0.5]]), np.ones((2, 1))
    found = np.asarray(write(cell.copy(), one, one, np.array([[0.3], [0.4]])))
    assert np.allclose(found, 0.7), (
        "two heads on one cell: all erase (a product of what is kept), then all add"
    )
    for heads, slots, width in ((1, 4, 3), (3, 5, 2), (4, 2, 6)):
        M, ws = rng.normal(size=(slots, width)), rng.dirichlet(np.ones(slots), heads)
        es, as_ = rng.random((heads, width)), rng.normal(size=(heads, width))
        expected = M.copy()
        for n in range(slots):
            for i in range(width):
                for j in range(heads):
                    expected[n, i] *= 1 - ws[j, n] * es[j, i]
                expected[n, i] += sum(ws[j, n] * as_[j, i] for j in range(heads))
        found = np.asarray(write(M, ws, es, as_))
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-12), (
            "what is kept is a product over heads, what is added a sum"
        )
        order = rng.permutation(heads)
        again = np.asarray(write(M, ws[order], es[order], as_[order]))
        assert np.allclose(again, found), "the order of the heads must not matter"
        same = write(
            M, np.zeros((0, slots)), np.zeros((0, width)), np.zeros((0, width))
        )
        assert np.allclose(same, M), "without heads nothing changes"


decide_write()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: `copy_batch` (3 points)
#
# A batch of the copy task, all sequences of length $L$. **The variant.** *Reversed*
# copy: the answer gives the vectors back in reversed order. Time step 0 carries the
# start flag (channel `bits`), steps 1 to L the vectors, step L + 1 the end flag (channel
# `bits + 1`); during the answer, steps L + 2 to 2 L + 1, all inputs are 0.

# %% [markdown] hints="copy_batch"
# 1. Write down the timetable for $L = 2$: six time steps, and what stands in each
#    channel. The vectors are drawn once and appear twice, forwards in the inputs and
#    backwards in the answers.
# 2. Begin with inputs of zeros and fill in three things: the start flag, the vectors in
#    the first `bits` channels of steps 1 to $L$, the end flag. All that comes later
#    stays 0. The vectors have the shape (B, L, bits), so that every sequence has its
#    own, and come from the generator that is given.
# 3. `rng.integers` with the bounds 0 and 2 draws fair bits. The answers are the same
#    vectors as floats, reversed along the *time* axis, the second of three: answer
#    number $l$, counted from 0, is vector number $L - 1 - l$.


# %% nbgrader={"grade_id": "copy_batch", "solution": true}
def copy_batch(rng, B, L, bits):
    """A batch of the reversed copy task.

    Args:
        rng: a NumPy generator; every bit is 0 or 1 with the same probability.
        B: number of sequences.
        L: number of vectors.
        bits: width of a vector.

    Returns:
        (inputs, answers): shapes (B, 2 L + 2, bits + 2) and (B, L, bits).
    """
    ### BEGIN SOLUTION
    inputs = np.zeros((B, 2 * L + 2, bits + 2))
    vectors = rng.integers(0, 2, (B, L, bits))
    inputs[:, 0, bits] = 1
    inputs[:, 1 : L + 1, :bits] = vectors
    inputs[:, L + 1, bits + 1] = 1
    return inputs, vectors[:, ::-1].astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "copy_batch_tests", "grade": true, "points": 3, "axes": [3, 3]}
def check_copy_batch():
    inputs, answers = copy_batch(np.random.default_rng(0), 5, 3, 4)
    assert np.shape(inputs) == (5, 8, 6), "inputs have the shape (B, 2 L + 2, bits + 2)"
    assert np.shape(answers) == (5, 3, 4), "answers have the shape (B, L, bits)"
    assert np.all(inputs[:, 0, 4] == 1), "the start flag is channel `bits` at step 0"


check_copy_batch()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_copy_batch():
    for B, L, bits in ((1, 1, 1), (3, 7, 2), (200, 5, 6)):
        inputs, answers = map(
            np.asarray, copy_batch(np.random.default_rng(B), B, L, bits)
        )
        assert inputs.shape == (B, 2 * L + 2, bits + 2) and answers.shape == (
            B,
            L,
            bits,
        ), "the shapes must be right for any B, L and bits"
        flags = np.zeros((2 * L + 2, 2))
        flags[0, 0] = flags[L + 1, 1] = 1
        assert np.array_equal(inputs[:, :, bits:], np.tile(flags, (B, 1, 1))), (
            "one start flag at step 0, one end flag at step L + 1, nothing else"
        )
        shown = inputs[:, 1 : L + 1, :bits]
        assert np.array_equal(answers, shown[:, ::-1]), (
            "the answer is the vectors in reversed order"
        )
        assert not inputs[:, L + 2 :].any(), "inputs are blank during the answer"
        assert not inputs[:, [0, L + 1], :bits].any(), "no bits beside the flags"
        assert np.all((answers == 0) | (answers == 1)), "bits are 0 or 1"
    # 6000 bits: 4 standard errors of the mean are 0.026
    assert abs(answers.mean() - 0.5) < 0.026, "both bits are equally likely"
    assert len({row.tobytes() for row in answers}) > 190, (
        "every sequence of the batch has vectors of its own"
    )
    rng = np.random.default_rng(4)
    first, second = copy_batch(rng, 3, 4, 5)[0], copy_batch(rng, 3, 4, 5)[0]
    assert not np.array_equal(first, second), (
        "draw from the generator given: the next batch is another one"
    )
    again = copy_batch(np.random.default_rng(4), 3, 4, 5)[0]
    assert np.array_equal(again, first), (
        "draw from the generator given: the same seed gives the same batch"
    )


decide_copy_batch()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 7: a program for reversed copy (3 points)
#
# In five to ten sentences: program the heads by hand so that the machine answers with
# the vectors in reversed order (start of each head, and $g$, $s$, $e$, $a$ in each
# phase). Up to which length is your program exact with $N$ slots? Which head parameter
# would you expect a trained machine to get wrong first at greater lengths, and what would
# the picture of its weightings show?

# %% [markdown] nbgrader={"grade_id": "programs", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide**
#
# Writing is as in the lesson: the write head starts at slot N - 1, and while vectors
# arrive it has g = 0, s = +1, e = 1, a = x. It stops at the end flag. The read head must
# begin where writing ended: it can walk along with the write head (the same g = 0 and
# s = +1 while vectors arrive), stay at the end flag, read the last slot at the first
# step of the answer (s = 0), and then move with s = -1. Reading slot L - 1, ..., 0 gives
# the vectors in reversed order. It is exact for L up to N; at N + 1 the last vector has
# overwritten the first. Alternatively the read head finds the end by content (g = 1),
# if the write head marks it.
#
# One point for each part: a program that is right in all phases (a shift of -1 during
# the answer); exact up to N, with the reason; shifts that are not sure, or a sharpness
# too small, blur a little at each step, so errors grow with length, and the diagonals
# widen and fade.
# ### END SOLUTION
