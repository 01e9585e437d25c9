"""Ratios that stand far out are told per as many as makes them readable."""

import pytest

from greenward.survey.queries import suspicions


@pytest.mark.parametrize(
    "middle, now, told",
    [
        ("7.0", "0.5", ("0.5", "7", 1)),
        ("0.012", "0.1374", ("13.74", "1.2", 100)),
        ("0.0004", "0.0052", ("52", "4", 10_000)),
        ("1300.0", "98765.0", ("98,765", "1,300", 1)),
        ("0.0", "3.0", ("3", "0", 1)),
    ],
)
def test_small_ratios_are_told_per_hundred_or_ten_thousand(
    middle: str, now: str, told: tuple[str, str, int]
) -> None:
    times = suspicions._times(middle)  # noqa: SLF001 - the page's words need a round and a place around them
    assert (suspicions._plain(now, times), suspicions._plain(middle, times), times) == told  # noqa: SLF001 - the same
