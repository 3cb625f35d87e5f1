"""Class E: pages that show a student's text."""

from tests.grading import hostile_text
from tests.grading.corpus.cases import ALL, LOST_DOUBLE, code

SCRIPT = "<script>document.title='pwned'</script>"
code(
    "e_script_in_the_text",
    ALL,
    why=f"{SCRIPT} <img src=x onerror=alert(1)> [a](javascript:alert(1))\n\n"
    "![p](http://127.0.0.1/x.png)\n\n[b]: javascript:alert(2)\n\n"
    "$\\href{javascript:alert(3)}{x}$",
)
code(
    "e_tags_behind_backslashes",
    ALL,
    why=r"<\input autofocus onfocus=alert(1)> \\href{javascript:alert(1)}{x} <\data>",
)
code(
    "e_many_ways_to_be_active",
    ALL,
    why="\n\n".join(hostile_text.CASES),
)
code(
    "e_script_printed",
    ALL,
    double=f"print({SCRIPT!r})\ndef double(x): return 2 * np.array(x)",
)
code(
    "e_script_displayed",
    ALL,
    double=f"""\
from IPython.display import HTML, Javascript, display
display(HTML({SCRIPT!r}), Javascript("alert(1)"))
def double(x): return 2 * np.array(x)""",
)
code(
    "e_script_in_an_error",
    LOST_DOUBLE,
    double=f"""\
def double(x): raise ValueError({SCRIPT!r})""",
)
code(
    "e_terminal_codes",
    LOST_DOUBLE,
    double="""\
print("\\x1b]0;pwned\\x07\\x1b[2J")
def double(x): raise ValueError("\\x1b[31mred\\x1b]8;;http://127.0.0.1\\x07link")""",
)
code(
    "e_hidden_inputs_told",
    LOST_DOUBLE,
    double="""\
def double(x): raise ValueError(f"the hidden input is {list(x)} from the test")""",
)
