"""Takes the voxel before the target in the place of interpolating."""

# loses: normal_loss

import numpy as np


def normal_loss(v, depth, normals):
    height, width, size = v.shape
    loss, gradient = 0.0, np.zeros(v.shape)
    for y in range(height):
        for x in range(width):
            a, b, c = normals[y, x]
            if np.isinf(depth[y, x]) or abs(c) < 0.2:
                continue
            for row, column, z in (
                (y - 1, x, depth[y, x] + b / c),
                (y + 1, x, depth[y, x] - b / c),
                (y, x - 1, depth[y, x] + a / c),
                (y, x + 1, depth[y, x] - a / c),
            ):
                inside = 0 <= row < height and 0 <= column < width
                if not inside or not 0 <= z <= size - 1 or np.isinf(depth[row, column]):
                    continue
                low = min(int(z), size - 2)
                part = float(z == size - 1)
                ray = v[row, column]
                missing = 1 - (1 - part) * ray[low] - part * ray[low + 1]
                loss += abs(c) * missing**2
                gradient[row, column, low] -= 2 * abs(c) * (1 - part) * missing
                gradient[row, column, low + 1] -= 2 * abs(c) * part * missing
    return loss, gradient
