"""The competitors.

Each module gives `build(row)`, which makes the row's model, and `KINDS`, a dictionary
of training functions. A model has `num_parameters`; a training function takes
(model, images, turn) and trains for as long as it is asked to (`worker.Turn`).
"""

import importlib

# name: (module, kind, title, packages whose versions count)
PEERS = {
    "keras": ("keras_fit", "fit", "plain Keras `fit`", ("keras", "tensorflow")),
    "lessons": ("lessons_fit", "fit", "Lessons `fit`", ("keras", "tensorflow")),
    "torch": ("pytorch", "eager", "PyTorch eager", ("torch",)),
    "torch_compile": ("pytorch", "compiled", "torch.compile", ("torch",)),
    "jax": ("jax_jit", "step", "JAX jit", ("jax",)),
    "jax_scan": ("jax_jit", "scan", "JAX jit, epoch scanned", ("jax",)),
}
BASE = "keras"


def load(name):
    """(build, train) of a peer.

    Raises:
        ModuleNotFoundError: its framework is not installed.
    """
    module, kind, *_ = PEERS[name]
    module = importlib.import_module(f"benchmarks.peers.{module}")
    return module.build, module.KINDS[kind]
