"""Networks of policies and of values, and how many numbers they have.

A policy gives the mean of a Gaussian over actions; its deviations are a vector of its
own, one logarithm for each action. A network of values has the same shape and one
output.
"""

import keras
from keras import layers

from lessons.toolkit import runtime


def network(num_inputs, num_outputs, units, lstm=0, *, seed=0, last_scale=1.0):
    """A dense network with tanh, or a dense layer, an LSTM and a dense layer.

    Args:
        num_inputs, num_outputs: sizes.
        units: of the hidden dense layers; one where there is an LSTM.
        lstm: units of the LSTM, 0 for none.
        seed: of the first weights.
        last_scale: factor of the last layer's first weights.

    Returns:
        A Keras model; with an LSTM its inputs have an axis of time.
    """
    seeds = keras.random.SeedGenerator(seed)

    def dense(size, activation=None, scale=1.0):
        first = keras.initializers.VarianceScaling(
            scale, "fan_avg", "uniform", seed=seeds
        )
        return layers.Dense(size, activation, kernel_initializer=first)

    stack = [keras.Input((None, num_inputs) if lstm else (num_inputs,))]
    stack += [dense(size, "tanh") for size in units]
    if lstm:
        stack.append(
            layers.LSTM(
                lstm,
                return_sequences=True,
                use_cudnn=False,  # which has no second derivative
                kernel_initializer=keras.initializers.GlorotUniform(seeds),
                recurrent_initializer=keras.initializers.Orthogonal(seed=seeds),
            )
        )
    stack.append(dense(num_outputs, scale=last_scale))
    return keras.Sequential(stack)


def num_parameters(num_inputs, num_outputs, units, lstm=0, *, policy=True):
    """Parameters of a policy with its deviations, or of a network of values.

    Args:
        num_inputs, num_outputs, units, lstm: as for `network`.
        policy: whether each output has a deviation.
    """
    built = network(num_inputs, num_outputs, units, lstm)
    return runtime.num_parameters(built) + (num_outputs if policy else 0)
