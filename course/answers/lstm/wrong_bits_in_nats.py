"""Takes natural logarithms: nats instead of bits."""

# loses: bits_per_char

from scipy import special


def bits_per_char(logits, ids, lengths, warm_up=0):
    log_p = special.log_softmax(logits, axis=-1)
    total, count = 0.0, 0
    for row, length in enumerate(lengths):
        for t in range(warm_up, length):
            total -= log_p[row, t, ids[row, t]]
            count += 1
    return total / count
