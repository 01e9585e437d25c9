"""Values that expire, in columns."""

from datetime import date

import polars as pl

from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Indicator, Standard

AS_OF = date(2025, 6, 30)


def test_a_value_counts_up_to_its_last_day() -> None:
    last = [date(2025, 6, 30), date(2025, 6, 29), None]
    frame = pl.DataFrame({"place": [1, 2, 3], "plan": [True, True, True], "plan.until": last})
    found = assess_all(Standard.of([Indicator("1", parse("plan"))]), frame, AS_OF)
    assert found["statuses"].to_list() == ["M", "?", "M"]
