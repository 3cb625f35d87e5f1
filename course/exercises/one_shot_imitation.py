# %% [markdown]
# # Exercise: attend, drop, aggregate
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `one_shot_imitation` first. Time:
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
#   package `lessons.control.one_shot_imitation` cannot be imported.
# * Arrays come in and go out as NumPy arrays; logarithms are natural. Inside you may use
#   what you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `counted_attention` (4 points)
#
# Additive attention: the score of entry $i$ for a query $q$ is $v^T \tanh(q + c_i)$; the
# output is the memory weighted by the softmax of the scores.
#
# **The variant.** Entry $i$ stands for $n_i$ equal entries: the output must be the one
# that you would get if entry $i$ were written $n_i$ times. A count of 0 means that the
# entry is absent; its weight is exactly 0, whatever its numbers are. Where all counts are
# 0, weights and output are 0. `weights[k, i]` is the weight of all $n_i$ copies together.
# Scores may be as large as 1,000.

# %% [markdown] hints="counted_attention"
# 1. Which object is compared with which, and where does tanh stand? Which axis must sum
#    to 1?
# 2. An entry that stands twice has twice the weight: the count multiplies $e^{s_i}$.
#    Which maximum do you subtract, if absent entries may have the largest score?
# 3. $\alpha_i = n_i e^{s_i - m} / \sum_j n_j e^{s_j - m}$ with $m$ the largest score of
#    entries that are present; 0 where the sum is 0. Then `alpha @ memory`.


# %% nbgrader={"grade_id": "counted_attention", "solution": true}
def counted_attention(query, context, memory, scale, counts):
    """Additive attention over entries that stand for several.

    Args:
        query: shape (queries, features).
        context: c, shape (entries, features).
        memory: shape (entries, values).
        scale: v, shape (features,).
        counts: whole numbers from 0 on, shape (entries,).

    Returns:
        (output, weights): shapes (queries, values) and (queries, entries).
    """
    ### BEGIN SOLUTION
    scores = np.tanh(query[:, None] + context[None]) @ scale
    low = np.where(counts > 0, scores, -np.inf)
    top = np.max(low, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    parts = counts * np.exp(low - top)
    total = parts.sum(axis=1, keepdims=True)
    weights = parts / np.where(total > 0, total, 1.0)
    return weights @ memory, weights
    ### END SOLUTION


# %% nbgrader={"grade_id": "counted_attention_tests", "grade": true, "points": 4, "axes": [2, 2]}
def check_counted_attention():
    q, c = np.array([[1.0]]), np.array([[1.0], [-1.0]])
    m, v = np.array([[10.0], [0.0]]), np.array([1.0])
    out, weights = counted_attention(q, c, m, v, np.array([1, 1]))
    assert np.shape(out) == (1, 1) and np.shape(weights) == (1, 2), (
        "a row for each query"
    )
    assert np.isclose(out[0, 0], 7.23933, atol=1e-4), (
        "scores are tanh(2) and tanh(0): additive attention, not a product"
    )
    out, weights = counted_attention(q, c, m, v, np.array([1, 3]))
    assert np.isclose(weights.sum(), 1), "the weights of a query sum to 1"
    assert np.isclose(out[0, 0], 4.66404, atol=1e-4), (
        "the second entry stands three times"
    )
    out, weights = counted_attention(q, c, m, v, np.array([0, 2]))
    assert weights[0, 0] == 0 and np.isclose(out[0, 0], 0), "the first entry is absent"


check_counted_attention()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_counted_attention():
    rng = np.random.default_rng(1)
    for queries, entries, features, values in (
        (2, 3, 4, 5),
        (1, 6, 2, 1),
        (4, 2, 3, 3),
    ):
        q, c = (
            rng.normal(size=(queries, features)),
            rng.normal(size=(entries, features)),
        )
        m, v = rng.normal(size=(entries, values)), 2 * rng.normal(size=features)
        counts = rng.integers(1, 4, entries)
        out, weights = counted_attention(q, c, m, v, counts)
        long_c, long_m = np.repeat(c, counts, axis=0), np.repeat(m, counts, axis=0)
        for k in range(queries):
            scores = np.array([v @ np.tanh(q[k] + entry) for entry in long_c])
            alpha = np.exp(scores) / np.exp(scores).sum()
            assert np.allclose(out[k], alpha @ long_m), (
                "the output is that of entries written as often as they count"
            )
            whole = np.bincount(np.repeat(np.arange(entries), counts), alpha)
            assert np.allclose(weights[k], whole), (
                "a weight is that of all copies of the entry together"
            )
    q, c = np.array([[1.0, 0.5], [0.2, -1]]), np.array([[0.3, 1], [2, 0.1], [30, -30]])
    m, v = np.array([[1.0], [2.0], [4.0]]), np.array([0.7, -0.4])
    base, _ = counted_attention(q, c, m, v, np.array([1, 2, 0]))
    for far in (1e6, -1e6):
        changed = np.array([c[0], c[1], [far, -far]])
        same, weights = counted_attention(q, changed, m, v, np.array([1, 2, 0]))
        assert np.allclose(base, same) and np.all(weights[:, 2] == 0), (
            "an absent entry has no weight, whatever its numbers are"
        )
    out, weights = counted_attention(q, c, m, v, np.zeros(3, int))
    assert np.all(out == 0) and np.all(weights == 0), "nothing is present: 0, not NaN"
    out, weights = counted_attention(q, c, m, 1e3 * v, np.array([1, 2, 1]))
    assert np.all(np.isfinite(out)) and np.allclose(weights.sum(axis=1), 1), (
        "scores of 1,000 need the maximum subtracted"
    )
    hot = np.array([[8.0, -8.0], [-8.0, 8.0]])
    out, weights = counted_attention(
        np.zeros((1, 2)), hot, m[:2], np.array([900.0, -900.0]), np.array([0, 4])
    )
    assert np.allclose(weights, [[0, 1]]), (
        "where an absent entry has by far the largest score the others share the weight"
    )
    mean, _ = counted_attention(q, c, m, 0 * v, np.array([1, 1, 2]))
    assert np.allclose(mean, 2.75), "with v = 0 the output is the mean of the memory"


decide_counted_attention()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `neighborhood_attention` (6 points)
#
# Each block asks all blocks. Block $i$ forms one query for each head from its embedding
# $h_i$, attends over all blocks (itself included), and a linear map puts together what it
# knows:
#
# $$o_i = W_o\,[h_i,\ r_{i1}, \dots, r_{iH},\ b_i,\ s] + w_o.$$
#
# **The variant.** What a block tells is its place *seen from the block that asks*: the
# memory entry of block $j$ for the asking block $i$ is $(b_j - b_i,\ h_j)$, in this order.
#
# `params` holds `query` (heads, units, units) and `query_bias` (heads, units): the query of
# head $k$ is `h_i @ query[k] + query_bias[k]`; `context` (units, units), `context_bias`
# (units,): $c_j$ is `h_j @ context + context_bias`; `scale` (units,), the $v$ of all heads;
# `out` and `out_bias` for the last linear map, `[...] @ out + out_bias`. The head's results
# stand one after the other.

# %% [markdown] hints="neighborhood_attention"
# 1. What may a block know of the others? Which weights are shared by all blocks?
# 2. The memory now depends on who asks: what is $\sum_j \alpha_{ij} (b_j - b_i)$ if the
#    weights sum to 1?
# 3. For each head: scores `tanh(q[:, None] + c[None]) @ scale`, softmax over the second
#    axis; the places are `alpha @ b - b`, the embeddings `alpha @ h`. Join
#    `[h, places_1, embeddings_1, places_2, ..., b, s repeated]`, then the linear map.


# %% nbgrader={"grade_id": "neighborhood_attention", "solution": true}
def neighborhood_attention(h, b, s, params):
    """New embeddings of blocks.

    Args:
        h: embeddings, shape (blocks, units).
        b: places, shape (blocks, 3).
        s: state of the robot, shape (states,).
        params: weights by name, see above.

    Returns:
        Shape (blocks, units of the output).
    """
    ### BEGIN SOLUTION
    context = h @ params["context"] + params["context_bias"]
    parts = [h]
    for kernel, bias in zip(params["query"], params["query_bias"], strict=True):
        query = h @ kernel + bias
        scores = np.tanh(query[:, None] + context[None]) @ params["scale"]
        scores = scores - scores.max(axis=1, keepdims=True)
        alpha = np.exp(scores)
        alpha = alpha / alpha.sum(axis=1, keepdims=True)
        parts += [alpha @ b - b, alpha @ h]
    parts += [b, np.tile(s, (len(h), 1))]
    return np.concatenate(parts, axis=1) @ params["out"] + params["out_bias"]
    ### END SOLUTION


# %% nbgrader={"grade_id": "neighborhood_attention_tests", "grade": true, "points": 6, "axes": 2}
def some_params(units, heads, robot, rng, out_units=None):
    wide = units + heads * (3 + units) + 3 + robot
    out_units = out_units or units
    shapes = {
        "query": (heads, units, units),
        "query_bias": (heads, units),
        "context": (units, units),
        "context_bias": (units,),
        "scale": (units,),
        "out": (wide, out_units),
        "out_bias": (out_units,),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def check_neighborhood_attention():
    rng = np.random.default_rng(0)
    params = some_params(4, 2, 2, rng)
    h, b, s = rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), np.array([1.0, 0.0])
    found = neighborhood_attention(h, b, s, params)
    assert np.shape(found) == (3, 4), "an embedding for each block"
    order = np.array([2, 0, 1])
    again = neighborhood_attention(h[order], b[order], s, params)
    assert np.allclose(again, np.asarray(found)[order]), (
        "if the blocks are permuted, the output is permuted and nothing else"
    )
    params = {name: np.zeros_like(value) for name, value in params.items()}
    params["out"][4:7] = np.eye(3, 4)
    found = neighborhood_attention(h, b, s, params)
    assert np.allclose(found[:, :3], b.mean(axis=0) - b), (
        "with v = 0 a block hears the mean place of all blocks, seen from itself"
    )


check_neighborhood_attention()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def hidden_params(units, heads, robot, rng, out_units):
    wide = units + heads * (3 + units) + 3 + robot
    shapes = {
        "query": (heads, units, units),
        "query_bias": (heads, units),
        "context": (units, units),
        "context_bias": (units,),
        "scale": (units,),
        "out": (wide, out_units),
        "out_bias": (out_units,),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def decide_neighborhood_attention():
    rng = np.random.default_rng(2)
    for blocks, units, heads, robot, out_units in (
        (3, 5, 2, 2, 4),
        (1, 2, 3, 1, 2),
        (6, 4, 1, 2, 4),
        (2, 3, 2, 4, 7),
    ):
        p = hidden_params(units, heads, robot, rng, out_units)
        h, b = rng.normal(size=(blocks, units)), 2 * rng.normal(size=(blocks, 3))
        s = rng.normal(size=robot)
        expected = np.zeros((blocks, out_units))
        for i in range(blocks):
            joined = list(h[i])
            for k in range(heads):
                q = h[i] @ p["query"][k] + p["query_bias"][k]
                weights = []
                for j in range(blocks):
                    c = h[j] @ p["context"] + p["context_bias"]
                    weights.append(np.exp(p["scale"] @ np.tanh(q + c)))
                weights = np.array(weights) / np.sum(weights)
                place, told = np.zeros(3), np.zeros(units)
                for j in range(blocks):
                    place += weights[j] * (b[j] - b[i])
                    told += weights[j] * h[j]
                joined += [*place, *told]
            joined += [*b[i], *s]
            expected[i] = np.array(joined) @ p["out"] + p["out_bias"]
        found = neighborhood_attention(h, b, s, p)
        assert np.shape(found) == expected.shape, "a row for each block"
        assert np.allclose(found, expected), (
            "h, then place and embedding for each head, then b and s, one linear map"
        )
    h, b, s = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.ones(2)
    p = hidden_params(3, 2, 2, rng, 3)
    found = neighborhood_attention(h, b, s, p)
    half = neighborhood_attention(h[[1, 0, 2, 3]], b, s, p)
    assert not np.allclose(np.asarray(half)[[1, 0, 2, 3]], found), (
        "blocks that exchange only their embeddings are other blocks"
    )
    p["scale"] = 1e3 * p["scale"]
    assert np.all(np.isfinite(neighborhood_attention(h, b, s, p))), (
        "large scores need the maximum subtracted"
    )


decide_neighborhood_attention()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `dropped_frames` (3 points)
#
# Temporal dropout drops each frame of a demonstration with probability $p$, by itself.
#
# **The variant.** The demonstration consists of stages, and **no stage may be lost**: where
# no frame of a stage is left, one of its frames, each with equal probability, is put back.
# `ends` holds for each stage the index after its last frame.

# %% [markdown] hints="dropped_frames"
# 1. Is p the share that is kept or that is dropped? How many coins are thrown?
# 2. What happens to a stage of one frame? Which frames may be put back, and how often each?
# 3. For each stage from `start` to `end`: keep where `rng.random(end - start) >= p`; if none,
#    `rng.integers(start, end)`. Put the indices of all stages behind each other.


# %% nbgrader={"grade_id": "dropped_frames", "solution": true}
def dropped_frames(ends, p, rng):
    """Indices of the frames that are kept.

    Args:
        ends: rising whole numbers, shape (stages,); the last is the number of frames.
        p: probability that a frame is dropped, from 0 to 1.
        rng: a NumPy generator, which you draw from.

    Returns:
        Rising whole numbers, shape (kept,).
    """
    ### BEGIN SOLUTION
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
    ### END SOLUTION


# %% nbgrader={"grade_id": "dropped_frames_tests", "grade": true, "points": 3, "axes": 1}
def check_dropped_frames():
    rng = np.random.default_rng(0)
    found = dropped_frames(np.array([4000, 10_000]), 0.95, rng)
    assert np.ndim(found) == 1 and np.all(np.diff(found) > 0), "indices, rising"
    assert 400 < len(found) < 600, "p is the probability that a frame is dropped"
    found = dropped_frames(np.array([3, 5, 9]), 1.0, rng)
    assert len(found) == 3, "one frame of each stage stays, even if all are dropped"
    found = dropped_frames(np.array([3, 5]), 0.0, rng)
    assert np.array_equal(found, np.arange(5)), "nothing is dropped"


check_dropped_frames()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_dropped_frames():
    rng = np.random.default_rng(3)
    ends = np.array([2, 3, 9])
    counts, sizes = np.zeros(9), []
    draws, p = 6000, 0.7
    together = np.zeros((9, 9))
    for _ in range(draws):
        found = np.asarray(dropped_frames(ends, p, rng))
        assert np.issubdtype(found.dtype, np.integer), "indices are whole numbers"
        assert np.all(np.diff(found) > 0) and found[0] >= 0 and found[-1] < 9, (
            "indices of frames, rising, each at most once"
        )
        for start, end in ((0, 2), (2, 3), (3, 9)):
            assert np.any((found >= start) & (found < end)), "no stage is lost"
        counts[found] += 1
        sizes.append(len(found))
        together[np.ix_(found, found)] += 1
    for start, end in ((0, 2), (2, 3), (3, 9)):
        n = end - start
        expected = 1 - p + p**n / n
        share = counts[start:end] / draws
        assert np.allclose(share, expected, atol=0.03), (
            "a frame is kept with probability 1 - p, and put back with equal "
            "probability where its stage is lost"
        )
    both = together[3, 4] / draws
    assert abs(both - (1 - p) ** 2) < 0.025, "every frame has a coin of its own"
    both = together[0, 5] / draws
    assert abs(both - counts[0] * counts[5] / draws**2) < 0.025, (
        "stages do not know of each other"
    )
    assert np.std(sizes) > 0.9, "the number of frames that are kept varies"
    for length, p in ((500, 0.95), (400, 0.2)):
        kept = [len(dropped_frames(np.array([length]), p, rng)) for _ in range(300)]
        assert abs(np.mean(kept) - (1 - p) * length) < 2.5, "a share of 1 - p is kept"
    for _ in range(20):
        found = dropped_frames(np.arange(1, 6), 0.9, rng)
        assert np.array_equal(found, np.arange(5)), "a stage of one frame keeps it"
    one, two, other = (
        dropped_frames(np.array([200]), 0.5, np.random.default_rng(seed))
        for seed in (7, 7, 8)
    )
    assert np.array_equal(one, two) and not np.array_equal(one, other), (
        "draw from the generator that you are given, and from nothing else"
    )


decide_dropped_frames()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `stage_weights` (3 points)
#
# The scores of all blocks in all frames compete in one softmax; the weights of the blocks of
# a frame are then added to one weight for each frame.
#
# **The variant.** Add them up further, to one weight for each *stage* of the demonstration.
# `stage[t]` is the stage of frame $t$; below 0 the frame is padding and gets nothing.
# Blocks with `present[b]` False are padding as well. At least one entry is no padding.

# %% [markdown] hints="stage_weights"
# 1. How many numbers compete? Does padding compete?
# 2. Softmax before or after the sums? What is the largest score that you subtract?
# 3. `np.exp(scores - top)` where frame and block are present, 0 elsewhere, divided by the
#    sum over both axes; then sums over blocks, then `np.bincount` or a loop over stages.


# %% nbgrader={"grade_id": "stage_weights", "solution": true}
def stage_weights(scores, stage, present, num_stages):
    """How much attention each stage gets.

    Args:
        scores: shape (frames, blocks).
        stage: whole numbers, shape (frames,), below `num_stages`.
        present: truth values, shape (blocks,).
        num_stages: how many stages there are; some may have no frame.

    Returns:
        Shape (num_stages,); sums to 1.
    """
    ### BEGIN SOLUTION
    there = (stage >= 0)[:, None] & present[None]
    top = scores[there].max()
    parts = np.where(there, np.exp(np.where(there, scores - top, 0.0)), 0.0)
    frames = parts.sum(axis=1) / parts.sum()
    return np.array([frames[stage == k].sum() for k in range(num_stages)])
    ### END SOLUTION


# %% nbgrader={"grade_id": "stage_weights_tests", "grade": true, "points": 3, "axes": 1}
def check_stage_weights():
    scores = np.array([[0.0, 0.0], [2.0, -2.0]])
    every = np.array([True, True])
    found = stage_weights(scores, np.array([0, 1]), every, 2)
    assert np.shape(found) == (2,), "a weight for each stage"
    assert np.allclose(found, [0.209987, 0.790013], atol=1e-4), (
        "all four scores compete in one softmax; the sums come after it"
    )
    found = stage_weights(scores, np.array([1, 1]), every, 3)
    assert np.allclose(found, [0, 1, 0]), "a stage without frames gets nothing"
    found = stage_weights(scores, np.array([0, 1]), np.array([False, True]), 2)
    assert np.allclose(found, [0.880797, 0.119203], atol=1e-4), (
        "a block that is padding does not compete"
    )


check_stage_weights()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_stage_weights():
    rng = np.random.default_rng(4)
    for frames, blocks, num_stages in ((5, 3, 2), (4, 6, 4), (1, 1, 1), (7, 2, 3)):
        scores = 2 * rng.normal(size=(frames, blocks))
        stage = np.sort(rng.integers(-1, num_stages, frames))[::-1].copy()
        stage[0] = num_stages - 1
        present = rng.random(blocks) < 0.7
        present[-1] = True
        expected, total = np.zeros(num_stages), 0.0
        for t in range(frames):
            for b in range(blocks):
                if stage[t] >= 0 and present[b]:
                    total += np.exp(scores[t, b])
                    expected[stage[t]] += np.exp(scores[t, b])
        found = stage_weights(scores, stage, present, num_stages)
        assert np.allclose(found, expected / total), (
            "the sum of the weights of a stage's frames, of one softmax over all that "
            "is present"
        )
        moved = stage_weights(scores + 1e4, stage, present, num_stages)
        assert np.allclose(moved, found), (
            "a constant added to all scores changes nothing"
        )
        spoilt = scores.copy()
        spoilt[stage < 0] = 1e6
        spoilt[:, ~present] = 1e6
        same = stage_weights(spoilt, stage, present, num_stages)
        assert np.allclose(same, found), "padding has no weight, whatever its score"
    found = stage_weights(
        np.array([[-2000.0], [-2001.0], [5.0]]),
        np.array([1, 0, -4]),
        np.ones(1, bool),
        2,
    )
    assert np.allclose(found, [0.268941, 0.731059], atol=1e-5), (
        "small scores need the maximum of what is present subtracted"
    )
    found = stage_weights(
        np.array([[-2000.0, 1.0], [0.0, 2.0]]),
        np.array([1, 0]),
        np.array([True, False]),
        3,
    )
    assert np.allclose(found, [1, 0, 0]), (
        "scores far apart need the maximum subtracted; a stage without frames gets 0"
    )


decide_stage_weights()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `guarded_round` (4 points)
#
# A round of DAGGER: the learner chooses the states, the expert the labels, and the old pairs
# stay.
#
# **The variant.** The expert guards the learner. In each state both are asked. If some
# number of the learner's action differs from the expert's by more than `gap`, the expert's action
# is executed, else the learner's. The label is the expert's action in any case. Each state in
# which an action is executed gives one pair; a state that ends the episode gives none. The round
# ends when `step` says so, or after `most` steps.

# %% [markdown] hints="guarded_round"
# 1. Who chooses the state, who the label? Does the label depend on who acted?
# 2. Which state belongs to the label, the one before or the one after the step?
# 3. In a loop of at most `most` turns: `label = expert(state)`, `own = policy(state)`, note
#    `(state, label)`, execute `label if np.any(np.abs(own - label) > gap) else own`, stop where
#    `step` says that the episode has ended. Old pairs first.


# %% nbgrader={"grade_id": "guarded_round", "solution": true}
def guarded_round(states, labels, policy, expert, start, step, most, gap):
    """A round of DAGGER in which the expert takes over where the learner errs.

    Args:
        states, labels: pairs so far, shapes (pairs, features) and (pairs, actions).
        policy, expert: functions from a state, shape (features,), to an action.
        start: first state, shape (features,).
        step: function of a state and an action that gives (next state, whether the
            episode has ended).
        most: steps at most, 0 or more.
        gap: a number.

    Returns:
        (states, labels): the old pairs, then one for each state of the round.
    """
    ### BEGIN SOLUTION
    states, labels, state = list(states), list(labels), start
    for _ in range(most):
        label, own = expert(state), policy(state)
        states.append(np.array(state, float))
        labels.append(np.array(label, float))
        far = np.any(np.abs(np.asarray(own) - label) > gap)
        state, ended = step(state, label if far else own)
        if ended:
            break
    return np.array(states), np.array(labels)
    ### END SOLUTION


# %% nbgrader={"grade_id": "guarded_round_tests", "grade": true, "points": 4, "axes": [2, 2]}
def check_guarded_round():
    def walk(state, action):
        return state + action, bool(state[0] + action[0] >= 10)

    one, none = np.array([[7.0]]), np.array([[0.5]])
    right, left = (lambda state: np.array([1.0])), (lambda state: np.array([-1.0]))
    states, labels = guarded_round(one, none, right, left, np.zeros(1), walk, 4, 5.0)
    assert np.allclose(states[0], 7) and np.allclose(labels[0], 0.5), (
        "the old pairs stay"
    )
    assert np.allclose(states[1:, 0], [0, 1, 2, 3]), (
        "the learner acts: states 0, 1, 2, 3"
    )
    assert np.allclose(labels[1:], -1), "the expert labels"
    states, labels = guarded_round(one, none, right, left, np.zeros(1), walk, 4, 0.5)
    assert np.allclose(states[1:, 0], [0, -1, -2, -3]), (
        "actions that are 2 apart: beyond the gap of 0.5 the expert acts"
    )
    states, _ = guarded_round(one, none, right, left, np.full(1, 8.0), walk, 9, 5.0)
    assert len(states) == 3 and np.allclose(states[1:, 0], [8, 9]), (
        "10 ends the episode; no action is executed there, so it gives no pair"
    )


check_guarded_round()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_guarded_round():
    rng = np.random.default_rng(5)
    for trial in range(6):
        turn = rng.normal(size=(3, 2))
        own, other = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

        def policy(state, own=own):
            return np.tanh(own @ state)

        def expert(state, other=other):
            return np.tanh(other @ state)

        def step(state, action, turn=turn):
            after = 0.7 * np.roll(state, 1) + turn @ action
            return after, bool(np.abs(after).max() > 3.2)

        start, most, gap = rng.normal(size=3), 7 + trial, 0.6
        old = rng.normal(size=(trial, 3)), rng.normal(size=(trial, 2))
        state, seen, told, guarded = start, [], [], 0
        for _ in range(most):
            seen.append(state)
            told.append(expert(state))
            apart = max(
                abs(a - b) for a, b in zip(policy(state), told[-1], strict=True)
            )
            guarded += apart > gap
            state, ended = step(state, told[-1] if apart > gap else policy(state))
            if ended:
                break
        states, labels = guarded_round(*old, policy, expert, start, step, most, gap)
        assert len(states) == len(labels) == trial + len(seen), (
            "one pair for each state in which an action is executed"
        )
        assert np.allclose(states[:trial], old[0]), "old states come first, unchanged"
        assert np.allclose(labels[:trial], old[1]), "old labels come first, unchanged"
        assert np.allclose(states[trial:], seen), (
            "who acts is decided in each step, by the greatest difference of a number"
        )
        assert np.allclose(labels[trial:], told), (
            "the label is the expert's action in the state before the step"
        )

    def still(state, action):
        return state, False

    half = lambda state: np.array([0.5, 0.0])  # noqa: E731
    zero = lambda state: np.array([0.0, 0.0])  # noqa: E731
    pairs = np.zeros((1, 2)), np.zeros((1, 2))

    def move(state, action):
        return state + action, False

    states, _ = guarded_round(*pairs, half, zero, np.ones(2), move, 2, 0.5)
    assert np.allclose(states[2], [1.5, 1]), (
        "a difference equal to the gap is not beyond it"
    )
    both = lambda state: np.array([0.5, -0.5])  # noqa: E731
    for gap, acts in ((0.6, both), (0.4, zero)):
        states, _ = guarded_round(*pairs, both, zero, np.ones(2), move, 2, gap)
        assert np.allclose(states[2], 1 + acts(0)), (
            "each number is compared with the gap, not the length of the difference"
        )
    states, _ = guarded_round(*pairs, half, zero, np.ones(2), still, 5, 0.1)
    assert len(states) == 6, "the round ends after most steps"
    states, labels = guarded_round(*pairs, half, zero, np.ones(2), still, 0, 0.1)
    assert np.array_equal(states, pairs[0]) and np.array_equal(labels, pairs[1]), (
        "without a step the old pairs are all there is"
    )

    world = np.ones(2)  # which steps change, and hand out each time

    def in_place(state, action):
        world[:] = state + action
        return world, False

    states, _ = guarded_round(*pairs, half, half, np.ones(2), in_place, 3, 1.0)
    assert np.allclose(states[1:, 0], [1, 1.5, 2]), "states are kept as they were"


decide_guarded_round()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what did the demonstration do? (3 points)
#
# A colleague trains a policy for block stacking and reports: "With a demonstration it succeeds in 90 % of the worlds,
# without one in 15 %, so it reads the demonstration. With the final frame alone it succeeds in 40 %; we stopped after as many steps.
# So the order of the stages, which the final frame does not hold, is what the full demonstration adds. Over all 24 renamings of the task 'abcd' success
# lies between 82 and 95 of 100 worlds, so names matter a little."
#
# 1. Name a control that shows what is read from the demonstration, and which success you expect of it, at which task.
# 2. The tasks build one tower. What does the final frame hold, and which experiment would separate your explanation from the colleague's?
# 3. The network treats all blocks alike. How much should the 24 counts differ by chance, and what would be an exact test?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "demonstration", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. A demonstration of *another* task (or of the same task with other labels): success at the true task must fall to about nothing, and success at the shown task must stay near 90 %. Without a demonstration the policy might only be
#    out of its training distribution.
# 2. The final frame of one tower fixes the layout, and a tower can only be built from below: nothing is missing. 40 % is a matter of optimisation, or of the judge. Train the final-frame policy for longer
#    (curve of success against steps), or let the scripted expert read the frame (near 1.0). *Half a point* without an experiment.
# 3. 24 binomials of 100 at 0.89 have a deviation of 3.1; greatest minus least is 12 on average, and 13 or more in two cases of five, so 82 to 95 shows nothing. Any rate from 0.88 to 0.9 is right. Exact: the same start layout and noise with renamed blocks must give the same trajectory, renamed.
# ### END SOLUTION
