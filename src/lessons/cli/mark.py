"""`lessons mark ASSIGNMENT`: nbgrader's marking pages, on the course that is meant."""

import os
import subprocess
import sys
import tempfile

from lessons.cli import grade
from lessons.toolkit.errors import UserError


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
    course = grade.course_of(arguments.course)
    if not (course / "autograded").is_dir():
        raise UserError(
            f"nothing in {course} has been graded yet. Allowed: first "
            f"`lessons grade {arguments.assignment} --course {course}`."
        )
    page = f"/formgrader/gradebook/{arguments.assignment}"
    print(f"marking {arguments.assignment} of {course}; Ctrl-C ends it", flush=True)
    with tempfile.TemporaryDirectory(prefix="lessons-mark-") as folder:
        command = [
            *(sys.executable, "-m", "jupyterlab"),  # no other program of that name
            f"--ServerApp.root_dir={course}",
            f"--LabApp.default_url={page}",
            f"--ServerApp.port={arguments.port}",
            f"--ServerApp.open_browser={not arguments.no_browser}",
            # nbgrader's pages log in for their own folder only, and not for the
            # addresses that they ask for what they show.
            "--IdentityProvider.cookie_options={'path': '/'}",
            *(["--allow-root"] if os.geteuid() == 0 else []),
        ]
        private = {"JUPYTER_RUNTIME_DIR": folder, "IPYTHONDIR": folder}
        try:
            ended = subprocess.run(
                command, cwd=course, env=os.environ | private, check=False
            )
            return 1 if ended.returncode else 0
        except KeyboardInterrupt:
            return 0
