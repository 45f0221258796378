"""What the device reads out of payloads, against closed forms."""

import numpy as np
import pytest
import torch

from seqmill.applications.small_variants.expand import (
    COLUMN_CHANNELS,
    N_FEATURES,
    fraction_profile,
    grouped_columns,
    site_features,
    unpack,
)
from seqmill.applications.small_variants.spec import ALLELE_FRACTIONS
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, payload


def test_unpack_gives_back_what_was_written() -> None:
    pileup = unpack(payload([ALT, REF]), COLUMNS)
    assert pileup.reference.tolist() == [[1, 2, 3, 4, 1]]
    assert pileup.reads.present.sum().item() == 2
    assert pileup.reads.llr[0, :3].tolist() == [9.0, -9.0, 0.0]
    assert pileup.reads.alt[0, :3].tolist() == [1.0, 0.0, 0.0]
    assert pileup.reads.reverse[0, :3].tolist() == [0.0, 1.0, 0.0]


def test_the_profile_is_the_likelihood_of_each_fraction() -> None:
    reads = [("ACTTA", 3.0, False), ("ACGTA", -2.0, False), ("ACTTA", 5.0, False)]
    profile = fraction_profile(unpack(payload(reads), COLUMNS).reads)[0].numpy()
    fractions = np.array(ALLELE_FRACTIONS)[:, None]
    wanted = np.log(1 - fractions + fractions * np.exp([3.0, -2.0, 5.0])).sum(1)
    assert profile == pytest.approx(wanted - wanted.max(), abs=1e-4)


def test_misplaced_reads_count_little() -> None:
    sure = payload([ALT])
    unsure = sure.clone()
    unsure.view(-1, COLUMNS + 8)[1, COLUMNS] = 1  # mapping quality
    span = [float(-fraction_profile(unpack(p, COLUMNS).reads).min()) for p in (sure, unsure)]
    assert span[0] > 4 > 1 > span[1]


def test_features_have_the_promised_width_and_are_finite() -> None:
    batch = torch.cat([payload([]), payload([ALT] * 3), payload([ALT, REF, REF])])
    features = site_features(unpack(batch, COLUMNS))
    assert features.shape == (3, N_FEATURES)
    assert torch.isfinite(features).all()


def test_features_do_not_depend_on_the_order_of_reads() -> None:
    one, other = (
        site_features(unpack(payload(reads), COLUMNS)) for reads in ([ALT, REF, REF], [REF, ALT, REF])
    )
    assert torch.allclose(one, other, atol=1e-6)


def test_grouped_columns_by_hand() -> None:
    reads = [ALT, ("AC-TA", 9.0, True), ("A+GTA", -9.0, False), ("..GTA", 0.0, False)]
    columns = grouped_columns(unpack(payload(reads), COLUMNS))[0]
    assert columns.shape == (COLUMN_CHANNELS, COLUMNS)
    groups = columns[:20].reshape(4, 5, COLUMNS)  # forward, reverse, reference, others; one read in each
    covered, matches, differs, deleted, inserts = range(5)
    assert groups[0, covered].tolist() == [1, 1, 1, 1, 1]
    assert groups[0, matches].tolist() == [1, 1, 0, 1, 1]  # quality 40 is weight 1
    assert groups[0, differs].tolist() == [0, 0, 1, 0, 0]
    assert groups[1, deleted].tolist() == [0, 0, 1, 0, 0]
    assert groups[2, inserts].tolist() == [0, 1, 0, 0, 0]
    assert groups[3, covered].tolist() == [0, 0, 1, 1, 1]
    assert columns[20:24].argmax(0).tolist() == [0, 1, 2, 3, 0]
    assert columns[24].tolist() == [0, 0, 1, 0, 0]
