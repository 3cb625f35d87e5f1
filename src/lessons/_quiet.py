"""Hold back what TensorFlow prints while it starts.

TensorFlow writes a dozen lines to the process's standard error (file descriptor 2)
while its C++ library loads and looks for GPUs; `TF_CPP_MIN_LOG_LEVEL` comes too late
for the first of them. In a notebook they land in a cell's stored output. `install`
puts a finder in front of the import system that does one thing: the first time
`tensorflow` is imported, file descriptor 2 goes to a temporary file. If the import
fails, what was held back is printed, so no error is lost.
"""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import warnings

_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_CPP_MAX_VLOG_LEVEL": "-1",
}


@contextlib.contextmanager
def standard_error_held():
    """Send file descriptor 2 to a file; print that file if the body fails."""
    try:
        saved = os.dup(2)
    except OSError:  # no standard error at all: nothing to hold back
        yield
        return
    with tempfile.TemporaryFile() as held:
        sys.stderr.flush()
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:  # not Ctrl-C: nothing failed
            os.dup2(saved, 2)
            held.seek(0)
            os.write(2, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


class _QuietLoader(importlib.abc.Loader):
    """The real loader of `tensorflow`, run with standard error held back."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        # From here on the module looks as if it had been loaded the usual way.
        module.__spec__.loader = module.__loader__ = self.loader
        with standard_error_held(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.loader.exec_module(module)
            module.config.list_physical_devices()  # the search for GPUs prints too
        # Hints about retracing are meant for a process with one model.
        module.get_logger().setLevel("ERROR")


class _QuietFinder(importlib.abc.MetaPathFinder):
    """Finds `tensorflow` once, then steps aside."""

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _QuietLoader(spec.loader)
        return spec


def install():
    """Set the environment TensorFlow reads, and hold back its start-up messages."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if "tensorflow" in sys.modules:  # too late for the start, not for the hints
        sys.modules["tensorflow"].get_logger().setLevel("ERROR")
    elif not any(isinstance(finder, _QuietFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _QuietFinder())
