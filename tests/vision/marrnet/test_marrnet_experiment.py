"""Judging, runs, figures, and what is recorded."""

import numpy as np
import pytest

from lessons.toolkit import results
from lessons.toolkit.figures import new
from lessons.vision.marrnet import (
    camera,
    config,
    data,
    evaluation,
    figures,
    figures_theory,
    paper,
    refine,
    theory,
    theory_routes,
    theory_solids,
)
from lessons.vision.marrnet.variants import TUNED, TUNINGS, VARIANTS

recorded = pytest.mark.skipif(
    len(results.recorded("marrnet")) < 8, reason="runs are not recorded yet"
)


@pytest.fixture(scope="module")
def parts():
    sizes = zip((60, 30, 30), (7, 8, 9), strict=True)
    return data.Shapes(*(data.make(n, 16, seed) for n, seed in sizes))


def test_overlap_is_that_of_sets_and_of_the_theory():
    rng = np.random.default_rng(0)
    soft, truth = rng.random((4, 3, 3, 3)), rng.random((4, 3, 3, 3)) < 0.4
    found = evaluation.overlap(soft > 0.6, truth)
    expected = [
        theory_routes.overlap(a > 0.6, b) for a, b in zip(soft, truth, strict=True)
    ]
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(theory.iou(soft, truth, 0.6), expected, atol=1e-6)
    assert evaluation.overlap(np.zeros((1, 2)) > 1, np.zeros((1, 2)) > 1) == [1]


def test_thresholds_are_chosen_where_the_overlap_is_greatest():
    truth = (np.random.default_rng(1).random((6, 4, 4, 4)) < 0.2).astype(float)
    soft = 0.3 + 0.3 * truth
    assert 0.3 <= evaluation.best_threshold(soft, truth) < 0.6
    values = evaluation.overlaps(soft, truth)
    assert values.max() == 1
    assert values.max() >= values[list(evaluation.THRESHOLDS).index(0.5)]


def test_shells_and_their_thickness(parts):
    depth = data.depths(parts.test.sketches, 16)
    for thickness in (1, 3, 16):
        found = theory_solids.behind(depth, 16, thickness)
        counts = np.minimum(thickness, 16 - depth[np.isfinite(depth)]).sum()
        assert found.sum() == counts
    everything = theory_solids.behind(depth, 16)
    np.testing.assert_array_equal(everything, theory_solids.behind(depth, 16, 16))
    # A world that is a shell of three voxels is recognised as one.
    assert evaluation.best_thickness(depth, theory_solids.behind(depth, 16, 3)) == 3


def test_the_nearest_shape_of_a_training_shape_is_itself(parts):
    found = evaluation.nearest(parts.train.sketches[:9], parts.train)
    np.testing.assert_array_equal(found, parts.train.voxels[:9])


def test_baselines_are_in_order(parts):
    rows = evaluation.baselines(parts)
    iou = {row: values["iou"] for row, values in rows.items()}
    assert iou["shell_true"] > iou["surface"] and iou["shell_true"] > iou["solid"]
    assert iou["solid"] > iou["extruded"]
    assert 0.1 < iou["mean_grid"] < iou["nearest_true"] < 1
    assert rows["mean_grid"]["threshold"] in evaluation.THRESHOLDS


def test_the_mean_of_a_category_knows_nothing_of_the_shape(parts):
    rows = evaluation.baselines(parts)
    assert rows["category_mean"]["iou"] > rows["mean_grid"]["iou"] + 0.03
    # Shapes of one category that are all alike: then it knows everything.
    alike = []
    for part in parts:
        same = np.stack([parts.train.voxels[c] for c in part.categories])
        alike.append(part._replace(voxels=same))
    found = evaluation.baselines(data.Shapes(*alike))
    assert found["category_mean"]["iou"] == 1 > found["mean_grid"]["iou"]


def test_sketches_are_judged(parts):
    true = parts.test.sketches
    perfect = evaluation.sketch_scores(true, true, 16)
    assert perfect["silhouette_iou"] == 1 and perfect["depth_error"] == 0
    assert perfect["normal_error"] < 0.1
    deeper = true + np.array([0, 0, 0, 1 / 16, 0], np.float32)
    found = evaluation.sketch_scores(deeper, true, 16)
    assert found["depth_bias"] == pytest.approx(1, abs=1e-3)
    turned = true * np.array([1, 1, -1, 1, 1], np.float32)
    assert evaluation.sketch_scores(turned, true, 16)["normal_error"] > 45


def test_scores_of_fine_tuning():
    ramp = np.linspace(1, 0, 41)[None].repeat(3, axis=0)
    course = refine.Course(ramp, 1 - ramp, ramp / 2, np.zeros((3, 2, 2, 2)))
    found = evaluation.tuning_scores(course)
    assert found["loss_0"] == 1 and found["loss_40"] == 0
    assert found["iou_10"] == pytest.approx(0.25)
    assert found["iou_change"] == pytest.approx(1)
    assert found["occupied_change"] == pytest.approx(-0.5)
    short = refine.Course(*(values[:, :3] for values in course[:3]), course.voxels)
    assert set(evaluation.tuning_scores(short)) >= {"loss_0", "loss_change"}
    assert "loss_10" not in evaluation.tuning_scores(short)


def test_the_truth_is_beaten_by_a_solid(parts):
    """Neither loss wants legs: everything behind the surface is as good or better."""
    part = data.make(30, 32, 3)
    depth, normals = data.depths(part.sketches, 32), part.sketches[..., :3]
    solid = theory_solids.behind(depth, 32)
    assert not np.any(theory.depth_loss(part.voxels, depth))
    assert not np.any(theory.depth_loss(solid, depth))
    own, other = (theory.normal_loss(v, depth, normals) for v in (part.voxels, solid))
    own, other = np.asarray(own), np.asarray(other)
    assert np.mean(other < own) > 0.9 and other.mean() < own.mean()
    deeper = np.where(np.isfinite(depth), np.minimum(depth + 1, 31), np.inf)
    wrong = np.asarray(theory.depth_loss(part.voxels, deeper.astype(np.float32)))
    empty = np.asarray(theory.depth_loss(0 * part.voxels, depth))
    np.testing.assert_array_equal(empty, part.sketches[..., 4].sum(axis=(1, 2)))
    assert wrong.mean() > empty.mean()  # emptying is cheaper than a voxel's error


def test_figures_say_what_they_show(parts):
    assert "table" in figures.gallery(parts.test, 3).alt
    runs = {
        f"{d}/{n}/iou": 0.5 if n == "marrnet" else 0.25
        for d in camera.DOMAINS
        for n in ("marrnet", "direct")
    }
    drawn = figures.domain_bars(
        runs, ("marrnet", "direct"), tuple(camera.DOMAINS), [("mean grid", 0.3)]
    )
    assert "MarrNet 0.50" in drawn.alt and "Line at 0.30" in drawn.alt
    steps = (0, 40)
    runs = {
        f"tune_true/{way}/{key}_{s}": 0.1 * s
        for way in TUNED["true"]
        for key in ("loss", "iou")
        for s in steps
    }
    drawn = figures.tuning_curves(runs, [("true", "true", TUNED["true"])], steps)
    assert f"{TUNINGS['free'].label}, loss 0.00 to 4.00" in drawn.alt
    assert "lock" in figures_theory.network().alt
    knob = figures_theory.thickness_knob(parts.test, 0, (1, 4))
    assert len(knob.frames) == 2 and "thickness" in knob.alt
    assert "free" in figures_theory.constraints().alt


def test_solids_are_drawn_where_they_are():
    """A single voxel at the left, at the top and near: so it stands in the drawing."""
    voxels = np.zeros((4, 4, 4))
    voxels[0, 0, 0] = 1  # [y, x, z]
    picture, axis = new(subplot_kw={"projection": "3d"})
    assert set(figures.draw_voxels(axis, voxels)) == {(0, 0, 3)}  # x, away, up
    picture, axis = new(subplot_kw={"projection": "3d"})
    middle = figures.draw_mesh(axis, voxels).mean(axis=(0, 1))
    np.testing.assert_allclose(middle, [0.5, 0.5, 3.5], atol=0.05)
    assert not len(figures.draw_mesh(axis, 0 * voxels))
    row = np.zeros((4, 4, 3)), np.zeros((4, 4, 5)), {"one": voxels, "truth": voxels}
    drawn = figures.predictions([row], {"one": 0.3})
    assert "solids of one, truth" in drawn.alt


def test_headlines_name_what_is_measured():
    domains = [*camera.DOMAINS, "tune_true", "tune_predicted", "category_mean"]
    for headline in paper.HEADLINES:
        assert headline.metric.split("/")[0] in domains


@recorded
def test_recorded_runs_hold_what_the_lesson_says():
    runs = results.recorded("marrnet")
    assert np.all(runs["same/marrnet/iou"] > runs["same/direct/iou"] + 0.05)
    assert np.all(runs["same/marrnet/iou"] > runs["category_mean/iou"] + 0.03)
    assert np.all(runs["light/marrnet/iou"] < runs["same/marrnet/iou"] - 0.05)
    assert np.all(runs["shell_true/iou"] > runs["true_sketches/iou"])
    for way in ("fixed", "free"):
        assert np.all(runs[f"tune_predicted/{way}/loss_change"] < 0)
    lower = runs["tune_predicted/free/loss_40"] - runs["tune_predicted/fixed/loss_40"]
    assert np.all(lower < 0)
    assert set(config.PRESETS["laptop"].variants) <= set(VARIANTS)
