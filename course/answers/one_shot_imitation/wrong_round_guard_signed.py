"""Forgets that a difference may be negative."""

# loses: guarded_round

import numpy as np


def guarded_round(states, labels, policy, expert, start, step, most, gap):
    states, labels, state = list(states), list(labels), start
    for _ in range(most):
        label, own = np.array(expert(state)), np.array(policy(state))
        states.append(np.array(state, float))
        labels.append(label)
        far = np.any(own - label > gap)
        state, ended = step(state, label if far else own)
        if ended:
            break
    return np.array(states), np.array(labels)
