"""Submissions come in from a platform's archive, feedback goes back into one."""

import json
import zipfile

import pytest

from lessons import cli
from lessons.grading import archives, exercise, grade
from lessons.grading.trusted import intake
from lessons.grading.trusted.submissions import Options
from tests.grading.small_course import SLUG, answered, book, make_course, released

OPTIONS = Options(timeout=20.0, memory=512 << 20)
CONFIG = "from lessons.grading import pages\nc = get_config()\npages.configure(c)\n"
ADA = "Ada Lovelace_4711_assignsubmission_file_"


@pytest.fixture
def course(tmp_path):
    make_course(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return tmp_path


def pack(root, files):
    path = root / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            if not isinstance(content, bytes):
                content = json.dumps(content).encode()
            archive.writestr(name, content)
    return path


def collect(root, files):
    words = ["collect", SLUG, str(pack(root, files)), "--course", str(root)]
    return cli.main(words)


def handed_in(root):
    """Bytes of all that was put into place, by student."""
    paths = (root / "submitted").glob(f"*/{SLUG}/{SLUG}.ipynb")
    return {path.parents[1].name: path.read_bytes() for path in paths}


@pytest.mark.parametrize(
    ("files", "students"),
    [
        ({f"{ADA}/sums.ipynb": b"1"}, {"Ada Lovelace": b"1"}),
        ({f"{ADA}sums.ipynb": b"1"}, {"Ada Lovelace": b"1"}),
        ({f"Sums-7/{ADA}/part/sums (2).ipynb": b"1"}, {"Ada Lovelace": b"1"}),
        ({f"{ADA}/my work.ipynb": b"1"}, {"Ada Lovelace": b"1"}),
        (
            {
                f"{ADA}/sums.ipynb": b"1",
                f"{ADA.replace('4711', '12')}/sums.ipynb": b"2",
            },
            {"Ada Lovelace": b"1", "Ada Lovelace-12": b"2"},
        ),
        ({"lovelaceada_4711_98_sums.ipynb": b"1"}, {"lovelaceada": b"1"}),
        (
            {
                "lovelaceada_LATE_4711_99_sums-2.ipynb": b"2",
                "lovelaceada_4711_98_sums-1.ipynb": b"1",
                "hopper_5_100_sums.ipynb": b"3",
            },
            {"lovelaceada": b"2", "hopper": b"3"},
        ),
    ],
)
def test_forms_of_moodle_and_canvas(course, files, students, capsys):
    assert collect(course, files) == (3 if len(files) > len(students) else 0)
    assert handed_in(course) == students
    assert f"{len(students)} notebooks taken" in capsys.readouterr().out


def test_students_of_the_gradebook_are_known_and_nobody_takes_their_place(course):
    with book(course) as opened:
        opened.add_student("al1", first_name="Ada", last_name="Lovelace")
        opened.add_student("gh2", lms_user_id="5", last_name="Hopper")
    assert collect(course, {f"{ADA}/sums.ipynb": b"1", "x_5_9_sums.ipynb": b"2"}) == 0
    assert handed_in(course) == {"al1": b"1", "gh2": b"2"}
    impostor = ADA.replace("4711", "666")
    assert collect(course, {f"{impostor}/sums.ipynb": b"3"}) == 0
    assert handed_in(course) == {"al1": b"1", "gh2": b"2", "Ada Lovelace": b"3"}
    both = {f"{ADA}/sums.ipynb": b"4", f"{impostor}/sums.ipynb": b"5"}
    assert collect(course, both) == 0
    assert handed_in(course) == {"al1": b"4", "gh2": b"2", "Ada Lovelace": b"5"}


def test_nobody_becomes_another_by_a_name(course):
    with book(course) as opened:
        opened.add_student("gh2", first_name="Grace", last_name="Hopper")
        opened.add_student("al1", lms_user_id="4711", last_name="Lovelace")
    own = course / "submitted" / "by hand" / SLUG / f"{SLUG}.ipynb"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"0")
    names = ("gh2", "by hand", "Ada Lovelace", "al1")
    files = {
        f"{who}_9{n}_assignsubmission_file_/sums.ipynb": b"1"
        for n, who in enumerate(names)
    }
    files["lovelace_4712_1_sums.ipynb"] = b"2"
    assert collect(course, files) == 0
    found = handed_in(course)
    assert found.pop("by hand") == b"0"
    ids = {"gh2-90", "by hand-91", "Ada Lovelace", "al1-93", "lovelace"}
    assert set(found) == ids


def test_names_of_an_archive_are_no_paths_and_sizes_are_limited(course, capsys):
    large = b" " * (intake.LARGEST + 1)
    files = {
        "../../../.._1_assignsubmission_file_/../../sums.ipynb": b"1",
        "<b>_2_assignsubmission_file_/sums.ipynb": b"2",
        "Large_3_assignsubmission_file_/sums.ipynb": large,
        "Text_4_assignsubmission_file_/essay.pdf": b"4",
        "notes.txt": b"5",
    }
    assert collect(course, files) == 3
    assert handed_in(course) == {"1": b"1", "-b-": b"2"}
    said = capsys.readouterr().out
    assert "2 notebooks taken, 3 files left out" in said
    assert "too large" in said and "it is no notebook" in said
    known = {"source", "submitted", "grading", "gradebook.db", "all.zip"}
    assert {path.name for path in course.iterdir()} == known | {"nbgrader_config.py"}


def test_an_old_time_stamp_does_not_stay_with_a_new_file(course):
    assert collect(course, {f"{ADA}/sums.ipynb": b"1"}) == 0
    stamp = course / "submitted" / "Ada Lovelace" / SLUG / "timestamp.txt"
    stamp.write_text("2026-01-01 00:00:00 UTC")
    assert collect(course, {f"{ADA}/sums.ipynb": b"1"}) == 0
    assert stamp.exists()
    assert collect(course, {f"{ADA}/sums.ipynb": b"2"}) == 0
    assert not stamp.exists()


@pytest.mark.parametrize("data", [b"", b"PK", None])
def test_what_is_no_archive_is_refused(course, data, capsys):
    path = course / "all.zip"
    if data is not None:
        path.write_bytes(data)
    assert cli.main(["collect", SLUG, str(path), "--course", str(course)]) == 2
    assert "is no ZIP archive" in capsys.readouterr().err
    assert collect(course, {"notes.txt": b"1"}) == 2
    assert "no submission was recognised among 1 files" in capsys.readouterr().err


def test_the_whole_loop(course, isolating, capsys):
    """Collected, graded, marked, returned: the names are those that came in."""
    grace = "hoppergrace_5_98_"
    files = {f"{ADA}/sums.ipynb": answered(), f"{grace}sums-1.ipynb": released()}
    assert collect(course, files) == 0
    words = [SLUG, "--course", str(course)]
    assert cli.main(["return", *words]) == 2
    grade.run(course, SLUG, options=OPTIONS)
    assert cli.main(["return", *words]) == 3
    assert "Ada Lovelace: an answer waits" in capsys.readouterr().out
    with book(course) as opened:
        found = opened.find_grade("why", SLUG, SLUG, "Ada Lovelace")
        found.manual_score, found.needs_manual_grade = 1.0, False
        opened.db.commit()
    assert cli.main(["return", *words]) == 0
    with zipfile.ZipFile(course / "grading" / SLUG / archives.FEEDBACK) as archive:
        assert archive.namelist() == [f"{ADA}/sums.html", f"{grace}sums.html"]
        page = archive.read(f"{ADA}/sums.html").decode()
    assert "linspace" not in page and "<script" not in page
    assert exercise.BEGIN_HIDDEN not in page
