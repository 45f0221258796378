"""The secret is drawn once for a state, for its owner alone, and never where noise hangs on the seed."""

import pytest

from seqmill.errors import InputError
from seqmill.training.private.secret import draws, open_secret


def test_a_state_keeps_its_secret_and_another_has_another(tmp_path):
    key = open_secret(tmp_path / "one", seeded=False)
    assert len(key) == 8 and key == open_secret(tmp_path / "one", seeded=False)
    assert key != open_secret(tmp_path / "two", seeded=False)
    assert (tmp_path / "one" / "noise.key").stat().st_mode & 0o777 == 0o600


def test_seeded_noise_has_no_secret(tmp_path):
    assert open_secret(tmp_path, seeded=True) == ()
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_cut_short_is_refused(tmp_path):
    open_secret(tmp_path, seeded=False)
    (tmp_path / "noise.key").write_bytes(b"short")
    with pytest.raises(InputError, match=r"noise\.key: 5 bytes found, 32 wanted"):
        open_secret(tmp_path, seeded=False)


def test_draws_differ_by_key_seed_purpose_and_step():
    told = [draws(*one).generate_state(2).tolist() for one in _cases()]
    assert len({tuple(one) for one in told}) == len(told)
    assert told[0] == draws((1, 2), 3, 4, 5).generate_state(2).tolist()


def _cases():
    return [((1, 2), 3, 4, 5), ((1, 3), 3, 4, 5), ((1, 2), 4, 4, 5), ((1, 2), 3, 5, 5), ((1, 2), 3, 4, 6)]
