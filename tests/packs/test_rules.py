from datetime import date

import pytest

from greenward.packs.loader.loading import load
from greenward.packs.rules import RuleValue, failed_checks
from greenward.packs.schema.forms import Form
from tests.factories.packs import BEIJING

DAY = date(2022, 9, 15)


@pytest.fixture(scope="module")
def compound() -> Form:
    return load(BEIJING).form_by_id["compound"]


@pytest.mark.parametrize(
    "values, broken",
    [
        ({"year_built": 2022, "parking_spaces": 10, "charging_spaces": 10}, []),
        (
            {"year_built": 2023, "parking_spaces": 10, "charging_spaces": 11},
            [
                "built-in-the-past",
                "charging-within-parking",
            ],
        ),
        ({"is_old": False, "renewal_done": True}, ["renewed-was-old"]),
        ({"renewal_done": True, "charging_spaces": 11}, []),
        ({}, []),
    ],
)
def test_answers_break_checks_and_missing_ones_do_not(
    compound: Form, values: dict[str, RuleValue], broken: list[str]
) -> None:
    assert [check.id for check in failed_checks(compound, values, DAY)] == broken
