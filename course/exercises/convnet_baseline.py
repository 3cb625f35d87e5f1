# %% [markdown]
# # Exercise: the parts of a baseline
#
# Five functions to write (12 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `convnet_baseline` first. Time:
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
#   package `lessons.foundations.convnet_baseline` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64; the images of question 4
#   come in as whole numbers. Inside you may use what you like: NumPy, SciPy,
#   TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `sizes` (2 points)
#
# How large is the last map of a network, and how many parameters are there? A
# convolution of kernel $k$ and stride $s$ and the pool of side and stride $p$ after it
# make of a map of side $n$
#
# $$n' = \Big\lfloor \frac{n + 2 a - k}{s} \Big\rfloor + 1, \qquad
#   n'' = \Big\lfloor \frac{n'}{p} \Big\rfloor.$$
#
# **The variant.** Each convolution may *pad*: $a$ pixels are added on each of the four
# sides (in the lesson $a = 0$). Every layer has biases. After the convolutions come dense
# layers; the last of them gives the output.

# %% [markdown] hints="sizes"
# 1. In how many places can a window of 5 start in a row of 48 pixels? Which number of
#    maps enters the second convolution?
# 2. Take the floor after the stride, then halve and take the floor again. A layer has
#    (inputs of a unit + 1) parameters for each unit.
# 3. Loop over the layers and carry `side` and `maps` along. A unit of a convolution has
#    $k^2 \cdot \mathrm{maps}$ inputs; the first dense layer has
#    $\mathrm{side}^2 \cdot \mathrm{maps}$ of the *last* map, after its pool.


# %% nbgrader={"grade_id": "sizes", "solution": true}
def sizes(side, maps, convolutions, dense):
    """The numbers that enter the first dense layer, and all parameters.

    Args:
        side: side of the square image, pixels.
        maps: channels of the image.
        convolutions: a list of (maps, kernel, stride, pad, pool), one for each.
        dense: a list of units, the last one those of the output.

    Returns:
        (flat, parameters): two whole numbers.
    """
    ### BEGIN SOLUTION
    parameters = 0
    for units, kernel, stride, pad, pool in convolutions:
        parameters += (kernel**2 * maps + 1) * units
        side = ((side + 2 * pad - kernel) // stride + 1) // pool
        maps = units
    flat = inputs = side**2 * maps
    for units in dense:
        parameters += (inputs + 1) * units
        inputs = units
    return flat, parameters
    ### END SOLUTION


# %% nbgrader={"grade_id": "sizes_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_sizes():
    flat, parameters = sizes(48, 3, [(64, 5, 1, 0, 2)], [1])
    assert flat == 22 * 22 * 64, "48 pixels, kernel 5: 44 places, and 22 after the pool"
    assert parameters == 4864 + 30977, (
        "(25 * 3 + 1) * 64 in the convolution, one for each input and a bias after it"
    )
    flat, _ = sizes(8, 1, [(2, 3, 1, 1, 1)], [1])
    assert flat == 8 * 8 * 2, "a kernel of 3 with a pad of 1 keeps the side"
    flat, _ = sizes(32, 1, [(1, 3, 2, 0, 2)], [1])
    assert flat == 49, "32 pixels, kernel 3, stride 2: 15 places, and 7 after the pool"


check_sizes()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_sizes():
    chung = [(64, 5, 1, 0, 2), (64, 5, 1, 0, 2), (64, 4, 1, 0, 2)]
    assert tuple(sizes(48, 3, chung, [512, 512, 1])) == (576, 731521), (
        "the network of the blog has 576 numbers before its dense layers and 731,521 "
        "parameters"
    )
    kastner = [(32, 3, 2, 0, 2), (64, 2, 1, 0, 2), (128, 2, 1, 0, 2)]
    assert tuple(sizes(48, 3, kastner, [128, 64, 2])) == (512, 116098), (
        "strides count as well"
    )
    rng = np.random.default_rng(2015)
    for _ in range(40):
        side, maps = int(rng.integers(20, 60)), int(rng.integers(1, 5))
        layers = []
        for _ in range(int(rng.integers(1, 4))):
            kernel = int(rng.integers(1, 4))
            layers.append(
                (
                    int(rng.integers(1, 9)),
                    kernel,
                    int(rng.integers(1, 3)),
                    int(rng.integers(0, kernel)),
                    int(rng.integers(1, 3)),
                )
            )
        dense = [int(n) for n in rng.integers(1, 20, rng.integers(1, 4))]
        n, channels, total = side, maps, 0
        for units, kernel, stride, pad, pool in layers:
            starts = len(range(-pad, n + pad - kernel + 1, stride))
            n = len(range(0, starts - pool + 1, pool))
            total += units * (kernel * kernel * channels) + units
            channels = units
        if n == 0:  # no network: frameworks refuse such layers
            continue
        before = n * n * channels
        total += sum(
            a * b + b for a, b in zip([before, *dense[:-1]], dense, strict=True)
        )
        assert tuple(sizes(side, maps, layers, dense)) == (before, total), (
            "pads, strides and pools of every convolution, weights and biases of every "
            "layer"
        )


decide_sizes()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `weighted_loss` (3 points)
#
# For a logit $z$ and a label $y$ the loss is $\ell(z, y) = -y \log p - (1 - y) \log(1 - p)$
# with $p = \sigma(z)$.
#
# **The variant.** Examples have weights $c_i \ge 0$, and the loss is their *weighted mean*
#
# $$L = \frac{\sum_i c_i\, \ell(z_i, y_i)}{\sum_i c_i}$$
#
# (in the lesson a plain mean). Labels may lie between 0 and 1. Give the loss and its
# gradient with respect to $z$. Both must be finite and right for $z = \pm 1000$.

# %% [markdown] hints="weighted_loss"
# 1. What is $\log(1 + e^{1000})$, and what does the computer say? What is the derivative
#    of $\ell$ by $z$, in terms of $p$ and $y$?
# 2. $\ell = \log(1 + e^z) - y z$. Write the logarithm as the larger of 0 and $z$ plus a
#    small correction that uses $-|z|$. The gradient is predicted minus wanted.
# 3. The correction is `np.log1p(np.exp(-np.abs(z)))`. In the gradient each example has its
#    share of all weights as a factor; `scipy.special.expit(z)` is $p$ without an overflow.


# %% nbgrader={"grade_id": "weighted_loss", "solution": true}
def weighted_loss(z, y, c):
    """Weighted mean of the cross-entropy, and its gradient.

    Args:
        z: logits, shape (n,).
        y: labels in [0, 1], shape (n,).
        c: weights of at least 0 that are not all 0, shape (n,).

    Returns:
        (loss, gradient): a number, and an array of shape (n,).
    """
    ### BEGIN SOLUTION
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    probability = 0.5 * (1 + np.tanh(z / 2))
    return float(np.sum(c * losses) / np.sum(c)), c * (probability - y) / np.sum(c)
    ### END SOLUTION


# %% nbgrader={"grade_id": "weighted_loss_tests", "grade": true, "points": 3, "axes": [0, 1]}
def check_weighted_loss():
    z, y, one = np.array([-2.0, 0, 3]), np.array([0.0, 1, 1]), np.ones(3)
    loss, gradient = weighted_loss(z, y, one)
    assert np.isclose(loss, 0.2895542), "equal weights: the plain mean"
    assert np.allclose(gradient, [0.0397343, -0.1666667, -0.0158086], atol=1e-6), (
        "predicted minus wanted, divided by the sum of the weights"
    )
    loss, gradient = weighted_loss(z, y, np.array([0.0, 2, 0]))
    assert np.isclose(loss, np.log(2)), "only the second example counts: log 2"
    assert np.allclose(gradient, [0, -0.5, 0]), "a weight of 0: no gradient"
    with np.errstate(all="ignore"):
        loss, gradient = weighted_loss(np.array([-1000.0]), np.ones(1), np.ones(1))
    assert np.isclose(loss, 1000), "z = -1000 and y = 1 cost 1000"
    assert np.allclose(gradient, [-1]), "and pull with a gradient of -1"


check_weighted_loss()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_weighted_loss():
    rng = np.random.default_rng(12)
    for count in (1, 2, 7, 100):
        z, c = rng.normal(0, 4, count), rng.uniform(0.1, 3, count)
        for y in (
            rng.integers(0, 2, count).astype(float),
            rng.uniform(0, 1, count),
        ):
            loss, gradient = weighted_loss(z, y, c)
            p = 1 / (1 + np.exp(-z))
            expected = -y * np.log(p) - (1 - y) * np.log1p(-p)
            assert np.isclose(loss, np.average(expected, weights=c)), (
                "the weighted mean of -y log p - (1 - y) log(1 - p)"
            )
            assert np.allclose(gradient, c * (p - y) / c.sum()), (
                "the gradient of the weighted mean"
            )
            again, same = weighted_loss(z, y, 7 * c)
            assert np.isclose(loss, again) and np.allclose(gradient, same), (
                "a factor in front of all weights changes nothing"
            )
            other, opposite = weighted_loss(-z, 1 - y, c)
            assert np.isclose(loss, other) and np.allclose(
                -np.asarray(gradient), opposite
            ), "the classes may change places"
    with np.errstate(all="ignore"):
        for z, y, expected, slope in (
            (1000.0, 1.0, 0.0, 0.0),
            (1000.0, 0.0, 1000.0, 1.0),
            (-1000.0, 0.0, 0.0, 0.0),
            (-1000.0, 1.0, 1000.0, -1.0),
            (-800.0, 0.25, 200.0, -0.25),
            (40.0, 0.0, 40.0, 1.0),
            (-20.0, 1.0, 20.000000002061153, -0.9999999979388464),
        ):
            loss, gradient = weighted_loss(np.array([z]), np.array([y]), np.ones(1))
            assert np.isclose(loss, expected, rtol=1e-12, atol=1e-12), (
                "large logits cost what they should, neither infinity nor a limit"
            )
            assert np.allclose(gradient, [slope], atol=1e-12), "and so do gradients"


decide_weighted_loss()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `clipped_nesterov` (3 points)
#
# Nesterov's momentum in the form of the released code:
#
# $$m' = \mu m - \eta g, \qquad w' = w + \mu m' - \eta g.$$
#
# **The variant.** A gradient that is longer than $\ell$ is first shortened to the length
# $\ell$, with its direction kept: $g \leftarrow g \cdot \min(1, \ell / \lVert g \rVert)$ with
# the norm of the whole array. A gradient of zeros stays one.

# %% [markdown] hints="clipped_nesterov"
# 1. At which point would the gradient be taken in the look-ahead form? And what happens
#    to $\ell / \lVert g \rVert$ where all entries are 0?
# 2. Shorten the gradient, make the new momentum, then the weights: they move by $\mu$
#    times the *new* momentum, and once more by the gradient.
# 3. `g = g * limit / max(np.linalg.norm(g), limit)` does the first step without a case;
#    flatten arrays with more axes before you take the norm.


# %% nbgrader={"grade_id": "clipped_nesterov", "solution": true}
def clipped_nesterov(w, m, g, lr, mu, limit):
    """One step.

    Args:
        w, m, g: weights, momentum and gradient, one shape.
        lr: the rate.
        mu: from 0 to below 1.
        limit: greatest length of the gradient, above 0.

    Returns:
        (weights, momentum), both new, of the same shape.
    """
    ### BEGIN SOLUTION
    length = np.sqrt(np.sum(g**2))
    g = g * (limit / max(length, limit))
    momentum = mu * m - lr * g
    return w + mu * momentum - lr * g, momentum
    ### END SOLUTION


# %% nbgrader={"grade_id": "clipped_nesterov_tests", "grade": true, "points": 3, "axes": ["like 1", "like 1"]}
def check_clipped_nesterov():
    one = np.ones(1)
    w, m = clipped_nesterov(one, 0 * one, one, 0.1, 0.9, 10)
    assert np.allclose(m, [-0.1]), "the new momentum is mu m - lr g"
    assert np.allclose(w, [0.81]), "w moves by mu m' - lr g: 1 - 0.09 - 0.1"
    w, m = clipped_nesterov(0 * one, one, 0 * one, 0.1, 0.9, 10)
    assert np.allclose(w, [0.81]) and np.allclose(m, [0.9]), (
        "without a gradient the weight moves by mu times the new momentum, mu^2 m"
    )
    g = np.array([3.0, 4.0])
    w, m = clipped_nesterov(np.zeros(2), np.zeros(2), g, 1.0, 0.0, 1.0)
    assert np.allclose(w, [-0.6, -0.8]), "a gradient of length 5 is shortened to 1"
    w, m = clipped_nesterov(np.zeros(2), np.zeros(2), g, 1.0, 0.0, 10.0)
    assert np.allclose(w, [-3, -4]), "a short gradient is not made longer"


check_clipped_nesterov()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_clipped_nesterov():
    rng = np.random.default_rng(83)
    for shape in [(1,), (5,), (3, 4), (2, 3, 4)]:
        curvature = rng.uniform(0.5, 5, shape)
        for mu in (0.0, 0.5, 0.95):
            w = rng.normal(size=shape)
            theta, v, m = w.copy(), np.zeros(shape), np.zeros(shape)
            for _ in range(12):
                g = curvature * (theta + mu * v)
                v = mu * v - 0.03 * g
                theta = theta + v
                w, m = clipped_nesterov(w, m, curvature * w, 0.03, mu, 1e9)
                assert np.allclose(w, theta + mu * v) and np.allclose(m, v), (
                    "w is theta + mu v of the form that takes the gradient ahead"
                )
        w, m = rng.normal(size=(2, *shape))
        g = rng.normal(size=shape)
        length = np.sqrt((g.ravel() ** 2).sum())
        for limit in (0.1 * length, 0.99 * length, length, 1.01 * length, 30 * length):
            short = g * min(1.0, limit / length)
            found = clipped_nesterov(w, m, g, 0.2, 0.7, limit)
            momentum = 0.7 * m - 0.2 * short
            assert np.allclose(found[1], momentum), (
                "the momentum takes the shortened gradient"
            )
            assert np.allclose(found[0], w + 0.7 * momentum - 0.2 * short), (
                "the weights take the shortened gradient, too"
            )
        plain = clipped_nesterov(w, m, g, 0.2, 0.0, 1e9)[0]
        assert np.allclose(plain, w - 0.2 * g), "mu = 0 is plain gradient descent"
        with np.errstate(all="ignore"):
            still = clipped_nesterov(w, 0 * m, 0 * g, 0.2, 0.7, 1.0)
        assert np.allclose(still[0], w), "a gradient of zeros moves nothing"
        assert np.allclose(still[1], 0), "and makes no momentum"


decide_clipped_nesterov()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `feature_normalise` (2 points)
#
# Each feature (each pixel of each channel by itself) gets the mean 0 and the deviation 1
# over the *training* images: $x' = (x - \mu) / \sigma$ with
# $\sigma^2 = \frac1n \sum_i (x_i - \mu)^2$. Test images are treated with the same numbers.
#
# **The variant.** Images come as whole numbers of dtype uint8. And a feature that is
# constant over the training images tells nothing: it becomes 0 in *both* sets (in the
# lesson it becomes its difference from the constant).

# %% [markdown] hints="feature_normalise"
# 1. Which images may the statistics see? And what is 3 - 5 in whole numbers from 0 to
#    255?
# 2. Convert to float64 before you subtract. One mean and one deviation for each pixel
#    and channel: over the first axis only. Divide where the deviation is not 0.
# 3. `keep = sd > 0`, divide by `np.where(keep, sd, 1)`, and multiply by `keep`. (Means of
#    whole numbers below 256 give a deviation of exactly 0 for a constant.)


# %% nbgrader={"grade_id": "feature_normalise", "solution": true}
def feature_normalise(train, test):
    """Images with the training set's mean and deviation of each feature.

    Args:
        train: uint8, shape (n, ...).
        test: uint8, shape (m, ...), images of the same shape.

    Returns:
        (train, test), float64, of the same shapes.
    """
    ### BEGIN SOLUTION
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    keep = np.ptp(train, axis=0) > 0
    scale = np.where(keep, deviation, 1.0)
    return keep * (train - mean) / scale, keep * (test - mean) / scale
    ### END SOLUTION


# %% nbgrader={"grade_id": "feature_normalise_tests", "grade": true, "points": 2, "axes": ["like 1", "like 2"]}
def check_feature_normalise():
    train = np.array([[0, 10], [2, 30]], np.uint8)
    test = np.array([[100, 20]], np.uint8)
    found, other = feature_normalise(train, test)
    assert np.shape(found) == (2, 2) and np.shape(other) == (1, 2), "the shapes stay"
    assert np.allclose(found, [[-1, -1], [1, 1]]), (
        "each feature has a mean and a deviation of its own; the deviation of 0 and 2 "
        "is 1"
    )
    assert np.allclose(other, [[99, 0]]), "the test images do not count: (100 - 1) / 1"
    with np.errstate(all="ignore"):
        found, other = feature_normalise(
            np.array([[5], [5]], np.uint8), np.array([[7]], np.uint8)
        )
    assert np.allclose(found, 0) and np.allclose(other, 0), (
        "a feature that is constant in training becomes 0 in both sets"
    )


check_feature_normalise()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_feature_normalise():
    rng = np.random.default_rng(6912)
    for shape in [(4,), (3, 5), (6, 6, 3)]:
        for count, others in [(2, 1), (9, 4), (40, 3)]:
            train = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
            test = rng.integers(0, 256, (others, *shape), dtype=np.uint8)
            constant = rng.random(shape) < 0.3
            train[:, constant] = rng.integers(0, 256)
            with np.errstate(all="ignore"):
                found, other = feature_normalise(train, test)
            found, other = np.asarray(found), np.asarray(other)
            for place in np.ndindex(shape):
                column = [int(image[place]) for image in train]
                mean = sum(column) / count
                spread = (sum((x - mean) ** 2 for x in column) / count) ** 0.5
                for images, result in ((train, found), (test, other)):
                    expected = [
                        (int(image[place]) - mean) / spread if spread else 0.0
                        for image in images
                    ]
                    assert np.allclose(result[(slice(None), *place)], expected), (
                        "mean and deviation over the training images, feature by "
                        "feature, dividing by n; constant features are 0"
                    )
    # One picture: every feature is constant.
    one = rng.integers(0, 256, (1, 2, 2), dtype=np.uint8)
    with np.errstate(all="ignore"):
        found, other = feature_normalise(one, one[:, ::-1].copy())
    assert np.allclose(found, 0) and np.allclose(other, 0), "a single training image"
    # A constant whose mean of many is not exact.
    for value in (77, 201):
        train = np.full((7, 3), value, np.uint8)
        train[0, 0] += 1
        found, other = feature_normalise(train, train[:1] + np.uint8(9))
        assert np.allclose(np.asarray(found)[:, 1:], 0), "constants become 0"
        assert np.allclose(np.asarray(other)[:, 1:], 0), "in the test set as well"


decide_feature_normalise()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `early_stop` (2 points)
#
# After each epoch the validation loss is compared with the best one so far. Training stops
# when `patience` epochs in a row were not better, or when the losses end.
#
# **The variant.** A loss counts as better only if it lies *more than* `gain` below the best
# one, which is the last one that counted (in the lesson `gain` is 0). The first loss that is a
# number always counts; NaN never does.

# %% [markdown] hints="early_stop"
# 1. What sets the counter back to 0? What is the comparison of anything with NaN?
# 2. Begin with a best loss of infinity. Better means `loss < best - gain`: strictly.
# 3. Count the epochs since the last better one; when the count equals the patience,
#    return this epoch and the best one. After the loop return the last epoch and the
#    best one.


# %% nbgrader={"grade_id": "early_stop", "solution": true}
def early_stop(losses, patience, gain):
    """When training stops, and which epoch was the best; epochs count from 0.

    Args:
        losses: validation loss of each epoch, shape (epochs,), at least one.
        patience: at least 1.
        gain: at least 0.

    Returns:
        (stop, best): two whole numbers; best is 0 if no loss is a number.
    """
    ### BEGIN SOLUTION
    least, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < least - gain:
            least, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
    ### END SOLUTION


# %% nbgrader={"grade_id": "early_stop_tests", "grade": true, "points": 2, "axes": [0, 0]}
def check_early_stop():
    found = early_stop(np.array([3.0, 2, 2, 2]), 2, 0.0)
    assert tuple(found) == (3, 1), "an equal loss is not better: stop at 3, best is 1"
    found = early_stop(np.array([3.0, 4, 2, 3, 1, 2, 2]), 2, 0.0)
    assert tuple(found) == (6, 4), "a better loss sets the count back to 0"
    found = early_stop(np.array([3.0, 2, 1]), 2, 0.0)
    assert tuple(found) == (2, 2), "no reason to stop before the losses end"
    found = early_stop(np.array([3.0, 2.9, 2.8, 2.0]), 2, 0.5)
    assert tuple(found) == (2, 0), (
        "two gains of 0.1 are below 0.5: stop at 2, best is 0"
    )


check_early_stop()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_early_stop():
    def slowly(losses, patience, gain):
        counted = []
        for epoch, loss in enumerate(losses):
            if loss == loss and (not counted or losses[counted[-1]] - loss > gain):
                counted.append(epoch)
            since = epoch - (counted[-1] if counted else -1)
            if since == patience:
                break
        return epoch, counted[-1] if counted else 0

    rng = np.random.default_rng(11)
    for _ in range(300):
        losses = rng.integers(0, 12, rng.integers(1, 25)) / 4
        losses[rng.random(len(losses)) < 0.1] = np.nan
        patience, gain = int(rng.integers(1, 6)), float(rng.choice([0, 0.25, 0.5]))
        assert tuple(early_stop(losses, patience, gain)) == slowly(
            losses, patience, gain
        ), "patience counts epochs in a row that are not better by more than gain"
    slow = 2 - 0.25 * np.arange(8)
    assert tuple(early_stop(slow, 1, 0.25)) == (1, 0), (
        "a gain of exactly 0.25 is not more than 0.25"
    )
    assert tuple(early_stop(slow, 3, 0.3)) == (7, 6), (
        "small gains add up: each loss is compared with the best that counted"
    )
    nothing = np.full(5, np.nan)
    assert tuple(early_stop(nothing, 3, 0.0)) == (2, 0), "NaN is never better"
    assert tuple(early_stop(np.array([np.nan, 1.0, 2]), 5, 0.0)) == (2, 1), (
        "NaN does not become the best"
    )


decide_early_stop()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what do the numbers say? (3 points)
#
# 1. A network whose first weights are uniform in $\pm 0.08$ stays at chance with momentum and
#    learns with Adam. What is small in it, why does Adam not mind, and which run would show
#    that it is *not* Adam's momentum that does it?
# 2. Two networks reach 0.8138 and 0.8220 on the same 5000 validation pictures. Why is the
#    standard error of either not enough to say whether they differ, and what would you
#    count? Why is 0.8220 too high if it is the best of 96 epochs?
# 3. A network has a gap of 0.27 between training and validation accuracy. A colleague
#    calls it the better learner, since it has learned so much by heart. Name a control
#    and what it shows.
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "numbers", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Signals shrink in every layer, so the gradients of all kernels are tiny; descent moves by
#    $\eta g$. Adam divides by the root of the mean square of the gradient, so the size cancels.
#    The run: Adam with $\beta_1 = 0$, which has no momentum, learns as well; or Nesterov, whose
#    momentum is larger (0.95), stays at chance. *Half a point* for larger first weights or a
#    larger rate: they show that the size is the cause, not which part of Adam mends it.
# 2. Both saw the same pictures: their mistakes are shared, and the variance of the difference
#    depends on the share of pictures that exactly one gets right. Count those (McNemar). The
#    maximum of 96 noisy numbers lies above the mean of its own: measure on a test set that
#    chose nothing.
# 3. Shuffled labels: nothing can be learned, and there is a gap all the same. A gap says
#    how much was learned by heart, not how well.
# ### END SOLUTION
