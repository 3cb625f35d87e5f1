"""Training on arrays that stay on the device, in Keras's own `fit`.

Fed with arrays, `fit` gathers every batch on the host, in threads that compete with
the arithmetic of a small machine, and hands it over. Here the arrays are placed on the
device once, and each step gathers its own rows inside the compiled function. Epochs,
callbacks, metrics, `steps_per_execution` and a smaller last batch work as ever.
"""

import contextlib

import keras
import numpy as np
import tensorflow as tf

LARGEST = 2**30  # bytes: larger data sets stay on the host
MOST_STEPS = 50  # in one call from Python, after which Ctrl-C is heard
_USUAL_WAY = (
    "class_weight",
    "sample_weight",
    "shuffle",
    "steps_per_epoch",
    "validation_split",
)


def suits(model, arrays, options):
    """Whether `fit` can train a model on resident arrays.

    Args:
        model: a compiled model.
        arrays: a list of inputs and targets.
        options: other arguments of `fit`.
    """
    return (
        all(isinstance(array, np.ndarray) for array in arrays)
        and sum(array.nbytes for array in arrays) <= LARGEST
        and not isinstance(model.distribute_strategy, tf.distribute.MirroredStrategy)
        and not model.run_eagerly
        and not any(name in options for name in _USUAL_WAY)
    )


@contextlib.contextmanager
def feeding(model, arrays, batch_size, seed):
    """Make `fit` train on resident arrays: yields (data set, callback) to give it.

    Unless the model was compiled with `steps_per_execution`, an epoch is cut into as
    few equal calls from Python as `MOST_STEPS` allows. That changes the speed alone.

    Args:
        model: a compiled model.
        arrays: inputs, or inputs and targets, as NumPy arrays of equal length.
        batch_size: examples per step; the last step of an epoch may have fewer.
        seed: of the order; each epoch has its own.
    """
    num_examples = len(arrays[0])
    num_steps = -(-num_examples // batch_size)
    order = tf.Variable(tf.range(num_examples, dtype=tf.int64), trainable=False)
    data = [_on_device(array) for array in arrays]
    # Everything that has variables gets them now: made while the step is traced, they
    # would cost a second trace. Does nothing where all is built.
    model._symbolic_build(data_batch=_batch(data, order[:batch_size]))
    kept = model.train_function, model.test_function, model.steps_per_execution
    if model.steps_per_execution == 1:
        num_calls = -(-num_steps // MOST_STEPS)
        model.steps_per_execution = -(-num_steps // num_calls)
    model.train_function = _train_function(model, data, order, batch_size)
    try:
        yield tf.data.Dataset.range(num_steps), _Shuffle(order, seed)
    finally:
        # What validates was made for as many steps as the training had.
        model.train_function, model.test_function, model.steps_per_execution = kept


def _on_device(array):
    if np.issubdtype(array.dtype, np.floating):
        array = array.astype(keras.config.floatx(), copy=False)
    return tf.convert_to_tensor(array)


def _batch(data, rows):
    batch = [tf.gather(values, rows) for values in data]
    return keras.utils.pack_x_y_sample_weight(*batch)


class _Shuffle(keras.callbacks.Callback):
    """Draws a new order before each epoch."""

    def __init__(self, order, seed):
        super().__init__()
        self._order, self._seed = order, seed

    def on_epoch_begin(self, epoch, logs=None):
        generator = np.random.default_rng((self._seed, epoch))
        self._order.assign(generator.permutation(self._order.shape[0]))


def _train_function(model, data, order, batch_size):
    """What `fit` calls once per execution, with an iterator over step numbers.

    `fit` counts steps in strides of `steps_per_execution` and takes no more than that
    count from the iterator; the k-th element is therefore the k-th execution.
    """
    num_examples = order.shape[0]
    stride = batch_size * model.steps_per_execution
    step = tf.function(model.train_step, jit_compile=model.jit_compile, autograph=False)

    def rows(start):
        return order[start : tf.minimum(start + batch_size, num_examples)]

    @tf.function(autograph=False)
    def execute(execution):
        first = execution * stride
        last = tf.minimum(first + stride, num_examples)
        spec = tf.nest.map_structure(_any_length, _batch(data, rows(first)))
        logs = tf.nest.map_structure(
            lambda log: tf.zeros(log.shape, log.dtype),
            step.get_concrete_function(spec).structured_outputs,
        )
        _, logs = tf.while_loop(
            lambda start, _: start < last,
            lambda start, _: (start + batch_size, step(_batch(data, rows(start)))),
            (first, logs),
        )
        return logs

    return lambda iterator: execute(next(iterator))


def _any_length(batch):
    return tf.TensorSpec((None, *batch.shape[1:]), batch.dtype)
