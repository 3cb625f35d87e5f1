"""Training on arrays that stay on the device, in Keras's own `fit`.

Fed with arrays, `fit` gathers every batch on the host, in threads that compete with
the arithmetic of a small machine, and hands it over. Here the arrays are placed on the
device once, and each step gathers its own rows inside the compiled function. Epochs,
callbacks, metrics, `steps_per_execution` and a smaller last batch work as ever. Long
trainings of dense networks run as one XLA computation per execution (`toolkit.xla`).
"""

import contextlib
import functools

import keras
import numpy as np
import tensorflow as tf

from lessons.toolkit import xla

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
def feeding(model, arrays, batch_size, seed, epochs=1):
    """Make `fit` train on resident arrays: yields (data set, callback) to give it.

    Unless the model was compiled with `steps_per_execution`, an epoch is cut into as
    few equal calls from Python as `MOST_STEPS` allows. That changes the speed alone.

    Args:
        model: a compiled model.
        arrays: inputs, or inputs and targets, as NumPy arrays of equal length.
        batch_size: examples per step; the last step of an epoch may have fewer.
        seed: of the order; each epoch has its own.
        epochs: how many there will be; a long training is compiled for longer.
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
    model.train_function = _train_function(model, data, order, batch_size, epochs)
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


def _train_function(model, data, order, batch_size, num_epochs):
    """What `fit` calls once per execution, with an iterator over step numbers.

    `fit` counts steps in strides of `steps_per_execution` and takes no more than that
    count from the iterator; the k-th element is therefore the k-th execution.
    """
    num_full, rest = divmod(order.shape[0], batch_size)
    per_execution = model.steps_per_execution

    def rows(start):
        """A batch of a length that the graph does not know, as the step was traced.

        TensorFlow's rewriting of graphs can fail where the two differ.
        """
        return _batch(data, order[start : start + batch_size])

    def batch(start):
        """A batch for XLA, which has to know the length."""
        return _batch(data, tf.slice(order, [start], [batch_size]))

    spec = tf.nest.map_structure(_any_length, rows(0))
    usual = functools.cache(lambda: xla.traced(model, spec))
    fast = xla.traced_for_loop(model, spec, num_epochs * num_full)

    def compiled(step, take, jit_compile):
        """The full batches from one number to another; gives the last one's logs."""

        def run(first, last):
            logs = tf.nest.map_structure(_zeros, step.structured_outputs)
            return tf.while_loop(
                lambda k, _: k < last,
                lambda k, _: (k + 1, step(take(k * batch_size))),
                (first, logs),
            )[1]

        return tf.function(run, autograph=False, jit_compile=jit_compile)

    run = compiled(fast, batch, True) if fast else compiled(usual(), rows, False)
    smaller = tf.function(lambda start: usual()(rows(start)), autograph=False)

    def execute(iterator):
        nonlocal run, fast
        first = int(next(iterator)) * per_execution
        last, logs = first + per_execution, None
        if first < num_full:
            numbers = tf.constant(first), tf.constant(min(last, num_full))
            try:
                logs = run(*numbers)
            except tf.errors.OpError:
                if fast is None:
                    raise
                # XLA refuses before it computes: nothing is done twice.
                fast, run = None, compiled(usual(), rows, False)
                logs = run(*numbers)
        if rest and last > num_full:
            logs = smaller(tf.constant(num_full * batch_size))
        return logs

    return execute


def _zeros(log):
    return tf.zeros(log.shape, log.dtype)


def _any_length(batch):
    return tf.TensorSpec((None, *batch.shape[1:]), batch.dtype)
