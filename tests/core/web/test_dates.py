"""The day a page speaks of."""

from datetime import date

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from greenward.core.errors import InvalidInputError
from greenward.core.web.dates import as_of


def test_the_day_asked_for(rf: RequestFactory) -> None:
    assert as_of(rf.get("/?as_of=2021-12-31")) == date(2021, 12, 31)


def test_today_where_none_is_asked_for(rf: RequestFactory, settings: Settings) -> None:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    assert as_of(rf.get("/?as_of=")) == date(2022, 9, 15)


@pytest.mark.parametrize("text", ["2022-02-30", "yesterday", "2022/09/15"])
def test_what_is_no_date_is_refused_with_its_field(rf: RequestFactory, text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        as_of(rf.get("/", {"as_of": text}))
    assert refused.value.data == {"field": "as_of"}
