"""The network: sizes, one step by hand, what is drawn without an image."""

import keras
import numpy as np
import pytest

from lessons.sequences.draw import config, evaluation, experiment, paper, theory
from lessons.sequences.draw import model as draw_model
from lessons.sequences.draw.cell import DRAWCell
from lessons.sequences.draw.model import DRAW
from lessons.sequences.draw.networks import GlimpseReader, PlacedClassifier
from lessons.sequences.draw.shifts import moved
from lessons.sequences.draw.variants import VARIANTS
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]
RNG = np.random.default_rng(3)
IMAGES = RNG.random((3, 6, 7, 2)).astype("float32")


def network(steps=3, seed=0, **options):
    keras.utils.set_random_seed(seed)
    settings = {"read_size": 3, "write_size": 2, "classes": 4, "sequential": True}
    cell = DRAWCell((6, 7, 2), 5, 3, **settings | {"hidden": 4} | options)
    model = DRAW(cell, steps, learned_canvas=True, seed=seed)
    model.build()
    rng = np.random.default_rng(seed)
    for weight in model.trainable_weights:  # so that windows move and nothing is 0
        weight.assign(weight.numpy() + 0.2 * rng.normal(size=weight.shape))
    return model


@pytest.mark.parametrize("preset, name", paper.PARAMETERS)
def test_parameters_are_those_that_follow_from_the_papers_sizes(preset, name):
    model = experiment.build_model(config.PRESETS[preset], VARIANTS[name])
    assert runtime.num_parameters(model) == paper.PARAMETERS[preset, name]


def dense(layer, x):
    return x @ layer.kernel.numpy() + layer.bias.numpy()


def gaussian(head, x):
    hidden = np.tanh(dense(head.body, x))
    return dense(head.mean, hidden), np.clip(dense(head.log_std, hidden), -6, 3)


def lstm(layer, x, state):
    h, c = state
    z = x @ layer.kernel.numpy() + h @ layer.recurrent_kernel.numpy()
    i, f, g, o = np.split(z + layer.bias.numpy(), 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-v)) for v in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def window(numbers, size):
    found = theory.window(numbers.astype("float32"), 6, 7, size)
    rows, columns = (np.asarray(f) for f in theory.filters(found, 6, 7, size))
    return rows, columns, np.asarray(found.intensity)[:, :, None, None]


def by_hand(model, images, codes):
    """The equations in NumPy: canvases and class logits of each step, given codes."""
    cell = model.cell
    blank = np.zeros((len(images), 5))
    encoder = decoder = (blank, blank)
    first = np.swapaxes(model.first_canvas.numpy(), 1, 2)
    canvas = np.repeat(first[None], len(images), axis=0)
    logits, kept = np.zeros((len(images), 4)), []
    for t in range(codes.shape[1]):
        both = np.concatenate([images, images - 1 / (1 + np.exp(-canvas))], axis=3)
        rows, columns, intensity = window(dense(cell.looker, decoder[0]), 3)
        patch = intensity * np.einsum("nib,nbac,nja->nicj", rows, both, columns)
        glimpse = patch.reshape(len(images), -1)
        prior = gaussian(cell.prior, decoder[0])
        inputs = np.concatenate([glimpse, decoder[0]], axis=1)
        encoder = lstm(cell.encoder, inputs, encoder)
        posterior = gaussian(cell.posterior, encoder[0])
        said = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        code = codes[:, t]
        decoder = lstm(cell.decoder, np.concatenate([code, said], axis=1), decoder)
        rows, columns, intensity = window(dense(cell.toucher, decoder[0]), 2)
        patch = dense(cell.patch, decoder[0]).reshape(-1, 2, 2, 2)
        added = np.einsum("nib,nicj,nja->nbac", rows, patch, columns) / intensity
        canvas = canvas + added
        logits = logits + dense(cell.classifier, np.concatenate([glimpse, code], 1))
        kept.append((canvas, logits, *posterior, *prior))
    return [np.stack(parts, axis=1) for parts in zip(*kept, strict=True)]


def test_the_steps_are_the_equations():
    model = network()
    trace = model.trace(IMAGES)
    canvas, logits, *numbers = by_hand(model, IMAGES, trace.code)
    np.testing.assert_allclose(np.swapaxes(trace.canvas, 3, 4), canvas, atol=1e-4)
    np.testing.assert_allclose(trace.logits, logits, atol=1e-4)
    names = ("mean", "log_std", "prior_mean", "prior_log_std")
    for name, expected in zip(names, numbers, strict=True):
        np.testing.assert_allclose(getattr(trace, name), expected, atol=1e-4)
    np.testing.assert_allclose(trace.kl, evaluation.path_kl(trace), rtol=1e-4)


def test_mean_and_deviation_have_weights_of_their_own():
    trace = network().trace(IMAGES)
    assert np.abs(trace.mean - trace.log_std).max() > 0.1


def test_the_canvas_is_the_sum_of_what_was_written():
    model = network()
    trace = model.trace(IMAGES)
    steps = np.diff(trace.canvas, axis=1)
    first = trace.canvas[:, 0] - model.first_canvas.numpy()
    whole = trace.canvas[:, -1] - model.first_canvas.numpy()
    np.testing.assert_allclose(first + steps.sum(axis=1), whole, atol=1e-4)
    assert np.abs(steps).max() > 1e-3
    for layer in (model.cell.patch,):
        layer.kernel.assign(0 * layer.kernel)
        layer.bias.assign(0 * layer.bias)
    model.first_canvas.assign(0 * model.first_canvas)
    assert np.all(model.trace(IMAGES).canvas == 0)  # so the error image is x - 1/2


@pytest.mark.parametrize(
    "options",
    [
        {"reader": "none"},
        {"reader": "frozen", "evidence": "state"},
        {"classes": 0, "sequential": False, "hidden": 0},
        {"real": True},
    ],
    ids=lambda o: "-".join(map(str, o.values())),
)
def test_every_kind_gives_what_it_says(options):
    model = network(**options)
    outputs = model(IMAGES)
    parts = 2 if options.get("real") else 1
    assert outputs["canvas"].shape == (3, 6, 7, 2 * parts)
    assert outputs["kl"].shape == (3, 3)
    assert ("logits" in outputs) == (model.cell.classes > 0)
    drawn = model.generate(4, seed=1)
    assert drawn.images.shape == (4, 3, 6, 7, 2)
    again = model.generate(4, seed=1)
    np.testing.assert_array_equal(drawn.images, again.images)
    if options.get("reader") == "frozen":
        look = model.trace(IMAGES).look
        np.testing.assert_allclose(look[..., :2], np.broadcast_to([4, 3.5], (3, 3, 2)))


def test_a_class_that_is_told_changes_the_drawing_and_no_image_is_read():
    model = network()
    one, other = (np.repeat(np.eye(4)[[k]], 2, axis=0) for k in (0, 1))
    first, second = (model.generate(2, told, seed=5).images for told in (one, other))
    assert np.abs(first - second).max() > 1e-3
    even = model.generate(2, np.full((2, 4), 0.25), seed=5).images
    np.testing.assert_allclose(even, model.generate(2, seed=5).images, atol=1e-6)
    before = model.generate(2, one, seed=5).images
    for weight in model.cell.encoder.weights + model.cell.looker.weights:
        weight.assign(0 * weight + 7)  # nothing that reads takes part
    np.testing.assert_array_equal(before, model.generate(2, one, seed=5).images)
    with pytest.raises(UserError, match="told has shape"):
        model.generate(3, one)


def test_what_the_decoder_is_told_in_training():
    model = network()
    y = np.array([0, 3, 1] * 200)
    assert model.told(y) is None
    model.arguments["labels"] = "true"
    np.testing.assert_array_equal(model.told(y), np.eye(4)[y])
    model.arguments["labels"] = "mixed"
    told = np.asarray(model.told(y))
    share = told.sum(axis=1).mean()
    assert 0.4 < share < 0.6 and set(told.sum(axis=1)) == {0.0, 1.0}
    blank = model.trace(IMAGES, told=np.zeros((3, 4), "float32"))
    assert np.isfinite(blank.canvas).all()


def test_images_move_by_whole_pixels_to_every_place():
    image = np.zeros((400, 6, 6, 1), "float32")
    image[:, 2, 3] = 1
    found = np.asarray(moved(image, 1, keras.random.SeedGenerator(0)))[..., 0]
    assert np.all(found.sum(axis=(1, 2)) == 1)
    rows, columns = np.nonzero(found.sum(axis=0))
    assert set(zip(rows, columns, strict=True)) == {
        (r, c) for r in (1, 2, 3) for c in (2, 3, 4)
    }
    counts = found.sum(axis=0)[1:4, 2:5]
    assert counts.min() > 20 and counts.max() < 75  # 44 each on the mean
    assert moved(image, 0, None) is image


def test_bad_arguments_are_refused():
    for options, text in (
        ({"reader": "eyes"}, "reader"),
        ({"evidence": "none"}, "evidence"),
        ({"read_size": 1}, "at least 2"),
    ):
        with pytest.raises(UserError, match=text):
            network(**options)
    model = network()
    with pytest.raises(UserError, match="images have shape"):
        model(IMAGES[:, :5])
    with pytest.raises(UserError, match="steps"):
        DRAW(model.cell, 0)
    with pytest.raises(UserError, match="labels"):
        model.check_labels([0, 4])
    with pytest.raises(UserError, match="trained on labels"):
        model.compute_loss(IMAGES, None, model(IMAGES))


def test_a_reader_names_classes_and_sees_the_image():
    keras.utils.set_random_seed(0)
    reader = GlimpseReader(4, 3, 2, 5)
    outputs = reader(IMAGES)
    assert outputs.shape == (3, 5)
    assert np.abs(outputs - reader(1 - IMAGES)).max() > 1e-4


def test_a_model_without_build_trains_and_is_loaded(tmp_path):
    cell = DRAWCell((6, 7, 2), 4, 2, read_size=2, write_size=2, reader="none")
    model = DRAW(cell, 2, learned_canvas=True)
    model.compile("sgd")
    model.fit(IMAGES, verbose=0)
    count = len(model.weights)
    model.build((None, 6, 7, 2))
    assert len(model.weights) == count  # nothing is made twice
    model.save(tmp_path / "model.keras")
    assert draw_model.DRAWCell is DRAWCell  # importing the model makes the cell known
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        loaded.generate(2, seed=3).images, model.generate(2, seed=3).images
    )


def test_what_raw_errors_would_hide_is_said():
    model = network()
    with pytest.raises(UserError, match=r"one-hot rows take y.argmax"):
        model.fit(IMAGES, np.eye(4)[[0, 1, 2]], verbose=0)
    with pytest.raises(UserError, match="count must be at least 1"):
        model.generate(0)
    with pytest.raises(UserError, match="cell must be a DRAWCell"):
        DRAW(keras.layers.LSTMCell(3), 2)
    body = GlimpseReader(4, 3, 2, 4)
    with pytest.raises(UserError, match="labels have shape"):
        PlacedClassifier(body, 4).check_labels(np.eye(4))
