r"""FizzBuzz by backpropagation through time, in NumPy: a network without input.

$h_0 = \tanh a$, $h_t = \tanh(h_{t-1} U + b)$, $y_t = \mathrm{softmax}(h_t V + d)$ over
the classes number, fizz, buzz and fizzbuzz. Step t is the number t; counting starts at
0, which both 3 and 5 divide.
"""

import dataclasses

import numpy as np
from scipy import special

CLASSES = ("number", "fizz", "buzz", "fizzbuzz")


def labels(num_steps, start=0):
    """Classes of the numbers start, start + 1, ...: ints, shape (num_steps,)."""
    numbers = np.arange(start, start + num_steps)
    return (numbers % 3 == 0) + 2 * (numbers % 5 == 0)


def initial(units, seed=0, kind="normal"):
    """Parameters of an untrained network.

    Args:
        units: n.
        seed: of the recurrent matrix and the initial state.
        kind: of U: "normal" (0.1 times standard normal) or "orthogonal".

    Returns:
        Dictionary with `start` a (n,), `recurrent` U (n, n), `bias` b (n,), `readout`
        V (n, 4) and `offset` d (4,); V starts at 0.
    """
    random = np.random.default_rng(seed)
    recurrent = 0.1 * random.normal(size=(units, units))
    if kind == "orthogonal":
        recurrent, _ = np.linalg.qr(random.normal(size=(units, units)))
    return {
        "start": random.normal(size=units),
        "recurrent": recurrent,
        "bias": np.zeros(units),
        "readout": np.zeros((units, 4)),
        "offset": np.zeros(4),
    }


def forward(parameters, num_steps):
    """Run the network.

    Args:
        parameters: as `initial` gives them.
        num_steps: how far to count.

    Returns:
        (states, logits), shapes (num_steps, n) and (num_steps, 4), float64.
    """
    states = np.empty((num_steps, len(parameters["start"])))
    h = np.tanh(parameters["start"])
    for t in range(num_steps):
        states[t] = h
        h = np.tanh(h @ parameters["recurrent"] + parameters["bias"])
    return states, states @ parameters["readout"] + parameters["offset"]


def loss_and_gradients(parameters, targets):
    """Mean cross-entropy in nats, its gradients by hand, and the logits.

    Args:
        parameters: as `initial` gives them.
        targets: classes of steps 0, 1, ..., shape (T,).

    Returns:
        (loss, gradients by name, logits).
    """
    count = len(targets)
    states, logits = forward(parameters, count)
    log_p = special.log_softmax(logits, axis=1)
    loss = -log_p[np.arange(count), targets].mean()
    # The read-out: softmax minus one-hot, as in any classifier.
    dy = np.exp(log_p)
    dy[np.arange(count), targets] -= 1
    dy /= count
    # Through time: what step t + 1 sends back, plus what the loss says at step t.
    direct = dy @ parameters["readout"].T
    slopes, back = 1 - states**2, parameters["recurrent"].T
    dz = np.empty_like(states)
    dz[-1] = direct[-1] * slopes[-1]
    for t in range(count - 2, -1, -1):
        dz[t] = (direct[t] + dz[t + 1] @ back) * slopes[t]
    gradients = {
        "start": dz[0],
        "recurrent": states[:-1].T @ dz[1:],
        "bias": dz[1:].sum(axis=0),
        "readout": states.T @ dy,
        "offset": dy.sum(axis=0),
    }
    return loss, gradients, logits


@dataclasses.dataclass(frozen=True)
class Trained:
    """A trained network.

    Attributes:
        parameters: by name.
        losses: nats, one for each iteration.
        accuracies: share of right steps, one for each iteration.
    """

    parameters: dict
    losses: np.ndarray
    accuracies: np.ndarray


def train(
    units=15,
    num_steps=30,
    seed=0,
    kind="normal",
    iterations=1200,
    rate=1e-2,
    clip=1.0,
    nudge=0.0,
):
    """Train with Adam on the one sequence there is, gradients clipped by norm.

    Args:
        units: n.
        num_steps: how far the network is taught to count.
        seed, kind: as for `initial`.
        iterations: at most this many; it ends early when every answer is right with
            a mean loss below 0.01 nats.
        rate: Adam's step size.
        clip: greatest norm of the whole gradient.
        nudge: added to every entry of the untrained initial state; a nudge of 1e-15
            shows what rounding decides.

    Returns:
        `Trained`.
    """
    parameters, targets = initial(units, seed, kind), labels(num_steps)
    parameters["start"] += nudge
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    losses, accuracies = [], []
    for step in range(1, iterations + 1):
        loss, gradients, logits = loss_and_gradients(parameters, targets)
        losses.append(loss)
        accuracies.append(np.mean(logits.argmax(axis=1) == targets))
        if loss < 0.01 and accuracies[-1] == 1:
            break
        norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
        scale = min(1.0, clip / norm)
        speed = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        for name, gradient in gradients.items():
            gradient = scale * gradient
            first[name] += 0.1 * (gradient - first[name])
            second[name] += 0.001 * (gradient**2 - second[name])
            parameters[name] -= speed * first[name] / (np.sqrt(second[name]) + 1e-8)
    return Trained(parameters, np.array(losses), np.array(accuracies))


def accuracy(parameters, num_steps, start=0):
    """Share of right answers, a float.

    Args:
        parameters: as `initial` gives them.
        num_steps: how far to count; the last step judged is `num_steps` - 1.
        start: the first step judged.
    """
    _, logits = forward(parameters, num_steps)
    answers = logits.argmax(axis=1)[start:]
    return float(np.mean(answers == labels(num_steps - start, start)))


def drift(parameters, laps=200):
    """How far the states are from repeating every 15 steps, once they have settled.

    Args:
        parameters: of a network.
        laps: rounds of 15 steps to run before two rounds are compared.

    Returns:
        The greatest difference between a state and the state 15 steps later, over
        the units and the 15 steps of a lap.
    """
    states, _ = forward(parameters, 15 * (laps + 2))
    return float(np.abs(states[-15:] - states[-30:-15]).max())


def period(parameters, longest=15, laps=200):
    """The least number of steps after which settled states repeat within 1e-6.

    A network that has settled at one state has the period 1: it repeats every 15 steps
    too, and counts nothing.

    Args:
        parameters: of a network.
        longest: steps to look at.
        laps: rounds of 15 steps to run first.

    Returns:
        1 to `longest`; 0 if the states repeat after none of them.
    """
    states, _ = forward(parameters, 15 * laps + 2 * longest)
    last = states[-longest:]
    for steps in range(1, longest + 1):
        before = states[-longest - steps : -steps]
        if np.abs(last - before).max() < 1e-6:
            return steps
    return 0


def lap_radius(parameters, laps=200):
    r"""Factor by which a small disturbance of the state changes in one lap of 15 steps.

    It is the spectral radius of $\prod_t U\, \mathrm{diag}(1 - h_t^2)$ over a lap:
    below 1, what is near the cycle is drawn to it. It means something only where the
    states repeat (`drift`).

    Args:
        parameters: of a network.
        laps: rounds of 15 steps to run before the round that is differentiated.
    """
    states, _ = forward(parameters, 15 * (laps + 1) + 1)
    lap = np.eye(len(parameters["start"]))
    for h in states[-15:]:
        lap = lap @ parameters["recurrent"] * (1 - h**2)
    return float(np.abs(np.linalg.eigvals(lap)).max())


def exact(num_steps, scale=10.0):
    r"""FizzBuzz without training: a *linear* recurrence in four dimensions.

    The state is two points on circles, turned by $2\pi/3$ and $2\pi/5$ at each step;
    with $c_3, c_5$ their first coordinates the logits are
    $(0,\ k(c_3 - 1/4),\ k(c_5 - 0.65),\ k(c_3 - 1/4) + k(c_5 - 0.65))$.

    Args:
        num_steps: T.
        scale: k.

    Returns:
        (recurrent matrix (4, 4), logits (T, 4)).
    """
    recurrent = np.zeros((4, 4))
    for block, period in enumerate((3, 5)):
        cosine, sine = np.cos(2 * np.pi / period), np.sin(2 * np.pi / period)
        place = slice(2 * block, 2 * block + 2)
        recurrent[place, place] = [[cosine, sine], [-sine, cosine]]
    state, logits = np.array([1.0, 0.0, 1.0, 0.0]), np.empty((num_steps, 4))
    for t in range(num_steps):
        fizz, buzz = scale * (state[0] - 0.25), scale * (state[2] - 0.65)
        logits[t] = 0, fizz, buzz, fizz + buzz
        state = state @ recurrent
    return recurrent, logits


def margins(logits, targets):
    """By how much the right logit exceeds the best wrong one.

    Args:
        logits: shape (T, 4).
        targets: classes, integers of shape (T,).

    Returns:
        Shape (T,); negative where the answer is wrong.
    """
    rows = np.arange(len(targets))
    others = logits.copy()
    others[rows, targets] = -np.inf
    return logits[rows, targets] - others.max(axis=1)
