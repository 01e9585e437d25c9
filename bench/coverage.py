"""Coverage of a round for a nation of 127,337 communities, against the same page of one of its districts.

The nation: one root, 337 districts in 31 provinces' codes, streets of a dozen communities, one district of
600; each community answered Beijing's community form, and has a compound with its own answers. The work is
what the coverage page asks of the database after one more entry was committed: coverage at the place and
right below it, the burden, and the first page of the list of the missing. The limit is the same for the
district. The first time in a process (everything is counted) is held against copying the same entries out.
``GREENWARD_BENCH_ROWS`` makes it smaller.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bench import database
from bench.figures import Figure

if TYPE_CHECKING:
    from greenward.survey.models import Round
    from greenward.survey.queries.coverage import Counts
    from greenward.territories.models import PlaceVersion

ROWS = int(os.environ.get("GREENWARD_BENCH_ROWS", "127337"))
NAME = "greenward_bench_nation"
DISTRICTS, PROVINCES, DISTRICT_SIZE, STREET_SIZE = 337, 31, 600, 12
REPEATS = 9
NATION = "990000000000"
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
AS_OF = date(2022, 9, 15)
VARIETY = 500

EMPTIED = """
    SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'django_migrations'
"""
COMPOUNDS = """
    WITH made AS (
        INSERT INTO territories_place (code, level)
        SELECT code || '-001', 'compound' FROM territories_place WHERE level = 'community' RETURNING id, code
    )
    INSERT INTO territories_placeversion
        (place_id, during, name, short_name, pinyin, initials, kind, parent_id, path, event_id)
    SELECT made.id, '(,)', made.code, made.code, '', '', 'compound', v.place_id,
           v.path || made.code || '/', %s
    FROM made JOIN territories_place p ON p.code = left(made.code, 12)
    JOIN territories_placeversion v ON v.place_id = p.id
"""
ENTRIES = """
    INSERT INTO survey_entry (round_id, form, level, place_id, values, at)
    SELECT %(round)s, %(level)s, %(level)s, p.id,
           %(texts)s::jsonb -> (p.id %% jsonb_array_length(%(texts)s::jsonb))::int, %(at)s
    FROM territories_place p WHERE p.level = %(level)s AND p.id %% 10 < 8 ORDER BY p.id
"""


def run() -> Iterable[Figure]:
    with database.opened(NAME):
        held = nation()
        root, district = place(NATION), place(code_of(0, 0, 0))
        copying = min(copied() for _ in range(3))
        yield Figure(
            f"{ROWS:,} communities, first time in a process / copying", first(held, root), copying, 10
        )
        limit = answered_after_an_entry(held, district)
        taken = answered_after_an_entry(held, root)
        yield Figure(f"nation / district of {DISTRICT_SIZE}, each after one new entry", taken, limit, 2)
        yield Figure("nation / district, nothing new", answered(held, root), answered(held, district), 3)
        yield Figure("plan a round of all forms for the nation / copying", planned(held), copying, 10)
        counts = coverage_counts(held)
        print(f"counts of one round: {counts.frame.estimated_size('mb'):,.0f} MiB")
        empty()


def coverage_counts(held: "Round") -> "Counts":
    from greenward.survey.queries.coverage import counts_of  # noqa: PLC0415

    return counts_of(held, AS_OF)


def planned(held: "Round") -> float:
    from greenward.survey.planning.estimate import estimate  # noqa: PLC0415
    from greenward.survey.queries import policy_of  # noqa: PLC0415
    from greenward.survey.states import Asks  # noqa: PLC0415

    pack = policy_of(held)
    start = time.perf_counter()
    found = estimate(pack, tuple(pack.form_by_id), asks=Asks.EXPIRED, reference_on=AS_OF, day=AS_OF)
    assert found.communities == ROWS
    return time.perf_counter() - start


def first(held: "Round", root: "PlaceVersion") -> float:
    from greenward.survey.queries.coverage import keeping  # noqa: PLC0415 - Django is set up by now

    keeping.forget()
    start = time.perf_counter()
    figures(held, root)
    return time.perf_counter() - start


def answered(held: "Round", at: "PlaceVersion") -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        figures(held, at)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def answered_after_an_entry(held: "Round", at: "PlaceVersion") -> float:
    """Return the median time to answer, each time after another community of the place said something."""
    from greenward.survey.models import Entry  # noqa: PLC0415
    from greenward.territories.models import PlaceVersion  # noqa: PLC0415

    some = PlaceVersion.objects.filter(path__startswith=at.path, place__level="community").order_by("path")
    taken = []
    for version in some[: REPEATS + 1]:
        Entry.objects.create(
            round=held, form="community", level="community", place_id=version.place_id,
            values={"households": len(taken)}, at=AT,
        )  # fmt: skip
        start = time.perf_counter()
        figures(held, at)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def figures(held: "Round", at: "PlaceVersion") -> None:
    """Ask what the coverage page asks."""
    from greenward.survey.queries import burden, coverage  # noqa: PLC0415
    from greenward.survey.queries.coverage import listing  # noqa: PLC0415

    counts = coverage.counts_of(held, AS_OF)
    own = coverage.coverage_at(counts, at)
    children = coverage.children_of(counts.recipe, at)
    below = coverage.coverage_right_below(counts, at, children)
    assert sum(row.due for row in below) == own.due
    assert burden.burden_at(counts, at).communities == own.due
    burden.burden_right_below(counts, at, children)
    missing = listing.listed(counts, at.path, listing.Wanted())
    assert len(listing.lines(counts, missing.head(50))) == min(50, own.missing)


def copied() -> float:
    """Copy the entries out, as bytes."""
    from django.db import connection  # noqa: PLC0415

    start = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy("COPY (SELECT place_id, id, at, values FROM survey_entry) TO STDOUT") as copy,
    ):
        for _block in copy:
            pass
    return time.perf_counter() - start


def place(code: str) -> "PlaceVersion":
    from greenward.territories.models import PlaceVersion  # noqa: PLC0415

    return PlaceVersion.objects.select_related("place").get(place__code=code)


def empty() -> None:
    """Leave nothing behind: the data is committed, for only then there are transactions to tell apart."""
    from django.db import connection  # noqa: PLC0415

    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(EMPTIED)
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} CASCADE")


def nation() -> "Round":
    from django.db import connection  # noqa: PLC0415

    from greenward.survey import actions  # noqa: PLC0415
    from tests.factories.programmes import programme  # noqa: PLC0415

    empty()
    with triggers_off():
        made_by = settle()
    held = actions.open_round(
        programme=programme(NATION), code="bench", title="bench", reference_on=date(2022, 5, 31),
        opens_on=date(2022, 6, 1), closes_on=date(2022, 12, 31), by=None, at=AT,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COMPOUNDS, [made_by])
        for level in ("community", "compound"):
            texts = json.dumps(list(texts_of(held, level)), ensure_ascii=False)
            cursor.execute(ENTRIES, {"round": held.pk, "level": level, "texts": texts, "at": AT})
        cursor.execute("VACUUM ANALYZE")
    return held


@contextmanager
def triggers_off() -> Iterator[None]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def code_of(district: int, street: int, community: int) -> str:
    return f"{11 + district % PROVINCES}{district // PROVINCES + 1:02}01{street:03}{community:03}"


def settle() -> int:
    """Make the places; return the event's id."""
    from greenward.core.bulk import copy_rows  # noqa: PLC0415
    from greenward.territories import models  # noqa: PLC0415
    from tests.factories.territories import event  # noqa: PLC0415

    made_by = event().pk
    rows = list(tree())
    copy_rows(models.Place, ("code", "level"), ((code, level) for code, level, _kind, _above in rows))
    ids = dict(models.Place.objects.values_list("code", "id"))
    columns = (
        "place_id", "during", "name", "short_name", "pinyin", "initials", "kind", "parent_id", "path",
        "event_id",
    )  # fmt: skip
    copy_rows(
        models.PlaceVersion, columns,
        (
            (ids[code], "(,)", code, code, code, "", kind, ids[above[-1]] if above else None,
             "/".join([*above, code, ""]), made_by)
            for code, _level, kind, above in rows
        ),
    )  # fmt: skip
    copy_rows(
        models.UrbanStatus, ("place_id", "during", "counts_as_urban_community", "reason", "event_id"),
        ((ids[code], "(,)", True, "bench", made_by) for code, level, *_ in rows if level == "community"),
    )  # fmt: skip
    return made_by


def tree() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield code, level, kind and the codes above of every place."""
    yield NATION, "city", "city", ()
    left = ROWS
    for number in range(DISTRICTS):
        size = min(left, DISTRICT_SIZE if number == 0 else -(-left // (DISTRICTS - number)))
        left -= size
        district = code_of(number, 0, 0)
        yield district, "district", "district", (NATION,)
        for at in range(size):
            street = code_of(number, at // STREET_SIZE + 1, 0)
            if at % STREET_SIZE == 0:
                yield street, "subdistrict", "street", (NATION, district)
            own = code_of(number, at // STREET_SIZE + 1, at % STREET_SIZE + 1)
            yield own, "community", "residents_committee", (NATION, district, street)


def texts_of(held: "Round", level: str) -> Iterator[dict[str, object]]:
    """Yield different sets of answers to the round's form of a level; some required ones lack."""
    from greenward.survey.queries import form_of  # noqa: PLC0415

    dice = random.Random(level)  # noqa: S311 - figures for a benchmark
    samples = {
        "bool": lambda: dice.random() < 0.7, "count": lambda: dice.randrange(5000),
        "number": lambda: round(dice.random() * 100, 1), "year": lambda: dice.randrange(1980, 2022),
        "date": lambda: f"2021-{dice.randrange(1, 13):02}-15", "text": lambda: "甲" * dice.randrange(1, 20),
    }  # fmt: skip
    fields = [one for one in form_of(held, level).fields if one.type in samples or one.choices]
    for _ in range(VARIETY):
        share = 0.97 if dice.random() < 0.5 else 1.0
        yield {
            one.id: dice.choice(one.choices).value if one.choices else samples[one.type]()
            for one in fields
            if dice.random() < share
        }
