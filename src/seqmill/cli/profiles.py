"""``seqmill profiles``: make tables of profiles, molecules and labelled rows."""

from pathlib import Path

import click


@click.command(name="profiles")
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into."
)
@click.option("--pseudonyms", is_flag=True, help="Give profiles pseudonyms, under the key in SEQMILL_KEY.")
@click.option("--encrypt", is_flag=True, help="Encrypt tables and rows, under the key in SEQMILL_KEY.")
def command(plan: Path, output: Path, pseudonyms: bool, encrypt: bool) -> None:
    """Make the tables of profiles, molecules and labelled rows that PLAN (a YAML file) describes.

    \b
    Example:
      seqmill profiles config/real/drug_response/profiles.yaml --output results/tgsa_pairs/raw
    """  # noqa: D301
    from seqmill.profiles.build import build_profiles
    from seqmill.profiles.plan import load_profiles_plan

    index = build_profiles(load_profiles_plan(plan), output, pseudonymous=pseudonyms, encrypted=encrypt)
    for name, facts in index["tables"].items():
        for block, report in facts["reports"].items():
            if "match_rate" in report:
                rate = f"{report['found']:,} of {report['sites']:,} sites ({report['match_rate']:.1%})"
                click.echo(f"{name}, {block}: {rate} found, in {report['people']:,}")
        blocks = ", ".join(f"{block} {layout['size']:,}" for block, layout in facts["layout"].items())
        twice = f", {facts['duplicates']:,} the same as an earlier one" if facts["duplicates"] else ""
        click.echo(f"{name}: {facts['rows']:,} ({blocks}){twice}{_left_out(facts['dropped'])}")
    for sample, facts in index["samples"].items():
        click.echo(f"{sample}: {facts['rows']:,} labelled rows{_left_out(facts['dropped'])}")


def _left_out(dropped: dict[str, int]) -> str:
    told = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in dropped.items() if count)
    return f", left out: {told}" if told else ""
