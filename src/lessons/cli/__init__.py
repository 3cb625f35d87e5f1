"""The command `lessons`.

Exit status: 0 if all went well, 1 if a run failed or a check found something, 2 for
input that cannot work (one line on standard error says what and what is allowed), 130
after Ctrl-C.
"""

import argparse
import os
import sys

from lessons import __version__
from lessons.cli import (
    data,
    exchange,
    extend,
    grade,
    mark,
    new,
    new_course,
    practice,
    results,
    run,
    show,
    sweep,
)
from lessons.toolkit.errors import UserError

_COURSE = (new_course, exchange, grade, mark, extend)
_COMMANDS = (show, run, sweep, results, data, practice, new, *_COURSE)

_INTERRUPTED = 130
_EPILOGUE = """\
examples:
  lessons list                                  what there is
  lessons show vae                              one lesson and its presets
  lessons run vae --preset smoke                train, evaluate, write a report
  lessons run vae --set latent_dim=8 --seed 3   with one field changed
  lessons sweep vae --seeds 0-4 --set latent_dim=2|8|32
  lessons practice vae                          an exercise that checks your answers
  lessons grade vae --course course             grade what students handed in
"""


class _Parser(argparse.ArgumentParser):
    """Reports bad arguments like every other bad input."""

    def error(self, message):
        raise UserError(f"{message}. Help: {self.prog} --help")


def parser():
    """The parser of the command line."""
    top = _Parser(
        prog="lessons",
        description="Deep generative and sequence models, one paper per lesson: "
        "read it, run it, check it, re-implement it.",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"lessons {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for module in _COMMANDS:
        module.add_to(commands)
    return top


def main(arguments=None):
    """Run the command; returns the exit status.

    Args:
        arguments: the words after `lessons`; by default those of this process.
    """
    try:
        parsed = parser().parse_args(arguments)
        status = parsed.do(parsed)
        sys.stdout.flush()
        return status or 0
    except UserError as error:
        return _say(str(error), 2)
    except FloatingPointError as error:  # training diverged: an outcome, not a bug
        return _say(f"the run failed: {error}", 1)
    except KeyboardInterrupt:
        return _say("interrupted, nothing was written", _INTERRUPTED)
    except BrokenPipeError:  # the reader of our output (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def command():
    """The command as a process of its own: `main`, then the end of the process.

    After Ctrl-C it ends at once. Python's own way out may wait for ever for threads of
    TensorFlow that wait for Python.
    """
    status = main()
    if status == _INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _say(message, status):
    print("lessons:", " ".join(message.split()), file=sys.stderr)
    return status
