"""Records by hand: the smallest, those that are cut, and those that cannot be."""

import struct

import numpy as np
import pytest

from seqmill.reads.renamed import NAME_BYTES, rename_records, room
from seqmill.reads.siphash import key_words

KEY = key_words(bytes(range(16)))
GROUP = np.frombuffer(b"p1.1", np.uint8).copy()
ENDS = np.array([4], np.int64)
NONE = np.empty(0, np.uint8), np.empty(0, np.int64)


def record(name=b"", tags=b"", bases=0):
    body = struct.pack("<iiBBHHHiiii", 0, 7, len(name) + 1, 60, 0, 0, 0, bases, -1, -1, 0)
    body += name + b"\0" + b"\x11" * ((bases + 1) // 2) + b"\x20" * bases + tags
    return struct.pack("<i", len(body)) + body


def renamed(content):
    source = np.frombuffer(content, np.uint8).copy()
    out = np.zeros(room(len(source), 4), np.uint8)
    used, written, damaged = rename_records(source, len(source), out, KEY, *NONE, GROUP, ENDS)
    return used, out[:written].tobytes(), damaged


def test_the_smallest_records_fit_the_room():
    used, written, damaged = renamed(record() * 50)
    assert (used, damaged) == (50 * len(record()), False)
    assert len(written) == 50 * (len(record()) + NAME_BYTES + len("RGZp1.1") + 1)


def test_a_record_changes_in_name_group_and_size_alone():
    used, written, _ = renamed(record(b"r1", b"NMC\x05COZMary\0XXBC\x02\0\0\0ab", bases=3))
    (size,) = struct.unpack_from("<i", written)
    assert used and size == len(written) - 4
    assert written[12] == NAME_BYTES + 1 and written[36 + NAME_BYTES] == 0
    assert written[37 + NAME_BYTES :] == b"\x11\x11\x20\x20\x20NMC\x05XXBC\x02\0\0\0abRGZp1.1\0"


@pytest.mark.parametrize("missing", [1, 30])
def test_a_cut_record_is_left_for_the_next_call(missing):
    used, written, damaged = renamed(record(b"r1") + record(b"r2")[:-missing])
    assert (used, written, damaged) == (len(record(b"r1")), renamed(record(b"r1"))[1], False)


@pytest.mark.parametrize(
    "content",
    [
        struct.pack("<i", 3) + b"abc",
        struct.pack("<i", -9) + b"x" * 40,
        record(tags=b"NM?1"),
        record(tags=b"COZMary"),
        record(tags=b"NM"),
        record(bases=3)[:-1].replace(struct.pack("<i", len(record(bases=3)) - 4), struct.pack("<i", 37), 1),
    ],
    ids=["short", "negative", "type", "open text", "half a tag", "bases"],
)
def test_what_cannot_be_is_told_and_not_written(content):
    used, written, damaged = renamed(record(b"r1") + content)
    assert damaged and used == len(record(b"r1")) and written == renamed(record(b"r1"))[1]
