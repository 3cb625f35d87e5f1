"""Videos have the flow and the masks that they say, samples what is given to whom."""

import numpy as np
import pytest
from PIL import Image
from skimage import transform

from lessons.toolkit.errors import UserError
from lessons.vision.mask_rnn import config, data, flows, samples, sampling

SMALL = config.Config(num_train=6, num_test=4, num_frames=4, unroll=2, noise=0.0)


@pytest.fixture(scope="module")
def videos():
    return data.load(SMALL)[0]


def test_flow_carries_what_is_seen_to_where_it_was(videos):
    """Where a pixel and its source belong to one thing, colours agree."""
    labels = videos.masks.argmax(2) + 1
    labels = np.where(videos.masks.any(2), labels, 0)
    for flow, frames, step in (
        (videos.backward[:, 1:], videos.frames[:, :-1], -1),
        (videos.forward[:, :-1], videos.frames[:, 1:], 1),
    ):
        here = videos.frames[:, 1:] if step < 0 else videos.frames[:, :-1]
        own = labels[:, 1:] if step < 0 else labels[:, :-1]
        other = labels[:, :-1] if step < 0 else labels[:, 1:]
        for n in range(len(videos)):
            places = sampling.grid(32, 32) + flow[n]
            inside = np.all((places >= 0) & (places <= 31), axis=-1)
            seen = sampling.bilinear(frames[n], places)
            same = inside
            for k in range(3):
                member = sampling.bilinear((other[n] == k).astype(float), places)
                same = same & ((own[n] != k) | (member > 0.999))
            assert same.mean() > 0.6
            error = np.abs(seen - here[n]).max(axis=-1)
            assert np.median(error[same]) < 0.02
            assert error[same].mean() < 0.03
            still = np.abs(frames[n] - here[n]).max(axis=-1)
            assert error[same].mean() < 0.5 * still[same].mean()


def test_flow_of_the_background_is_the_cameras_and_ends_have_none(videos):
    assert not videos.backward[:, 0].any() and not videos.forward[:, -1].any()
    background = ~videos.masks.any(2)
    for n in range(len(videos)):
        for t in range(1, 4):
            vectors = videos.backward[n, t][background[n, t]]
            assert np.ptp(vectors, axis=0).max() < 1e-6
    moved = np.linalg.norm(videos.backward[:, 1:, 0, 0], axis=-1)
    assert moved.mean() > 0.3
    still, _ = data.load(SMALL.replace(drift=0.0, jitter=0.0))
    assert not still.backward[~still.masks.any(2)].any()


def test_masks_do_not_overlap_and_training_shares_no_photograph_with_tests(videos):
    assert videos.masks.sum(axis=2).max() == 1
    assert videos.masks[:, 0].any(axis=(2, 3)).all()
    assert not np.array_equal(videos.frames[0], data.load(SMALL)[1].frames[0])
    again = data.load(SMALL)[0]
    np.testing.assert_array_equal(videos.frames, again.frames)
    other = data.load(SMALL.replace(seed=1))[0]
    assert np.any(other.frames != videos.frames)


def test_estimated_flow_has_the_direction_of_the_true_one():
    rng = np.random.default_rng(0)
    image = transform.resize(rng.random((12, 12)), (48, 48), order=3)
    frames = np.stack([image[8:40, 8:40], image[8:40, 6:38]])  # moves 2 px to the right
    frames = np.repeat(frames[None, ..., None], 3, axis=-1)
    for method in flows.METHODS:
        back = flows.estimate(frames, -1, method)
        ahead = flows.estimate(frames, 1, method)
        assert not back[:, 0].any() and not ahead[:, -1].any()
        found = [np.median(f, axis=(0, 1)) for f in (back[0, 1], ahead[0, 0])]
        np.testing.assert_allclose(found, [[-2, 0], [2, 0]], atol=0.3)
    with pytest.raises(UserError, match="method of flow"):
        flows.estimate(frames, 1, "none")


def test_affine_equals_scikit_image():
    image = np.random.default_rng(1).random((1, 9, 13))
    center, angle, scale, shift = (
        np.array([[5.0, 3.0]]),
        0.4,
        1.3,
        np.array([[1.5, -2]]),
    )
    places = sampling.affine(center, np.array([angle]), np.array([scale]), shift, 9, 13)
    move = transform.SimilarityTransform
    whole = move(translation=-center[0]) + move(rotation=angle, scale=scale)
    whole = whole + move(translation=center[0] + shift[0])
    expected = transform.warp(image[0], whole.inverse, order=1, mode="constant")
    found = sampling.bilinear(image, places, outside=0.0)[0]
    inside = np.all((places[0] >= 0) & (places[0] <= [12, 8]), axis=-1)
    np.testing.assert_allclose(found[inside], expected[inside], atol=1e-6)


def test_perturbed_masks(videos):
    masks = np.repeat(videos.masks[:, 0, 1], 50, axis=0)
    rng = np.random.default_rng(2)
    still = SMALL.replace(rotation=0.0, scale=0.0, shift=0.0, ghosts=0.0)
    np.testing.assert_allclose(samples.perturb(masks, still, rng), masks, atol=1e-6)
    plain = samples.perturb(masks, SMALL.replace(ghosts=0.0), rng)
    ghosts = samples.perturb(masks, SMALL.replace(ghosts=1.0), rng)
    assert plain.sum() == pytest.approx(masks.sum(), rel=0.15)
    assert ghosts.sum() > 1.15 * plain.sum()


def test_samples_hold_the_channels_that_they_say(videos):
    rng = np.random.default_rng(3)
    tracks = samples.draw_tracks(videos, 200, 3, rng)
    assert set(tracks[1]) == {1, 2, 3}
    x, y = samples.static(videos, tracks, SMALL, rng)
    assert x.shape == (200, 32, 32, 6) and y.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(x[..., :3], videos.frames[tracks[0], tracks[1]])
    last = tracks[1] == 3
    np.testing.assert_array_equal(x[last][..., 3], x[last][..., 4])
    tracks = samples.draw_tracks(videos, 50, -2, rng)
    assert set(tracks[1]) == {0, 1}
    x, y = samples.clips(videos, tracks, 2)
    assert x.shape == (50, 3, 32, 32, 8) and y.shape == (50, 2, 32, 32)
    video, time, number = tracks
    np.testing.assert_array_equal(y[:, 1], videos.masks[video, time + 2, number])
    np.testing.assert_array_equal(x[:, 1, ..., 5:7], videos.backward[video, time + 1])
    np.testing.assert_array_equal(x[:, 0, ..., 7], videos.masks[video, time, number])
    assert not x[:, 1:, ..., 7].any()
    x, y = samples.whole(videos)
    assert x.shape == (12, 4, 32, 32, 8)
    np.testing.assert_array_equal(y[3], videos.masks[1, 1:, 1])
    foreign, _ = samples.whole(videos, foreign=True)
    np.testing.assert_array_equal(foreign[2:, ..., 3:5], x[:-2, ..., 3:5])
    np.testing.assert_array_equal(foreign[..., 5:], x[..., 5:])


def test_first_frames_move_image_and_mask_together(videos):
    rng = np.random.default_rng(4)
    x, y = samples.first_frames(videos, 0, 1, 40, SMALL, rng)
    assert x.shape == (40, 32, 32, 6)
    assert len(np.unique(y.sum(axis=(1, 2)))) > 5
    inside = videos.frames[0, 0][videos.masks[0, 0, 1]].mean(axis=0)
    outside = videos.frames[0, 0][~videos.masks[0, 0, 1]].mean(axis=0)
    for image, mask in zip(x[..., :3], y > 0.5, strict=True):
        if mask.any():
            mean = image[mask].mean(axis=0)
            assert np.linalg.norm(mean - inside) < np.linalg.norm(mean - outside)


def test_a_folder_of_davis(tmp_path):
    with pytest.raises(UserError, match="data_path"):
        data.load(SMALL.replace(source="davis"))
    chosen = SMALL.replace(source="davis", data_path=str(tmp_path), flow="ilk")
    with pytest.raises(UserError, match="missing"):
        data.load(chosen)
    sets = tmp_path / "ImageSets" / "2017"
    sets.mkdir(parents=True)
    for part, name in (("train", "bear"), ("val", "cows")):
        (sets / f"{part}.txt").write_text(name + "\n", encoding="utf-8")
        for kind in ("JPEGImages", "Annotations"):
            (tmp_path / kind / "480p" / name).mkdir(parents=True)
        for t in range(5):
            frame = np.full((40, 60, 3), 40, np.uint8)
            label = np.zeros((40, 60), np.uint8)
            for k, top in ((1, 5), (2, 20)):
                frame[top : top + 10, 10 + 3 * t : 25 + 3 * t] = 90 * k
                label[top : top + 10, 10 + 3 * t : 25 + 3 * t] = k
            Image.fromarray(frame).save(
                tmp_path / "JPEGImages" / "480p" / name / f"{t:05d}.jpg"
            )
            image = Image.fromarray(label, "P")
            image.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0] + [0] * 759)
            image.save(tmp_path / "Annotations" / "480p" / name / f"{t:05d}.png")
    train, test = data.load(chosen)
    assert train.frames.shape == (1, 4, 32, 32, 3)
    assert train.masks.shape == (1, 4, 2, 32, 32) and test.present.all()
    assert train.masks[0, 0, 0].sum() == pytest.approx(150 * 32 * 32 / 2400, rel=0.2)
    three, _ = data.load(chosen.replace(num_objects=3))
    np.testing.assert_array_equal(three.present, [[True, True, False]])
    with pytest.raises(UserError, match="has 5 frames"):
        data.load(chosen.replace(num_frames=6))
