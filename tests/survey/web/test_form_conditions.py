"""Which conditions a browser may decide by itself."""

import pytest

from greenward.survey.web.conditions import comparisons


@pytest.mark.parametrize(
    "rule,found",
    [
        ("has_lift", (("has_lift", "==", True),)),
        ("!has_lift", (("has_lift", "==", False),)),
        ("lifts >= 1", (("lifts", ">=", 1.0),)),
        ("kind == 'old' && lifts != 0", (("kind", "==", "old"), ("lifts", "!=", 0.0))),
        ("has_lift == false", (("has_lift", "==", False),)),
        ("has_lift || has_stairs", None),
        ("lifts + 1 > 2", None),
        ("lifts > floors", None),
        ("built < date('2000-01-01')", None),
        ("kind < 'old'", None),
        ("has(lifts)", None),
        ("true", None),
        ("(has_lift)", None),
    ],
)
def test_only_plain_comparisons_joined_by_and(rule: str, found: object) -> None:
    assert comparisons(rule) == found
