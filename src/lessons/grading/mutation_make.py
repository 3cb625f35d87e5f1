"""All mutants of a right answer: one change of its text each."""

import ast
import dataclasses

from lessons.grading.mutation_statements import of_function
from lessons.grading.mutation_text import Code

NO_MUTANTS = "# no mutants"  # on the line of a helper that computes nothing


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A right answer that was changed in one place.

    Attributes:
        answer: name of the answer.
        function: where the change is: a question, or a helper of some.
        questions: the questions whose answers the change is in.
        line: number of the changed line in the answer's file.
        before: the changed lines as they were, in one line.
        after: the same, changed.
        text: the whole file, changed.
    """

    answer: str
    function: str
    questions: tuple[str, ...]
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self):
        """What it is listed by in equivalent.toml."""
        return self.answer, self.before, self.after


def mutants(answer, text, questions):
    """All mutants of one right answer.

    Args:
        answer: its name.
        text: of its file.
        questions: names of the functions that it must hold.

    Returns:
        A list of `Mutant`, in the order of the file. Changes that leave no Python, or
        the same program as another change, are left out.
    """
    code = Code(text)
    functions = [n for n in code.tree.body if isinstance(n, ast.FunctionDef)]
    functions = [f for f in functions if NO_MUTANTS not in code.line(f)]
    users = _users(functions, questions)
    found = []
    for function in functions:
        if not users[function.name]:
            continue
        first, last = code.start(function), code.end(function)
        seen, asked = {ast.dump(function)}, function.name in questions
        for start, end, put in of_function(code, function, asked):
            changed = code.data[:start] + put.encode() + code.data[end:]
            last_now = last + len(changed) - len(code.data)
            try:
                (program,) = map(ast.dump, ast.parse(changed[first:last_now]).body)
            except SyntaxError:
                continue
            if program in seen:
                continue
            seen.add(program)
            line, *lines = _changed(code.data, changed, start, end, put)
            found.append(
                Mutant(
                    answer,
                    function.name,
                    users[function.name],
                    line,
                    *lines,
                    changed.decode(),
                )
            )
    return found


def _users(functions, questions):
    """The questions whose answers each function is a part of."""
    named = {
        function.name: {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name)
        }
        for function in functions
    }
    users = {name: {name} & set(questions) for name in named}
    for _ in named:  # helpers of helpers
        for name in named:
            for other in named:
                if name in named[other]:
                    users[name] = users[name] | users[other]
    return {name: tuple(q for q in questions if q in users[name]) for name in named}


def _changed(data, changed, start, end, put):
    """(number, before, after) of the lines that an edit changes."""
    first = data.rfind(b"\n", 0, start) + 1
    shift = len(put.encode()) - (end - start)
    last = data.find(b"\n", end)
    parts = data[first:last], changed[first : last + shift]
    words = (" ".join(part.decode().split()) for part in parts)
    return data.count(b"\n", 0, start) + 1, *words
