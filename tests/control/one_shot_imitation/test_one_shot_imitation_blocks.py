"""Tasks, simulators, experts, and what is kept of demonstrations."""

import numpy as np
import pytest

from lessons.control.one_shot_imitation import (
    baselines,
    blocks,
    config,
    data,
    demonstrations,
    evaluation,
    particles,
    tasks,
)
from lessons.toolkit.errors import UserError

SMOKE = config.PRESETS["smoke"]


def test_strings_are_read_from_below():
    assert tasks.parse("abc de") == ((1, 2), (0, 1), (3, 4))
    assert tasks.parse("a b") == ()
    assert tasks.shape("abc de") == (3, 2)
    assert tasks.renamed("abc d", (3, 2, 1, 0)) == "dcb a"
    for wrong in ("", "aa", "ac", "ab b"):
        with pytest.raises(UserError, match="every block once"):
            tasks.parse(wrong)


def test_layouts_are_counted_twice():
    assert [tasks.num_layouts(n) for n in (1, 2, 3, 4, 5)] == [1, 3, 13, 73, 501]
    assert tasks.num_layouts(10) == 58_941_091
    for n, stages in ((3, 1), (4, 2), (4, 1), (5, 3)):
        found = {tuple(sorted(name.split())) for name in tasks.every_task(n, stages)}
        assert len(found) == tasks.num_layouts(n, stages)
    assert len(tasks.every_task(4, 2)) == 48  # two orders of two towers of two


def test_tasks_are_split_and_others_are_other_layouts():
    names = tasks.every_task(4, 2)
    train, test = tasks.split(names, 0.7, 3)
    assert set(train) | set(test) == set(names) and not set(train) & set(test)
    rng = np.random.default_rng(0)
    for _ in range(40):
        assert tasks.another("ab cd", names, rng) not in ("ab cd", "cd ab")
    large, held = data.task_split(config.PRESETS["paper"], 4, 7)
    assert not set(large) & set(held)
    assert all(len(tasks.parse(name)) == 4 for name in (*large, *held))


def test_blocks_fall_upon_what_is_below():
    table = np.array([[[0.0, 0.0, 0.9], [0.05, 0.0, 0.1], [0.5, 0.5, 0.4]]])
    worlds = blocks.Worlds(
        table, np.array([[0.0, 0, 0.9]]), np.ones(1, bool), np.zeros(1, int)
    )
    blocks.step(worlds, np.array([[0.5, 0, 0, 1.0]]))  # carry 0.1 along x
    np.testing.assert_allclose(worlds.blocks[0, 0], [0.1, 0, 0.9])
    assert worlds.blocks[0, 2, 2] == pytest.approx(0.1)  # nothing held it
    assert not blocks.upon(worlds).any()
    blocks.step(worlds, np.zeros((1, 4)))  # open
    assert worlds.blocks[0, 0, 2] == pytest.approx(0.3)
    stands = blocks.upon(worlds)[0]
    assert stands[0, 1] and stands.sum() == 1
    worlds.gripper[:] = worlds.blocks[:, 1]
    blocks.step(worlds, np.array([[0, 0, 0, 1.0]]))
    assert worlds.held[0] == 1  # pulled out: the upper one falls
    blocks.step(worlds, np.array([[1.0, 0, 0, 1.0]]))
    assert worlds.blocks[0, 0, 2] == pytest.approx(0.1)


def test_the_expert_succeeds_and_its_noise_is_bearable():
    rng = np.random.default_rng(1)
    for num_blocks, num_stages in ((3, 1), (4, 2), (5, 4)):
        names = tasks.every_task(num_blocks, num_stages)
        stages = tasks.stages_of(rng.choice(names, 60))
        worlds = blocks.start(60, num_blocks, rng)
        gaps = np.abs(worlds.blocks[:, :, None] - worlds.blocks[:, None]).max(axis=-1)
        assert (gaps + np.eye(num_blocks)).min() >= blocks.SPACING
        steps = data.length(num_stages)
        found = demonstrations.episodes(worlds, stages, steps)
        assert blocks.success(found.worlds, stages).all()
        assert not blocks.success(worlds, stages).any()  # they were not changed
        noisy = demonstrations.episodes(worlds, stages, steps + 6, noise=0.15, rng=rng)
        assert blocks.success(noisy.worlds, stages).mean() > 0.85


def test_labels_are_the_experts_whoever_acts():
    rng = np.random.default_rng(2)
    stages = tasks.stages_of(["ab c"] * 3)
    worlds = blocks.start(3, 3, rng)
    away = demonstrations.episodes(
        worlds, stages, 4, lambda *seen: np.full((3, 4), [-1.0, 0, 0, 0])
    )
    again = worlds.copy()
    for t in range(4):
        np.testing.assert_array_equal(away.actions[:, t], blocks.expert(again, stages))
        np.testing.assert_array_equal(away.positions[:, t], blocks.observe(again)[0])
        blocks.step(again, np.full((3, 4), [-1.0, 0, 0, 0]))
    mixed = demonstrations.episodes(
        worlds, stages, 4, lambda *seen: np.zeros((3, 4)), beta=1.0, rng=rng
    )
    expert = demonstrations.episodes(worlds, stages, 4)
    np.testing.assert_allclose(mixed.positions, expert.positions, atol=1e-6)


def test_what_is_kept_of_demonstrations():
    rng = np.random.default_rng(3)
    stages = tasks.stages_of(["abc d", "ab cd"])
    found = demonstrations.episodes(blocks.start(2, 4, rng), stages, 52)
    full = demonstrations.keep(found, "full", 0.8, 12, rng)
    assert full.mask.shape == (2, 12) and full.mask.sum(axis=1).min() > 2
    for row in range(2):
        count = int(full.mask[row].sum())
        frames = full.frames[row, :count]
        assert np.all(np.diff(frames) > 0)
        np.testing.assert_array_equal(
            full.positions[row, :count], found.positions[row, frames]
        )
        assert not full.positions[row, count:].any()
    few = demonstrations.keep(found, "full", 0.0, 5, rng)
    assert few.mask.all() and np.all(np.diff(few.frames, axis=1) > 0)
    snaps = demonstrations.keep(found, "snapshot", 0.8, 12, rng)
    assert snaps.mask.shape == (2, 2) and snaps.mask.all()
    for row in range(2):
        first, last = snaps.frames[row]
        assert found.done[row, first] == 1 and found.done[row, first - 1] == 0
        assert last == 51
    assert not demonstrations.keep(found, "none", 0.8, 12, rng).mask.any()


def test_failures_are_told_apart():
    rng = np.random.default_rng(4)
    stages = tasks.stages_of(["ab c"] * 4)
    worlds = blocks.start(4, 3, rng)
    worlds.blocks[0, 0] = worlds.blocks[0, 1] + [0, 0, blocks.EDGE]  # done
    worlds.blocks[1, 2] = worlds.blocks[1, 1] + [0, 0, blocks.EDGE]  # c on b
    worlds.blocks[3, 0, :2] = [3.0, 0]  # out of reach
    found = evaluation.failures(worlds, stages)
    assert found == {
        "wrong_move": 0.25,
        "recoverable": 0.25,
        "irrecoverable": 0.25,
    }
    pair = evaluation.which_pair(worlds, stages)
    assert pair == {"stacked": 0.5, "source_right": 0.5, "target_right": 1.0}


def test_the_final_frame_says_what_to_build():
    rng = np.random.default_rng(5)
    names = np.array(["abc d", "bd ca", "dcb a"])
    stages = tasks.stages_of(names)
    found = demonstrations.episodes(blocks.start(3, 4, rng), stages, 52)
    read = baselines.read_layout(found, 2)
    for row in range(3):
        assert {tuple(p) for p in read[row]} == {tuple(p) for p in stages[row]}
    np.testing.assert_array_equal(read[[0, 2]], stages[[0, 2]])  # towers: the order too


def test_particles_and_their_expert():
    rng = np.random.default_rng(6)
    start = particles.start(300, 4, rng)
    gaps = np.linalg.norm(
        start.landmarks[:, :, None] - start.landmarks[:, None], axis=-1
    )
    assert (gaps + 9 * np.eye(4)).min() >= 2 * particles.NEAR
    targets = rng.integers(4, size=300)
    seen, actions = demonstrations.particle_episodes(300, 4, targets, 0.0, rng)
    last = seen[:, -1, 2:].reshape(300, 4, 2)[np.arange(300), targets]
    assert np.linalg.norm(last, axis=1).max() < particles.NEAR + 0.05
    assert np.abs(actions).max() <= 1
    thin = demonstrations.thinned(seen, 10, rng)
    assert thin.shape == (300, 10, 10)
    np.testing.assert_array_equal(thin[:, -1], seen[:, -1])


def test_what_cannot_be_is_refused():
    with pytest.raises(UserError, match="as many entries"):
        SMOKE.replace(stages=(1, 2))
    with pytest.raises(UserError, match="more than stages"):
        SMOKE.replace(stages=(3,))


@pytest.mark.parametrize("num_blocks", [3, 7, 10])
def test_blocks_lie_apart_however_many_there_are(num_blocks):
    worlds = blocks.start(60, num_blocks, np.random.default_rng(0))
    places = worlds.blocks[..., :2]
    gaps = np.abs(places[:, :, None] - places[:, None]).max(axis=-1)
    assert (gaps + 9 * np.eye(num_blocks)).min() >= blocks.SPACING
    assert np.abs(places).max() <= blocks.TABLE
    assert np.ptp(places, axis=0).min() > blocks.TABLE  # each block goes everywhere
