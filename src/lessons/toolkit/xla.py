"""When the whole loop over training steps becomes one XLA computation, and how.

On a CPU, compiling a dense network's step with XLA gains little: each call copies all
weights in and out. Compiling the loop around the step does gain: the weights stay, and
a step takes a half to four fifths of the time (`make bench`). But

* compiling takes seconds longer: only trainings of `LONG` steps or more are compiled;
* XLA's convolutions and pooling are slower than oneDNN's, and it adds rows with the
  same index (the gradient of an embedding) one after the other;
* recurrent loops know best themselves how to be compiled (`toolkit.recurrent`);
* numbers from TensorFlow's own generator would not follow the seed, and no Python
  function can be called.

So these steps stay as they are; so do bfloat16 and float16, models compiled with
`jit_compile=True`, and everything on a GPU, where Keras chooses.
"""

import contextlib
import functools

import tensorflow as tf

LONG = 5000  # training steps
_OUTSIDE = ("Conv", "Pool", "While", "SegmentSum", "PyFunc", "Where", "Unique")
_OWN_STATE = ("Random", "Multinomial", "TruncatedNormal", "ParameterizedTruncated")


def traced(model, spec):
    """A model's training step as a graph.

    Args:
        model: a compiled, built model.
        spec: of a batch, as nest of `tf.TensorSpec`.
    """
    step = tf.function(model.train_step, jit_compile=model.jit_compile, autograph=False)
    return step.get_concrete_function(spec)


def traced_for_loop(model, spec, num_steps):
    """The same for a loop that XLA compiles, or None where that does not pay.

    Random numbers come from ThreeFry instead of Philox then: XLA makes a step function
    of Philox that takes thirty times as long as TensorFlow's.

    Args:
        model, spec: as for `traced`.
        num_steps: training steps that will be made.
    """
    if (
        num_steps < LONG
        or model.jit_compile
        or model.compute_dtype not in ("float32", "float64")
        or tf.config.list_logical_devices("GPU")
    ):
        return None
    with _threefry():
        step = traced(model, spec)
    return step if suits(step.graph) else None


def suits(graph):
    """Whether a step consists of operations that XLA compiles well for a CPU."""
    definition = graph.as_graph_def()
    nodes = [*definition.node]
    for function in definition.library.function:
        nodes += function.node_def
    return not any(
        node.op.startswith(_OWN_STATE) or any(part in node.op for part in _OUTSIDE)
        for node in nodes
    )


@contextlib.contextmanager
def _threefry():
    """Let Keras draw by ThreeFry while a step is traced: it has no setting for that."""
    names = ("stateless_normal", "stateless_uniform", "stateless_truncated_normal")
    usual = {name: getattr(tf.random, name) for name in names}
    try:
        for name, draw in usual.items():
            setattr(tf.random, name, functools.partial(draw, alg="threefry"))
        yield
    finally:
        for name, draw in usual.items():
            setattr(tf.random, name, draw)
