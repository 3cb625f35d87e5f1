"""Command line of the notebook machinery; see `lessons.toolkit.notebook`."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from lessons.toolkit.errors import UserError


def main(argv=None):
    """Run one command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        Exit status: 0 done; 1 a cell failed or a rule is broken; 2 bad input; 130 or
        143 stopped by Ctrl-C or SIGTERM.
    """
    arguments = _parser().parse_args(argv)
    try:
        return arguments.command(arguments)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; no file is half-written.", file=sys.stderr)
        return 130
    except asyncio.CancelledError:
        print("Terminated; no file is half-written.", file=sys.stderr)
        return 143


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m lessons.toolkit.notebook",
        description="Run, refresh and check the notebooks of the lessons.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("execute", help="run a notebook and write its page")
    one.add_argument("slug", help="the lesson, such as vae")
    one.add_argument("--out", help="folder to write to (build/SLUG)")
    one.set_defaults(command=_execute)
    for name, command, text in (
        ("refresh", _refresh, "rewrite stored notebooks from their text sources"),
        ("check", _check, "check stored notebooks against the rules"),
    ):
        many = commands.add_parser(name, help=text)
        many.add_argument("slugs", nargs="*", metavar="SLUG", help="all when left out")
        many.set_defaults(command=command)
        if name == "refresh":
            text = "keep the outputs: only prose or tags have changed"
            many.add_argument("--text", action="store_true", help=text)
    names = commands.add_parser("environment", help="print VARIABLE=VALUE lines")
    names.set_defaults(command=_environment)
    return parser


def _console():
    from rich.console import Console

    return Console()


def _execute(arguments):
    from lessons.toolkit.notebook import source
    from lessons.toolkit.notebook.execute import execute

    (lesson,) = source.select([arguments.slug])
    out = Path(arguments.out or Path("build") / lesson.slug)
    return 0 if execute(source.text_path(lesson), out, _console()) else 1


def _refresh(arguments):
    from lessons.toolkit.notebook import check, source, watch
    from lessons.toolkit.notebook.refresh import refresh, retext

    console, status = _console(), 0

    def watched(notebook):
        return watch.watcher(notebook, os.devnull, console)

    for lesson in source.select(arguments.slugs):
        path = source.text_path(lesson)
        target = retext(path) if arguments.text else refresh(path, watched)
        print(f"{lesson.slug}: wrote {target}", flush=True)
        status = max(status, _report(lesson, check.problems(path)))
    return status


def _check(arguments):
    from lessons.toolkit.notebook import check, source

    status = 0
    for lesson in source.select(arguments.slugs):
        found = check.problems(source.text_path(lesson))
        if not found:
            print(f"{lesson.slug}: ok")
        status = max(status, _report(lesson, found))
    return status


def _report(lesson, found):
    for problem in found:
        print(f"{lesson.slug}: {problem}")
    return 1 if found else 0


def _environment(arguments):
    from lessons.toolkit.notebook import environment

    for name, value in environment.STORED.items():
        print(f"{name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
