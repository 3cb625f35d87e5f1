# %% [markdown]
# # Exercise: memory with a gradient
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `neural_stack` first. Time:
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
#   package `lessons.memory.neural_stack` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.
#
# Strengths have the shape (batch, cells), the oldest cell first; there may be no cells.
# A "stack" works from the newest cell (the last), a "queue" from the oldest (the first).

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `pop_strengths` (4 points)
#
# In the lesson a pop of $u$ leaves of cell $i$ of a stack
# $\max\big(0, s[i] - \max(0, u - \sum_{j>i} s[j])\big)$, with all $s$ as they were before.
#
# **The variant.** The pop may be above 1, and you also return how much was taken away in
# all. For a queue the sum runs over $j<i$.

# %% [markdown] hints="pop_strengths"
# 1. You owe $u$. Which cell pays first, and what does it matter to the others?
# 2. How much of the debt is left when all cells nearer to the end have paid? Can it be
#    negative?
# 3. A running sum that leaves out the cell itself, from the end of the kind; the debt that
#    reaches a cell is cut at 0, and so is what the cell keeps. What was taken is the
#    difference of two sums.


# %% nbgrader={"grade_id": "pop_strengths", "solution": true}
def pop_strengths(s, u, kind):
    """Take an amount away from one end.

    Args:
        s: strengths, shape (batch, cells), at least 0.
        u: amounts, shape (batch,), at least 0, perhaps above 1.
        kind: "stack" or "queue".

    Returns:
        (strengths, taken): shapes (batch, cells) and (batch,).
    """
    ### BEGIN SOLUTION
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    nearer = np.cumsum(ordered, axis=1) - ordered
    debt = np.maximum(0.0, u[:, None] - nearer)
    left = np.maximum(0.0, ordered - debt)[:, ::flip]
    return left, s.sum(axis=1) - left.sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "pop_strengths_tests", "grade": true, "points": 4, "axes": [2, 1]}
def check_pop_strengths():
    s = np.array([[0.7, 0.5]])
    left, taken = pop_strengths(s, np.array([0.9]), "stack")
    assert np.shape(left) == (1, 2) and np.shape(taken) == (1,), "shapes (1, 2), (1,)"
    assert np.allclose(left, [[0.3, 0.0]]), (
        "the newest cell pays 0.5, the next one the remaining 0.4"
    )
    assert np.allclose(taken, [0.9]), "0.9 was there and was taken"
    left, taken = pop_strengths(s, np.array([0.1]), "stack")
    assert np.allclose(left, [[0.7, 0.4]]), "a small pop touches the newest cell only"
    left, taken = pop_strengths(np.array([[0.2]]), np.array([0.9]), "stack")
    assert np.allclose(left, 0) and np.allclose(taken, 0.2), (
        "more than there is cannot be taken: 0 stays, 0.2 was taken"
    )


check_pop_strengths()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_pop_strengths():
    rng = np.random.default_rng(1506)

    def pay(row, debt, order):
        row = list(row)
        for i in order:
            paid = min(row[i], debt)
            row[i] -= paid
            debt -= paid
        return row

    left, taken = pop_strengths(np.array([[0.7, 0.5]]), np.array([0.9]), "queue")
    assert np.allclose(left, [[0.0, 0.3]]), "of a queue the oldest cell pays first"
    left, taken = pop_strengths(np.array([[0.7, 0.5, 0.6]]), np.array([1.5]), "stack")
    assert np.allclose(left, [[0.3, 0, 0]]), (
        "a pop may be above 1: of 1.8 there is 0.3 left"
    )
    assert np.allclose(taken, 1.5), "a pop may be above 1: 1.5 was taken, not 1"
    left, taken = pop_strengths(np.array([[0.5], [0.5]]), np.array([0.1, 0.3]), "queue")
    assert np.allclose(left, [[0.4], [0.2]]) and np.allclose(taken, [0.1, 0.3]), (
        "each sequence has its own u"
    )
    for batch, cells in ((1, 1), (4, 6), (7, 3), (2, 12)):
        for kind in ("stack", "queue"):
            for _ in range(10):
                s = rng.random((batch, cells)) * (rng.random((batch, cells)) < 0.7)
                u = rng.choice([0.0, 0.3, 1.0, 2.5, 40.0], batch) * rng.random(batch)
                left, taken = pop_strengths(s, u, kind)
                order = range(cells) if kind == "queue" else range(cells - 1, -1, -1)
                expected = [
                    pay(row, debt, order) for row, debt in zip(s, u, strict=True)
                ]
                assert np.allclose(left, expected), (
                    "cell by cell from the end: each pays what it can"
                )
                assert np.allclose(taken, np.minimum(u, s.sum(1))), (
                    "taken is the smaller of u and all there is, for each sequence"
                )
    left, taken = pop_strengths(np.zeros((3, 0)), np.ones(3), "stack")
    assert np.shape(left) == (3, 0) and np.allclose(taken, np.zeros(3)), (
        "an empty structure stays empty, and nothing is taken"
    )


decide_pop_strengths()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `read_weights` (3 points)
#
# In the lesson a read takes cells from the end until 1 is full: cell $i$ of a stack has the
# weight $\min\big(s[i], \max(0, 1 - \sum_{j>i} s[j])\big)$.
#
# **The variant.** A read takes up to `mass`, which may be any number from 0 on.

# %% [markdown] hints="read_weights"
# 1. Think of a glass that holds `mass`. How full is it before cell $i$ pours?
# 2. A cell pours all it has, unless the glass is full first. Does anything need to sum to 1?
# 3. The smaller of the cell's strength and the room that is left, where the room is never
#    negative.


# %% nbgrader={"grade_id": "read_weights", "solution": true}
def read_weights(s, kind, mass):
    """How much of each cell is read.

    Args:
        s: strengths, shape (batch, cells), at least 0.
        kind: "stack" or "queue".
        mass: how much is read at most, a number of at least 0.

    Returns:
        Weights, shape (batch, cells).
    """
    ### BEGIN SOLUTION
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    room = np.maximum(0.0, mass - (np.cumsum(ordered, axis=1) - ordered))
    return np.minimum(ordered, room)[:, ::flip]
    ### END SOLUTION


# %% nbgrader={"grade_id": "read_weights_tests", "grade": true, "points": 3, "axes": 2}
def check_read_weights():
    s = np.array([[0.9, 0.9]])
    assert np.allclose(read_weights(s, "stack", 1.0), [[0.1, 0.9]]), (
        "the newest cell fills 0.9 of the read, the next one the remaining 0.1"
    )
    assert np.allclose(read_weights(s, "queue", 1.0), [[0.9, 0.1]]), (
        "a queue reads its oldest cell first"
    )
    assert np.allclose(read_weights(np.array([[0.3]]), "stack", 1.0), 0.3), (
        "what is not there is not read: weights need not sum to 1"
    )


check_read_weights()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_read_weights():
    rng = np.random.default_rng(2)
    s = np.array([[0.9, 0.9]])
    assert np.allclose(read_weights(s, "stack", 2.0), [[0.9, 0.9]]), (
        "with mass 2 both cells are read whole"
    )
    assert np.allclose(read_weights(s, "stack", 0.5), [[0.0, 0.5]]), (
        "with mass 0.5 the newest cell is enough"
    )
    for batch, cells in ((1, 1), (3, 5), (6, 11)):
        for kind in ("stack", "queue"):
            for mass in (0.0, 0.25, 1.0, 1.7, 30.0):
                s = rng.random((batch, cells)) * (rng.random((batch, cells)) < 0.7)
                found = np.asarray(read_weights(s, kind, mass))
                expected = np.zeros(s.shape)
                for row in range(batch):
                    room = mass
                    order = range(cells) if kind == "queue" else range(cells)[::-1]
                    for i in order:
                        expected[row, i] = min(s[row, i], room)
                        room -= expected[row, i]
                assert np.allclose(found, expected), (
                    "cell by cell from the end until mass is full"
                )
    assert np.shape(read_weights(np.zeros((2, 0)), "queue", 1.0)) == (2, 0), (
        "of nothing, nothing is read"
    )


decide_read_weights()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `stack_step` (4 points)
#
# One step of a stack: pop $u$, then push the value $v$ with strength $d$, then read.
#
# **The variant.** The arrays grow: the new cell comes behind the others, whatever $d$ is. (The
# lesson keeps room for it.) The read takes up to 1, the pop may be above 1.

# %% [markdown] hints="stack_step"
# 1. In which order do the three things happen? Can a pop take away what is pushed in the same
#    step?
# 2. Where does the strength $d$ count: in the value that is written, or in how much of it is
#    read later?
# 3. Lower the old strengths; join $d$ and $v$ behind; then the weights of the read come from the
#    joined strengths.


# %% nbgrader={"grade_id": "stack_step", "solution": true}
def stack_step(V, s, v, d, u):
    """Pop, push and read.

    Args:
        V: values, shape (batch, cells, width).
        s: strengths, shape (batch, cells).
        v: the new values, shape (batch, width).
        d, u: strengths of push and pop, shape (batch,).

    Returns:
        (V, s, r): shapes (batch, cells + 1, width), (batch, cells + 1), (batch, width).
    """
    ### BEGIN SOLUTION
    newer = np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s
    left = np.maximum(0.0, s - np.maximum(0.0, u[:, None] - newer))
    s = np.concatenate([left, d[:, None]], axis=1)
    V = np.concatenate([V, v[:, None]], axis=1)
    newer = np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s
    w = np.minimum(s, np.maximum(0.0, 1.0 - newer))
    return V, s, np.einsum("bc,bcw->bw", w, V)
    ### END SOLUTION


# %% nbgrader={"grade_id": "stack_step_tests", "grade": true, "points": 4, "axes": [3, 2, 2]}
def check_stack_step():
    V, s = np.zeros((1, 0, 3)), np.zeros((1, 0))
    steps = [
        (0.8, 0.0, [0.8], [0.8, 0, 0]),
        (0.5, 0.1, [0.7, 0.5], [0.5, 0.5, 0]),
        (0.9, 0.9, [0.3, 0, 0.9], [0.1, 0, 0.9]),
    ]
    for k, (d, u, strengths, read) in enumerate(steps):
        new = np.eye(3)[[k]]
        V, s, r = stack_step(V, s, new, np.array([d]), np.array([u]))
        assert np.shape(V) == (1, k + 1, 3), "one more cell after each step"
        assert np.allclose(s, [strengths]), (
            f"step {k + 1} of the lesson's trace leaves the strengths {strengths}"
        )
        assert np.allclose(r, [read]), f"step {k + 1} of the trace reads {read}"


check_stack_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_stack_step():
    rng = np.random.default_rng(3)
    for width in (1, 4):
        batch, lists = 5, [[] for _ in range(5)]
        V, s = np.zeros((batch, 0, width)), np.zeros((batch, 0))
        for _ in range(30):
            v = rng.normal(size=(batch, width))
            d, u = (rng.random((2, batch)) < 0.5).astype(float)
            V, s, r = stack_step(V, s, v, d, u)
            for row, held in enumerate(lists):
                if u[row] and held:
                    held.pop()
                if d[row]:
                    held.append(v[row])
                top = held[-1] if held else np.zeros(width)
                assert np.allclose(r[row], top), (
                    "with 0 and 1 it is a list: pop, append, look at the last"
                )
    for cells in (0, 1, 6):
        V, s = rng.normal(size=(4, cells, 2)), rng.random((4, cells))
        v, d, u = rng.normal(size=(4, 2)), rng.random(4), rng.uniform(0, 2.5, 4)
        found = stack_step(V, s, v, d, u)
        assert np.allclose(found[0][:, :-1], V) and np.allclose(found[0][:, -1], v), (
            "old values stay, the new one is written whole behind them"
        )
        assert np.allclose(found[1].sum(1), np.maximum(0, s.sum(1) - u) + d), (
            "what was there less u, but not below 0, and d: the pop comes first"
        )
        for row in range(4):
            debt, kept = u[row], list(s[row])
            for i in range(cells - 1, -1, -1):
                paid = min(kept[i], debt)
                kept[i] -= paid
                debt -= paid
            kept.append(d[row])
            assert np.allclose(found[1][row], kept), "newest cells pay first"
            room, read = 1.0, np.zeros(2)
            for i in range(cells, -1, -1):
                part = min(kept[i], room)
                room -= part
                read = read + part * found[0][row, i]
            assert np.allclose(found[2][row], read), (
                "the read takes the newest cells, the one just pushed first, up to 1"
            )


decide_stack_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `deque_step` (4 points)
#
# A deque pops at the top and at the bottom, then pushes at both ends, then reads at both ends.
#
# **The variant.** Again the arrays grow, by two cells: the new bottom comes before all others,
# the new top behind them. Pops may be above 1.

# %% [markdown] hints="deque_step"
# 1. What is the index of an old cell after one was put below it?
# 2. Two pops, each with the sums of its own end. Does it matter which of them comes first?
# 3. Join [bottom, old, top] for strengths and for values alike, and read the joined cells once
#    from each end.


# %% nbgrader={"grade_id": "deque_step", "solution": true}
def deque_step(V, s, v_top, v_bot, d_top, d_bot, u_top, u_bot):
    """Pop, push and read at both ends.

    Args:
        V: values, shape (batch, cells, width), the bottom first.
        s: strengths, shape (batch, cells).
        v_top, v_bot: new values, shape (batch, width).
        d_top, d_bot, u_top, u_bot: strengths of push and pop, shape (batch,).

    Returns:
        (V, s, r_top, r_bot): shapes (batch, cells + 2, width), (batch, cells + 2),
        (batch, width), (batch, width).
    """

    ### BEGIN SOLUTION
    def above(s):
        return np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s

    def below(s):
        return np.cumsum(s, axis=1) - s

    s = np.maximum(0.0, s - np.maximum(0.0, u_top[:, None] - above(s)))
    s = np.maximum(0.0, s - np.maximum(0.0, u_bot[:, None] - below(s)))
    s = np.concatenate([d_bot[:, None], s, d_top[:, None]], axis=1)
    V = np.concatenate([v_bot[:, None], V, v_top[:, None]], axis=1)
    reads = [
        np.einsum("bc,bcw->bw", np.minimum(s, np.maximum(0.0, 1.0 - nearer)), V)
        for nearer in (above(s), below(s))
    ]
    return V, s, *reads
    ### END SOLUTION


# %% nbgrader={"grade_id": "deque_step_tests", "grade": true, "points": 4, "axes": [3, 2, 2, 2]}
def check_deque_step():
    V, s = np.zeros((1, 0, 2)), np.zeros((1, 0))
    top, bottom = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    one, none = np.ones(1), np.zeros(1)
    V, s, r_top, r_bot = deque_step(V, s, top, bottom, one, one, none, none)
    assert np.shape(V) == (1, 2, 2), "two more cells after each step"
    assert np.allclose(r_top, top) and np.allclose(r_bot, bottom), (
        "what was pushed at the top is read at the top, and so at the bottom"
    )
    V, s, r_top, r_bot = deque_step(V, s, top, bottom, none, none, one, none)
    assert np.allclose(s, [[0, 1, 0, 0]]), (
        "the pop at the top takes the top; the cell below it moves up by one place"
    )
    assert np.allclose(r_top, bottom), "one cell is left: it is top and bottom"


check_deque_step()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_deque_step():
    from collections import deque

    rng = np.random.default_rng(4)
    batch, held = 5, [deque() for _ in range(5)]
    V, s = np.zeros((batch, 0, 3)), np.zeros((batch, 0))
    for _ in range(25):
        v_top, v_bot = rng.normal(size=(2, batch, 3))
        d_top, d_bot, u_top, u_bot = (rng.random((4, batch)) < 0.5).astype(float)
        V, s, *reads = deque_step(V, s, v_top, v_bot, d_top, d_bot, u_top, u_bot)
        for row, cells in enumerate(held):
            if u_top[row] and cells:
                cells.pop()
            if u_bot[row] and cells:
                cells.popleft()
            if d_bot[row]:
                cells.appendleft(v_bot[row])
            if d_top[row]:
                cells.append(v_top[row])
            ends = (cells[-1], cells[0]) if cells else np.zeros((2, 3))
            assert np.allclose([r[row] for r in reads], ends), (
                "with 0 and 1 it is collections.deque"
            )
    for cells in (0, 1, 5):
        V, s = rng.normal(size=(3, cells, 2)), rng.random((3, cells))
        v_top, v_bot = rng.normal(size=(2, 3, 2))
        d_top, d_bot = rng.random((2, 3))
        u_top, u_bot = rng.uniform(0, 1.6, (2, 3))
        found = deque_step(V, s, v_top, v_bot, d_top, d_bot, u_top, u_bot)
        assert np.allclose(found[0][:, 1:-1], V), "old cells lie between the new ones"
        for row in range(3):
            kept = list(s[row])
            for debt, order in (
                (u_top[row], range(cells - 1, -1, -1)),
                (u_bot[row], range(cells)),
            ):
                for i in order:
                    paid = min(kept[i], debt)
                    kept[i] -= paid
                    debt -= paid
            kept = [d_bot[row], *kept, d_top[row]]
            assert np.allclose(found[1][row], kept), (
                "each pop is paid from its own end, before anything is pushed"
            )
            for r, order in (
                (found[2], range(cells + 1, -1, -1)),
                (found[3], range(cells + 2)),
            ):
                room, read = 1.0, np.zeros(2)
                for i in order:
                    part = min(kept[i], room)
                    room -= part
                    read = read + part * found[0][row, i]
                assert np.allclose(r[row], read), "each read begins at its own end"


decide_deque_step()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `coarse_fine` (2 points)
#
# Coarse accuracy is the share of sequences that are right from beginning to end; fine accuracy
# the mean over sequences of the share of symbols *before the first error*.
#
# **The variant.** Sequences have their own lengths and are padded; what stands behind the
# length does not count. An empty sequence is right, and its share is 1.

# %% [markdown] hints="coarse_fine"
# 1. What is the third symbol worth if the second is wrong?
# 2. For each sequence: how long is its right beginning, and how long is it? Which mean comes
#    last?
# 3. A product that runs along the sequence is 1 up to the first error and 0 from there on.
#    Divide its sum by the length of that sequence, then average.


# %% nbgrader={"grade_id": "coarse_fine", "solution": true}
def coarse_fine(pred, target, lengths):
    """Two accuracies of sequences.

    Args:
        pred, target: symbols as numbers, shape (batch, time).
        lengths: how many symbols of each count, whole numbers, shape (batch,).

    Returns:
        (coarse, fine): two floats.
    """
    ### BEGIN SOLUTION
    shares = []
    for told, wanted, n in zip(pred, target, lengths.astype(int), strict=True):
        wrong = np.flatnonzero(told[:n] != wanted[:n])
        right = wrong[0] if len(wrong) else n
        shares.append(right / n if n else 1.0)
    shares = np.array(shares)
    return float(np.mean(shares == 1.0)), float(np.mean(shares))
    ### END SOLUTION


# %% nbgrader={"grade_id": "coarse_fine_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_coarse_fine():
    target = np.array([[1.0, 2, 3, 4]])
    four = np.array([4])
    assert np.allclose(coarse_fine(target, target, four), [1, 1]), "all right"
    found = coarse_fine(np.array([[1.0, 2, 9, 4]]), target, four)
    assert np.allclose(found, [0, 0.5]), (
        "two of four symbols come before the first error; the last one does not count"
    )


check_coarse_fine()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_coarse_fine():
    rng = np.random.default_rng(5)
    target = np.array([[1.0, 2, 3, 4], [1, 2, 0, 0]])
    pred = np.array([[1.0, 2, 9, 4], [1, 2, 7, 7]])
    found = coarse_fine(pred, target, np.array([4, 2]))
    assert np.allclose(found, [0.5, 0.75]), (
        "padding does not count, and each sequence counts once, however long"
    )
    for _ in range(40):
        batch, time = int(rng.integers(1, 7)), int(rng.integers(1, 9))
        target = rng.integers(0, 3, (batch, time)).astype(float)
        pred = np.where(rng.random((batch, time)) < 0.8, target, target + 1)
        lengths = rng.integers(0, time + 1, batch)
        shares = []
        for told, wanted, n in zip(pred, target, lengths, strict=True):
            k = 0
            while k < n and told[k] == wanted[k]:
                k += 1
            shares.append(k / n if n else 1.0)
        found = coarse_fine(pred, target, lengths)
        assert np.isclose(found[0], np.mean([x == 1 for x in shares])), (
            "coarse: sequences without an error within their length"
        )
        assert np.isclose(found[1], np.mean(shares)), (
            "fine: the right beginning over the own length, mean over sequences"
        )


decide_coarse_fine()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. A stack pushes with $d = 0.8$, $u = 0.1$ while symbols come in and pops with $u = 0.8$,
#    $d = 0.1$ while the answer is given. Another has $d = 1$, $u = 0$ and then $u = 0.95$,
#    $d = 0$. Which of them reverses a sequence of 50 symbols, and why?
# 2. "The queue has a fine accuracy of 0.2 on reversal at length 8, so it has learned a part of
#    the task." Which row does the table need before one may say so?
# 3. With 0/1 signals a stack is exact, and yet the gradient with respect to $u$ of popping an
#    empty stack is 0. Why does training start with pushes rather than pops (a negative bias)?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The first: net push and net pop are both 0.7, so each pop uncovers exactly one cell more,
#    and the right one always has the greatest weight. The second is off by 0.05 more with each
#    answer and reads the wrong cell after about ten.
# 2. The same controller without any memory, on the same sequences, and guessing: it remembers
#    a few symbols in its own state and has as much. *Half a point* for guessing alone.
# 3. Where nothing is held, nothing can be read, and no gradient reaches values or pops: it must
#    first hold something. With $d = u = 1/2$ each step takes away all that the step before
#    has pushed.
# ### END SOLUTION
