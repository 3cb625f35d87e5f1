"""Takes the gradient as it is, as the lesson does."""

# loses: clipped_nesterov


def clipped_nesterov(w, m, g, lr, mu, limit):
    momentum = mu * m - lr * g
    return w + mu * momentum - lr * g, momentum
