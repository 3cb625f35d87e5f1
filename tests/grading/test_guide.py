"""Every command of course/instructor.md, run in its order in an empty folder.

The exercise is a small one that bears the name of the guide's. Servers are left out:
`lessons mark` is clicked through in test_marking.py.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.grading.small_course import RIGHT, SOURCE

pytestmark = pytest.mark.usefixtures("isolating")
CHECKOUT = pathlib.Path(__file__).parents[2]
GUIDE = CHECKOUT / "course" / "instructor.md"
COMMAND = re.compile(r"`((?:cd course && )?(?:lessons|nbgrader|python -m) [^`]+)`")
SERVERS = ("lessons mark",)
STATUS = {
    "lessons return": 3,  # the written question waits to be marked
    "course mutate": 1,  # the small exercise does not say how many axes a result has
}
QUESTION = "elbo_gaussian"  # the guide's; in the small exercise it is `total`
ANSWERS = {
    "right_1": 'WRITTEN = "Because it follows."\n',
    "right_2": "",
    "wrong_double": "# loses: double\ndef double(x):\n    return 3 * np.asarray(x)\n",
}
EXCHANGE = (
    "c = get_config()\nc.Exchange.root = {!r}\nc.Exchange.path_includes_course = True\n"
)


def commands():
    """The guide's commands, each once, in their order; a new line is a space.

    Two words, such as "lessons grade", only name a program.
    """
    text = " ".join(GUIDE.read_text(encoding="utf-8").split())
    found = dict.fromkeys(COMMAND.findall(text))
    return [command for command in found if len(command.split()) > 2]


def write_course(root):
    """A folder with nothing but an exercise, its answers and the settings."""
    course = root / "course"
    answers = course / "answers" / "vae"
    answers.mkdir(parents=True)
    (course / "exercises").mkdir()
    source = SOURCE.replace("total", QUESTION)
    # All points or none: the authoring check knows nothing in between.
    source = source.replace("\npoints()\n", "\nassert points() == 4, 'a wrong sum'\n")
    (course / "exercises" / "vae.py").write_text(source)
    right = "import numpy as np\n" + "\n\n".join(
        text.replace("total", QUESTION) for name, text in RIGHT.items() if name != "why"
    )
    for name, text in ANSWERS.items():
        whole = right if name.startswith("right") else "import numpy as np\n"
        (answers / f"{name}.py").write_text(f"{whole}\n{text}")
    points = {"double": 2, "twice": 2, QUESTION: 4, "why": 1}
    (answers / "points.json").write_text(json.dumps(points))
    shutil.copy(CHECKOUT / "course" / "nbgrader_config.py", course)


def answer(root):
    """The release with right answers, as bytes."""
    notebook = json.loads((root / "course/release/vae/vae.ipynb").read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        text = RIGHT.get(name.replace(QUESTION, "total"))
        cell["source"] = text.replace("total", QUESTION) if text else cell["source"]
    return json.dumps(notebook).encode()


def surroundings(root):
    """Variables of a machine on which this project is set up, and nothing else."""
    config = root / "config"
    config.mkdir()
    exchange = root / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (config / "nbgrader_config.py").write_text(EXCHANGE.format(str(exchange)))
    programs = pathlib.Path(sys.executable).parent
    own = {"JUPYTER_CONFIG_DIR": config, "HOME": root, "PYTHONWARNINGS": "ignore"}
    own["PYTHONPATH"] = CHECKOUT / "src"  # this checkout, whatever is installed
    own["PATH"] = os.pathsep.join([str(programs), os.environ["PATH"]])
    return os.environ | {name: str(value) for name, value in own.items()}


def test_every_command_of_the_guide_does_what_it_says(tmp_path):
    root = tmp_path / "empty"
    root.mkdir()
    write_course(root)
    environment, outputs = surroundings(tmp_path), {}
    for command in commands():
        if command.startswith(SERVERS):
            continue
        meant = command.replace("STUDENT", "'Ada Lovelace'").replace("DIR", "mine")
        if "ARCHIVE.zip" in command:
            with zipfile.ZipFile(root / "ARCHIVE.zip", "w") as archive:
                name = "Ada Lovelace_7_assignsubmission_file_/vae.ipynb"
                archive.writestr(name, answer(root))
        if command.startswith("lessons extend"):
            due = "nbgrader db assignment add vae --duedate '2030-01-01 00:00 UTC'"
            run(f"cd course && {due}", root, environment)
        outputs[command] = run(meant, root, environment)
        if "ARCHIVE.zip" in command:  # what the exchange puts beside a submission
            folder = root / "course" / "submitted" / "Ada Lovelace" / "vae"
            (folder / "timestamp.txt").write_text("2029-12-01 00:00:00 UTC")
            (folder / "submission_secret.txt").write_text("b2f7a6")
    course = root / "course"
    assert (course / "feedback" / "Ada Lovelace" / "vae" / "vae.html").is_file()
    assert (course / "grades.csv").is_file() and (root / "mine" / "README.md").is_file()
    assert (
        "8 of 9 points, 1 to be marked" in outputs["lessons grade vae --course course"]
    )
    assert {path.name for path in root.iterdir()} == {"course", "mine", "ARCHIVE.zip"}
    assert len(outputs) >= 14


def run(command, root, environment):
    """Run a command as a person would type it; it must end well."""
    answer = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    expected = next((n for word, n in STATUS.items() if word in command), 0)
    assert answer.returncode == expected, (command, answer.stdout[-3000:])
    return answer.stdout
