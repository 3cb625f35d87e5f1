"""Lets the expert act in every step."""

# loses: guarded_round

import numpy as np


def guarded_round(states, labels, policy, expert, start, step, most, gap):
    states, labels, state = list(states), list(labels), start
    for _ in range(most):
        label, _ = np.array(expert(state)), None
        states.append(np.array(state, float))
        labels.append(label)
        state, ended = step(state, label)
        if ended:
            break
    return np.array(states), np.array(labels)
