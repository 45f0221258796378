"""Work outlives whoever reads its messages."""

import subprocess
import sys

WORK = """
import sys
from seqmill.cli.pipe import outlive_reader
outlive_reader()
print("first", file=sys.stderr)
sys.stdin.readline()
for _ in range(3):
    print("nobody hears this", file=sys.stderr)
print("done")
"""


def test_messages_are_dropped_when_their_reader_is_gone():
    process = subprocess.Popen(
        [sys.executable, "-c", WORK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline() == "first\n", "a message is out when its line ends"
    process.stderr.close()
    words, _ = process.communicate("\n", timeout=60)
    assert (process.returncode, words) == (0, "done\n")
