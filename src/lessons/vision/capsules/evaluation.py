"""Judging trained networks on held-out scenes, with NumPy and apart from the losses."""

import keras
import numpy as np

from lessons.vision.capsules.data import images_of, shift, shifted


def right(scores, labels):
    """Whether the highest scores are exactly the classes of a scene.

    Args:
        scores: shape (n, classes); any monotone score.
        labels: shape (n, digits): with two digits both must be among the two highest.

    Returns:
        Booleans, shape (n,).
    """
    highest = np.argsort(scores, axis=1)[:, -labels.shape[1] :]
    return np.all(np.sort(highest, axis=1) == np.sort(labels, axis=1), axis=1)


def accuracy(model, scenes, labels):
    """Fraction of scenes whose classes are all right.

    Args:
        model: a `SceneModel`.
        scenes: shape (n, digits, height, width, 1).
        labels: shape (n, digits).
    """
    return float(right(model.scores(images_of(scenes)), labels).mean())


def evaluate(model, task):
    """Accuracies on the tests of a task, and whether the decoder separates digits.

    Args:
        model: a `SceneModel`.
        task: a `Task`.

    Returns:
        Floats in percent: `percent` on the main test, `NAME_percent` on the others, and
        `separated_percent` for pairs and networks with a decoder.
    """
    scores = {}
    for name, (scenes, labels) in task.tests.items():
        key = "percent" if name == "test" else f"{name}_percent"
        scores[key] = 100 * accuracy(model, scenes, labels)
    if task.labels.shape[1] == 2 and model.decoder is not None:
        scores["separated_percent"] = 100 * separated(model, *task.tests["test"])
    return scores


def reconstruct(model, scenes, labels):
    """The digits that a CapsNet decodes from the image of a scene.

    Args:
        model: a `CapsNet` with a decoder.
        scenes: shape (n, digits, height, width, 1); only their images are seen.
        labels: the classes to decode, shape (n, digits).

    Returns:
        Shape (n, digits, height, width, 1), NumPy.
    """
    capsules = model.encoder.predict(images_of(scenes), batch_size=256, verbose=0)
    return np.asarray(model.decode(capsules, labels))


def separated(model, scenes, labels):
    """Fraction of pairs of which each reconstruction resembles its own digit more.

    More than the other digit, by the sum of squared errors. Deciding by a coin for
    each of the two would give 0.25.

    Args:
        model: a `CapsNet` with a decoder.
        scenes: shape (n, 2, height, width, 1).
        labels: shape (n, 2).
    """
    return resembling(reconstruct(model, scenes, labels), scenes)


def resembling(decoded, scenes):
    """Fraction of pairs of which each drawing resembles its own digit more.

    Args:
        decoded, scenes: drawings and digits, shape (n, 2, height, width, 1).
    """
    own = np.square(decoded - scenes).sum(axis=(2, 3, 4))
    other = np.square(decoded - scenes[:, ::-1]).sum(axis=(2, 3, 4))
    return float(np.all(own < other, axis=1).mean())


def class_means(task):
    """The mean digit of each class of a task of single digits, unshifted.

    Args:
        task: a `Task` whose scenes hold one digit.

    Returns:
        Shape (classes, height, width, 1).
    """
    kinds = task.labels[:, 0]
    return np.stack([task.scenes[kinds == k, 0].mean(axis=0) for k in np.unique(kinds)])


def matched(means, scenes, labels, most):
    """Mean digits of two classes, moved to where they explain the image best.

    A yardstick for a decoder: it too is told the classes, and it learns nothing. Every
    pair of places is tried; the least squared error to the image decides.

    Args:
        means: mean digits by class, shape (classes, height, width, 1).
        scenes: shape (n, 2, height, width, 1); only their images are seen.
        labels: shape (n, 2).
        most: how far a digit may have moved on each axis, in pixels.

    Returns:
        Shape of `scenes`.
    """
    steps = range(-most, most + 1)
    places = [(down, right) for down in steps for right in steps]
    moved = np.stack(
        [shift(np.repeat(m[None], len(places), axis=0), places) for m in means]
    )  # (classes, places, height, width, 1)
    found = np.empty_like(scenes)
    for index, (image, pair) in enumerate(zip(images_of(scenes), labels, strict=True)):
        first, second = moved[pair].astype(np.float64)  # so that no tie is rounding's
        both = np.minimum(first[:, None] + second, 1.0)
        error = np.square(both - image).sum(axis=(2, 3, 4))
        one, other = np.unravel_index(error.argmin(), error.shape)
        found[index] = first[one], second[other]
    return found


def nearest_error(drawn, scenes):
    """Squared error of a drawing to the closer of the digits of its scene, shape (n,).

    Args:
        drawn: one drawing for each scene, shape (n, 1, height, width, 1).
        scenes: shape (n, digits, height, width, 1).
    """
    return np.square(drawn - scenes).sum(axis=(2, 3, 4)).min(axis=1)


def absent_class(labels, num_classes=10):
    """The next class after the first digit's that a scene does not hold.

    Args:
        labels: shape (n, digits).
        num_classes: how many classes there are.

    Returns:
        Whole numbers, shape (n, 1).
    """
    missing = (labels[:, :1] + 1) % num_classes
    while (held := (missing == labels).any(axis=1, keepdims=True)).any():
        missing = np.where(held, (missing + 1) % num_classes, missing)
    return missing


def linear_percent(task, rng, ridge=1.0):
    """Accuracy on the tests of a task of a linear map of the pixels, a yardstick.

    Least squares from the pixels of shifted training scenes to their classes.

    Args:
        task: a `Task`.
        rng: a NumPy generator, of the shifts.
        ridge: added to the diagonal of the normal equations.

    Returns:
        Percent right by the name of the test.
    """

    def pixels(scenes):
        flat = images_of(scenes).reshape(len(scenes), -1)
        return np.hstack([flat, np.ones((len(flat), 1))]).astype(np.float64)

    inputs = pixels(shifted(task.scenes, task.max_shift, rng))
    targets = np.eye(task.labels.max() + 1)[task.labels].max(axis=1)
    normal = inputs.T @ inputs + ridge * np.eye(inputs.shape[1])
    weights = np.linalg.solve(normal, inputs.T @ targets)
    return {
        name: 100 * float(right(pixels(scenes) @ weights, labels).mean())
        for name, (scenes, labels) in task.tests.items()
    }


def perturbed(model, image, label, steps):
    """What the decoder draws when one component of a capsule is moved.

    Args:
        model: a `CapsNet` with a decoder.
        image: shape (height, width, 1).
        label: the capsule.
        steps: what is added to one component at a time, shape (num_steps,).

    Returns:
        Shape (dim, num_steps, height, width, 1), NumPy.
    """
    # Not `predict`, which would leave nothing of one image to a second device.
    capsules = np.array(model.encoder(image[None], training=False))  # (1, classes, dim)
    dim, num_steps = capsules.shape[-1], len(steps)
    moved = np.repeat(capsules, dim * num_steps, axis=0)
    moved = moved.reshape(dim, num_steps, *capsules.shape[1:])
    for component in range(dim):
        moved[component, :, label, component] += steps
    moved = moved.reshape(-1, *capsules.shape[1:])
    decoded = model.decode(moved, np.full((len(moved), 1), label))
    return np.asarray(decoded).reshape(dim, num_steps, *image.shape)


def votes_of(model, images):
    """The votes that a trained CapsNet routes, float64.

    Args:
        model: a `CapsNet`.
        images: shape (n, height, width, 1).

    Returns:
        Shape (n, classes, lower, dim).
    """
    encoder = model.encoder
    primary = keras.Model(encoder.input, encoder.get_layer("primary").output)
    lower = primary.predict(images, batch_size=256, verbose=0)
    votes = encoder.get_layer("classes").votes(lower)
    return np.asarray(votes, np.float64)
