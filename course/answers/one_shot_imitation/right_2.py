"""A right answer in loops over entries, blocks, frames and steps."""

import math

import numpy as np

WRITTEN = r"""
1. A wrong demonstration: task "ba c" shown in a world where "ab c" is asked. A policy that
   reads it does what is shown (about 90 %), and almost never what is asked (0 %).
2. One tower: the final frame shows who stands on whom, and only one order is possible. So the
   explanation must be too few steps of training (or a weak network). Compare success after
   more and more steps, and give the frame to the scripted expert as a read-out: 1.0.
3. sqrt(100 * 0.89 * 0.11) = 3.1; the range of 24 such counts is 12 on average. An exact test
   renames the blocks of one and the same world: paths must be equal to rounding.
"""


def counted_attention(query, context, memory, scale, counts):
    weights = np.zeros((len(query), len(context)))
    for k, q in enumerate(query):
        scores = {}
        for i, c in enumerate(context):
            if counts[i] > 0:
                scores[i] = float(np.sum(scale * np.tanh(q + c)))
        if scores:
            top = max(scores.values())
            total = sum(counts[i] * math.exp(s - top) for i, s in scores.items())
            for i, s in scores.items():
                weights[k, i] = counts[i] * math.exp(s - top) / total
    output = np.zeros((len(query), memory.shape[1]))
    for k in range(len(query)):
        for i in range(len(context)):
            output[k] += weights[k, i] * memory[i]
    return output, weights


def neighborhood_attention(h, b, s, params):
    rows = []
    contexts = [hj @ params["context"] + params["context_bias"] for hj in h]
    for i in range(len(h)):
        row = [h[i]]
        for k in range(len(params["query"])):
            q = h[i] @ params["query"][k] + params["query_bias"][k]
            scores = [float(params["scale"] @ np.tanh(q + c)) for c in contexts]
            top = max(scores)
            parts = [math.exp(score - top) for score in scores]
            shares = [part / sum(parts) for part in parts]
            row.append(sum(a * (b[j] - b[i]) for j, a in enumerate(shares)))
            row.append(sum(a * h[j] for j, a in enumerate(shares)))
        row += [b[i], s]
        rows.append(np.concatenate(row) @ params["out"] + params["out_bias"])
    return np.array(rows)


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        stage = [t for t in range(start, end) if not rng.random() < p]
        if not stage:
            stage = [int(rng.choice(np.arange(start, end)))]
        kept += stage
        start = int(end)
    return np.array(kept)


def stage_weights(scores, stage, present, num_stages):
    frames, blocks = scores.shape
    there = [
        (t, k)
        for t in range(frames)
        for k in range(blocks)
        if stage[t] >= 0 and present[k]
    ]
    top = max(scores[t, k] for t, k in there)
    found, total = np.zeros(num_stages), 0.0
    for t, k in there:
        part = math.exp(scores[t, k] - top)
        found[stage[t]] += part
        total += part
    return found / total


def guarded_round(states, labels, policy, expert, start, step, most, gap):
    pairs, state, ended = [], start, False
    while len(pairs) < most and not ended:
        label, own = expert(state), policy(state)
        pairs.append((np.array(state), np.array(label)))
        gaps = [abs(own[i] - label[i]) for i in range(len(label))]
        state, ended = step(state, own if max(gaps) <= gap else label)
    new_states = [pair[0] for pair in pairs]
    new_labels = [pair[1] for pair in pairs]
    return np.array([*states, *new_states]), np.array([*labels, *new_labels])
