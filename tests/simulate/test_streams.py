from seqmill.simulate.streams import stream, stream_key


def test_a_stream_depends_on_seed_and_names_alone():
    first = stream(1, "ada", "chrA").random(5)
    assert (first == stream(1, "ada", "chrA").random(5)).all()
    for other in (stream(2, "ada", "chrA"), stream(1, "bo", "chrA"), stream(1, "adac", "hrA")):
        assert (first != other.random(5)).all()


def test_the_key_never_changes():
    assert stream_key(7, "ada", "chrA") == 17388942306598799730
