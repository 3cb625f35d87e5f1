"""nbgrader's settings for this course; see instructor.md."""

import pathlib

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

from lessons.grading.feedback import HideTests

c = get_config()

c.CourseDirectory.course_id = "lessons"
c.CourseDirectory.root = str(pathlib.Path(__file__).resolve().parent)
# nbgrader copies every file beside a notebook to students: no text source may pass.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.py",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".*",  # such as what a killed run has left
]

# A cell that runs longer is interrupted and counts as failed; the next one runs.
c.ExecutePreprocessor.timeout = 120  # seconds; importing TensorFlow alone takes ten
c.ExecutePreprocessor.startup_timeout = 120
c.ExecutePreprocessor.kernel_name = "python3"
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.log_level=40",  # errors only
]

c.LateSubmissionPlugin.penalty_method = "none"  # lateness is shown, not subtracted

# Feedback pages without the hidden tests.
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]
