"""A right answer in plain loops."""

import math

import numpy as np

WRITTEN = r"""
1. Turned pictures give the same distribution of measurements, so the distribution of images is not
   determined; more capacity cannot help, knowing the angle does.
2. The condition number of the matrix, exponential in the number of pixels: theorem 5.4
   promises something for a number of samples no hospital has.
3. Dim pictures with holes, 0.4 of the mean. Measurements show 80 % zeros where the model
   expects 50 %.
"""


def patch_views(x, top, left, k):
    count, h, w, c = x.shape
    keep, block = np.zeros(x.shape), np.array(x, dtype=float)
    extract = np.empty((count, k, k, c))
    for b in range(count):
        for i in range(k):
            for j in range(k):
                row, column = (top[b] + i) % h, (left[b] + j) % w
                extract[b, i, j] = keep[b, row, column] = x[b, row, column]
                block[b, row, column] = 0.0
    return keep, block, extract


def parallel_projection(x, theta, m):
    count, h, w = x.shape
    result = np.zeros((count, m))
    for b in range(count):
        for i in range(h):
            for j in range(w):
                r = (j - (w - 1) / 2) * math.cos(theta[b])
                r += (i - (h - 1) / 2) * math.sin(theta[b])
                for detector in range(m):
                    share = max(0, 1 - abs(r - (detector - (m - 1) / 2)))
                    result[b, detector] += share * x[b, i, j]
    return result


def recover_law(measured, p, levels):
    law = measured
    for pixel in range(len(p)):
        channel = np.full((levels, levels), p[pixel] / levels)
        channel += (1 - p[pixel]) * np.eye(levels)
        blocks = law.reshape(levels**pixel, levels, -1)
        law = np.concatenate([np.linalg.solve(channel, block) for block in blocks])
        law = law.ravel()
    return law


def wiener(y, kernel, signal, noise):
    factor = np.fft.fft2(kernel)
    h, w = kernel.shape
    gain = np.zeros((h, w), complex)
    for i in range(h):
        for j in range(w):
            below = abs(factor[i, j]) ** 2 * signal[i, j] + noise[i, j]
            if below > 0:
                gain[i, j] = factor[i, j].conjugate() * signal[i, j] / below
    return np.array([np.fft.ifft2(gain * np.fft.fft2(image)).real for image in y])


def ambient_losses(critic, y, generated, measure, draw):
    theta = draw(len(generated))
    fake, real = critic(measure(generated, theta)), critic(y)
    loss = sum(max(0.0, 1 - s) for s in real) / len(real)
    loss += sum(max(0.0, 1 + s) for s in fake) / len(fake)
    return loss, -sum(fake) / len(fake)
