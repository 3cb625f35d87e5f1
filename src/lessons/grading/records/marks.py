"""Marks given by hand, each kept with the text it was given for.

nbgrader's gradebook knows a mark, not what was marked. A table of our own beside
nbgrader's, in the same database and written in the same transaction, holds for each
grade a digest of the answer that was last shown, and of the answer that the mark
belongs to. So it does not matter what was regraded, restarted or deleted in between:

* a mark that stands without a flag was given, by a person, for what was last shown;
* when another text comes, the mark is put aside and the question waits again;
* when the marked text comes back, so does its mark.
"""

import dataclasses

_NAME = "lessons_mark"


@dataclasses.dataclass
class Mark:
    """What is known of one grade.

    Attributes:
        shown: digest of the answer that was last written to the records, or None.
        marked: digest of the answer that was marked by hand, or None.
        score: the mark, None if there is none.
        extra: extra credit, None if there is none.
        aside: whether the mark was taken out of the gradebook, since another answer is
            there now.
    """

    shown: str | None = None
    marked: str | None = None
    score: float | None = None
    extra: float | None = None
    aside: bool = False

    def settle(self, grade, automatic, digest):
        """Bring a grade up to date with the answer that is there now.

        Args:
            grade: an nbgrader `Grade`; its scores and its flag are changed.
            automatic: points of the tests, None where a person marks.
            digest: of the answer that is there now.
        """
        given = grade.manual_score is not None or bool(grade.extra_credit)
        looked = not grade.needs_manual_grade
        if not given and self._exists and (looked or not self.aside):
            self.marked = self.score = self.extra = None  # a person took it back
            self.aside = False
        elif given and looked:
            self.marked, self.aside = self.shown, False
            self.score, self.extra = grade.manual_score, grade.extra_credit
        elif grade.manual_score is not None and not self._exists:
            # Flagged by another program: for which text it was given, nobody knows.
            self.score, self.extra = grade.manual_score, grade.extra_credit
        _set(grade, "auto_score", automatic)
        if self._exists:
            self.aside = self.marked is None or self.marked != digest
            _set(grade, "manual_score", None if self.aside else self.score)
            _set(grade, "extra_credit", None if self.aside else self.extra)
            open_question = automatic is None and self.score is None
            _set(grade, "needs_manual_grade", self.aside or open_question)
        else:
            _set(grade, "needs_manual_grade", automatic is None)
        self.shown = digest

    @property
    def _exists(self):
        return self.score is not None or bool(self.extra)


def _set(thing, name, value):
    """Change an attribute only if it differs, so that no row is written in vain."""
    if getattr(thing, name) != value:
        setattr(thing, name, value)


class Table:
    """The table of marks in an open gradebook.

    Args:
        session: SQLAlchemy's session of the gradebook.
    """

    def __init__(self, session):
        import sqlalchemy as sql

        self._session, self._sql = session, sql
        self._table = sql.Table(
            _NAME,
            sql.MetaData(),
            sql.Column("grade_id", sql.String(32), primary_key=True),
            sql.Column("shown", sql.String(64)),
            sql.Column("marked", sql.String(64)),
            sql.Column("score", sql.Float),
            sql.Column("extra", sql.Float),
            sql.Column("aside", sql.Boolean, nullable=False),
        )
        self._table.create(session.connection(), checkfirst=True)
        session.commit()

    def read(self, grades):
        """Marks by a grade's id, for those that have one."""
        table = self._table
        wanted = table.c.grade_id.in_([grade.id for grade in grades])
        rows = self._session.execute(self._sql.select(table).where(wanted))
        return {row.grade_id: Mark(*row[1:]) for row in rows}

    def write(self, grade, mark, known):
        """Store a mark, within the session's transaction.

        Args:
            grade: the `Grade`.
            mark: its `Mark`.
            known: what `read` gave for it, or None.
        """
        if mark == known:
            return
        values = dataclasses.asdict(mark)
        if known is None:
            change = self._table.insert().values(grade_id=grade.id, **values)
        else:
            own = self._table.c.grade_id == grade.id
            change = self._table.update().where(own).values(**values)
        self._session.execute(change)
