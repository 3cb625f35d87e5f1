"""`lessons mark ASSIGNMENT`: nbgrader's marking pages, on the course that is meant."""

import functools
import os
import shutil
import signal
import subprocess
import sys

from lessons.cli import grade
from lessons.toolkit.errors import UserError, unknown


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "mark",
        help="open the pages on which written questions are marked by hand",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("assignment", metavar="ASSIGNMENT", help="what was graded before")
    add("--course", metavar="DIR", help="the course (default: this folder or ./course)")
    add("--port", metavar="N", default="8888", help="of the server (default: 8888)")
    add("--no-browser", action="store_true", help="print the address, open nothing")
    parser.set_defaults(do=_mark)


def _mark(arguments):
    from lessons.grading import coursedir

    course, name = grade.course_of(arguments.course), arguments.assignment
    graded = {path.parent.name for path in course.glob("autograded/*/*/*.ipynb")}
    if not graded:
        raise UserError(
            f"nothing in {course} has been graded yet. Allowed: first "
            f"`lessons grade {name} --course {course}`."
        )
    if name not in graded:
        raise unknown("assignment", name, sorted(graded))
    print(f"marking {name} of {course}; Ctrl-C ends it", flush=True)
    folder = course / coursedir.FOLDER / name / "marking"
    try:
        return _serve(arguments, course, folder)
    except KeyboardInterrupt:
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(arguments, course, folder):
    command = [
        *(sys.executable, "-m", "jupyterlab"),  # no other program of that name
        f"--ServerApp.root_dir={course}",
        f"--LabApp.default_url=/formgrader/gradebook/{arguments.assignment}",
        f"--ServerApp.port={arguments.port}",
        f"--ServerApp.open_browser={not arguments.no_browser}",
        # nbgrader's pages log in for their own folder only, and not for the addresses
        # that they ask for what they show.
        "--IdentityProvider.cookie_options={'path': '/'}",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]
    linked = None  # a server must not outlive the command
    if sys.platform == "linux":
        from lessons.grading.isolated import namespaces

        linked = functools.partial(namespaces.die_with_parent, signal.SIGTERM)
    private = {"JUPYTER_RUNTIME_DIR": str(folder), "IPYTHONDIR": str(folder)}
    surroundings = {"cwd": course, "env": os.environ | private}
    ended = subprocess.run(command, check=False, preexec_fn=linked, **surroundings)
    return 1 if ended.returncode else 0
