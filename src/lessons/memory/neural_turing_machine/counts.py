"""Numbers of parameters in closed form, for the machine and for the LSTM."""

from lessons.memory.neural_turing_machine import heads


def ntm(
    channels,
    num_bits,
    units,
    num_slots,
    width,
    *,
    controller="feedforward",
    num_read=1,
    num_write=1,
    reach=1,
    learned_start=True,
    learned_memory=False,
):
    r"""Parameters of a Neural Turing Machine.

    With R reads, W writes, width M, H units, I channels, O bits and $T$ numbers for
    the heads: $(I + RM + 1) H + (H + 1) T + (H + RM + 1) O$ with a feed-forward
    controller; an LSTM has $4 H (I + RM + H + 1)$ in place of the first term. A
    learned start adds $RM + (R + W) N$, a learned memory $N M$.

    Args:
        channels, num_bits: of the task.
        units: of the controller.
        num_slots, width: of the memory.
        controller: "feedforward" or "lstm".
        num_read, num_write: heads.
        reach: largest shift.
        learned_start: whether the first read vector and weightings are learned.
        learned_memory: whether the first memory is.
    """
    reads = num_read * width
    if controller == "lstm":
        control = 4 * units * (channels + reads + units + 1)
    else:
        control = (channels + reads + 1) * units
    emitted = (units + 1) * heads.size(num_read, num_write, width, reach)
    output = (units + reads + 1) * num_bits
    start = reads + (num_read + num_write) * num_slots if learned_start else 0
    memory = num_slots * width if learned_memory else 0
    return control + emitted + output + start + memory


def ntm_of(config, channels, num_bits):
    """Parameters of the machine of a configuration, its first state learned."""
    return ntm(
        channels,
        num_bits,
        config.units,
        config.num_slots,
        config.width,
        controller=config.controller,
        num_read=config.num_read,
        num_write=config.num_write,
        reach=config.reach,
    )


def lstm(channels, num_bits, units, num_layers=1):
    r"""Parameters of the paper's LSTM networks.

    Every layer sees the input, every layer feeds the output, the first h and c are
    learned: $\sum_l 4H(I + [l>0]H + H + 1) + 2HL + (LH + 1) O$.

    Args:
        channels, num_bits: I and O of the task.
        units: H.
        num_layers: L.
    """
    inside = sum(
        4 * units * (channels + (units if depth else 0) + units + 1)
        for depth in range(num_layers)
    )
    return inside + 2 * units * num_layers + (num_layers * units + 1) * num_bits


def lstm_units(wanted, channels, num_bits):
    """Units of the one-layer LSTM whose number of parameters is nearest `wanted`."""
    return min(
        range(1, wanted + 1),
        key=lambda units: abs(lstm(channels, num_bits, units) - wanted),
    )
