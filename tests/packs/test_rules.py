from datetime import date

import pytest

from greenward.packs.loader.loading import load
from greenward.packs.rules import RuleValue, applies, failed_checks
from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.shape import Bilingual
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


@pytest.mark.parametrize(
    "when, values, asked",
    [
        (None, {}, True),
        ("is_old", {"is_old": True}, True),
        ("is_old", {"is_old": False}, False),
        ("is_old", {"is_old": None}, True),
        ("is_old", {}, True),
        ("is_old && year_built < 2000", {"year_built": 2001}, False),
        ("year(as_of) - year_built > 20", {"year_built": 2001}, True),
    ],
)
def test_a_question_is_asked_unless_its_condition_fails(
    when: str | None, values: dict[str, RuleValue], *, asked: bool
) -> None:
    field = Field(id="renewed_in", label=Bilingual(zh="改造年", en="Year"), type="year", when=when)
    assert applies(field, values, DAY) is asked
