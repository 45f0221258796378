import click
import pytest
from click.testing import CliRunner

from seqmill.cli.several import SeveralCommand


@click.command(cls=SeveralCommand)
@click.option("--part", "-p", "parts", multiple=True)
@click.option("--name")
@click.option("--quick", is_flag=True)
@click.argument("rest", nargs=-1)
def command(parts, name, quick, rest):
    click.echo(f"{' '.join(parts)}|{name}|{quick}|{' '.join(rest)}")


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (["--part", "a", "b", "c"], "a b c|None|False|"),
        (["--part", "a", "--part", "b"], "a b|None|False|"),
        (["-p", "a", "b", "--name", "n", "--part", "c"], "a b c|n|False|"),
        (["--part=a", "--name", "n"], "a|n|False|"),
        (["x", "--part", "a", "b", "--quick"], "a b|None|True|x"),
        (["--part", "a", "--", "x", "y"], "a|None|False|x y"),
        (["--quick", "x"], "|None|True|x"),
    ],
)
def test_values_go_to_the_flag_before_them(args, wanted):
    result = CliRunner().invoke(command, args)
    assert result.output.strip() == wanted, result.output
