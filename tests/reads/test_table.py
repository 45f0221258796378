"""Rooms are used again when nobody holds an array of them, and only then."""

import numpy as np

from seqmill.reads.table import ReadColumns, Rooms, make_room, with_rows, with_size


def test_a_held_room_is_not_given_out_again() -> None:
    rooms = Rooms(1_000)
    room = rooms.take()
    places = room.buffer.ctypes.data, room.start.ctypes.data
    view = room.start[:2][::1]
    rooms.give_back(room)
    del room
    other = rooms.take()
    assert other.start.ctypes.data != places[1]
    del view
    again = rooms.take()
    assert (again.buffer.ctypes.data, again.start.ctypes.data) == places
    assert len(other.buffer) == len(again.buffer) == 1_000


def test_a_room_is_as_large_as_asked_and_as_the_largest_given_back() -> None:
    rooms = Rooms(10)
    assert len(rooms.take(50).buffer) == 50
    rooms.give_back(make_room(400, 70))
    assert len(rooms.take(500).buffer) == 500
    assert len(rooms.take().start) >= 70


def test_grown_rooms_keep_what_is_filled() -> None:
    room = make_room(4, 3)
    for column in room:
        column[:] = np.arange(len(column))
    grown = with_rows(with_size(room, 9, 3), 8, 2)
    assert isinstance(grown, ReadColumns) and len(grown.buffer) == 9 and grown.n == 8
    assert grown.buffer[:3].tolist() == [0, 1, 2]
    assert all(column[:2].tolist() == [0, 1] for column in grown[1:])
    assert [column.dtype for column in grown] == [column.dtype for column in room]
