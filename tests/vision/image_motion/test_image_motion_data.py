"""Clips show the motion that they say; a folder of KITTI is read as it is."""

import numpy as np
import pytest
from matplotlib import image as pictures
from scipy.spatial import transform

from lessons.toolkit.errors import UserError
from lessons.vision.image_motion import config, data, kitti, se2

LAPTOP = config.PRESETS["laptop"].replace(num_train=40, num_test=30)
CAMERA = config.PRESETS["camera"].replace(num_train=40, num_test=30)


@pytest.fixture(scope="module")
def digits():
    return data.load(LAPTOP)


@pytest.fixture(scope="module")
def camera():
    return data.load(CAMERA)


def test_shapes_and_ranges(digits, camera):
    for parts, count in ((digits, 40), (camera, 40)):
        train, test = parts
        assert train.frames.shape == (count, 5, 24, 24, 1)
        assert train.frames.dtype == np.float32
        assert len(test) == 30 and test.motion.shape == (30, 3)
    assert digits[0].frames.min() == 0 and digits[0].frames.max() <= 1


def test_training_and_test_digits_are_different_ones(digits):
    pixels = [{clip[0].tobytes() for clip in part.frames} for part in digits]
    assert not pixels[0] & pixels[1]


def test_a_digit_is_where_its_pose_says(digits):
    # The centre of light stays at one place of the digit while that moves and turns.
    train, _ = digits
    images = train.frames[..., 0].astype(float)
    y, x = np.mgrid[:24, :24] - 11.5
    total = images.sum(axis=(2, 3))
    centre = np.stack(
        [(images * x).sum(axis=(2, 3)), (images * y).sum(axis=(2, 3))], axis=-1
    )
    centre /= total[..., None]
    own = se2.apply(se2.inverse(train.poses), centre)
    spread = np.abs(own - own.mean(axis=1, keepdims=True)).max(axis=(1, 2))
    assert np.median(spread) < 0.15  # pixels
    wrong = se2.apply(train.poses, centre)  # the pose in place of its inverse
    assert np.median(np.ptp(wrong, axis=1)) > 2


def test_digits_turn_back_before_they_leave(digits):
    for part in digits:
        assert np.abs(part.poses[..., 1:]).max() <= LAPTOP.reflect + 1e-9


def test_motion_is_the_change_of_the_pose(digits):
    train, _ = digits
    assert np.array_equal(train.motion, train.poses[:, -1] - train.poses[:, 0])
    assert np.array_equal(train.shift, train.motion[:, 1:])
    assert np.array_equal(train.turn, train.motion[:, 0])


def test_a_camera_sees_its_motion():
    # What the first frame shows at R(t) p + x stands in the last frame at p.
    plain = np.arange(64.0)
    ramp = (0.01 * plain[None, :] + 0.003 * plain[:, None])[None]
    poses = np.array([[[0.3, 1.0, -2.0], [0.7, 3.0, 1.5]]])
    frames = data.render(ramp, poses, CAMERA)[0, ..., 0]
    motion = se2.compose(se2.inverse(poses[0, 0]), poses[0, 1])
    y, x = np.mgrid[:24, :24] - 11.5
    places = np.stack([x, y], axis=-1)
    seen = se2.apply(motion, places)
    inside = np.all(np.abs(seen) < 11, axis=-1)
    from scipy import ndimage

    rows, columns = seen[..., 1] + 11.5, seen[..., 0] + 11.5
    looked_up = ndimage.map_coordinates(frames[0], [rows, columns], order=1)
    assert inside.sum() > 100
    assert np.allclose(looked_up[inside], frames[1][inside], atol=1e-4)


def test_a_camera_stays_on_the_photograph(camera):
    corner = np.array([[11.5, 11.5], [-11.5, 11.5], [11.5, -11.5], [-11.5, -11.5]])
    for part in camera:
        seen = se2.apply(part.poses[:, :, None], corner)
        assert np.abs(seen).max() <= 31.5


def test_photographs_have_one_mean_and_about_one_contrast(camera):
    frames = camera[0].frames
    assert np.allclose(frames.mean(axis=(2, 3, 4)), 0.5, atol=1e-4)
    assert np.all(frames.std(axis=(2, 3, 4)) < 0.2501)
    assert np.median(frames.std(axis=(2, 3, 4))) > 0.15


def test_the_same_seed_gives_the_same_clips():
    again = data.load(LAPTOP)
    other = data.load(LAPTOP.replace(seed=1))
    assert np.array_equal(again[0].frames, data.load(LAPTOP)[0].frames)
    assert not np.array_equal(again[0].frames, other[0].frames)


def test_a_twin_has_the_same_motion_over_another_photograph():
    chosen = config.PRESETS["camera"].replace(num_train=30, num_test=20)
    seen = []

    def note(sources, views, config, magnification=1.0):
        seen.append((sources, views))
        return np.zeros((*views.shape[:2], 24, 24, 1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "render", note)
        data.load(chosen)
    (one, path), (other, twin) = seen[:2]
    assert np.abs(one - other).max(axis=(1, 2)).min() > 0.1
    steps = [se2.compose(se2.inverse(p[:, :-1]), p[:, 1:]) for p in (path, twin)]
    assert steps[0] == pytest.approx(steps[1])  # as the camera sees it
    turns = (twin - path)[:, 0, 0]
    assert turns.std() > 1  # from all sides: nothing else is shared


def test_a_spot_marks_the_middle_of_a_photograph():
    marks = data.spots(np.random.default_rng(0).random((3, 9, 11)))
    assert [np.unravel_index(m.argmax(), m.shape) for m in marks] == [(4, 5)] * 3
    chosen = config.PRESETS["camera"].replace(num_train=20, num_test=20, shift=0.0)
    plain, marked = (data.load(chosen.replace(spot=s))[0] for s in (0.0, 50.0))
    assert not np.allclose(plain.frames, marked.frames)
    # So bright a spot stands where the pose says, seen from the window.
    places = se2.apply(se2.inverse(marked.poses), np.zeros(2))
    inside = np.abs(places).max(axis=-1) < 7
    high = np.maximum(marked.frames[..., 0] - 0.7, 0)
    y, x = np.mgrid[:24, :24] - 11.5
    total = high.sum(axis=(2, 3))
    found = np.stack([(high * c).sum(axis=(2, 3)) / total for c in (x, y)], axis=-1)
    assert found[inside] == pytest.approx(places[inside], abs=0.5)


def test_clips_may_stay_while_the_weights_change():
    first, second = (LAPTOP.replace(seed=s, data_seed=7) for s in (0, 1))
    assert np.array_equal(data.load(first)[0].frames, data.load(second)[0].frames)


def drive(root, name, poses, seed):
    """A drive of the odometry benchmark with small pictures."""
    folder = root / "sequences" / name / "image_0"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for number in range(len(poses)):
        grey = rng.random((20, 40)).astype("float32")
        pictures.imsave(folder / f"{number:06d}.png", grey, cmap="gray", vmin=0, vmax=1)
    (root / "poses").mkdir(exist_ok=True)
    rows = [pose[:3].ravel() for pose in poses]
    np.savetxt(root / "poses" / f"{name}.txt", rows)


def path_of(count, step, turn):
    """Poses of a car that goes `step` metres ahead and yaws by `turn` each time."""
    pose, found = np.eye(4), []
    move = np.eye(4)
    move[:3, :3] = transform.Rotation.from_euler("y", turn).as_matrix()
    move[2, 3] = step
    for _ in range(count):
        found.append(pose)
        pose = pose @ move
    return found


def test_a_folder_of_drives_becomes_clips(tmp_path):
    drive(tmp_path, "00", path_of(11, 1.0, 0.0), 0)
    drive(tmp_path, "01", path_of(6, 2.0, 0.1), 1)
    settings = config.PRESETS["paper_kitti"].replace(
        data_path=str(tmp_path), num_frames=5, height=8, width=16
    )
    train, test = data.load(settings)
    assert train.frames.shape == (2, 5, 8, 16, 1) and len(test) == 1
    assert train.names == kitti.NAMES and train.labels.tolist() == [0, 0]
    assert train.motion == pytest.approx(np.array([[0, 0, 4, 0, 0, 0]] * 2))
    ahead = [sum(2 * f(0.1 * n) for n in range(4)) for f in (np.sin, np.cos)]
    expected = [ahead[0], 0, ahead[1], 0, 0.4, 0]
    assert test.motion[0] == pytest.approx(np.array(expected))
    assert train.shift.shape == (2, 3) and np.array_equal(test.turn, [0])
    assert 0.3 < train.frames.mean() < 0.7


def test_a_folder_that_cannot_be_read_is_refused(tmp_path):
    settings = config.PRESETS["paper_kitti"]
    with pytest.raises(UserError, match="data_path"):
        data.load(settings)
    settings = settings.replace(data_path=str(tmp_path))
    with pytest.raises(UserError, match="at least two drives"):
        data.load(settings)
    drive(tmp_path, "00", path_of(3, 1.0, 0.0), 0)
    drive(tmp_path, "01", path_of(6, 1.0, 0.0), 1)
    with pytest.raises(UserError, match="shorter"):
        data.load(settings)
    (tmp_path / "poses" / "00.txt").write_text("1 2 3\n")
    with pytest.raises(UserError, match="twelve numbers"):
        data.load(settings)
    np.savetxt(tmp_path / "poses" / "00.txt", np.ones((2, 12)))
    with pytest.raises(UserError, match="a pose for each picture"):
        data.load(settings)
