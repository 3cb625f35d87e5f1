# %% [markdown]
# # Exercise: codes, causal convolutions and a lost phase
#
# Five functions to write (17 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `wavenet_autoencoder` first. Time:
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
#   package `lessons.sequences.wavenet_autoencoder` cannot be imported.
# * Arrays come in and go out as NumPy arrays of dtype float64. Inside you may use what
#   you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np


def stft(x, n_fft, hop):
    """Short-time Fourier transform with a periodic Hann window, for question 5.

    Args:
        x: shape (samples,); n_fft / 2 zeros are added on both sides.

    Returns:
        complex array of shape (n_fft // 2 + 1, 1 + samples // hop).
    """
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(x, n_fft // 2)
    count = 1 + len(x) // hop
    frames = [padded[t * hop : t * hop + n_fft] * window for t in range(count)]
    return np.fft.rfft(frames, axis=1).T


# %% [markdown]
# ## Question 1: `mu_law` (3 points)
#
# The lesson's codes have 8 bits. **The variant.** Any number of bits $n$ from 2 to 16, with
# $\mu = 2^n - 1$ and $h = 2^{n-1}$:
#
# $$c(x) = \mathrm{sign}(x) \frac{\ln(1 + \mu|x|)}{\ln(1 + \mu)}, \qquad q = \lfloor h\, c(x) \rfloor,$$
#
# where the one code that would be too large, $h$, becomes $h - 1$. Back: $y = (q + 1/2)/h$ and
# $\mathrm{sign}(y)\,((1 + \mu)^{|y|} - 1)/\mu$, but exactly 0 for $q = 0$.

# %% [markdown] hints="mu_law"
# 1. Which whole numbers stand to the left of zero? What does rounding down make of -5.2?
# 2. Which sample alone gives the code $h$? At which place of its step is a code decoded?
# 3. Take the sign out, use a logarithm that is exact near 0, scale by half the number of codes,
#    round down, limit from above. Back from the middle of each step; code 0 is an exception.


# %% nbgrader={"grade_id": "mu_law", "solution": true}
def mu_law(x, bits):
    """Codes of samples, and the samples that they stand for.

    Args:
        x: samples from -1 to 1, shape (samples,).
        bits: n, from 2 to 16.

    Returns:
        (codes, decoded): both of shape (samples,), float64; the codes are whole numbers
        from -2**(bits - 1) to 2**(bits - 1) - 1.
    """
    ### BEGIN SOLUTION
    mu, h = 2**bits - 1, 2 ** (bits - 1)
    curve = np.sign(x) * np.log1p(mu * np.abs(x)) / np.log1p(mu)
    q = np.minimum(np.floor(h * curve), h - 1)
    y = (q + 0.5) / h
    decoded = np.sign(y) * ((1 + mu) ** np.abs(y) - 1) / mu
    return q, np.where(q == 0, 0.0, decoded)
    ### END SOLUTION


# %% nbgrader={"grade_id": "mu_law_tests", "grade": true, "points": 3, "axes": [1, 1]}
def check_mu_law():
    found = mu_law(np.array([0.0, 0.3, -0.001, 1.0, -1.0]), 8)
    assert len(found) == 2, "two arrays: codes and what they stand for"
    assert found[0][0] == 0 and found[1][0] == 0, "silence is code 0 and stays silence"
    assert found[0][1] == 100, "0.3 has the code 100 of 8 bits"
    assert found[0][2] == -6, "rounding goes down: -0.001 has the code -6, not -5"
    assert found[0][3] == 127, "the largest code is 127, for 1.0 too"
    assert found[0][4] == -128, "the smallest code is -128"
    assert np.isclose(found[1][3], 0.97849, atol=1e-4), (
        "a code stands for the middle of its step: 127 for 0.9785"
    )
    assert mu_law(np.array([0.3]), 4)[0][0] == 4, "with 4 bits mu is 15: 0.3 has code 4"


check_mu_law()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_mu_law():
    from math import floor, log

    rng = np.random.default_rng(255)
    for bits in (2, 3, 5, 8, 12, 16):
        h = 2 ** (bits - 1)
        x = np.concatenate([rng.uniform(-1, 1, 300), 10 ** rng.uniform(-7, 0, 60)])
        x = np.concatenate([x, -x, [1.0, -1.0, 0.0]])
        codes, decoded = mu_law(x, bits)
        for value, q, back in zip(x, codes, decoded, strict=True):
            size = log(1 + (2 * h - 1) * abs(value)) / log(2 * h)
            exact = h * size if value >= 0 else -h * size
            near = abs(exact - round(exact)) < 1e-7 and value not in (0.0, 1.0, -1.0)
            expected = min(floor(exact), h - 1)
            assert near or q == expected, "the code is the curve rounded down"
            middle = (q + 0.5) / h
            y = ((2 * h) ** abs(middle) - 1) / (2 * h - 1)
            y = 0.0 if q == 0 else (y if middle > 0 else -y)
            assert np.isclose(back, y, rtol=1e-9, atol=0), (
                "decoded from the middle of the step"
            )
        again = mu_law(decoded, bits)[0]
        assert np.array_equal(again, codes), "a decoded sample has its code again"
    codes, decoded = mu_law(np.array([-1e-9, 1e-9, -0.0]), 8)
    assert codes[0] == -1 and decoded[0] < 0, "just below zero the code is -1"
    assert codes[1] == 0 and decoded[1] == 0, "code 0 stands for 0 exactly"


decide_mu_law()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `receptive_field` (2 points)
#
# **The variant.** Every layer of a causal stack has its own kernel size $k_l$ and dilation $d_l$.
# How many inputs, the present one included, does one output depend on?

# %% [markdown] hints="receptive_field"
# 1. How many inputs does one more layer add to those before?
# 2. A kernel of size 1 adds none. Do the layers' contributions multiply?
# 3. Each layer lengthens the reach by its dilation, once for every tap but the last; begin with the
#    present sample.


# %% nbgrader={"grade_id": "receptive_field", "solution": true}
def receptive_field(sizes, rates):
    """Inputs that one output depends on.

    Args:
        sizes: kernel sizes, shape (layers,), whole numbers from 1 as floats.
        rates: dilations, shape (layers,), whole numbers from 1 as floats.

    Returns:
        A number; 1 without any layer.
    """
    ### BEGIN SOLUTION
    return 1 + np.sum((sizes - 1) * rates)
    ### END SOLUTION


# %% nbgrader={"grade_id": "receptive_field_tests", "grade": true, "points": 2, "axes": 0}
def check_receptive_field():
    found = receptive_field(np.array([3.0, 3.0, 3.0]), np.array([1.0, 2.0, 4.0]))
    assert found == 15, "three taps at distances 1, 2 and 4 reach over 15 inputs"
    found = receptive_field(np.array([2.0, 3.0]), np.array([1.0, 4.0]))
    assert found == 10, "two taps at distance 1, then three at 4: 1 + 1 + 8"


check_receptive_field()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_receptive_field():
    rng = np.random.default_rng(2)
    for layers in (0, 1, 2, 4, 6):
        sizes = rng.integers(1, 5, layers)
        rates = rng.integers(1, 9, layers)
        seen = {0}
        for k, d in zip(sizes, rates, strict=True):
            seen = {s - j * d for s in seen for j in range(k)}
        expected = 1 - min(seen)
        found = receptive_field(sizes.astype(float), rates.astype(float))
        assert found == expected, "from the present back to the farthest tap"


decide_receptive_field()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `causal_conv` (4 points)
#
# $$y_t = b + \sum_{j=0}^{k-1} w_j^\top x_{t - (k-1-j) d}$$
#
# **The variant.** A sound comes in pieces. Before the first sample of this piece stand not zeros but
# the last $(k-1)d$ inputs of the piece before, `past`.

# %% [markdown] hints="causal_conv"
# 1. On which side may something be added, and how much? Which tap reads the present?
# 2. Put `past` in front of the piece; then every tap reads a slice as long as the piece.
# 3. The slice of tap j begins at j times d in the joined array. Multiply each by its matrix over
#    the channels, add them all and the bias.


# %% nbgrader={"grade_id": "causal_conv", "solution": true}
def causal_conv(x, w, b, d, past):
    """A causal dilated convolution that goes on where another piece ended.

    Args:
        x: this piece, shape (batch, time, c_in).
        w: taps, shape (k, c_in, c_out); the last one reads the present sample.
        b: shape (c_out,).
        d: dilation, at least 1.
        past: the inputs before, shape (batch, (k - 1) * d, c_in).

    Returns:
        Shape (batch, time, c_out).
    """
    ### BEGIN SOLUTION
    joined = np.concatenate([past, x], axis=1)
    length = x.shape[1]
    y = b + np.zeros((len(x), length, w.shape[2]))
    for j in range(len(w)):
        y = y + joined[:, j * d : j * d + length] @ w[j]
    return y
    ### END SOLUTION


# %% nbgrader={"grade_id": "causal_conv_tests", "grade": true, "points": 4, "axes": 3}
def check_causal_conv():
    w = np.array([1.0, 2.0, 3.0])[:, None, None]
    x = np.zeros((1, 8, 1))
    x[0, 2] = 1
    y = causal_conv(x, w, np.zeros(1), 2, np.zeros((1, 4, 1)))
    assert np.shape(y) == (1, 8, 1), "as many outputs as inputs"
    assert np.allclose(y[0, :2], 0), "nothing is heard before it happens"
    assert np.allclose(y[0, [2, 4, 6], 0], [3, 2, 1]), (
        "an impulse at 2 is read by the last tap at 2, by the one before at 2 + d"
    )
    y = causal_conv(0 * x, w, np.zeros(1), 2, np.ones((1, 4, 1)))
    assert np.allclose(y[0, :, 0], [3, 3, 1, 1, 0, 0, 0, 0]), (
        "the inputs of the piece before are still heard for (k - 1) d samples"
    )


check_causal_conv()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_causal_conv():
    rng = np.random.default_rng(3)
    for batch, T, k, d, c_in, c_out in [
        (2, 9, 3, 2, 4, 3),
        (1, 5, 2, 7, 1, 2),
        (3, 6, 1, 3, 2, 2),
        (2, 1, 4, 1, 3, 5),
    ]:
        x = rng.normal(size=(batch, T, c_in))
        w, b = rng.normal(size=(k, c_in, c_out)), rng.normal(size=c_out)
        past = rng.normal(size=(batch, (k - 1) * d, c_in))
        found = np.asarray(causal_conv(x, w, b, d, past))
        expected = np.zeros((batch, T, c_out))
        for n in range(batch):
            heard = [*past[n], *x[n]]
            for t in range(T):
                for o in range(c_out):
                    total = b[o]
                    for j in range(k):
                        sample = heard[len(past[n]) + t - (k - 1 - j) * d]
                        total += sum(sample[i] * w[j, i, o] for i in range(c_in))
                    expected[n, t, o] = total
        assert found.shape == expected.shape, "shape (batch, time, c_out)"
        assert np.allclose(found, expected), (
            "the sum over taps, the last is the present"
        )
    k, d = 3, 2
    x = rng.normal(size=(2, 8, 3))
    w, b = rng.normal(size=(k, 3, 4)), rng.normal(size=4)
    zeros = np.zeros((2, (k - 1) * d, 3))
    whole = np.asarray(causal_conv(x, w, b, d, zeros))
    first = np.asarray(causal_conv(x[:, :5], w, b, d, zeros))
    rest = np.asarray(causal_conv(x[:, 5:], w, b, d, x[:, 1:5]))
    assert np.allclose(np.concatenate([first, rest], axis=1), whole), (
        "five samples and then three are the same as eight at once"
    )


decide_causal_conv()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `condition` (3 points)
#
# In the lesson the code of a frame is added to each of its `hop` samples. **The variant.** The code
# begins `offset` samples before the piece: sample $t$ belongs to frame
# $\lfloor (t + \text{offset})/\text{hop} \rfloor$. Frames behind the piece's end are not used.

# %% [markdown] hints="condition"
# 1. How long is a frame in samples? Is it 1, 1, 2, 2 or 1, 2, 1, 2?
# 2. Lengthen the code along time only, then find where the piece begins in it.
# 3. Each frame stands hop times in a row; leave out the first offset of them and what is beyond the
#    piece, and add the rest.


# %% nbgrader={"grade_id": "condition", "solution": true}
def condition(h, z, hop, offset):
    """Add the code of its frame to every sample.

    Args:
        h: shape (batch, time, channels).
        z: codes, shape (batch, frames, channels), enough of them.
        hop: samples of a frame.
        offset: samples of the code before the piece, from 0.

    Returns:
        Shape (batch, time, channels).
    """
    ### BEGIN SOLUTION
    long = np.repeat(z, hop, axis=1)
    return h + long[:, offset : offset + h.shape[1]]
    ### END SOLUTION


# %% nbgrader={"grade_id": "condition_tests", "grade": true, "points": 3, "axes": 3}
def check_condition():
    z = np.array([0.0, 4.0])[None, :, None]
    found = condition(np.zeros((1, 4, 1)), z, 2, 0)
    assert np.shape(found) == (1, 4, 1), "the shape of h"
    assert np.allclose(found[0, :, 0], [0, 0, 4, 4]), (
        "each frame is repeated, neither tiled nor interpolated"
    )
    found = condition(np.ones((1, 2, 1)), z, 2, 1)
    assert np.allclose(found[0, :, 0], [1, 5]), (
        "with offset 1 the piece begins in the middle of the first frame"
    )


check_condition()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_condition():
    rng = np.random.default_rng(4)
    for batch, T, hop, offset, channels, more in [
        (2, 7, 3, 2, 4, 0),
        (3, 4, 1, 0, 2, 2),
        (1, 10, 4, 9, 3, 1),
        (2, 1, 5, 4, 1, 0),
        (4, 6, 2, 0, 5, 0),
    ]:
        frames = -(-(T + offset) // hop) + more
        h = rng.normal(size=(batch, T, channels))
        z = rng.normal(size=(batch, frames, channels))
        found = np.asarray(condition(h, z, hop, offset))
        expected = np.stack(
            [h[:, t] + z[:, (t + offset) // hop] for t in range(T)], axis=1
        )
        assert found.shape == expected.shape, "the shape of h"
        assert np.allclose(found, expected), "sample t gets frame (t + offset) // hop"


decide_condition()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `griffin_lim` (5 points)
#
# Given the magnitudes $M$ that `stft` (in the first cell) makes, find a signal. From the phase
# $\varphi$ that you are given:
#
# $$x \leftarrow \text{inverse of } M e^{i\varphi}, \qquad \varphi \leftarrow \arg \mathrm{stft}(x),$$
#
# where the inverse is the one by least squares,
# $x[n] = \sum_t w[n - tH]\, y_t[n - tH] / \sum_t w^2[n - tH]$, and $y_t$ is the inverse Fourier
# transform of frame $t$.
#
# **The variant.** Return also the history of the inconsistency
# $\| \,|\mathrm{stft}(x)| - M \| / \|M\|$: one number after each inverse, `iterations + 1` in all. The
# norm is the root of the sum of squares over *all* `n_fft` bins of a whole Fourier transform. Real signals
# need only `n_fft / 2 + 1` of them: bins 0 and `n_fft / 2` stand in a whole transform once, each
# bin between twice. In this norm the inverse is the nearest signal, and the history never rises.
# Where $\mathrm{stft}(x)$ is 0 the phase is 0.

# %% [markdown] hints="griffin_lim"
# 1. What is kept from iteration to iteration, the magnitude or the phase?
# 2. `stft` adds n_fft / 2 zeros in front: where does sample 0 lie in the sum of the frames? What must
#    be divided out where windows overlap?
# 3. Add windowed frames and squared windows up over the padded length, divide, cut the padding off;
#    transform, compare magnitudes (first and last bin count half of the others), keep the angle only;
#    and once more.


# %% nbgrader={"grade_id": "griffin_lim", "solution": true}
def griffin_lim(magnitude, phase, n_fft, hop, num_samples, iterations):
    """A signal with given magnitudes.

    Args:
        magnitude: M, shape (n_fft // 2 + 1, frames).
        phase: the first phase in radians, the same shape.
        n_fft, hop: of `stft`; hop is at most n_fft / 2.
        num_samples: of the signal.
        iterations: how often the phase is replaced.

    Returns:
        (x, history): shapes (num_samples,) and (iterations + 1,).
    """
    ### BEGIN SOLUTION
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    count = magnitude.shape[1]
    often = np.full((n_fft // 2 + 1, 1), 2.0)
    often[0] = often[-1] = 1.0
    norm = np.sqrt(np.sum(often * magnitude**2))
    history = []
    for _ in range(iterations + 1):
        frames = np.fft.irfft((magnitude * np.exp(1j * phase)).T, n_fft, axis=1)
        total = np.zeros(n_fft + (count - 1) * hop)
        squares = np.zeros_like(total)
        for t in range(count):
            total[t * hop : t * hop + n_fft] += frames[t] * window
            squares[t * hop : t * hop + n_fft] += window**2
        x = (total / np.maximum(squares, 1e-12))[n_fft // 2 :][:num_samples]
        spectrum = stft(x, n_fft, hop)
        gap = np.sqrt(np.sum(often * (np.abs(spectrum) - magnitude) ** 2))
        history.append(gap / norm)
        phase = np.angle(spectrum)
    return x, np.array(history)
    ### END SOLUTION


# %% nbgrader={"grade_id": "griffin_lim_tests", "grade": true, "points": 5, "axes": [1, 1]}
def check_griffin_lim():
    x = np.sin(2 * np.pi * 443 * np.arange(1024) / 4000)
    spectrum = stft(x, 128, 32)
    size = np.abs(spectrum)
    found, history = griffin_lim(size, np.angle(spectrum), 128, 32, 1024, 2)
    assert np.shape(found) == (1024,), "as many samples as asked for"
    assert np.shape(history) == (3,), "a number after each inverse, the first included"
    assert history[0] < 1e-6, "with the true phase the first signal is right already"
    assert np.allclose(found, x), "with the true phase the signal comes back"
    phase = np.random.default_rng(0).uniform(-np.pi, np.pi, size.shape)
    history = griffin_lim(size, phase, 128, 32, 1024, 50)[1]
    assert np.all(np.diff(history) < 1e-9), "the inconsistency never rises"
    assert history[-1] < 0.5 * history[0], "and it falls: keep M, replace the phase"
    size = np.zeros((5, 9))
    size[0] = 1  # nothing but 0 Hz
    history = griffin_lim(size, 0 * size, 8, 2, 16, 0)[1]
    assert np.isclose(history[0], 0.65496, atol=1e-3), (
        "the norm is over all n_fft bins: 0 and n_fft / 2 once, those between twice"
    )


check_griffin_lim()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_griffin_lim():
    rng = np.random.default_rng(5)

    def whole(half):
        """All bins: those between the first and the last once more."""
        return np.concatenate([half, half[-2:0:-1]])

    def reference(size, phase, n_fft, hop, count, iterations):
        """Each inverse as a least-squares problem, solved sample by sample."""
        w = np.array([np.sin(np.pi * n / n_fft) ** 2 for n in range(n_fft)])
        history = []
        for _ in range(iterations + 1):
            up, down = np.zeros(count), np.zeros(count)
            for t in range(size.shape[1]):
                y = np.fft.irfft(size[:, t] * np.exp(1j * phase[:, t]), n_fft)
                for m in range(n_fft):
                    n = t * hop + m - n_fft // 2
                    if 0 <= n < count:
                        up[n] += w[m] * y[m]
                        down[n] += w[m] ** 2
            x = up / down
            spectrum = stft(x, n_fft, hop)
            gap = whole(np.abs(spectrum) - size)
            history.append(np.sqrt(np.sum(gap**2) / np.sum(whole(size) ** 2)))
            phase = np.angle(spectrum)
        return x, np.array(history)

    for n_fft, hop, count, iterations in [
        (32, 8, 100, 3),
        (32, 4, 64, 2),
        (16, 8, 50, 4),
        (24, 6, 77, 0),
    ]:
        t = np.arange(count)
        signal = np.sin(0.6 * t) * np.exp(-t / 40) + 0.1 * rng.normal(size=count)
        size = np.abs(stft(signal, n_fft, hop))
        phase = rng.uniform(-np.pi, np.pi, size.shape)
        expected = reference(size, phase, n_fft, hop, count, iterations)
        found = griffin_lim(size, phase, n_fft, hop, count, iterations)
        assert len(found[1]) == iterations + 1, "iterations + 1 numbers"
        assert np.allclose(found[1], expected[1], atol=1e-8), (
            "the inconsistency after each inverse, relative to the norm of M"
        )
        assert np.allclose(found[0], expected[0], atol=1e-7), (
            "the signal of the last inverse, divided by the sum of squared windows"
        )
        other = rng.uniform(-np.pi, np.pi, size.shape)
        again = griffin_lim(size, other, n_fft, hop, count, iterations)
        assert not np.allclose(again[0], found[0]), "the given phase is where it begins"
    size = np.abs(stft(rng.normal(size=300), 64, 16))
    phase = rng.uniform(-np.pi, np.pi, size.shape)
    history = np.asarray(griffin_lim(size, phase, 64, 16, 300, 60)[1])
    assert np.all(np.diff(history) < 1e-9), "the inconsistency never rises"
    assert history[49] < 0.7 * history[0], "it falls"
    for _ in range(30):
        size, phase = rng.uniform(0, 1, (5, 13)), rng.uniform(-np.pi, np.pi, (5, 13))
        history = np.asarray(griffin_lim(size, phase, 8, 2, 24, 30)[1])
        assert np.all(np.diff(history) < 1e-9), (
            "it never rises, whatever M is, if the bins count as in a whole transform"
        )


decide_griffin_lim()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: what is shown? (3 points)
#
# 1. "Our code knows the family of a note: a linear probe reads it with an accuracy of 1.0." Name two
#    rows that the table needs before one may say that *training* put it there.
# 2. A network with the code of the note has a lower cross-entropy than one without. With codes of
#    other notes it has a far higher one. What does each of the two comparisons show, and which is the
#    stronger one for "the decoder uses the code"?
# 3. A causal convolution with the last tap on the present sample is not yet a model of the next
#    sample. Why must its input be shifted by one sample, and how would you notice from the loss alone that
#    the shift is missing? For which of the lesson's four networks (no code, a code that sees the past only, the
#    level of the frame as the code, a learned code that looks ahead) is the entropy of the
#    noise a floor?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "shown", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. The same probe on the code of an untrained encoder; on the energy of the frames (loudness alone);
#    with the labels shuffled. *Half a point* for one row.
# 2. The first shows that the code holds something the decoder's past does not, such as the future or
#    a longer past, and by how much; it depends on how far the decoder reaches. The second shows that
#    the decoder relies on the code, but not that a network without one would be worse. Reliance is shown by the
#    exchange, a gain by the paired comparison over seeds.
# 3. A causal convolution reads the present sample: without the shift the network reads what it
#    is to predict. Then the loss falls quickly towards 0, below the entropy of the noise, which is a floor for
#    a network that sees nothing but the past: the one without a code and the one whose code is
#    causal. A code that looks ahead, or the level of the frame, has seen the noise of the very sample and may
#    in principle go below it without any mistake. *Half a point* without the last part.
# ### END SOLUTION
