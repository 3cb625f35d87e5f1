"""Blocks, a gripper and a scripted expert; many worlds are moved at once.

Lengths are in units of five block edges. A block has the edge 0.2, the table reaches
from -0.6 to 0.6, and the gripper moves up to 0.2 along each axis in a step.
"""

import dataclasses

import numpy as np

EDGE, TABLE, SPACING = 0.2, 0.6, 0.35
REACH = 0.2  # greatest move along an axis in one step
GRASP = 0.13  # a closing gripper holds a block within this distance on each axis
UPON = 0.12  # two blocks stand upon each other within this distance in x and y
LEVEL = 0.03  # and if their heights differ by an edge up to this
SAFE = 0.75  # height at which the expert travels
ALIGNED, LOW_ENOUGH = 0.07, 0.08  # where the expert goes down, and opens or closes
STEPS_PER_STAGE = 26


@dataclasses.dataclass
class Worlds:
    """Several worlds of equally many blocks.

    Attributes:
        blocks: centres, shape (worlds, blocks, 3).
        gripper: its place, shape (worlds, 3).
        closed: whether it is closed, shape (worlds,).
        held: the block in it, -1 for none, shape (worlds,).
    """

    blocks: np.ndarray
    gripper: np.ndarray
    closed: np.ndarray
    held: np.ndarray

    def copy(self):
        """The same worlds, to be moved by themselves."""
        return Worlds(*(np.copy(part) for part in dataclasses.astuple(self)))

    def take(self, rows):
        """Copies of some worlds, or of one several times."""
        return Worlds(*(part[rows].copy() for part in dataclasses.astuple(self)))


def start(count, num_blocks, rng):
    """Worlds whose blocks lie on the table, apart from each other.

    Up to four blocks are drawn together until no two are too near, so that all places
    are equally likely; more hardly ever fit in this way, and are put down one by one.

    Args:
        count: of worlds.
        num_blocks: in each.
        rng: a NumPy generator.
    """
    place = _together if num_blocks <= 4 else _one_by_one
    places = place(count, num_blocks, rng)
    blocks = np.concatenate([places, np.full((count, num_blocks, 1), EDGE / 2)], axis=2)
    gripper = rng.uniform(-TABLE, TABLE, (count, 3))
    gripper[:, 2] = 0.7
    return Worlds(blocks, gripper, np.zeros(count, bool), np.full(count, -1))


def _together(count, num_blocks, rng):
    """Places of blocks, (count, num_blocks, 2); whole tables are drawn anew."""
    places = np.empty((count, num_blocks, 2))
    todo = np.arange(count)
    while len(todo):
        draw = rng.uniform(-TABLE, TABLE, (len(todo), num_blocks, 2))
        gaps = np.abs(draw[:, :, None] - draw[:, None]).max(axis=-1)
        gaps += np.eye(num_blocks) * 9
        fine = gaps.min(axis=(1, 2)) >= SPACING
        places[todo[fine]] = draw[fine]
        todo = todo[~fine]
    return places


def _one_by_one(count, num_blocks, rng, most=200):
    """Places of blocks, (count, num_blocks, 2); begun anew after vain tries."""
    places = np.full((count, num_blocks, 2), np.inf)
    lying, tries = np.zeros((2, count), int)
    while np.any(lying < num_blocks):
        todo = np.flatnonzero(lying < num_blocks)
        draw = rng.uniform(-TABLE, TABLE, (len(todo), 1, 2))
        near = np.abs(places[todo] - draw).max(axis=-1).min(axis=1) < SPACING
        fine = todo[~near]
        places[fine, lying[fine]] = draw[~near, 0]
        lying[fine] += 1
        tries[todo] += 1
        anew = todo[(tries[todo] >= most) & (lying[todo] < num_blocks)]
        places[anew], lying[anew], tries[anew] = np.inf, 0, 0
    return places


def step(worlds, actions):
    """Move worlds by one step, in place.

    Args:
        worlds: `Worlds`.
        actions: shape (worlds, 4): three moves in units of `REACH`, cut to [-1, 1], and
            a number that closes the gripper if it is above 0.5.
    """
    rows = np.arange(len(worlds.held))
    move = REACH * np.clip(actions[:, :3], -1, 1)
    before = worlds.gripper.copy()
    worlds.gripper = np.clip(before + move, [-1.0, -1.0, 0.05], [1.0, 1.0, 1.5])
    holds = worlds.held >= 0
    carried = worlds.held[holds]
    worlds.blocks[holds, carried] += (worlds.gripper - before)[holds]
    close = actions[:, 3] > 0.5
    distance = np.abs(worlds.blocks - worlds.gripper[:, None]).max(axis=2)
    nearest = distance.argmin(axis=1)
    takes = close & ~worlds.closed & (distance[rows, nearest] < GRASP)
    worlds.held = np.where(close, np.where(takes, nearest, worlds.held), -1)
    worlds.closed = close
    _settle(worlds)


def _settle(worlds):
    """Let blocks that nothing holds fall upon what is below them, lowest first."""
    count, num_blocks, _ = worlds.blocks.shape
    rows = np.arange(count)
    order = np.argsort(worlds.blocks[:, :, 2], axis=1, kind="stable")
    loose = np.zeros((count, num_blocks), bool)  # settled and not held
    for rank in range(num_blocks):
        which = order[:, rank]
        own = worlds.blocks[rows, which]
        apart = np.abs(worlds.blocks[:, :, :2] - own[:, None, :2]).max(axis=2)
        below = loose & (apart < UPON)
        top = np.where(below, worlds.blocks[:, :, 2] + EDGE, EDGE / 2).max(axis=1)
        falls = which != worlds.held
        worlds.blocks[rows, which, 2] = np.where(falls, top, own[:, 2])
        loose[rows, which] = falls


def observe(worlds):
    """What a policy sees.

    Returns:
        (positions, robot): blocks relative to the gripper, shape (worlds, blocks, 3),
        and (open, closed) as 0 and 1, shape (worlds, 2), both float32.
    """
    positions = worlds.blocks - worlds.gripper[:, None]
    robot = np.stack([~worlds.closed, worlds.closed], axis=1)
    return positions.astype(np.float32), robot.astype(np.float32)


def upon(worlds):
    """Which block stands on which, shape (worlds, blocks above, blocks below)."""
    offset = worlds.blocks[:, :, None] - worlds.blocks[:, None]
    near = np.abs(offset[..., :2]).max(axis=-1) < UPON
    stands = near & (np.abs(offset[..., 2] - EDGE) < LEVEL)
    is_held = np.arange(worlds.blocks.shape[1]) == worlds.held[:, None]
    return stands & ~is_held[:, :, None] & ~is_held[:, None, :]


def done(worlds, stages):
    """Which stages are done, shape (worlds, stages).

    Args:
        worlds: `Worlds`.
        stages: pairs of blocks, shape (worlds, stages, 2).
    """
    rows = np.arange(len(stages))[:, None]
    return upon(worlds)[rows, stages[:, :, 0], stages[:, :, 1]]


def success(worlds, stages):
    """Whether every stage is done and the gripper holds nothing, shape (worlds,)."""
    return done(worlds, stages).all(axis=1) & (worlds.held < 0)


def expert(worlds, stages):
    """What the scripted expert does, shape (worlds, 4).

    It rises, moves over the block of the first stage that is not done, goes down,
    closes, rises, moves over the target, goes down and opens. While it holds a block
    the stage is the one whose block it holds: over the target that stage may look done.

    Args:
        worlds: `Worlds`.
        stages: shape (worlds, stages, 2).
    """
    rows = np.arange(len(stages))
    ready = done(worlds, stages)
    holds = worlds.held >= 0
    own = stages[:, :, 0] == worlds.held[:, None]
    lost = holds & ~own.any(axis=1)  # a block that no stage moves: let it go
    which = np.where(holds, own.argmax(axis=1), (~ready).argmax(axis=1))
    idle = ~holds & ready.all(axis=1)
    source, target = stages[rows, which].T
    goal = np.where(
        holds[:, None],
        worlds.blocks[rows, target] + [0, 0, EDGE],
        worlds.blocks[rows, source],
    )
    offset = goal - worlds.gripper
    over = np.abs(offset[:, :2]).max(axis=1) < ALIGNED
    there = over & (np.abs(offset[:, 2]) < LOW_ENOUGH)
    is_low = worlds.gripper[:, 2] < SAFE - LOW_ENOUGH
    move = offset.copy()
    move[~over, 2] = SAFE - worlds.gripper[~over, 2]
    move[~over & is_low, :2] = 0
    close = np.where(holds, ~there, there & ~worlds.closed)
    move[idle, :2], move[idle, 2] = 0, SAFE - worlds.gripper[idle, 2]
    move[lost], close[lost | idle] = 0, False
    return np.column_stack([np.clip(move / REACH, -1, 1), close]).astype(np.float32)
