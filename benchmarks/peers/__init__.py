"""The competitors: how each framework trains a model that a row's family builds.

Each module has `train(model, data, turn)`, which trains for as long as it is asked to
(`worker.Turn`). The model comes from `build(row)` of `benchmarks.FAMILY.MODULE` and has
`num_parameters`.
"""

import functools
import importlib

# name: (training, model, title, packages whose versions count)
PEERS = {
    "keras": ("keras_fit", "keras_model", "plain Keras `fit`", ("keras", "tensorflow")),
    "lessons": (
        "lessons_fit",
        "lessons_model",
        "Lessons `fit`",
        ("keras", "tensorflow"),
    ),
    "torch": ("torch_eager", "torch_model", "PyTorch eager", ("torch",)),
    "torch_compile": ("torch_compiled", "torch_model", "torch.compile", ("torch",)),
    "jax": ("jax_step", "jax_model", "JAX jit", ("jax",)),
    "jax_scan": ("jax_scanned", "jax_model", "JAX jit, epoch scanned", ("jax",)),
}
BASE = "lessons"  # whom every other is compared with


def load(name, row):
    """(build, train): how a peer makes a row's model, and how it trains it.

    Raises:
        ModuleNotFoundError: its framework is not installed.
    """
    training, model, *_ = PEERS[name]
    model = importlib.import_module(f"benchmarks.{row.family}.{model}")
    training = importlib.import_module(f"benchmarks.peers.{training}")
    train = functools.partial(training.train, batch_size=row.batch_size)
    return model.build, train
