"""Filing: one content for many items and years, by whom, and out again."""

from datetime import UTC, date, datetime
from unittest.mock import ANY

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from greenward.evidence import queries
from greenward.evidence.actions import file_evidence, file_record, keep_file, withdraw
from greenward.evidence.models import File, Use
from greenward.survey.actions import record_values
from greenward.survey.models import Round
from greenward.survey.queries import form_of
from greenward.territories.models import PlaceVersion
from tests.evidence.conftest import jpeg, png
from tests.evidence.test_pictures import exif
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND, STREET, TOWN, appoint, person

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(settings: LazySettings) -> None:
    settings.GREENWARD_TODAY = make.TODAY


@pytest.fixture
def city(db: None) -> Round:
    return make.survey_round()


@pytest.fixture
def clerk(city: Round) -> User:
    user = person("clerk")
    appoint(user, "street_clerk", STREET)
    return user


def community(code: str = COMMUNITY) -> PlaceVersion:
    return PlaceVersion.objects.select_related("place").get(place__code=code)


def kept(by: User | None, content: bytes = b"") -> File:
    return keep_file("现场.jpg", content or jpeg(60, 40), by=by, at=AT)


def test_one_content_serves_items_and_years(clerk: User) -> None:
    file = kept(clerk)
    for item, year in (("1", 2022), ("2", 2022), ("1", 2021), ("1", 2022)):
        file_evidence(file.digest, community(), by=clerk, at=AT, item=item, year=year)
    filed = [(use.item, use.year) for use in queries.evidence_at(community().place)]
    assert (filed, File.objects.count()) == ([("1", 2022), ("2", 2022), ("1", 2021)], 1)
    assert queries.years_at(community().place) == [2022, 2021]


def test_the_day_comes_from_the_picture_unless_somebody_says_it(clerk: User) -> None:
    file = kept(clerk, jpeg(60, 40, exif=exif()))
    said = file_evidence(file.digest, community(), by=clerk, at=AT, item="1", observed_on=date(2021, 12, 30))
    unsaid = file_evidence(file.digest, community(), by=clerk, at=AT, item="1")
    unknown = file_evidence(kept(clerk).digest, community(), by=clerk, at=AT)
    assert [(use.observed_on, use.year) for use in (said, unsaid, unknown)] == [
        (date(2021, 12, 30), 2021),
        (date(2022, 6, 3), 2022),
        (None, 2022),
    ]


@pytest.mark.parametrize(
    "chosen,field",
    [
        ({"item": "99"}, "item"),
        ({"year": 2023}, "year"),
        ({"year": 1999}, "year"),
        ({"observed_on": date(2022, 6, 16), "year": 2022}, "observed_on"),
    ],
)
def test_what_cannot_be_is_refused(clerk: User, chosen: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        file_evidence(kept(clerk).digest, community(), by=clerk, at=AT, **chosen)
    assert (refused.value.data, Use.objects.count()) == ({"field": field}, 0)


def test_only_who_may_files_and_only_what_is_theirs(clerk: User) -> None:
    theirs, anothers = kept(clerk), kept(person("another"), jpeg(50, 50))
    neighbour = person("neighbour")
    appoint(neighbour, "street_clerk", TOWN)
    with pytest.raises(NotAllowedError):
        file_evidence(theirs.digest, community(), by=neighbour, at=AT)
    with pytest.raises(NotFoundError):
        file_evidence(anothers.digest, community(), by=clerk, at=AT)
    with pytest.raises(InvalidInputError):
        file_evidence(theirs.digest, community(STREET), by=clerk, at=AT)
    assert Use.objects.count() == 0


def test_what_a_community_has_its_people_use_again(clerk: User) -> None:
    anothers = kept(person("another"))
    file_evidence(anothers.digest, community(), by=None, at=AT)
    assert file_evidence(anothers.digest, community(), by=clerk, at=AT, item="3").item == "3"
    with pytest.raises(NotFoundError):
        file_evidence(anothers.digest, community(SECOND), by=clerk, at=AT, item="3")


def test_withdrawn_evidence_stays_on_record_and_may_come_back(clerk: User) -> None:
    use = file_evidence(kept(clerk).digest, community(), by=clerk, at=AT, item="1")
    with pytest.raises(InvalidInputError):
        withdraw(use, community(), by=clerk, at=AT, because=" ")
    withdraw(use, community(), by=clerk, at=AT, because="传错了社区")
    with pytest.raises(ConflictError):
        withdraw(use, community(), by=clerk, at=AT, because="再撤")
    assert list(queries.evidence_at(community().place)) == []
    assert file_evidence(use.file.digest, community(), by=clerk, at=AT, item="1").pk != use.pk
    actions = AuditEntry.objects.filter(action__startswith="evidence.").order_by("number")
    assert list(actions.values_list("action", flat=True)) == [
        "evidence.take_in",
        "evidence.keep_file",
        "evidence.file",
        "evidence.withdraw",
        "evidence.file",
    ]


def test_an_answer_of_the_survey_is_offered_first_and_leaves_once_used(clerk: User, city: Round) -> None:
    digest = keep_file("公约.png", png(), by=clerk, at=AT).digest
    field = next(f for f in form_of(city, "community").fields if f.type == "file")
    record_values(city, "community", community().place, {field.id: digest}, by=clerk, at=AT)
    offered = queries.offered_at(community().place).get()
    assert (offered.file.digest, str(offered.work), offered.note, offered.observed_on) == (
        digest,
        "摸底",
        field.label.zh,
        date(2022, 6, 15),
    )
    assert list(queries.evidence_at(community().place)) == []
    file_evidence(digest, community(), by=clerk, at=AT, item="16")
    assert (
        queries.offered_at(community().place).count(),
        queries.evidence_at(community().place).count(),
    ) == (0, 1)


def test_a_record_of_a_content_that_nobody_kept_is_none(city: Round) -> None:
    made = file_record(
        "0" * 64, community().place, by=None, at=AT, source="survey", note="", observed_on=make.TODAY
    )
    assert made is None


def test_a_place_gives_its_own_files_only(clerk: User) -> None:
    file = kept(clerk)
    file_evidence(file.digest, community(), by=clerk, at=AT)
    assert queries.file_at(clerk, COMMUNITY, file.digest) == file
    with pytest.raises(NotFoundError):
        queries.file_at(clerk, SECOND, file.digest)
    with pytest.raises(NotFoundError):
        queries.file_at(person(), COMMUNITY, file.digest)


def test_the_list_asks_the_same_number_of_queries_for_many_as_for_few(clerk: User) -> None:
    place = community().place

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            for use in queries.evidence_at(place):
                assert (use.file.name, use.place.code, str(use.by)) == (ANY, COMMUNITY, ANY)
        return len(caught)

    file_evidence(kept(clerk).digest, community(), by=clerk, at=AT)
    few = cost()
    for side in range(10, 16):
        file_evidence(kept(clerk, jpeg(side, 9)).digest, community(), by=clerk, at=AT)
    assert (few, cost()) == (1, 1)
