"""Options that take several values after one flag, as a rule writes them: ``--part A B C``."""

from collections.abc import Iterator

import click


class SeveralCommand(click.Command):
    """A command whose repeatable options also take several values after one flag."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write each further value as an option of its own, then parse as usual."""
        flags = {
            flag
            for parameter in self.params
            if isinstance(parameter, click.Option) and parameter.multiple
            for flag in parameter.opts
        }
        return super().parse_args(ctx, list(_spread(args, flags)))


def _spread(args: list[str], flags: set[str]) -> Iterator[str]:
    flag, values = "", 0
    for arg in args:
        if arg.startswith("-"):
            flag, values = arg if arg in flags else "", 0
        elif flag:
            values += 1
            if values > 1:
                yield flag
        yield arg
