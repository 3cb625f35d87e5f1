"""Networks, their sizes, and fine-tuning on one image."""

import numpy as np
import pytest
import tensorflow as tf

from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.vision.marrnet import (
    config,
    data,
    experiment,
    networks,
    networks_paper,
    paper,
    refine,
    theory,
)
from lessons.vision.marrnet.model import MarrNet, ShapeNet, SketchNet, TwoHeads
from lessons.vision.marrnet.variants import TUNINGS, VARIANTS

SIZE = 8
IMAGES = np.random.default_rng(0).random((2, SIZE, SIZE, 3)).astype(np.float32)


def shape_net():
    """A network that hears its encoder: fresh weights hardly pass anything on."""
    runtime.seed_everything(0)
    net = ShapeNet(SIZE, SIZE, 4)
    net.set_weights([2 * weight for weight in net.get_weights()])
    return net


def test_the_published_networks_have_the_published_sizes():
    count = runtime.num_parameters
    trunk = networks_paper.resnet18(32, 3)
    assert count(trunk) == paper.PARAMETERS["resnet18"]
    assert trunk.count_params() == 11_186_112  # with statistics
    sketch = networks_paper.sketch_network(64)
    assert count(sketch) - count(trunk) == paper.PARAMETERS["sketch_decoder"]
    assert sketch.output_shape == (None, 64, 64, 5)
    encoder = networks_paper.encoder(32, 4, 200)
    assert count(encoder) == paper.PARAMETERS["encoder"]
    decoder = networks_paper.decoder(128, 200)
    assert count(decoder) == paper.PARAMETERS["decoder"]
    assert decoder.output_shape == (None, 128, 128, 128)


def test_the_small_networks_have_the_sizes_of_the_lesson():
    settings = config.PRESETS["laptop"].replace(size=32, grid=32)
    marrnet = experiment.build_model(settings, VARIANTS["marrnet"])
    count, sizes = runtime.num_parameters, paper.SMALL_PARAMETERS
    assert count(marrnet.sketch_net) == sizes["sketch"]
    assert count(marrnet.shape_net.encoder) == sizes["encoder"]
    assert count(marrnet.shape_net.decoder) == sizes["decoder"]
    direct = experiment.build_model(settings, VARIANTS["direct"])
    assert count(direct) == 420_821
    assert count(marrnet) == sum(sizes.values()) == 502_434
    once = experiment.build_model(settings, VARIANTS["end_to_end"])
    assert count(once) == count(marrnet)


def test_both_steps_are_put_together():
    runtime.seed_everything(0)
    model = MarrNet(SketchNet(SIZE), ShapeNet(SIZE, SIZE, 4))
    sketches = np.asarray(model.sketch_net(IMAGES))
    assert sketches.shape == (2, SIZE, SIZE, 5)
    assert np.all((sketches[..., 4] > 0) & (sketches[..., 4] < 1))
    gated = sketches[..., :4] * sketches[..., 4:]
    net = model.shape_net
    expected = net.decoder(net.encoder(gated))
    np.testing.assert_allclose(model(IMAGES), expected, atol=1e-6)
    # Without a silhouette nothing of the sketch reaches the encoder.
    hidden = np.concatenate([sketches[..., :4], 0 * sketches[..., 4:]], axis=-1)
    other = np.concatenate([sketches[::-1, ..., :4], 0 * sketches[..., 4:]], axis=-1)
    np.testing.assert_array_equal(net(hidden), net(other))


def test_two_heads_give_sketch_and_voxels_side_by_side():
    runtime.seed_everything(0)
    joint = TwoHeads(SIZE, 4, sketch_weight=0.5, positive_weight=2.0, depth_weight=3.0)
    joint.compile("sgd", jit_compile=False)
    outputs = joint(IMAGES)
    assert outputs.shape == (2, SIZE, SIZE, 5 + SIZE)
    rng = np.random.default_rng(1)
    y = (rng.random((2, SIZE, SIZE, 5 + SIZE)) < 0.3).astype(np.float32)
    expected = np.mean(theory.voxel_loss(outputs[..., 5:], y[..., 5:], 2.0))
    own = theory.sketch_loss(outputs[..., :5], y[..., :5], depth_weight=3.0)
    expected += 0.5 * np.mean(own)
    found = float(joint.compute_loss(y=y, y_pred=outputs))
    assert found == pytest.approx(expected, rel=1e-5)
    features = joint.features((IMAGES - 0.5) / 0.25)  # what the encoder is shown
    np.testing.assert_allclose(
        outputs[..., 5:], joint.decoder(joint.encoder(features)), atol=1e-5
    )
    direct = ShapeNet(SIZE, SIZE, 4, route="image")
    np.testing.assert_allclose(
        direct(IMAGES), direct.decoder(direct.encoder((IMAGES - 0.5) / 0.25)), atol=1e-6
    )
    alone = TwoHeads(SIZE, 4, sketch_weight=0.0)
    assert alone(IMAGES).shape == (2, SIZE, SIZE, SIZE)
    with pytest.raises(UserError, match="route"):
        TwoHeads(SIZE, 4, route="image")


@pytest.fixture(scope="module")
def case():
    part = data.make(3, SIZE, 5)
    return shape_net(), part.sketches, part.voxels


def test_fine_tuning_is_gradient_descent_with_momentum(case):
    net, sketches, truth = case
    refiner = refine.Refiner(net, TUNINGS["fixed"], rate=0.1)
    course = refiner.tune(sketches[:1], truth[:1], 0.5, 3)
    # The same by hand, eagerly.
    twin = shape_net()
    depth = data.depths(sketches[:1], SIZE)
    weights = twin.encoder.trainable_variables
    speed, losses = [0.0] * len(weights), []
    for _ in range(4):
        with tf.GradientTape() as tape:
            voxels = tf.sigmoid(twin(sketches[:1], training=False))
            loss = theory.depth_loss(voxels, depth)
            loss += theory.normal_loss(voxels, depth, sketches[:1, ..., :3])
            loss = loss[0] / SIZE**2
        losses.append(float(loss))
        slopes = tape.gradient(loss, [w.value for w in weights])
        for place, (weight, slope) in enumerate(zip(weights, slopes, strict=True)):
            speed[place] = 0.9 * speed[place] - 0.1 * slope
            weight.assign_add(speed[place])
    np.testing.assert_allclose(course.loss[0], losses, rtol=1e-4)
    assert course.loss[0, -1] < course.loss[0, 0]
    np.testing.assert_allclose(course.voxels[0], voxels[0], atol=1e-4)


def test_each_image_starts_anew_and_the_network_stays(case):
    net, sketches, truth = case
    before = [np.copy(w) for w in net.get_weights()]
    refiner = refine.Refiner(net, TUNINGS["free"], rate=0.1)
    three = refiner.tune(sketches, truth, 0.5, 2)
    alone = refiner.tune(sketches[2:], truth[2:], 0.5, 2)
    np.testing.assert_array_equal(three.loss[2], alone.loss[0])
    for one, other in zip(before, net.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("way", ["fixed", "decoder"])
def test_only_what_may_move_moves(case, way):
    net, sketches, truth = case
    refiner = refine.Refiner(net, TUNINGS[way], rate=0.1)
    moving = {id(v) for v in refiner.variables}
    part = refiner.model.encoder if way == "fixed" else refiner.model.decoder
    assert moving == {id(v) for v in part.trainable_variables}
    nothing = refine.Refiner(net, TUNINGS[way], rate=0.0).tune(
        sketches[:1], truth[:1], 0.5, 2
    )
    assert np.ptp(nothing.loss) < 1e-6  # the rate 0 changes nothing


def test_the_course_says_what_happened(case):
    net, sketches, truth = case
    refiner = refine.Refiner(net, TUNINGS["depth_only"], rate=0.1)
    course = refiner.tune(sketches[:2], truth[:2], 0.4, 2, normal_weight=0.0)
    depth = data.depths(sketches[:2], SIZE)
    start = theory.depth_loss(tf.sigmoid(net(sketches[:2])), depth) / SIZE**2
    np.testing.assert_allclose(course.loss[:, 0], start, rtol=1e-4)
    assert course.loss.shape == course.overlap.shape == (2, 3)
    filled = course.voxels > 0.4
    np.testing.assert_allclose(course.occupied[:, -1], filled.mean(axis=(1, 2, 3)))
    reached = course.loss[:, 1]
    equal = refine.at_equal_loss(course, reached)
    np.testing.assert_array_equal(equal, course.overlap[:, 1])
    never = refine.at_equal_loss(course, np.full(2, -1.0))
    np.testing.assert_array_equal(never, course.overlap[:, -1])


def test_sketches_are_sampled_where_rays_are():
    sketches = np.arange(16.0).reshape(1, 4, 4, 1).repeat(5, axis=-1)
    np.testing.assert_array_equal(
        refine.at_voxels(sketches, 2)[0, ..., 0], [[5, 7], [13, 15]]
    )
    np.testing.assert_array_equal(refine.at_voxels(sketches, 4), sketches)


def test_what_cannot_be_is_refused():
    for make, text in (
        (lambda: SketchNet(10), "size"),
        (lambda: ShapeNet(8, 12), "grid"),
        (lambda: ShapeNet(8, 8, route="features"), "route"),
        (lambda: SketchNet(8, "large"), "network"),
        (lambda: SketchNet(8, silhouette_weight=-1.0), "at least 0"),
        (lambda: networks.of("resnet18")[2](64, 200), "grid"),
        (lambda: networks.of("resnet18")[0](40), "size"),
    ):
        with pytest.raises(UserError, match=text):
            make()
