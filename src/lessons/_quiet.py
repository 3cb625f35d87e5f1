"""How TensorFlow and Keras start: silently, and as the lessons need them.

TensorFlow writes a dozen lines to the process's standard error (file descriptor 2)
while its C++ library loads and looks for GPUs; `TF_CPP_MIN_LOG_LEVEL` comes too late
for the first of them. In a notebook they land in a cell's stored output. Keras reads
the user's `keras.json`, where images may be channels_first and numbers float16.

`install` puts a finder for each of the two in front of the import system. The first
time `tensorflow` is imported, file descriptor 2 goes to a temporary file; if the import
fails, what was held back is printed, so no error is lost. The first time `keras` is
imported, its settings become those it has without a file; the file stays as it is.
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


class _Loader(importlib.abc.Loader):
    """The real loader of a package, with something done around it."""

    def __init__(self, loader, finder):
        self.loader, self.finder = loader, finder

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        # From here on the module looks as if it had been loaded the usual way.
        module.__spec__.loader = module.__loader__ = self.loader
        self.load(module)
        sys.meta_path.remove(self.finder)


class _QuietTensorFlow(_Loader):
    """Loads `tensorflow` with standard error held back."""

    def load(self, module):
        with standard_error_held(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.loader.exec_module(module)
            module.config.list_physical_devices()  # the search for GPUs prints too
        # Hints about retracing are meant for a process with one model.
        module.get_logger().setLevel("ERROR")


class _PlainKeras(_Loader):
    """Loads `keras` on TensorFlow, with the settings of a new installation."""

    def load(self, module):
        _check_backend(os.environ["KERAS_BACKEND"])
        self.loader.exec_module(module)
        _settle(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one package until it is loaded, by those that come after it."""

    def __init__(self, name, loader):
        self.name, self.loader, self.asks_others = name, loader, False

    def find_spec(self, name, path=None, target=None):
        if name != self.name or self.asks_others:
            return None
        self.asks_others = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.asks_others = False
        if spec is not None and spec.loader is not None:
            spec.loader = self.loader(spec.loader, self)
        return spec


def _check_backend(name):
    if name != "tensorflow":
        from lessons.toolkit.errors import WrongBackend

        raise WrongBackend(
            f"the lessons need Keras on TensorFlow, and KERAS_BACKEND is {name!r}. "
            "Allowed: tensorflow, or no such variable."
        )


def _settle(keras):
    """Give Keras the settings of no keras.json, for which lessons are written."""
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)


def require_tensorflow():
    """Refuse a Keras that was imported before `lessons` and is not on TensorFlow.

    Raises:
        WrongBackend: it is on another backend.
    """
    _check_backend(sys.modules["keras"].config.backend())


def install():
    """Set the environment that both read, and put the finders in their place."""
    for name, value in _ENVIRONMENT.items():
        os.environ[name] = os.environ.get(name) or value
    waiting = {f.name for f in sys.meta_path if isinstance(f, _Finder)}
    if "tensorflow" in sys.modules:  # too late for the start, not for the hints
        sys.modules["tensorflow"].get_logger().setLevel("ERROR")
    elif "tensorflow" not in waiting:
        sys.meta_path.insert(0, _Finder("tensorflow", _QuietTensorFlow))
    if "keras" in sys.modules:
        _settle(sys.modules["keras"])
    elif "keras" not in waiting:
        sys.meta_path.insert(0, _Finder("keras", _PlainKeras))
