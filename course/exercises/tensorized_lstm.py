# %% [markdown]
# # Exercise: a tensor that is read a little later
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `tensorized_lstm` first. Time:
# about two and a half hours.
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
#   package `lessons.sequences.tensorized_lstm` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `depth` (2 points)
#
# A row of $P$ locations, a kernel of $K$: the output of location $P$ is read $L - 1$ steps after
# the input went in, where $L = \lceil P / \lfloor K/2 \rfloor \rceil$.
#
# **The variant.** The function also works the other way round: given $L$ instead of $P$, it
# returns the **largest** $P$ that has this $L$. With $K = 1$ news never arrives: raise a
# `ValueError`.

# %% [markdown] hints="depth"
# 1. By how many locations does news travel in one step? What does one location more in the
#    kernel change if $K$ is even?
# 2. A step carries news over $\lfloor K/2 \rfloor$ locations; a part of a step is a whole step.
# 3. Divide $P$ by `K // 2` and round up. The other way: all tensors with up to $L$ times
#    `K // 2` locations need at most $L$ steps.


# %% nbgrader={"grade_id": "depth", "solution": true}
def depth(K, P=None, L=None):
    """The depth of a tensor, or the largest tensor of a depth.

    Args:
        K: locations that the kernel covers.
        P: locations, or None.
        L: depth, or None; exactly one of P and L is given.

    Returns:
        L where P is given, P where L is given; an int.

    Raises:
        ValueError: K is below 2.
    """
    ### BEGIN SOLUTION
    if K < 2:
        raise ValueError(f"K must be at least 2, got {K}.")
    reach = K // 2
    if P is None:
        return L * reach
    return -(-P // reach)
    ### END SOLUTION


# %% nbgrader={"grade_id": "depth_tests", "grade": true, "points": 2, "axes": 0}
def check_depth():
    assert depth(3, P=4) == 4, "with K = 3 news moves one location a step"
    assert depth(5, P=4) == 2, "with K = 5 it moves two locations a step"
    assert depth(5, P=5) == 3, "a part of a step is a whole step: round up"
    assert depth(5, L=3) == 6, "the largest tensor that is three steps deep"
    try:
        depth(1, P=3)
    except ValueError:
        pass
    else:
        raise AssertionError("K = 1 must raise a ValueError: news never arrives")


check_depth()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_depth():
    for K in range(2, 10):
        for P in range(1, 16):
            seen, steps = 0, 0  # location 0 holds the input
            while seen < P:
                sources = range(P + 1)
                reached = [
                    p
                    for p in range(1, P + 1)
                    for s in sources
                    if s <= seen and p - K // 2 <= s < p - K // 2 + K
                ]
                seen, steps = max(reached), steps + 1
            found = depth(K, P=P)
            assert found == steps, (
                "the number of steps until location P has seen the input, also for even K"
            )
        for L in range(1, 6):
            largest = depth(K, L=L)
            assert -(-largest // (K // 2)) == L, "the tensor found must have depth L"
            assert -(-(largest + 1) // (K // 2)) == L + 1, (
                "with one location more the tensor must be deeper: the largest P counts"
            )
    for K in (1, 0):
        for given in ({"P": 2}, {"L": 2}):
            try:
                depth(K, **given)
            except ValueError:
                continue
            raise AssertionError("K below 2 must raise a ValueError, for P and for L")


decide_depth()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `windows` (4 points)
#
# The input stands before the first location. The kernel at location $p = 1, \dots, P$ sees the $K$
# rows $p - \lfloor K/2 \rfloor, \dots, p - \lfloor K/2 \rfloor + K - 1$ of the tensor
# $H^{cat}$, whose row 0 is the input and whose rows $1, \dots, P$ are $H$.
#
# **The variant.** The tensor is open at *both* ends: a second input, `top`, stands after the last
# location, as row $P + 1$. Rows outside $0, \dots, P + 1$ count as 0.

# %% [markdown] hints="windows"
# 1. Which old rows may location $p$ see? Write them down for $P = 2$ and $K = 2, 3, 4$.
# 2. What stands before row 0 and after row $P + 1$? How many rows of it are needed on each side
#    so that every window is whole?
# 3. Stack `row`, `H` and `top`, put zeros before (`K // 2 - 1` rows) and enough after; window
#    $p$ then begins at row $p - 1$ of the result. Join its rows in order.


# %% nbgrader={"grade_id": "windows", "solution": true}
def windows(row, H, top, K):
    """What the kernel sees at each location.

    Args:
        row: input before the first location, shape (M,).
        H: locations, shape (P, M).
        top: input after the last location, shape (M,).
        K: locations that the kernel covers, at least 2.

    Returns:
        Shape (P, K M): the rows of each window one after the other.
    """
    ### BEGIN SOLUTION
    P = len(H)
    cat = np.concatenate([row[None], H, top[None]])
    cat = np.pad(cat, ((K // 2 - 1, K), (0, 0)))
    return np.stack([cat[p : p + K].ravel() for p in range(P)])
    ### END SOLUTION


# %% nbgrader={"grade_id": "windows_tests", "grade": true, "points": 4, "axes": 2}
def check_windows():
    row, H, top = np.array([9.0]), np.array([[1.0], [2.0]]), np.array([7.0])
    found = windows(row, H, top, 3)
    assert np.shape(found) == (2, 3), "a window of K M numbers for each location"
    assert np.allclose(found, [[9, 1, 2], [1, 2, 7]]), (
        "location 1 sees the input, itself and location 2; the last one sees top"
    )
    assert np.allclose(windows(row, H, top, 2), [[9, 1], [1, 2]]), (
        "with K = 2 a location sees the row before it and itself"
    )


check_windows()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_windows():
    rng = np.random.default_rng(17)
    row, H, top = np.array([9.0]), np.array([[1.0], [2.0]]), np.array([7.0])
    assert np.allclose(windows(row, H, top, 4), [[0, 9, 1, 2], [9, 1, 2, 7]]), (
        "an even kernel has its extra row on the side of the input"
    )
    assert np.allclose(windows(row, H, top, 5), [[0, 9, 1, 2, 7], [9, 1, 2, 7, 0]]), (
        "beyond the two inputs there is 0, and the second input stands after location P"
    )
    assert np.allclose(windows(row, H[:1], top, 7), [[0, 0, 9, 1, 7, 0, 0]]), (
        "a kernel may be wider than the tensor"
    )
    for P, M, K in [(4, 3, 2), (5, 2, 3), (3, 2, 4), (6, 3, 5), (2, 4, 6), (1, 3, 3)]:
        row, top = rng.normal(size=M), rng.normal(size=M)
        H = rng.normal(size=(P, M))
        found = np.asarray(windows(row, H, top, K))
        assert found.shape == (P, K * M), "the shape is (P, K M)"
        for p in range(1, P + 1):
            for k in range(K):
                place = p - K // 2 + k
                old = np.zeros(M)
                if place == 0:
                    old = row
                elif 1 <= place <= P:
                    old = H[place - 1]
                elif place == P + 1:
                    old = top
                assert np.allclose(found[p - 1, k * M : (k + 1) * M], old), (
                    "row k of window p is old row p - K // 2 + k, all channels together"
                )


decide_windows()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `memory_conv` (6 points)
#
# Memory moves: $C^{conv}_p = \sum_{k=0}^{K-1} Q_{p,k}\,C_{p - \lfloor K/2 \rfloor + k}$ with
# $Q = \mathrm{softmax}(q)$ over the $K$ offsets. Each location chooses its kernel, which is the same
# for all channels. Beyond the ends the end rows are repeated.
#
# **The variant.** With `closed=True` the end at the *first* location is closed: what would come
# from before it is 0 (not a copy of the first row). The other end is as before.

# %% [markdown] hints="memory_conv"
# 1. Whose is the kernel: a location's, a channel's, or a step's? Over which axis must its
#    weights sum to 1?
# 2. What should become of a memory that is the same everywhere, if the end is open? And what
#    does the first location receive from outside if it is closed?
# 3. Softmax over the last axis. Put `K // 2` rows before `C` (copies of the first, or zeros) and
#    `K - 1 - K // 2` copies of the last one after it; add up the $K$ shifted views, each times
#    its column of weights.


# %% nbgrader={"grade_id": "memory_conv", "solution": true}
def memory_conv(C, q, closed=False):
    """The memory after every location has chosen where to take it from.

    Args:
        C: memory cells, shape (P, M).
        q: logits of the kernels, shape (P, K).
        closed: whether 0 comes from before the first location.

    Returns:
        Shape (P, M).
    """
    ### BEGIN SOLUTION
    P, K = q.shape
    weights = np.exp(q - q.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    before = np.repeat(C[:1], K // 2, axis=0) * (not closed)
    after = np.repeat(C[-1:], K - 1 - K // 2, axis=0)
    padded = np.concatenate([before, C, after])
    return sum(weights[:, k : k + 1] * padded[k : k + P] for k in range(K))
    ### END SOLUTION


# %% nbgrader={"grade_id": "memory_conv_tests", "grade": true, "points": 6, "axes": 2}
def check_memory_conv():
    C = np.array([[1.0], [10.0], [100.0]])
    found = memory_conv(C, np.zeros((3, 3)))
    assert np.shape(found) == (3, 1), "the result has the shape of C"
    assert np.allclose(found, [[4], [37], [70]]), (
        "equal logits give the mean of three neighbours; beyond the ends, copies"
    )
    q = np.tile([40.0, 0, 0], (3, 1))
    assert np.allclose(memory_conv(C, q), [[1], [1], [10]]), (
        "offset 0 takes memory from the location before; the first keeps its copy"
    )
    assert np.allclose(memory_conv(C, q, closed=True), [[0], [1], [10]]), (
        "with a closed end the first location receives 0"
    )


check_memory_conv()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_memory_conv():
    rng = np.random.default_rng(19)
    C = np.array([[1.0], [10.0], [100.0]])
    assert np.allclose(memory_conv(C, np.zeros((3, 2))), [[1], [5.5], [55]]), (
        "with K = 2 a location takes from the one before it and from itself"
    )
    q = np.tile([0.0, 0, 40], (3, 1))
    for closed in (False, True):
        assert np.allclose(memory_conv(C, q, closed), [[10], [100], [100]]), (
            "the last offset takes from the location after; the far end is never closed"
        )
    for P, M, K in [(4, 3, 3), (5, 2, 2), (6, 2, 4), (3, 4, 5), (1, 3, 3), (2, 3, 7)]:
        C, q = rng.normal(size=(P, M)), 2 * rng.normal(size=(P, K))
        for closed in (False, True):
            found = np.asarray(memory_conv(C, q, closed))
            expected = np.zeros((P, M))
            for p in range(P):
                w = np.exp(q[p])
                w = w / w.sum()
                for k in range(K):
                    source = p - K // 2 + k
                    if source < 0 and closed:
                        continue
                    expected[p] += w[k] * C[min(max(source, 0), P - 1)]
            assert np.allclose(found, expected), (
                "each location's own weights, summing to 1 over the K offsets"
            )
        same = np.asarray(memory_conv(np.ones((P, M)), q))
        assert np.allclose(same, 1), "a memory that is the same everywhere stays"
        assert np.allclose(memory_conv(C, q + 5.0), memory_conv(C, q)), (
            "a number added to all logits of a location changes nothing"
        )
    big = np.tile([1000.0, 0.0, -1000.0], (3, 1))
    found = np.asarray(memory_conv(np.eye(3), big))
    assert np.allclose(found, np.eye(3)[[0, 0, 1]]), "logits of 1000 must not overflow"


decide_memory_conv()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `channel_norm` (3 points)
#
# Each location is normalised over its own channels: $\hat z_p = (z_p - \mathrm{mean}_m z_p) /
# \sqrt{\mathrm{var}_m z_p + \epsilon}$, then $\hat z \circ \Gamma + B$ with a gain and a shift for
# every location and channel. Note where $\epsilon$ stands: it is added to the variance.
#
# **The variant.** Axes of a batch may come first, and `gain` or `bias` may be None, which leaves
# the factor or the shift out.

# %% [markdown] hints="channel_norm"
# 1. Over which axis does the mean run, and which shape is left?
# 2. What becomes of a location whose channels are all equal?
# 3. Keep the last axis (`keepdims`) when you take mean and variance, the one with division by the
#    number of channels; add $\epsilon$ to the variance, take the root; then gain and bias of shape
#    (P, M).


# %% nbgrader={"grade_id": "channel_norm", "solution": true}
def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    """Normalise each location over its channels.

    Args:
        Z: shape (..., P, M).
        gain: shape (P, M), or None.
        bias: shape (P, M), or None.
        eps: added to the variance.

    Returns:
        The shape of Z.
    """
    ### BEGIN SOLUTION
    centred = Z - Z.mean(axis=-1, keepdims=True)
    hat = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
    if gain is not None:
        hat = hat * gain
    return hat if bias is None else hat + bias
    ### END SOLUTION


# %% nbgrader={"grade_id": "channel_norm_tests", "grade": true, "points": 3, "axes": "like 1"}
def check_channel_norm():
    found = channel_norm(np.array([[1.0, 3.0], [10.0, 30.0]]), eps=0.0)
    assert np.shape(found) == (2, 2), "the result has the shape of Z"
    assert np.allclose(found, [[-1, 1], [-1, 1]]), (
        "each location has mean 0 and deviation 1 over its own channels"
    )
    found = channel_norm(np.array([[0.01, 0.03]]), eps=1e-3)
    assert np.allclose(found, [[-0.301511, 0.301511]], atol=1e-5), (
        "eps is added to the variance, under the root"
    )
    found = channel_norm(np.array([[1.0, 3.0]]), np.array([[2.0, 5.0]]), eps=0.0)
    assert np.allclose(found, [[-2, 5]]), "the gain multiplies; no bias, no shift"


check_channel_norm()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_channel_norm():
    rng = np.random.default_rng(23)
    for shape, eps in [
        ((4, 3), 1e-3),
        ((2, 3, 5), 0.1),
        ((2, 2, 3, 4), 1e-6),
        ((1, 7), 2.0),
    ]:
        Z = rng.normal(size=shape) * rng.uniform(0.2, 5, size=(*shape[:-1], 1)) + 3
        gain, bias = rng.normal(size=shape[-2:]), rng.normal(size=shape[-2:])
        flat = Z.reshape(-1, shape[-1])
        hat = np.array([(z - z.mean()) / np.sqrt(z.var() + eps) for z in flat])
        hat = hat.reshape(shape)
        for g, b, expected in (
            (gain, bias, hat * gain + bias),
            (gain, None, hat * gain),
            (None, bias, hat + bias),
            (None, None, hat),
        ):
            found = np.asarray(channel_norm(Z, g, b, eps))
            assert found.shape == shape, (
                "the shape of Z stays, axes of a batch included"
            )
            assert np.allclose(found, expected), (
                "over the channels of each location alone, then gain, then bias"
            )
    Z = rng.normal(size=(4, 16))
    scaled = Z * np.array([[1], [5], [0.2], [3]]) + rng.normal(size=(4, 1))
    assert np.allclose(channel_norm(Z, eps=0.0), channel_norm(scaled, eps=0.0)), (
        "with eps = 0 a factor and a shift of each location are forgotten"
    )
    assert np.allclose(channel_norm(np.full((2, 3), 7.0)), 0), (
        "equal channels become 0, not infinite"
    )
    default = np.asarray(channel_norm(np.array([[0.0, 0.02]])))
    assert np.allclose(default, [[-0.301511, 0.301511]], atol=1e-5), "eps is 0.001"


decide_channel_norm()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `tlstm` (5 points)
#
# A whole batch of sequences through a tensorized LSTM with $K = 2$ (no feedback): location $p$
# sees the old rows $p - 1$ and $p$ of $H^{cat}$, whose row 0 is the input. With
# $[A^g, A^i, A^f, A^o, A^q] = [\text{row } p - 1,\ \text{row } p]\,W + b$,
#
# $$C_t = \tanh(A^g) \circ \sigma(A^i) + C^{conv}_{t-1} \circ \sigma(A^f), \qquad
#   H_t = \tanh(C_t) \circ \sigma(A^o),$$
#
# where $C^{conv}_{t-1,p} = Q_{p,0}\,C_{t-1,p-1} + Q_{p,1}\,C_{t-1,p}$ with $Q$ the softmax of this
# step's $A^q$, and $C_{t-1,0} = C_{t-1,1}$ at the end. First states are 0. The output for input
# $t$ is $h_{t+L-1,P}$ with $L = P$: after the last input, rows of 0 flush the tensor.
#
# **The variant.** Sequences have different `lengths`. From its own end on, a sequence reads rows
# of 0, whatever `rows` holds there, and its states are frozen after its last output has left:
# return the outputs (0 from the end of the sequence on) and the frozen states.

# %% [markdown] hints="tlstm"
# 1. In what order: move the memory, forget, write, show? From which step does the delay
#    count?
# 2. A batch of the longest length $T$ runs $T + L - 1$ steps. A sequence of length $n$ moves
#    on for $n + L - 1$ of them; after that its states stay.
# 3. In step $s$ (from 0) set the row to 0 where $s \ge n$. Convolve the old $C$ with *this* step's
#    $q$, times the forget gate, plus the new; then show. Keep the old states where
#    $s \ge n + L - 1$. At step $s$ the last location holds the output for input $s - (L - 1)$.


# %% nbgrader={"grade_id": "tlstm", "solution": true}
def tlstm(rows, lengths, W, b, P):
    """Outputs and last states of a batch of sequences.

    Args:
        rows: projected inputs, shape (batch, T, M).
        lengths: of the sequences, integers of shape (batch,), from 1 to T.
        W: shape (2 M, 4 M + 2): gates g, i, f, o, then the two logits of Q.
        b: shape (4 M + 2,).
        P: locations.

    Returns:
        (Y, H, C): outputs, shape (batch, T, M), and states, shape (batch, P, M).
    """
    ### BEGIN SOLUTION
    batch, T, M = rows.shape

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    H, C = np.zeros((batch, P, M)), np.zeros((batch, P, M))
    Y = np.zeros((batch, T, M))
    for s in range(T + P - 1):
        row = np.zeros((batch, M))
        if s < T:
            row = np.where((s < lengths)[:, None], rows[:, s], 0.0)
        below = np.concatenate([row[:, None], H[:, :-1]], axis=1)
        A = np.concatenate([below, H], axis=-1) @ W + b
        g, i, f, o = (A[..., n * M : (n + 1) * M] for n in range(4))
        share = sigmoid(A[..., -2:-1] - A[..., -1:])
        earlier = np.concatenate([C[:, :1], C[:, :-1]], axis=1)
        moved = share * earlier + (1 - share) * C
        new = np.tanh(g) * sigmoid(i) + moved * sigmoid(f)
        alive = (s < lengths + P - 1)[:, None, None]
        H = np.where(alive, np.tanh(new) * sigmoid(o), H)
        C = np.where(alive, new, C)
        t = s - (P - 1)
        if t >= 0:
            Y[:, t] = np.where((t < lengths)[:, None], H[:, -1], 0.0)
    return Y, H, C
    ### END SOLUTION


# %% nbgrader={"grade_id": "tlstm_tests", "grade": true, "points": 5, "axes": [3, 3, 3]}
def check_tlstm():
    rng = np.random.default_rng(0)
    rows, W, b = (
        rng.normal(size=(2, 4, 2)),
        rng.normal(size=(4, 10)),
        rng.normal(size=10),
    )
    Y, H, C = tlstm(rows, np.array([4, 4]), W, b, 3)
    assert np.shape(Y) == (2, 4, 2), "an output for each input: (batch, T, M)"
    assert np.shape(H) == np.shape(C) == (2, 3, 2), "states have shape (batch, P, M)"
    assert np.allclose(Y[:, -1], H[:, -1]), (
        "after the flush the last location holds the last output"
    )
    changed = np.array(rows)
    changed[:, 2] += 1
    other = tlstm(changed, np.array([4, 4]), W, b, 3)[0]
    assert np.allclose(other[:, :2], Y[:, :2]), "outputs before input 2 do not see it"
    assert not np.allclose(other[:, 2], Y[:, 2]), (
        "output 2 has seen input 2: it is read P - 1 steps later"
    )


check_tlstm()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_tlstm():
    rng = np.random.default_rng(29)

    def one(rows, W, b, P):
        """One sequence of full length, location by location."""
        T, M = rows.shape
        H, C, Y = np.zeros((P, M)), np.zeros((P, M)), []
        for s in range(T + P - 1):
            row = rows[s] if s < T else np.zeros(M)
            new_H, new_C = np.zeros((P, M)), np.zeros((P, M))
            for p in range(P):
                below = row if p == 0 else H[p - 1]
                A = below @ W[:M] + H[p] @ W[M:] + b
                i, f, o = 1 / (1 + np.exp(-A[M : 4 * M].reshape(3, M)))
                q = np.exp(A[4 * M :] - A[4 * M :].max())
                q = q / q.sum()
                moved = q[0] * C[max(p - 1, 0)] + q[1] * C[p]
                new_C[p] = np.tanh(A[:M]) * i + moved * f
                new_H[p] = np.tanh(new_C[p]) * o
            H, C = new_H, new_C
            Y.append(H[-1])
        return np.array(Y[P - 1 :]), H, C

    for batch, T, M, P in [(3, 5, 2, 3), (2, 4, 3, 1), (4, 3, 2, 5), (1, 6, 1, 2)]:
        rows = rng.normal(size=(batch, T, M)) * 1.5
        W, b = rng.normal(size=(2 * M, 4 * M + 2)), rng.normal(size=4 * M + 2)
        lengths = np.array({3: [5, 2, 4], 2: [4, 1], 4: [3, 1, 2, 3], 1: [6]}[batch])
        Y, H, C = (np.asarray(part) for part in tlstm(rows, lengths, W, b, P))
        for n, length in enumerate(lengths):
            own = one(rows[n, :length], W, b, P)
            assert np.allclose(Y[n, :length], own[0]), (
                "each output is that of the sequence alone, P - 1 steps after its input"
            )
            assert np.sum(np.abs(Y[n, length:])) < 1e-9, (
                "after its end a sequence says 0"
            )
            assert np.allclose(H[n], own[1]), (
                "H is frozen length + P - 1 steps after the start"
            )
            assert np.allclose(C[n], own[2]), "C is the stored memory, frozen as H is"
        noisy = np.array(rows)
        for n, length in enumerate(lengths):
            noisy[n, length:] = 1e3
        again = tlstm(noisy, lengths, W, b, P)
        assert np.allclose(again[0], Y), "what `rows` holds after an end is not read"
        order = rng.permutation(batch)
        found = tlstm(rows[order], lengths[order], W, b, P)
        assert np.allclose(found[1], H[order]), "sequences do not see each other"
    M = 2  # gates at their limits: write once, then only move
    W = np.zeros((4, 10))
    W[0, 0] = W[1, 1] = 50.0
    b = np.array([0, 0, 60, 60, 60, 60, 60, 60, 60, -60.0])
    rows = np.zeros((1, 4, M))
    rows[0, 0] = [1.0, -1.0]
    C = np.asarray(tlstm(rows, np.array([4]), W, b, 3)[2])
    found = np.abs(C[0, :, 0])
    assert np.all(found > 0.9) and np.all(found < 3.1), (
        "with I = F = 1 and Q on the location before, what was written stays and moves on"
    )


decide_tlstm()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. Why must the output be read exactly $L - 1$ steps late? Say what goes wrong one step earlier and
#    one step later, and which of the two a test that looks for leaks alone would not notice.
# 2. A colleague compares one location ($P = 1$, $K = 3$) with four, finds both have 7,569
#    parameters and a much smaller loss with four: "So depth helps, at no cost in parameters." Give
#    two other explanations and how you would test them.
# 3. The paper says that depth costs almost no run time. What is counted, and what is not?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. $h_{t+L-1,P}$ depends on exactly the inputs up to $t$. A step later it has seen $x_{t+1}$: for
#    prediction the answer leaks. A step earlier it has not seen $x_t$; nothing leaks, so a test of
#    zeros above the diagonal passes. One must also demand a gradient that is not 0 on it.
# 2. Four times as many memory cells: compare with one location of more channels. At $P = 1$ the
#    third slice of the kernel and the memory kernel have no effect on the output, 5,046 of 7,569
#    numbers matter: compare at equal live parameters. (Also: the moving memory, against -M or a
#    stack that shares its kernel; a longer delay; 500 updates measure speed.) *Half a point* for
#    one.
# 3. Steps that wait for each other: $T + L - 1$ instead of $T L$. The work is not less: $P (T + L -
#    1)$ cell updates against $T L$. It is free only where processors would idle.
# ### END SOLUTION
