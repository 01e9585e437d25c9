"""Opening a round with its forms, moving its dates with a reason, closing it: who may, and when."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Model

from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey import actions
from greenward.survey.models import Round
from greenward.survey.queries import forms_of
from greenward.survey.states import Asks
from tests.factories import survey as make
from tests.factories.territories import CITY, DISTRICT, appoint, person

pytestmark = pytest.mark.django_db

LATER = date(2022, 7, 31)
BEFORE = datetime(2022, 5, 20, 2, tzinfo=UTC)


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def moved(held: Round, **changes: Any) -> Round:
    given = {
        "opens_on": held.opens_on, "closes_on": LATER, "seen": (held.opens_on, held.closes_on),
        "reason": "汛期", "by": None, "at": make.AT,
    }  # fmt: skip
    return actions.change_dates(held, **{**given, **changes})


def again(held: Round, **changes: Any) -> Round:
    given: dict[str, Any] = {
        "programme": held.programme, "code": "autumn", "title": "秋季", "reference_on": date(2022, 9, 30),
        "opens_on": date(2022, 9, 1), "closes_on": date(2022, 10, 31), "by": None, "at": make.AT,
    }  # fmt: skip
    return actions.open_round(**{**given, **changes})


def stays(kind: type[Model], act: Callable[[], object], error: type[GreenwardError]) -> GreenwardError:
    """Check that an act is refused, and that nothing changed and nothing was noted."""
    before = list(kind.objects.order_by("pk").values()), AuditEntry.objects.count()  # type: ignore[attr-defined]
    with pytest.raises(error) as raised:
        act()
    assert (list(kind.objects.order_by("pk").values()), AuditEntry.objects.count()) == before  # type: ignore[attr-defined]
    return raised.value


def test_a_round_asks_the_forms_chosen_in_the_packs_order(held: Round) -> None:
    made = again(held, forms=("compound", "community"), asks=Asks.EVERYTHING)
    assert (made.forms, made.asks) == (["community", "compound"], Asks.EVERYTHING)
    assert list(forms_of(made)) == ["community", "compound"]
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.data["forms"], entry.data["asks"]) == (
        "survey.open_round", ["community", "compound"], "everything"
    )  # fmt: skip


def test_all_forms_chosen_are_all_forms(held: Round) -> None:
    assert again(held, forms=tuple(forms_of(held))).forms == []


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"forms": ("nothing",)}, "forms"),
        ({"forms": ("compound",)}, "forms"),
        ({"code": "plan"}, "code"),
        ({"title": "  "}, "title"),
        ({"closes_on": date(2022, 8, 31)}, "closes_on"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    held: Round, changes: dict[str, Any], field: str
) -> None:
    error = stays(Round, lambda: again(held, **changes), InvalidInputError)
    assert error.data["field"] == field


def test_a_code_is_given_once(held: Round) -> None:
    assert stays(Round, lambda: again(held, code=held.code), ConflictError).data["field"] == "code"


@pytest.mark.parametrize(
    "role, place", [("district_lead", DISTRICT), ("auditor", CITY), ("city_department", CITY)]
)
def test_only_the_citys_lead_runs_rounds(held: Round, role: str, place: str) -> None:
    by = person(role)
    appoint(by, role, place)
    stays(Round, lambda: again(held, by=by), NotAllowedError)
    stays(Round, lambda: moved(held, by=by), NotAllowedError)
    stays(Round, lambda: actions.close_round(held, by=by, at=make.AT), NotAllowedError)


def test_the_last_day_moves_with_a_reason_that_stays(held: Round) -> None:
    assert moved(held).closes_on == LATER
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.data["reason"]) == ("survey.change_dates", "汛期")
    assert (entry.data["before"], entry.data["after"]) == (
        ["2022-06-01", "2022-06-30"], ["2022-06-01", "2022-07-31"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"reason": " "}, "reason"),
        ({"closes_on": date(2022, 6, 30)}, "closes_on"),
        ({"closes_on": date(2022, 6, 14)}, "closes_on"),
        ({"closes_on": date(2022, 5, 1)}, "closes_on"),
    ],
)
def test_dates_that_say_nothing_or_are_past_are_refused(
    held: Round, changes: dict[str, Any], field: str
) -> None:
    assert stays(Round, lambda: moved(held, **changes), InvalidInputError).data["field"] == field


def test_a_round_that_began_keeps_its_first_day(held: Round) -> None:
    stays(Round, lambda: moved(held, opens_on=date(2022, 6, 2)), ConflictError)
    assert moved(held, opens_on=date(2022, 6, 2), at=BEFORE).opens_on == date(2022, 6, 2)


def test_who_saw_older_dates_does_not_overwrite_newer_ones(held: Round) -> None:
    seen = (held.opens_on, held.closes_on)
    moved(held)
    stays(Round, lambda: moved(held, seen=seen, closes_on=date(2022, 8, 31)), ConflictError)


def test_a_closed_round_moves_no_more(held: Round) -> None:
    actions.close_round(held, by=None, at=make.AT)
    stays(Round, lambda: moved(held), ConflictError)
    stays(Round, lambda: actions.close_round(held, by=None, at=make.AT), ConflictError)
