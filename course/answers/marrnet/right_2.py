"""A right answer in plain loops, and gradients by TensorFlow."""

import math

import numpy as np
import tensorflow as tf


def render_depth(voxels, near):
    height, width, size = voxels.shape
    depth = np.full((height, width), math.inf)
    for z in range(size - 1, near - 1, -1):
        depth[voxels[:, :, z] > 0.5] = z
    return depth, np.isfinite(depth).astype(float)


def depth_loss(v, depth):
    loss, gradient = 0.0, np.zeros(v.shape)
    for y, row in enumerate(depth):
        for x, first in enumerate(row):
            if math.isnan(first):
                continue
            for z, value in enumerate(v[y, x]):
                if z > first:
                    break
                error = value - 1 if z == first else value
                loss += error**2
                gradient[y, x, z] = 2 * error
    return loss, gradient


def normal_targets(y, x, z, normal, ratio):
    points = []
    for rows, columns in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        # n . (columns, rows, t) = 0, and t / ratio voxels
        along = -(normal[0] * columns + normal[1] * rows) / normal[2]
        points.append([y + rows, x + columns, z + along / ratio])
    return np.array(points)


def normal_loss(v, depth, normals):
    rows, weights, places = [], [], []
    height, width, size = v.shape
    for y in range(height):
        for x in range(width):
            facing = abs(normals[y, x, 2])
            if math.isinf(depth[y, x]) or facing < 0.2:
                continue
            for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                row, column = y + down, x + right
                if not (0 <= row < height and 0 <= column < width):
                    continue
                tilt = normals[y, x, 0] * right + normals[y, x, 1] * down
                z = depth[y, x] - tilt / normals[y, x, 2]
                if math.isinf(depth[row, column]) or z < 0 or z > size - 1:
                    continue
                rows.append([row, column])
                weights.append(facing)
                places.append(z)
    if not rows:
        return 0.0, np.zeros(v.shape)
    voxels = tf.Variable(v)
    with tf.GradientTape() as tape:
        rays = tf.gather_nd(tf.convert_to_tensor(voxels), rows)
        away = np.abs(np.arange(size) - np.array(places)[:, None])
        occupied = tf.reduce_sum(rays * np.maximum(1 - away, 0), axis=1)
        loss = tf.reduce_sum(np.array(weights) * (1 - occupied) ** 2)
    return float(loss), np.array(tape.gradient(loss, voxels))


def iou(predicted, truth, known, threshold):
    both = either = 0
    for value, true, seen in zip(
        predicted.ravel(), truth.ravel(), known.ravel(), strict=True
    ):
        if seen and (value > threshold or true):
            either += 1
            both += bool(value > threshold and true)
    return both / either if either else 1.0
