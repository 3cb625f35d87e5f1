# %% [markdown]
# # Exercise: learning from images that nobody labelled
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `semi_supervised_vae` first.
# Time: about two hours.
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
#   package `lessons.autoencoders.semi_supervised_vae` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64, labels as integers.
#   Compute in float64, add no small constants (no `+ 1e-8`), and do not change the
#   arrays you are given.
# * No function may call another question's function: each question is marked by itself.
# * Everything is in nats.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `labelled_bound` (1 point)
#
# The cost of a labelled image,
# $L(x, y) = \mathrm{KL}_z - E_q[\log p(x\mid y, z)] - \log p(y)$.
#
# **The variant.** The classes are *not* equally likely: `prior` holds $p(y)$ for each
# class, and `labels` says which class each image has. The expectation is estimated with
# several draws of $z$ for each image.


# %% nbgrader={"grade_id": "labelled_bound", "solution": true}
def labelled_bound(log_px, kl_z, prior, labels):
    """The cost L(x, y) of labelled images.

    Args:
        log_px: log p(x|y, z) of each draw, shape (samples, batch).
        kl_z: KL of q(z|x, y) from the prior of z, shape (batch,).
        prior: p(y) of each class, shape (classes,), all positive.
        labels: classes of the images, integers, shape (batch,).

    Returns:
        L, shape (batch,).
    """
    ### BEGIN SOLUTION
    return kl_z - log_px.mean(axis=0) - np.log(prior)[labels]
    ### END SOLUTION


# %% nbgrader={"grade_id": "labelled_bound_tests", "grade": true, "points": 1, "axes": 1}
def check_labelled_bound():
    log_px = np.array([[-3.0, -1.0], [-5.0, -1.0]])
    prior, labels = np.array([0.25, 0.75]), np.array([0, 0])
    found = np.asarray(labelled_bound(log_px, np.array([2.0, 0.0]), prior, labels))
    assert found.shape == (2,), "one number per image: average over the draws only"
    assert np.allclose(found, [6 + np.log(4), 1 + np.log(4)]), (
        "L is a cost: KL minus the mean log-likelihood minus the log of p(y) = 1/4"
    )


check_labelled_bound()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_labelled_bound():
    rng = np.random.default_rng(14)
    for samples, batch, classes in ((1, 1, 2), (5, 7, 3), (3, 4, 10)):
        log_px = 10 * rng.normal(size=(samples, batch)) - 500
        kl_z, prior = rng.exponential(size=batch), rng.dirichlet(np.ones(classes))
        labels = rng.integers(0, classes, batch)
        found = np.asarray(labelled_bound(log_px, kl_z, prior, labels))
        for b in range(batch):
            value = kl_z[b] - np.log(prior[labels[b]])
            value -= sum(log_px[s, b] for s in range(samples)) / samples
            assert np.isclose(found[b], value, rtol=1e-10), (
                "each image takes the prior of its own class and the mean of its draws"
            )
    every = np.array(
        [
            labelled_bound(np.zeros((1, 1)), np.zeros(1), prior, [k])[0]
            for k in range(10)
        ]
    )
    assert np.isclose(np.exp(-every).sum(), 1), (
        "with nothing to explain, exp(-L) summed over the classes is 1"
    )


decide_labelled_bound()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `unlabelled_bound` (4 points)
#
# The cost of an image without a label, $U(x) = \sum_y \pi_y \big(L(x, y) + \log\pi_y\big)$.
#
# **The variant.** You get the probabilities $\pi$ themselves, not logits, and some of
# them may be *exactly 0*. What is $\pi \log \pi$ there? A class with probability 0 is
# never asked, so its $L$ does not matter: it may even be infinite.


# %% nbgrader={"grade_id": "unlabelled_bound", "solution": true}
def unlabelled_bound(bounds, probs):
    """The cost U(x) of images without labels.

    Args:
        bounds: L(x, y) for every class, shape (batch, classes); np.inf is possible
            where the probability is 0.
        probs: q(y|x), shape (batch, classes); rows sum to 1, zeros are possible.

    Returns:
        U, shape (batch,), finite.
    """
    ### BEGIN SOLUTION
    asked = probs > 0
    logs = np.log(np.where(asked, probs, 1.0))
    return np.sum(probs * (np.where(asked, bounds, 0.0) + logs), axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "unlabelled_bound_tests", "grade": true, "points": 4, "axes": 1}
def check_unlabelled_bound():
    bounds = np.array([[2.0, 4.0]])
    found = np.asarray(unlabelled_bound(bounds, np.array([[0.5, 0.5]])))
    assert found.shape == (1,), "one number per image: sum over the classes"
    assert not np.isclose(found[0], 3.0), "the entropy of the classifier is missing"
    assert not np.isclose(found[0], 3 + np.log(2)), (
        "doubt makes U smaller: the entropy is subtracted from the mean cost"
    )
    assert np.isclose(found[0], 3 - np.log(2)), "U = sum of pi (L + log pi)"
    found = np.asarray(unlabelled_bound(bounds, np.array([[1.0, 0.0]])))
    assert np.allclose(found, 2.0), (
        "a sure classifier pays the cost of its class: 0 log 0 is 0, not nan"
    )


check_unlabelled_bound()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_unlabelled_bound():
    rng = np.random.default_rng(1406)
    for batch, classes in ((1, 2), (6, 3), (4, 10)):
        bounds = 5 * rng.normal(size=(batch, classes))
        probs = rng.dirichlet(np.ones(classes), size=batch)
        found = np.asarray(unlabelled_bound(bounds, probs))
        assert found.shape == (batch,), "the shape must be (batch,)"
        low = bounds.min(axis=1, keepdims=True)
        least = low[:, 0] - np.log(np.exp(low - bounds).sum(axis=1))
        assert np.all(found >= least - 1e-9), (
            "U may never be below -log sum exp(-L), which bounds it for any classifier"
        )
        best = np.exp(low - bounds)
        best /= best.sum(axis=1, keepdims=True)
        assert np.allclose(unlabelled_bound(bounds, best), least, rtol=1e-9), (
            "at the softmax of -L, U must be -log sum exp(-L)"
        )
        order = rng.permutation(classes)
        assert np.allclose(
            unlabelled_bound(bounds[:, order], probs[:, order]), found
        ), "renaming the classes must not change U"
        assert np.allclose(unlabelled_bound(bounds + 1000, probs), found + 1000), (
            "adding a constant to every L adds it to U"
        )
        sure = np.eye(classes)[rng.integers(0, classes, batch)]
        assert np.allclose(
            unlabelled_bound(bounds, sure), np.sum(sure * bounds, axis=1), rtol=1e-12
        ), "exact zeros must give no nan, and no small constant may be added"
        never = np.where(sure > 0, bounds, np.inf)
        with np.errstate(all="raise"):
            asked = np.asarray(unlabelled_bound(never, sure))
        assert np.allclose(asked, np.sum(sure * bounds, axis=1)), (
            "a class with probability 0 adds nothing, also if its L is infinite"
        )
    tiny = np.array([[1e-200, 1.0]])
    assert np.isclose(unlabelled_bound(np.array([[1e200, 0.0]]), tiny)[0], 1.0), (
        "a tiny probability still counts: only exact zeros are left out"
    )


decide_unlabelled_bound()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `clamp_labels` (2 points)
#
# The class vector that a decoder is shown: one-hot where the label is known, the
# classifier's $\pi$ where it is missing (`y = -1`).
#
# **The variant.** A third kind of knowledge: sometimes an annotator can only rule a class
# out. `y = -2` means *not class 0*, `y = -3` *not class 1*, in general `y = -2 - k` means
# *anything but class k*. Then show $\pi$ without that class, and renormalised. (In the
# tests the classes that remain always have some probability.)


# %% nbgrader={"grade_id": "clamp_labels", "solution": true}
def clamp_labels(y, probs):
    """The class vectors a decoder is shown.

    Args:
        y: integers, shape (batch,): the class; -1 where it is missing; -2 - k where
            all that is known is that it is not class k.
        probs: the classifier's pi, shape (batch, classes).

    Returns:
        Shape (batch, classes); every row sums to 1.
    """
    ### BEGIN SOLUTION
    classes = probs.shape[1]
    y = np.asarray(y)[:, None]
    possible = np.where(y >= 0, np.arange(classes) == y, np.arange(classes) != -2 - y)
    kept = np.where(possible, probs, 0.0)
    kept = kept / np.where(y >= 0, 1.0, kept.sum(axis=1, keepdims=True))
    return np.where(y >= 0, possible, kept).astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "clamp_labels_tests", "grade": true, "points": 2, "axes": 2}
def check_clamp_labels():
    probs = np.array([[0.2, 0.5, 0.3]] * 3)
    rows = np.asarray(clamp_labels(np.array([0, -1, -3]), probs))
    assert rows.shape == (3, 3), "one row of class weights per image"
    assert np.allclose(rows[0], [1, 0, 0]), "a known label is one-hot"
    assert np.allclose(rows[1], [0.2, 0.5, 0.3]), (
        "a missing label is pi itself: rounding it to the likeliest class would stop "
        "the gradient, and -1 is not the last class"
    )
    assert np.allclose(rows[2], [0.4, 0, 0.6]), (
        "-3 means anything but class 1: leave it out and renormalise"
    )


check_clamp_labels()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_clamp_labels():
    rng = np.random.default_rng(2015)
    for classes in (2, 3, 10):
        y = np.concatenate([rng.integers(-1 - classes, classes, 40), [-1, -2, 0]])
        probs = rng.dirichlet(np.ones(classes), size=len(y))
        rows = np.asarray(clamp_labels(y, probs))
        assert np.allclose(rows.sum(axis=1), 1), "every row must sum to 1"
        for label, pi, row in zip(y, probs, rows, strict=True):
            if label >= 0:
                assert row[label] == 1 and np.count_nonzero(row) == 1, (
                    "a known label is exactly one-hot, whatever the classifier says"
                )
            elif label == -1:
                assert np.allclose(row, pi), "a missing label is pi, untouched"
            else:
                out = -2 - label
                others = np.delete(pi, out)
                assert row[out] == 0, "the class that was ruled out gets exactly 0"
                assert np.allclose(np.delete(row, out), others / others.sum()), (
                    "what remains keeps its proportions"
                )
    # A small move of pi moves the rows without a label, and no others.
    probs = np.array([[0.3, 0.7]] * 2)
    moved = probs + np.array([1e-3, -1e-3])
    y = np.array([-1, 1])
    change = np.asarray(clamp_labels(y, moved)) - np.asarray(clamp_labels(y, probs))
    assert np.allclose(change, [[1e-3, -1e-3], [0, 0]], atol=1e-12), (
        "gradients must reach the classifier through rows without a label only"
    )
    wrong = np.array([[1.0, 0.0]])
    assert np.allclose(clamp_labels(np.array([1]), wrong), [[0, 1]]), (
        "a label holds also where the classifier gave it probability 0"
    )


decide_clamp_labels()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `semi_supervised_cost` (3 points)
#
# The label-clamped cost of a whole batch, one number:
# the mean of $nll + kl$ over **all** images, plus `weight` times the mean
# cross-entropy $-\log \pi_y$ over the **labelled** ones.
#
# **The variant.** The mean of the cross-entropy is taken over the labelled images (the
# lesson weighs each of them instead). A batch may hold no labelled image at all; then
# that term is 0. Logits may be as large as ±1000.


# %% nbgrader={"grade_id": "semi_supervised_cost", "solution": true}
def semi_supervised_cost(nll, kl, logits, y, weight):
    """The label-clamped cost of a batch.

    Args:
        nll: negative log-likelihood of each image, shape (batch,).
        kl: KL of each code, shape (batch,).
        logits: of the classifier, shape (batch, classes).
        y: labels, integers, shape (batch,); -1 where missing.
        weight: factor of the mean labelled cross-entropy.

    Returns:
        A float.
    """
    ### BEGIN SOLUTION
    cost = np.mean(nll + kl)
    known = y >= 0
    if known.any():
        shifted = logits[known] - logits[known].max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        cost -= weight * log_probs[np.arange(known.sum()), y[known]].mean()
    return float(cost)
    ### END SOLUTION


# %% nbgrader={"grade_id": "semi_supervised_cost_tests", "grade": true, "points": 3, "axes": 0}
def check_semi_supervised_cost():
    nll, kl = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 0.0, 1.0])
    flat, missing = np.zeros((4, 2)), np.full(4, -1)
    found = semi_supervised_cost(nll, kl, flat, missing, 2.0)
    assert np.isclose(found, 3.0), (
        "without any label the cost is the mean of nll + kl; a mean over no labels is "
        "nan, and class -1 is not the last class"
    )
    one = np.array([-1, 1, -1, -1])
    found = semi_supervised_cost(nll, kl, flat, one, 2.0)
    assert np.isclose(found, 3.0 + 2 * np.log(2)), (
        "one labelled image: its whole cross-entropy counts, not a quarter of it"
    )


check_semi_supervised_cost()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_semi_supervised_cost():
    from scipy import special

    rng = np.random.default_rng(83)
    for batch, classes in ((1, 2), (9, 3), (30, 10)):
        nll, kl = rng.normal(size=batch), rng.exponential(size=batch)
        logits = 3 * rng.normal(size=(batch, classes))
        y = rng.integers(-1, classes, batch)
        found = semi_supervised_cost(nll, kl, logits, y, 5.0)
        assert np.ndim(found) == 0, "the cost of a batch is one number"
        places = np.flatnonzero(y >= 0)
        logs = special.log_softmax(logits, axis=1)
        entropy = -np.mean([logs[i, y[i]] for i in places]) if len(places) else 0.0
        assert np.isclose(found, np.mean(nll + kl) + 5 * entropy, rtol=1e-9), (
            "mean over the labelled images only, times the weight"
        )
        changed = logits + 7 * (y < 0)[:, None] * rng.normal(size=(batch, classes))
        assert np.isclose(semi_supervised_cost(nll, kl, changed, y, 5.0), found), (
            "logits of images without a label must not matter"
        )
        moved = logits + rng.normal(size=(batch, 1))
        assert np.isclose(semi_supervised_cost(nll, kl, moved, y, 5.0), found), (
            "adding a constant to the logits of an image changes nothing"
        )
        none = np.full(batch, -1)
        with np.errstate(all="raise"):
            found = semi_supervised_cost(nll, kl, logits, none, 5.0)
        assert np.isclose(found, np.mean(nll + kl)), "no labels: mean of nll + kl"
    far = np.array([[1000.0, -1000.0]])
    found = semi_supervised_cost(np.zeros(1), np.zeros(1), far, np.array([1]), 1.0)
    assert np.isclose(found, 2000), "logits of 1000 must not overflow or lose digits"


decide_semi_supervised_cost()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `jensen_gap` (2 points)
#
# A decoder that is shown $\pi$ instead of a label pays less than the average over labels:
# $E_\pi[-\log p(x\mid y)] - \big(-\log p(x\mid E_\pi y)\big) \ge 0$.
#
# **The variant.** The likelihood has a variance *for each pixel*,
# $N(x;\, V_y, \mathrm{diag}(v))$, so the formula of the lesson has to be derived again.


# %% nbgrader={"grade_id": "jensen_gap", "solution": true}
def jensen_gap(V, probs, v):
    """What a decoder saves that is shown the mean label.

    Args:
        V: images of the classes, shape (classes, pixels).
        probs: pi of each image, shape (batch, classes).
        v: variances of the pixels, positive, shape (pixels,).

    Returns:
        The gaps in nats, shape (batch,).
    """
    ### BEGIN SOLUTION
    spread = probs @ V**2 - (probs @ V) ** 2  # variance of each pixel, (batch, pixels)
    return np.sum(spread / (2 * v), axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "jensen_gap_tests", "grade": true, "points": 2, "axes": 1}
def check_jensen_gap():
    V = np.array([[2.0, 0.0], [0.0, 2.0]])
    half = np.array([[0.5, 0.5], [1.0, 0.0]])
    found = np.asarray(jensen_gap(V, half, np.array([0.5, 0.5])))
    assert found.shape == (2,), "one gap per row of probs"
    assert np.isclose(found[1], 0), "a sure classifier leaves no gap"
    assert np.isclose(found[0], 2.0), (
        "each pixel varies by 1 between the classes: 1 / (2 v) = 1 for each of the two"
    )
    found = np.asarray(jensen_gap(V, half, np.array([0.5, 0.125])))
    assert np.isclose(found[0], 5.0), "each pixel is divided by its own variance"


check_jensen_gap()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_jensen_gap():
    from scipy import stats

    rng = np.random.default_rng(496)
    for batch, classes, pixels in ((1, 2, 1), (5, 3, 4), (4, 10, 64)):
        V, v = rng.normal(size=(classes, pixels)), rng.gamma(2.0, size=pixels) + 0.05
        probs = rng.dirichlet(np.ones(classes), size=batch)
        found = np.asarray(jensen_gap(V, probs, v))
        assert found.shape == (batch,), "the shape must be (batch,)"
        x = rng.normal(size=pixels)  # any image: the gap does not depend on it
        deviation = np.sqrt(v)
        for pi, gap in zip(probs, found, strict=True):
            outside = sum(
                p * -stats.norm.logpdf(x, mean, deviation).sum()
                for p, mean in zip(pi, V, strict=True)
            )
            inside = -stats.norm.logpdf(x, pi @ V, deviation).sum()
            assert np.isclose(gap, outside - inside, rtol=1e-8, atol=1e-9), (
                "the gap must be the difference of the two costs"
            )
        assert np.allclose(jensen_gap(V, np.eye(classes), v), 0, atol=1e-9), (
            "one-hot probabilities leave no gap"
        )
        assert np.allclose(jensen_gap(V + x, probs, v), found), (
            "moving all classes together must not change the gap"
        )


decide_jensen_gap()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: reading somebody's code (3 points)
#
# A colleague shows you a semi-supervised VAE. For an image without label the code
# computes `pi = classifier(x)`, `x_hat = decoder(concat(z, pi))`, and minimises
# `nll(x, x_hat) + kl(z)`, calling it "the unlabelled bound of M2". It reaches a lower
# cost than your M2.
#
# 1. Is that cost an upper bound of $-\log p(x)$? Name both reasons.
# 2. He adds $\mathrm{KL}(q(y\mid x) \,\|\, p(y))$. What does this repair, and what not?
#    Which classifiers does the new cost prefer?
# 3. How would you compare the two trained models fairly, without training anything again?
#
# Five to ten sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "not_a_bound", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. No. The code length of the class is not paid ($\log K - H(\pi)$, up to $\log K$
#    nats), and the sum over $y$ is inside the decoder: the cost of a mean label is below
#    the mean cost of labels (Jensen, for a likelihood that is log-concave in the
#    decoder's input). *Half a point* for one reason.
# 2. The missing term. Not the Jensen gap: the cost may still be below $-\log p(x)$.
#    Both what is left of the gap and the KL reward undecided classifiers, so $\pi$ is
#    pushed towards the uniform distribution.
# 3. By a valid bound for both: $U(x)$ on held-out images, with clean one-hot labels and
#    the sum outside the decoder (or importance sampling over $y$ and $z$); or by what
#    they are for, test accuracy. Not by the cost either of them minimises.
# ### END SOLUTION
