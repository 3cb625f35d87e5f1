"""Take over those of a person's pip settings that say how packages are reached.

pip reads files (`pip config debug` lists them) and `PIP_...` variables. An index, a
proxy, a certificate, a cache or a timeout set there is needed here as well. Anything
else (`user`, `target`, `require-hashes`, `constraint`, `dry-run`, ...) was meant for
other projects: it would send packages elsewhere, change which ones are installed, or
make pip refuse the lock file. So pip gets the former as variables and reads no file.

Standard library only, and no syntax younger than Python 3.6: see `bootstrap`.
"""

import json
import os
import subprocess

# Options of pip that say how packages are reached. A set holds the only values taken.
TAKEN_OVER = {
    "index-url": None,
    "pypi-url": None,
    "extra-index-url": None,
    "no-index": None,
    "find-links": None,
    "proxy": None,
    "cert": None,
    "client-cert": None,
    "trusted-host": None,
    "keyring-provider": None,
    "timeout": None,
    "default-timeout": None,
    "retries": None,
    "resume-retries": None,
    "cache-dir": None,
    "no-cache-dir": None,
    "use-feature": {"truststore"},  # the system's certificates
    "use-deprecated": {"legacy-certs"},
}
SET_ANYWAY = {"config-file", "disable-pip-version-check", "no-input"}
# Run by the environment's Python: its pip knows which files count, and in which order.
READ_SETTINGS = """
import json
from pip._internal.configuration import Configuration

configuration = Configuration(isolated=False)
configuration.load()
pairs = {}
for key, value in configuration.items():
    if isinstance(value, dict):  # newer versions of pip: file -> {key: value}
        pairs.update(value)
    else:
        pairs[key] = value
print(json.dumps(pairs))
"""


def without_pip(variables):
    """The variables less those of pip and of Python itself."""
    left_out = ("PIP_", "PYTHON")
    return {
        name: value
        for name, value in variables.items()
        if not name.upper().startswith(left_out)
    }


def merge(pairs):
    """Settings as `pip install` sees them.

    Args:
        pairs: settings of all files and variables, such as {"global.user": "yes"}.

    Returns:
        (option, value) pairs as one dictionary; variables go before the section of
        the command, which goes before the global one.
    """
    merged = {}
    for section in ("global", "install", ":env:"):
        for key, value in pairs.items():
            place, _, option = key.partition(".")
            if place == section and value:
                merged[option] = value
    return merged


def choose(settings):
    """Split settings into those that pip is to follow and the names of the others."""
    taken, left_out = {}, []
    for option, value in sorted(settings.items()):
        allowed = TAKEN_OVER.get(option, set())
        if allowed is not None:
            value = " ".join(word for word in value.split() if word in allowed)
        if value:
            taken[option] = value
        elif option not in SET_ANYWAY:
            left_out.append(option)
    return taken, left_out


def environment(python):
    """Variables for the pip of an environment, and the settings that they leave out.

    Args:
        python: the environment's interpreter.

    Returns:
        (variables, left_out): a dictionary and a list of names of options. Where the
        files cannot be read, pip is left to read them and to say why.
    """
    variables = without_pip(os.environ)
    given = {
        name: value for name, value in os.environ.items() if name.startswith("PIP_")
    }
    try:
        answer = subprocess.run(
            [python, "-c", READ_SETTINGS],
            env=dict(variables, **given),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        settings = merge(json.loads(answer.stdout.decode()))
        variables["PIP_CONFIG_FILE"] = os.devnull
    except (subprocess.CalledProcessError, ValueError, OSError):
        settings = {
            name[4:].lower().replace("_", "-"): value for name, value in given.items()
        }
        if "PIP_CONFIG_FILE" in given:
            variables["PIP_CONFIG_FILE"] = given["PIP_CONFIG_FILE"]
    taken, left_out = choose(settings)
    for option, value in taken.items():
        variables["PIP_" + option.upper().replace("-", "_")] = value
    return variables, left_out
