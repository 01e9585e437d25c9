"""Questions to reviewers: what they say, to whom, and what they never tell."""

from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.evidence import queries
from greenward.evidence.actions import answer, file_evidence, keep_file, withdraw
from greenward.evidence.models import Answer, Use
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.pictures import changes, jpeg, scene
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    appoint,
    person,
)

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def city(db: None, settings: LazySettings) -> None:
    settings.GREENWARD_TODAY = make.TODAY
    make.survey_round()


def official(role: str, code: str) -> User:
    user = person(role)
    appoint(user, role, code)
    return user


def at(code: str) -> PlaceVersion:
    return PlaceVersion.objects.select_related("place").get(place__code=code)


def filed(content: bytes, code: str, *, name: str = "现场.jpg", item: str = "1", year: int = 2022) -> Use:
    file = keep_file(name, content, by=None, at=AT)
    return file_evidence(file.digest, at(code), by=None, at=AT, item=item, year=year)


def asked(code: str) -> list[tuple[int, int, str, bool]]:
    return [(one.use, one.other, one.kind, one.answered) for one in queries.pairs_under(at(code).path)]


def test_another_community_year_and_item_are_asked_in_this_order() -> None:
    picture = jpeg(scene(1))
    first = filed(picture, COMMUNITY)
    item = filed(picture, COMMUNITY, item="2")
    year = filed(picture, COMMUNITY, year=2021)
    other = filed(picture, SECOND)
    assert [kind for _use, _other, kind, _answered in asked(STREET)] == ["place"] * 3 + ["year"] * 2 + [
        "item"
    ]
    assert asked(STREET)[:3] == [(other.pk, one.pk, "place", False) for one in (year, item, first)]


def test_a_changed_picture_is_asked_about_with_share_and_side() -> None:
    before = filed(jpeg(scene(1)), COMMUNITY)
    after = filed(changes()["cut and mirrored"](scene(1)), SECOND)
    filed(jpeg(scene(2)), SECOND)
    pair = queries.pairs_under(at(STREET).path)[0]
    assert asked(STREET) == [(after.pk, before.pk, "place", False)]
    assert (pair.same, pair.mirrored, pair.share > 90) == (False, True, True)


def test_the_same_place_item_and_year_raises_no_question() -> None:
    filed(jpeg(scene(1)), COMMUNITY)
    filed(changes()["saved again"](scene(1)), COMMUNITY)
    assert asked(COMMUNITY) == []


def test_a_file_of_no_item_that_an_item_takes_up_raises_no_question() -> None:
    picture = jpeg(scene(4))
    filed(picture, COMMUNITY, item="")
    filed(picture, COMMUNITY, item="2")
    assert asked(STREET) == []
    filed(picture, COMMUNITY, item="", year=2021)
    assert [kind for _use, _other, kind, _answered in asked(STREET)] == ["year", "year"]


def test_what_stands_beyond_reach_is_told_without_name_picture_or_text() -> None:
    here = filed(jpeg(scene(1)), COMMUNITY)
    there = filed(changes()["cut to four fifths"](scene(1)), TOWN_COMMUNITY, name="河畔.jpg")
    clerk, lead = official("street_clerk", STREET), official("city_lead", CITY)
    question = queries.questions_for(clerk, queries.pairs_under(at(COMMUNITY).path))[0]
    assert (question.here.use, question.other) == (here, None)
    page = signed_in(clerk).get(f"/evidence/{COMMUNITY}/questions/").content.decode()
    assert ("管辖范围以外" in page, "河畔" in page, there.file.digest in page) == (True, False, False)
    assert signed_in(clerk).get(f"/evidence/{TOWN_COMMUNITY}/files/{there.file.digest}/").status_code == 404
    whole = signed_in(lead).get(f"/evidence/{CITY}/questions/").content.decode()
    assert ("河畔" in whole, there.file.digest in whole, "等待街道" in whole) == (True, True, True)


def test_an_answer_settles_the_question_for_its_place_and_whoever_sees_both() -> None:
    here, there = filed(jpeg(scene(1)), COMMUNITY), filed(jpeg(scene(1)), SECOND)
    clerk = official("street_clerk", STREET)
    answer(there, here.pk, at(SECOND), by=clerk, at=AT, text="两个社区共用一处活动中心")
    assert (asked(STREET), asked(COMMUNITY)) == (
        [(there.pk, here.pk, "place", True)],
        [(here.pk, there.pk, "place", False)],
    )
    shown = queries.questions_for(clerk, queries.pairs_under(at(STREET).path))[0]
    assert shown.answer is not None
    assert shown.answer.text == "两个社区共用一处活动中心"
    with pytest.raises(ConflictError):
        answer(there, here.pk, at(SECOND), by=clerk, at=AT, text="再答")


def test_who_may_not_answers_nothing() -> None:
    here, there = filed(jpeg(scene(1)), COMMUNITY), filed(jpeg(scene(1)), SECOND)
    worker, clerk = official("community_worker", SECOND), official("street_clerk", STREET)
    with pytest.raises(NotAllowedError):
        answer(there, here.pk, at(SECOND), by=worker, at=AT, text="没事")
    with pytest.raises(InvalidInputError):
        answer(there, here.pk, at(SECOND), by=clerk, at=AT, text=" ")
    with pytest.raises(NotFoundError):
        answer(there, 999_999, at(SECOND), by=clerk, at=AT, text="没有这个")
    assert Answer.objects.count() == 0


def test_withdrawn_evidence_is_asked_about_no_longer() -> None:
    filed(jpeg(scene(1)), COMMUNITY)
    there = filed(jpeg(scene(1)), SECOND)
    withdraw(there, at(SECOND), by=None, at=AT, because="传错了")
    assert asked(STREET) == []


def test_many_questions_take_as_many_queries_as_one() -> None:
    lead, path = official("district_lead", DISTRICT), at(DISTRICT).path
    reach_of(lead)  # read once for all that follows

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as caught:
            found = queries.questions_for(lead, queries.pairs_under(path))
            assert all(str(one.here.use.file) for one in found)
        return len(found), len(caught)

    for code in (COMMUNITY, SECOND):
        filed(jpeg(scene(1)), code)
    one = cost()
    for item in ("2", "3", "4"):
        filed(jpeg(scene(1)), SECOND, item=item)
    many = cost()
    assert (one[0], many[0] > 5, many[1]) == (1, True, one[1])
