"""What the README shows is what the package holds."""

from lessons.cli import main


def test_the_generated_tables_are_up_to_date(capsys):
    status = main(["results", "--check"])
    assert status == 0, capsys.readouterr().err
