"""Stores the actions of the learner."""

# loses: guarded_round

import numpy as np


def guarded_round(states, labels, policy, expert, start, step, most, gap):
    states, labels, state = list(states), list(labels), start
    for _ in range(most):
        label, own = np.array(expert(state)), np.array(policy(state))
        states.append(np.array(state, float))
        labels.append(own)
        far = np.any(np.abs(own - label) > gap)
        state, ended = step(state, label if far else own)
        if ended:
            break
    return np.array(states), np.array(labels)
