"""`lessons new-course DIR`: the files that a course of one's own begins with."""

import pathlib

from lessons.toolkit.errors import UserError

_CONFIG = '''\
"""nbgrader's settings for this course."""

import pathlib

from lessons.grading import pages

c = get_config()

c.CourseDirectory.course_id = "{name}"
c.CourseDirectory.root = str(pathlib.Path(__file__).resolve().parent)

c.LateSubmissionPlugin.penalty_method = "none"  # or "zero"

# Feedback without the hidden tests, pages that ask nothing of other machines, no text
# source among what students get.
pages.configure(c)
'''
_IGNORE = """\
# Names, answers and marks of students: never into a repository
/submitted/
/autograded/
/feedback/
/grading/
/gradebook.db*
*.csv
# Built
/release/
.ipynb_checkpoints/
"""
_GUIDE = """\
# {name}

1. Write the assignment with nbgrader: `source/ASSIGNMENT/NAME.ipynb`. Each function has
   its solution between `### BEGIN SOLUTION` and `### END SOLUTION`, each cell of tests
   its hidden part between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`.
2. `nbgrader generate_assignment ASSIGNMENT` writes `release/`, which students get.
3. Put what they hand in at `submitted/STUDENT/ASSIGNMENT/NAME.ipynb`, or give
   `lessons collect ASSIGNMENT ARCHIVE.zip` with the file of Moodle or Canvas.
4. `lessons grade ASSIGNMENT` in this folder. Before the first submission your own
   solution and the empty release go the same way; a question whose solution does not
   get its points, or whose release gets some, stops the run with the reason.
5. `lessons mark ASSIGNMENT` opens the pages on which written answers are marked; then
   `lessons grade ASSIGNMENT` again brings the tables in `grading/` up to date.
6. `lessons return ASSIGNMENT` writes a page for each student, and
   `grading/ASSIGNMENT/feedback.zip` for Moodle or Canvas.
"""
_FILES = {"nbgrader_config.py": _CONFIG, ".gitignore": _IGNORE, "README.md": _GUIDE}


def add_to(commands):
    """Add the command to the parser."""
    parser = commands.add_parser(
        "new-course",
        help="start a course of your own: settings, ignore rules, a short guide",
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
    parser.set_defaults(do=_new_course)


def _new_course(arguments):
    folder = pathlib.Path(arguments.folder).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there and not empty. Allowed: a new folder.")
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in folder.name)
    (folder / "source").mkdir(parents=True)
    for file, text in _FILES.items():
        (folder / file).write_text(text.replace("{name}", name), encoding="utf-8")
        print(f"wrote {folder / file}")
    return 0
