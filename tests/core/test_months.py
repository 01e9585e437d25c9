"""Calendar months there and back."""

from datetime import date, timedelta

import pytest

from greenward.core.months import after_months, months_before


@pytest.mark.parametrize("number", [1, 3, 11, 12, 24])
def test_the_first_day_that_reaches_a_day_is_found(number: int) -> None:
    for ahead in range(800):
        day = date(2022, 1, 1) + timedelta(days=ahead)
        found = months_before(day, number)
        assert after_months(found, number) >= day
        assert after_months(found - timedelta(days=1), number) < day
