"""nbgrader's settings for this course; see instructor.md."""

import pathlib

from lessons.grading import pages

c = get_config()

c.CourseDirectory.course_id = "lessons"
c.CourseDirectory.root = str(pathlib.Path(__file__).resolve().parent)

# A cell that runs longer is interrupted and counts as failed; the next one runs.
c.ExecutePreprocessor.timeout = 120  # seconds; importing TensorFlow alone takes ten
c.ExecutePreprocessor.startup_timeout = 120
c.ExecutePreprocessor.kernel_name = "python3"
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.log_level=40",  # errors only
]

c.LateSubmissionPlugin.penalty_method = "none"  # lateness is shown, not subtracted

# Feedback without the hidden tests, pages that ask nothing of other machines, no text
# source among what students get.
pages.configure(c)
