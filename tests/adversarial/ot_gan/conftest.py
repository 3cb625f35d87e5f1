"""POT as the independent reference, kept from importing TensorFlow once more."""

import importlib
import os

import pytest


@pytest.fixture(scope="session")
def ot():
    for backend in ("TENSORFLOW", "JAX", "PYTORCH"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    return importlib.import_module("ot")
