"""Facts from records: how many in a window, on how many days, the last day; nothing filed is unknown."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from greenward.assessment.facts import registry
from greenward.assessment.facts.records import USES
from greenward.assessment.models import Run
from greenward.assessment.queries.catalogue import catalogue_of
from greenward.evidence.actions import file_evidence, file_record, keep_file, withdraw
from greenward.evidence.models import Use
from greenward.packs import queries as packs
from greenward.packs.schema.facts import Fact, FromRecords
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual
from greenward.survey.actions.attachments import WORK
from tests.assessment.conftest import AS_OF, City
from tests.factories.territories import COMMUNITY, SECOND

Gives = Literal["count", "days", "last"]
KEPT = date(2022, 8, 1)


@pytest.fixture(autouse=True)
def _today(settings: Settings) -> None:
    settings.GREENWARD_TODAY = AS_OF


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def record(
    gives: Gives, *, item: str | None = "13", kind: str | None = None, months: int | None = None
) -> Fact:
    origin = FromRecords(records="evidence", item=item, kind=kind, gives=gives, months=months)
    kind: Literal["count", "date"] = "date" if gives == "last" else "count"
    return Fact(id=f"f_{gives}", label=Bilingual(zh="记录", en="Records"), type=kind, origin=origin)


def filed(
    city: City, content: str, on: date | None, *, item: str = "13", code: str = COMMUNITY, at_: date = KEPT
) -> Use:
    body = f"%PDF-1.4\n{content}\n%%EOF\n".encode()
    digest = keep_file(f"{content}.pdf", body, by=None, at=at(at_)).digest
    place = city.version(code)
    return file_evidence(digest, place, by=None, at=at(at_), item=item, observed_on=on)


def told(city: City, *facts: Fact, code: str = COMMUNITY, as_of: date = AS_OF, seen: Any = None) -> list[Any]:
    pack, place = packs.pack(city.programme.pack), city.places[code].pk
    frame = registry.frame_of(pack, facts, as_of, [place], seen=seen)
    values = [frame[one.id][0] for one in facts]
    if seen is None:
        found = registry.explained(pack, facts, as_of, place)
        assert [found[one.id].value for one in facts] == values
    return values


def test_counts_days_and_the_last_day(city: City) -> None:
    for name, on in (("a", date(2022, 3, 1)), ("b", date(2022, 3, 1)), ("c", date(2022, 7, 1))):
        filed(city, name, on)
    filed(city, "other", date(2022, 7, 9), item="14")
    filed(city, "a", date(2022, 3, 1), item="14")
    assert told(city, record("count"), record("days"), record("last")) == [3, 2, date(2022, 7, 1)]
    assert told(city, record("count", item=None)) == [4]
    assert told(city, record("count", months=3)) == [1]
    source = registry.explained(
        packs.pack(city.programme.pack), [record("days", months=3)], AS_OF, city.places[COMMUNITY].pk
    )["f_days"]
    assert (source.source, source.on) == ("归档材料 1 份，2022-06-15 至 2022-09-15", date(2022, 7, 1))


def test_daily_works_records_are_counted_by_their_kind(city: City) -> None:
    filed(city, "a", date(2022, 3, 1))
    digest = keep_file("m.pdf", b"%PDF-1.4\nminutes\n%%EOF\n", by=None, at=at(KEPT)).digest
    for day in (date(2021, 5, 4), date(2022, 5, 4)):
        file_record(
            digest, city.places[COMMUNITY], by=None, at=at(KEPT), source=WORK, note="", observed_on=day
        )
    assert told(city, record("days", item=None, kind=WORK), record("count", item=None)) == [2, 3]
    assert told(city, record("days", item=None, kind=WORK, months=12)) == [1]


def test_nothing_filed_is_unknown_and_nothing_lately_is_none(city: City) -> None:
    assert told(city, record("count"), record("last")) == [None, None]
    filed(city, "undated", None)
    assert told(city, record("count")) == [None]
    filed(city, "old", date(2021, 1, 5), at_=date(2022, 8, 1))
    assert told(city, record("count", months=12), record("last", months=12)) == [0, None]
    assert told(city, record("count"), record("last")) == [1, date(2021, 1, 5)]


def test_it_counts_what_stood_filed_on_the_day(city: City) -> None:
    use = filed(city, "a", date(2022, 3, 1))
    before = KEPT - timedelta(days=1)
    assert told(city, record("count"), as_of=before) == [None]
    withdraw(use, city.version(COMMUNITY), by=None, at=at(date(2022, 9, 1)), because="传错")
    assert told(city, record("count")) == [None]
    assert told(city, record("count"), as_of=date(2022, 8, 20)) == [1]


def naming(city: City) -> Pack:
    pack = packs.pack(city.programme.pack)
    return pack.model_copy(update={"facts": (*pack.facts, record("count"))})


def test_changes_are_seen_where_records_are_named_and_not_asked_for_elsewhere(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pack, place = naming(city), city.places[COMMUNITY].pk
    use = filed(city, "a", date(2022, 3, 1))
    assert USES not in registry.marks(AS_OF, packs.pack(city.programme.pack))
    seen = registry.marks(AS_OF, pack)
    assert seen[USES] == use.pk
    assert registry.touched_since(seen, AS_OF, pack) == set()
    filed(city, "b", date(2022, 3, 2), code=SECOND)
    assert registry.touched_since(seen, AS_OF, pack) == {city.places[SECOND].pk}
    seen = registry.marks(AS_OF, pack)
    withdraw(use, city.version(COMMUNITY), by=None, at=at(AS_OF), because="传错")
    assert registry.touched_since(seen, AS_OF, pack) == {place}
    assert (told(city, record("count")), told(city, record("count"), seen=seen)) == ([None], [1])
    with django_assert_num_queries(1):
        registry.frame_of(pack, [record("count"), record("last")], AS_OF, [place, city.places[SECOND].pk])


def test_filing_leaves_runs_alone_where_no_record_is_named(
    city: City, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    run = Run.objects.create(
        programme=city.programme, as_of=AS_OF, pack_digest=city.programme.pack.digest, computed_at=at(KEPT)
    )
    with django_capture_on_commit_callbacks(execute=True):
        filed(city, "a", date(2022, 3, 1))
    run.refresh_from_db()
    assert run.computed_at == at(KEPT)


def test_the_catalogue_says_what_is_counted(city: City) -> None:
    pack = naming(city)
    entry = next(one for one in catalogue_of(pack) if one.fact.id == "f_count")
    assert (entry.source, entry.provided) == ("evidence", True)
    assert entry.told.startswith("第 13 项“")
    assert entry.told.endswith("”的归档材料的份数")
