"""Judging predictors on voices that none was trained on; baselines without training."""

import numpy as np

from lessons.sequences.waveform_rnn import theory

RIDGE = 1e-4  # of the linear predictor, per example
PITCHES = (75.0, 200.0)  # hertz that are looked for: twice or half is out of range


class Silence:
    """Predicts 0, always."""

    def __init__(self, window, stride):
        self.window, self.stride = window, stride

    def blocks(self, windows):
        """The next s samples after windows of shape (batch, W): (batch, s)."""
        return np.zeros((len(windows), self.stride))


class Repeat(Silence):
    """Repeats the last period, a fixed number of samples.

    Args:
        window, stride: W and s.
        period: in samples, up to W.
    """

    def __init__(self, window, stride, period):
        super().__init__(window, stride)
        self.period = min(max(period, stride), window)

    def blocks(self, windows):
        """See `Silence.blocks`."""
        start = self.window - self.period
        return windows[:, start : start + self.stride]


class Linear(Silence):
    """Linear least squares from the window to the next block, in closed form.

    Args:
        window, stride: W and s.
        sounds: training subsequences, shape (n, N).
    """

    def __init__(self, window, stride, sounds):
        super().__init__(window, stride)
        size = window + stride
        pairs = np.lib.stride_tricks.sliding_window_view(
            np.asarray(sounds, float), size, axis=1
        )[:, ::stride].reshape(-1, size)
        past, future = pairs[:, :window], pairs[:, window:]
        squares = past.T @ past + RIDGE * len(past) * np.eye(window)
        self.coefficients = np.linalg.solve(squares, past.T @ future)  # (W, s)

    def blocks(self, windows):
        """See `Silence.blocks`."""
        return windows @ self.coefficients


def predict(baseline, sounds):
    """Predictions of a baseline from true samples, as a `WaveformRNN` is called.

    Args:
        baseline: `Silence`, `Repeat` or `Linear`.
        sounds: shape (batch, N).

    Returns:
        Shape (batch, steps times s).
    """
    steps = theory.num_steps(sounds.shape[1], baseline.window, baseline.stride)
    found = [
        baseline.blocks(sounds[:, t * baseline.stride :][:, : baseline.window])
        for t in range(steps)
    ]
    return np.concatenate(found, axis=1)


def generate(baseline, windows, num_samples):
    """Samples that a baseline generates, as `WaveformRNN.generate` does.

    Args:
        baseline: `Silence`, `Repeat` or `Linear`.
        windows: shape (batch, W).
        num_samples: how many.

    Returns:
        Shape (batch, num_samples).
    """
    sounds = np.asarray(windows, float)
    size = sounds.shape[1] + num_samples
    while sounds.shape[1] < size:
        block = baseline.blocks(sounds[:, -baseline.window :])
        sounds = np.concatenate([sounds, block], axis=1)
    return sounds[:, baseline.window : size]


def errors(predicted, generated, truth):
    """What a predictor is judged by.

    Args:
        predicted: from true samples, shape (voices, samples).
        generated: from the first window alone, the same shape or longer.
        truth: the true samples at these places, the shape of `predicted`.

    Returns:
        Dictionary of floats: `prediction_error` and `generation_error` (mean squared,
        where the voices have variance 1), `aligned_error` (the latter, each voice
        shifted as fits best), `energy` (variance of what was generated over that of
        the truth) and `distance` (root mean square difference of log spectra in
        decibels).
    """
    predicted, truth = (np.asarray(a, float) for a in (predicted, truth))
    same = np.asarray(generated[:, : truth.shape[1]], float)
    return {
        "prediction_error": float(np.mean((predicted - truth) ** 2)),
        "generation_error": float(np.mean((same - truth) ** 2)),
        "aligned_error": aligned_error(same, truth),
        "energy": float(np.mean(same**2) / np.mean(truth**2)),
        "distance": log_spectral_distance(same, truth),
    }


def aligned_error(generated, truth):
    """Mean squared error where each sound may be shifted in time as fits best.

    Args:
        generated, truth: shape (batch, samples). Shifts go up to an eighth of the
            samples; the middle three quarters of what was generated are compared.
    """
    count = truth.shape[1]
    most = count // 8
    middle = generated[:, most : count - most]
    found = [
        np.mean((middle - truth[:, most + d : count - most + d]) ** 2, axis=1)
        for d in range(-most, most + 1)
    ]
    return float(np.mean(np.min(found, axis=0)))


def log_spectral_distance(sounds, others):
    """Root mean square difference of two sounds' log power spectra, mean over sounds.

    Args:
        sounds, others: shape (batch, samples). Levels more than 60 dB below the
            strongest of all count as 60 dB below.

    Returns:
        A float, decibels.
    """
    shape = np.hanning(sounds.shape[1])
    power = [np.abs(np.fft.rfft(s * shape)) ** 2 for s in (sounds, others)]
    least = 1e-6 * power[1].max()
    a, b = (10 * np.log10(np.maximum(p, least)) for p in power)
    return float(np.mean(np.sqrt(np.mean((a - b) ** 2, axis=1))))


def low_share(sounds, sample_rate, below=500.0):
    """Part of the power that lies below a frequency: a voice's first harmonics.

    Args:
        sounds: shape (batch, samples).
        sample_rate: in hertz.
        below: in hertz.

    Returns:
        Shape (batch,), from 0 to 1.
    """
    sounds = np.asarray(sounds, float)
    sounds = sounds - sounds.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(sounds * np.hanning(sounds.shape[1]))) ** 2
    frequencies = np.fft.rfftfreq(sounds.shape[1], 1 / sample_rate)
    low = np.sum(power * (frequencies < below), axis=1)
    return low / np.maximum(power.sum(axis=1), 1e-30)


def pitch(sound, sample_rate):
    """Pitch of a sound by autocorrelation, refined between samples; 0 if there is none.

    Args:
        sound: shape (samples,).
        sample_rate: in hertz.

    Returns:
        Hertz, from `PITCHES`; 0 where the autocorrelation has no peak above 0.3.
    """
    sound = np.asarray(sound, float)
    sound = sound - np.mean(sound)
    energy = np.sum(sound**2)
    low, high = (int(sample_rate / f) for f in reversed(PITCHES))
    if len(sound) < 2 * high or energy < 1e-8 * len(sound):
        return 0.0
    size = len(sound)
    spectrum = np.fft.rfft(sound, 2 * size)
    whole = np.fft.irfft(np.abs(spectrum) ** 2)[:size]
    correlation = whole / (energy * (1 - np.arange(size) / size))
    best = low + int(np.argmax(correlation[low : high + 1]))
    if correlation[best] < 0.3:
        return 0.0
    a, b, c = correlation[best - 1 : best + 2]
    bend = a - 2 * b + c
    shift = 0.5 * (a - c) / bend if bend < 0 else 0.0
    return float(sample_rate / (best + np.clip(shift, -0.5, 0.5)))


def evaluate(model, sounds, length, sample_rate):
    """Judge a network: `errors`, and how a second of generation ends.

    Args:
        model: a `WaveformRNN`, or a baseline.
        sounds: test voices, shape (voices, samples).
        length: N, samples of a voice that errors are computed on.
        sample_rate: in hertz.

    Returns:
        Dictionary of floats: those of `errors`; `last_energy`, the variance of the last
        quarter of what was generated over that of the truth; `pitch_error`, the median
        difference of the pitches of the second half in hertz.
    """
    network = hasattr(model, "arguments")
    window = model.arguments["window"] if network else model.window
    piece, seeds = sounds[:, :length], sounds[:, :window]
    num_samples = sounds.shape[1] - window
    if network:
        predicted = model.predict(piece, batch_size=256, verbose=0)
        generated = model.generate(seeds, num_samples)
    else:
        predicted = predict(model, piece)
        generated = generate(model, seeds, num_samples)
    # A network that diverged generates numbers whose squares float32 cannot hold.
    sounds, generated = (np.asarray(a, float) for a in (sounds, generated))
    truth = sounds[:, window : window + predicted.shape[1]]
    last = num_samples * 3 // 4
    tail, true_tail = generated[:, last:], sounds[:, window + last :]
    half = num_samples // 2
    pitches = [
        [pitch(s, sample_rate) for s in part]
        for part in (generated[:, half:], sounds[:, window + half :])
    ]
    return {
        **errors(predicted, generated, truth),
        "last_energy": float(np.mean(tail**2) / np.mean(true_tail**2)),
        "pitch_error": float(np.median(np.abs(np.subtract(*pitches)))),
    }


def baselines(sounds, config):
    """Numbers of the predictors that are not trained by gradients.

    Args:
        sounds: `data.Sounds`.
        config: a `Config`.

    Returns:
        Dictionary `NAME/METRIC` of floats for silence, repeat and linear. The period
        that is repeated is that of the middle of the configuration's pitches.
    """
    window, stride = config.window, config.stride
    period = round(2 * sounds.sample_rate / (config.pitch_low + config.pitch_high))
    rivals = {
        "silence": Silence(window, stride),
        "repeat": Repeat(window, stride, period),
        "linear": Linear(window, stride, sounds.train),
    }
    return {
        f"{name}/{key}": value
        for name, rival in rivals.items()
        for key, value in evaluate(
            rival, sounds.test, config.length, sounds.sample_rate
        ).items()
    }
