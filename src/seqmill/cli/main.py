"""The command line: one verb for each stage, loaded only when it is used."""

import errno
import sys
from importlib import import_module

import click

from seqmill import __version__
from seqmill.errors import SeqmillError, nearest
from seqmill.node import on_node
from seqmill.origin import set_command

VERBS = {
    "simulate": "Generate a reference, individuals and their reads from a plan.",
    "pack": "Make a genome of labelled sequences that have none.",
    "polygenic": "Compute a polygenic score of people from published weights.",
    "profiles": "Make tables of profiles, molecules and labelled rows.",
    "ancestry": "Find relatives, families and components of ancestry among profiles.",
    "associate": "Test which variants or genes go along with a trait.",
    "reads": "Turn FASTQ, BAM or CRAM into checked, sorted, indexed alignments.",
    "peaks": "Call peaks from staged alignments.",
    "labels": "Copy a sample's labels without what names the person.",
    "examples": "Encode and label one sample's reads over one batch of regions.",
    "collect": "Gather parts into shards, a manifest and a label report.",
    "compose": "Compose and check the configuration of one experiment.",
    "tracking": "Create the tracking store; look after it; register the best model.",
    "train": "Train one run; stops and resumes without losing anything.",
    "federated": "Train over sites that keep their rows.",
    "evaluate": "Score a run or a baseline on the test split.",
    "privacy": "Add up what private runs have spent of each cohort.",
    "compare": "Write the leaderboard and the report over runs of one dataset.",
    "promote": "Make a run the champion if it beats the present one.",
    "predict": "Call a new sample, or predict new profiles, with a trained model.",
    "rank": "Rank drugs for new profiles, with spread, intervals and the genes behind.",
    "explain": "Show which motifs a sequence model looks at.",
    "attribute": "Show which features of profiles a model rests on, and whether its seeds agree.",
    "effects": "Annotate variants with what a sequence model says they change.",
    "trace": "Show what a file was made of, down to the reads.",
    "reproduce": "Train a run again and say whether it is the same.",
    "scan": "Look for identifiers in everything that was written.",
    "pseudonyms": "Tell the pseudonyms of samples or persons, to who has the key.",
}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_USERS_FILE = {errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.EROFS}


class _LazyVerbs(click.Group):
    """A group whose sub-commands are ``seqmill.cli.VERB:command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the verbs in the order of the pipeline."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of one verb."""
        if cmd_name not in VERBS:
            return None
        return import_module(f"seqmill.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; a misspelt one is answered with the nearest."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            ctx.fail(f"no such verb: '{args[0]}'{nearest(args[0], VERBS)}; see seqmill --help")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seqmill", message="%(prog)s %(version)s")
def cli() -> None:
    """Raw sequencing reads to trained, tracked, comparable deep-learning models."""


def main() -> None:
    """Run the command line and end with its exit code.

    A mistake of the user ends with one message on stderr and the error's exit code (2 for input, 75 for
    work that stopped early with its state saved); a full disk or an unreadable file says so. Anything
    else is a defect and keeps its traceback.
    """
    sys.exit(_run())


def _run() -> int:
    set_command(sys.argv[1:])
    try:
        status = cli.main(prog_name="seqmill", standalone_mode=False)
    except SeqmillError as error:
        return _fail(str(error), error.exit_code)
    except click.ClickException as error:
        usage = error.ctx.get_usage() + "\n" if isinstance(error, click.UsageError) and error.ctx else ""
        print(usage, end="", file=sys.stderr)
        return _fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", 130)
    except OSError as error:
        if error.errno in _FULL:
            where = error.filename or "output"
            return _fail(f"{where}: the disk is full; free some space and run it again", 1)
        if error.errno in _USERS_FILE and error.filename:
            return _fail(f"{error.filename}: {error.strerror}", 2)
        raise
    return status if isinstance(status, int) else 0


def _fail(message: str, code: int) -> int:
    sys.stdout.flush()
    print(f"error: {message}{on_node()}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    main()
