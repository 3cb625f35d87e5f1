"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. Filling everything behind the visible surface renders to the same depth, and so does the
   visible shell alone: both have a depth loss of 0. The filled one has the lower normal loss,
   because at broken edges the targets of the normals lie behind the neighbour's surface, where
   a solid is 1 and a shape with thin legs is 0.
2. The losses see one side only. A free decoder can leave the shapes it was trained on and fit
   the sketches with anything, their errors included. With true sketches there are no errors to
   fit, and then I would expect the free one to be better.
3. The empty grid costs 1 per pixel of the silhouette, the true shape against a depth one voxel
   too far about as much or more, so the loss may fall because the grid is emptied. I would
   print the occupied share, and compare with a shell of constant thickness behind the depth,
   the mean shape and the nearest training shape, and with no fine-tuning at all.
"""


def render_depth(voxels, near):
    behind = voxels[:, :, near:] > 0.5
    hit = np.any(behind, axis=-1)
    depth = np.argmax(behind, axis=-1) + float(near)
    depth[~hit] = np.inf
    return depth, 1.0 * hit


def depth_loss(v, depth):
    known = np.where(np.isnan(depth), -1.0, depth)[:, :, None]
    places = np.arange(v.shape[2])
    wanted = np.where(places == known, 1.0, 0.0)
    error = np.where(places <= known, v - wanted, 0.0)
    return np.sum(np.square(error)), 2 * error


def normal_targets(y, x, z, normal, ratio):
    left, up = normal[:2] / (ratio * normal[2])
    steps = [[-1, 0, up], [1, 0, -up], [0, -1, left], [0, 1, -left]]
    return np.array([y, x, z]) + np.array(steps)


def normal_loss(v, depth, normals):
    inside = np.isfinite(depth)
    facing = np.abs(normals[..., 2])
    useful = inside & (facing >= 0.2)
    divisor = np.where(useful, normals[..., 2], 1.0)
    left, up = normals[..., 0] / divisor, normals[..., 1] / divisor
    start = np.where(inside, depth, 0.0)
    places = np.arange(v.shape[2])
    loss, gradient = 0.0, np.zeros(v.shape)

    def pair(step):
        """Slices of the pixels that have a neighbour there, and of the neighbours."""
        return {
            -1: (slice(1, None), slice(None, -1)),
            1: (slice(None, -1), slice(1, None)),
            0: (slice(None), slice(None)),
        }[step]

    for rows, columns, slope in (
        (-1, 0, up),
        (1, 0, -up),
        (0, -1, left),
        (0, 1, -left),
    ):
        (own_y, other_y), (own_x, other_x) = pair(rows), pair(columns)
        own, other = (own_y, own_x), (other_y, other_x)
        z = (start + slope)[own]
        exists = useful[own] & inside[other] & (z >= 0) & (z <= v.shape[2] - 1)
        weight = np.where(exists, facing[own], 0.0)
        hat = np.maximum(1 - np.abs(places - z[..., None]), 0)
        missing = 1 - np.sum(hat * v[other], axis=-1)
        loss += np.sum(weight * missing**2)
        gradient[other] -= 2 * (weight * missing)[..., None] * hat
    return loss, gradient


def iou(predicted, truth, known, threshold):
    here, there = predicted[known] > threshold, truth[known]
    both, either = np.sum(here & there), np.sum(here | there)
    return both / either if either > 0 else 1.0
