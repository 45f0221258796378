"""``seqmill pseudonyms``: tell the pseudonyms of samples or persons, to who has the key."""

import click


@click.command(name="pseudonyms")
@click.argument("names", nargs=-1, required=True)
def command(names: tuple[str, ...]) -> None:
    """Tell the pseudonyms of NAMES under the key in SEQMILL_KEY, one on a line: name, tab, pseudonym.

    The same name has the same pseudonym as sample and as profile. What is printed ties pseudonyms to persons:
    keep it where the names are kept.

    \b
    Example:
      seqmill pseudonyms ada bo
    """  # noqa: D301
    from seqmill.privacy.keys import find_key
    from seqmill.privacy.pseudonyms import pseudonyms

    for name, pseudonym in pseudonyms(find_key(), names).items():
        click.echo(f"{name}\t{pseudonym}")
