"""Pictures of recorded runs, of a rollout, and the one that time turns."""

import numpy as np

from lessons.control.one_shot_imitation.tasks import LETTERS
from lessons.control.one_shot_imitation.variants import REACHING, VARIANTS
from lessons.toolkit import figures, turning
from lessons.toolkit.figures import Figure

_COLORS = (figures.BLUE, figures.ORANGE, figures.GREEN, figures.PINK, figures.AMBER)


def reaching(panels, steps, random):
    """Success of the policies for particles against steps of training.

    Args:
        panels: `results.Runs` by title, one panel each.
        steps: after which they were judged.
        random: success of going to a random landmark.
    """
    figure, axes = figures.new(1, len(panels), size=(8.2, 3.4), sharey=True)
    texts = []
    for axis, (title, runs) in zip(axes, panels.items(), strict=True):
        for name in REACHING:
            rows = [runs[name, f"success_{step}"] for step in steps]
            means, spans = figures.mean_and_range(rows)
            axis.errorbar(
                steps, means, spans, elinewidth=0.8, **figures.look(VARIANTS[name])
            )
            texts.append(
                f"{title}, {VARIANTS[name].label}: {means[0]:.2f} to {means[-1]:.2f}"
            )
        axis.axhline(random, color=figures.GREY, linestyle=":", linewidth=1)
        axis.set(title=title, xlabel="steps of training", xscale="log", ylim=(0, 1.03))
        axis.set_xticks(steps, steps)
        axis.minorticks_off()
    axes[0].set_ylabel("success")
    axes[-1].legend(fontsize=7, loc="upper left")
    return Figure(
        figure,
        f"Two line charts of success against {steps[0]} to {steps[-1]} steps for "
        f"three policies. First and last means: {'; '.join(texts)}. A dotted line "
        f"marks going to a random landmark, {random:.2f}.",
        "Means and ranges over seeds, against steps of training.",
    )


def stacking(panels, yardsticks):
    """Success of block policies, a dot for each seed.

    Args:
        panels: by title, success of each seed by name of the variant.
        yardsticks: by title, pairs (label, success).
    """
    figure, axes = figures.new(1, len(panels), size=(9.2, 3.3), sharey=True)
    rng, texts = np.random.default_rng(0), []
    for axis, (title, shown) in zip(axes, panels.items(), strict=True):
        for place, (name, values) in enumerate(shown.items()):
            at = place + rng.uniform(-0.15, 0.15, len(values))
            color = figures.COLORS[VARIANTS[name].color]
            axis.plot(at, values, "o", color=color, alpha=0.7, markersize=6)
            axis.hlines(values.mean(), place - 0.3, place + 0.3, color=color)
            texts.append(
                f"{title}, {VARIANTS[name].label}: mean {values.mean():.2f}, "
                f"{values.min():.2f} to {values.max():.2f}"
            )
        for label, value in yardsticks[title]:
            axis.axhline(value, color=figures.GREY, linestyle=":", linewidth=1)
            at = (len(shown) - 0.55, value + 0.02)
            axis.annotate(label, at, fontsize=8, ha="right")
        labels = [VARIANTS[name].label.replace(" ", "\n") for name in shown]
        axis.set_xticks(range(len(shown)), labels, fontsize=8)
        axis.set(title=title, ylim=(-0.03, 1.1), xlim=(-0.5, len(shown) - 0.5))
    axes[0].set_ylabel("success")
    return Figure(
        figure,
        f"Dots of success, one for each of {len(values)} seeds. {'; '.join(texts)}.",
        "A dot is a seed, a bar the mean. Dots at 0 pick nothing up.",
    )


def knob(shown, kept, acted, row, task, times):
    """A rollout beside its demonstration, at several times of the policy.

    Args:
        shown: `Episodes` of the demonstrations.
        kept: `Kept` of them.
        acted: `acting.Acted` with weights.
        row: which world.
        task: its task.
        times: steps of the policy.

    Returns:
        A `Turning`.
    """
    count = shown.positions.shape[2]
    names = [LETTERS[i] for i in range(count)]
    present = kept.mask[row] > 0
    frames = kept.frames[row][present]
    weights = acted.temporal[row][:, present]
    pictures, alts = [], []
    for t in times:
        figure, axes = figures.new(1, 3, size=(8.4, 3.0))
        now = acted.episodes.positions[row, t]
        closed = acted.episodes.robot[row, t, 1] > 0.5
        for i, name in enumerate(names):
            axes[0].add_patch(_square(now[i, 0], now[i, 2], _COLORS[i]))
            axes[0].annotate(name, (now[i, 0], now[i, 2]), ha="center", va="center")
        axes[0].plot(0, 0, "v" if closed else "^", color=figures.BLACK, markersize=9)
        axes[0].set(
            xlim=(-1.3, 1.3),
            ylim=(-0.95, 0.45),
            title=f"policy, step {t}",
            xlabel="x from the gripper",
            ylabel="height from the gripper",
        )
        axes[1].bar(frames, weights[t], width=1.2, color=figures.SKY)
        axes[1].set(
            title="attention over frames",
            xlabel="step of the demonstration",
            ylim=(0, 1),
            xlim=(-1, shown.positions.shape[1]),
        )
        looked = acted.blocks[row, t]
        for query, values in enumerate(looked):
            axes[2].bar(
                np.arange(count) + 0.4 * query - 0.2,
                values,
                0.36,
                color=(figures.BLUE, figures.AMBER)[query % 2],
                label=f"query {query + 1}",
            )
        axes[2].set_xticks(range(count), names)
        axes[2].set(title="attention over blocks", ylim=(0, 1.3))
        axes[2].legend(fontsize=7, loc="upper left", ncols=2)
        pictures.append(figure)
        most = [names[int(values.argmax())] for values in looked]
        alts.append(
            f"Step {t}: the gripper is {'closed' if closed else 'open'}; most weight "
            f"of the queries lies on {' and '.join(most)}, most weight over frames on "
            f"step {frames[int(weights[t].argmax())]}."
        )
    return turning.turn(
        pictures,
        list(map(str, times)),
        "step of the policy",
        f"Three panels for the task {task}: a side view of the blocks seen from "
        "the gripper, the weight of each kept frame of the demonstration, and the "
        "weights of the two final queries over blocks.",
        "A triangle that points up is an open gripper. Do the two queries find the "
        "block to move and the one to put it on, and does that hang on the step?",
        alts=alts,
        start=len(times) // 2,
        num_colors=32,
    )


def _square(x, z, color):
    from matplotlib import patches

    return patches.Rectangle(
        (x - 0.1, z - 0.1), 0.2, 0.2, facecolor=color, edgecolor="white", alpha=0.8
    )
