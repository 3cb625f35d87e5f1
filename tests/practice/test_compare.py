"""Every known mistake of every exercise is recognised by what it gives."""

import pytest

from lessons.grading import exercise
from lessons.practice import compare
from lessons.practice.material import Material, course_directory

UNNAMED = {
    "wrong_cosine_rounding": "it differs by less than the comparison sees",
    "wrong_frames_own_generator": "it gives something else each time",
    "wrong_losses_one_mask": "the tests' own functions draw numbers",
    "wrong_losses_real_measured_again": "the tests' own functions draw numbers",
    "wrong_losses_two_draws": "the tests' own functions draw numbers",
    "wrong_normalize_new_vector": "it gives something else each time",
    "wrong_sharpen_from_the_lesson": "it differs by less than the comparison sees",
}
SLUGS = exercise.slugs(course_directory())


def _space(material):
    space = {"__name__": "__main__"}
    for cell in material.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "setup":
            source = cell.source.partition("LESSON = ")[0]  # imports, no import hook
            exec(source, space)
            exec("from lessons.grading.watched import watched", space)
    return space


@pytest.mark.parametrize("slug", SLUGS)
def test_each_known_mistake_is_named(slug, subtests, monkeypatch):
    monkeypatch.setattr(compare, "SECONDS", 60.0)  # also on a machine with much to do
    material = Material(slug)
    for question in material.questions.values():
        if question.written:
            continue
        wrong = {each.name: each.source for each in material.wrong(question.name)}
        known = compare.Known(
            name=question.name,
            right=material.right(question.name),
            tests=material.tests(question.name),
            wrong=wrong,
            space=_space(material),
        )
        for title in known.titles - UNNAMED.keys():
            with subtests.test(title):
                found = known.beside(known.mistake(title))
                assert found["different"], "no input of the tests shows the mistake"
                assert title in found["like"]
                assert found["like"][0] == title, f"told as {found['like'][0]}"
