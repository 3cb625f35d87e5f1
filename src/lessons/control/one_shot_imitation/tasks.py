"""Tasks of block stacking as strings, such as "abc de": towers, top block first."""

import itertools
import math

import numpy as np

from lessons.toolkit.errors import UserError

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def parse(task):
    """Stages of a task, in order: pairs (block to move, block to put it on).

    A tower is built from below, one tower after the other: "abc de" is b on c, a on b,
    d on e.

    Args:
        task: towers with the top block first, separated by spaces; every letter from
            a on stands once.

    Raises:
        UserError: it names a block twice, or leaves one out.
    """
    towers = task.split()
    letters = sorted("".join(towers))
    if not letters or letters != list(LETTERS[: len(letters)]):
        raise UserError(
            "a task must name every block once, from a on, such as 'abc de'; got "
            f"{task!r}."
        )
    stages = []
    for tower in towers:
        numbers = [LETTERS.index(letter) for letter in tower]
        stages += list(zip(numbers[:-1], numbers[1:], strict=True))[::-1]
    return tuple(stages)


def num_blocks(task):
    """How many blocks a task names."""
    return len(task.replace(" ", ""))


def renamed(task, names):
    """The same task with other letters.

    Args:
        task: a string.
        names: names[i] is the new number of block i.
    """
    table = {LETTERS[i]: LETTERS[name] for i, name in enumerate(names)}
    return "".join(table.get(letter, letter) for letter in task)


def shape(task):
    """Heights of the towers, greatest first, without names."""
    return tuple(sorted((len(tower) for tower in task.split()), reverse=True))


def every_task(blocks, stages):
    """All tasks of so many blocks and stages, sorted.

    Two orders of the same towers are two tasks if both towers have stages.

    Args:
        blocks: number of blocks.
        stages: number of stages: blocks minus towers.
    """
    found = set()
    for order in itertools.permutations(LETTERS[:blocks]):
        for cuts in itertools.combinations(range(1, blocks), blocks - stages - 1):
            ends = (0, *cuts, blocks)
            towers = [
                "".join(order[i:j]) for i, j in zip(ends[:-1], ends[1:], strict=True)
            ]
            tall = [tower for tower in towers if len(tower) > 1]
            single = sorted(tower for tower in towers if len(tower) == 1)
            found.add(" ".join(tall + single))
    return tuple(sorted(found))


def num_layouts(blocks, stages=None):
    """In how many ways blocks can stand in towers, whatever the towers' order.

    $$\\frac{n!}{k!} \\binom{n - 1}{k - 1}$$ for k towers (Lah numbers).

    Args:
        blocks: n.
        stages: n - k; None sums over all.
    """
    if stages is None:
        return sum(num_layouts(blocks, stages) for stages in range(blocks))
    towers = blocks - stages
    return (
        math.factorial(blocks)
        // math.factorial(towers)
        * math.comb(blocks - 1, towers - 1)
    )


def split(names, part, seed):
    """Tasks to train on and tasks to test with, drawn at random.

    Args:
        names: of tasks.
        part: share to train on; at least one task stays on each side.
        seed: of the draw.
    """
    order = np.random.default_rng((seed, 11)).permutation(len(names))
    count = int(np.clip(round(part * len(names)), 1, len(names) - 1))
    return (
        tuple(names[i] for i in np.sort(order[:count])),
        tuple(names[i] for i in np.sort(order[count:])),
    )


def stages_of(names):
    """Stages of several tasks of equal length, shape (tasks, stages, 2)."""
    return np.array([parse(name) for name in names])


def another(task, names, rng):
    """A task with another layout than `task`, out of `names`."""
    layout = sorted(task.split())
    return str(rng.choice([name for name in names if sorted(name.split()) != layout]))
