"""The nation re-assessed end to end, against copying the same data out of the database and in again.

The work reads every community's answers, applies sixty items, and stores verdicts and letters, foreign
keys checked. The limit copies the rows of the answers out as they are, and the same bytes into a bare
table. ``GREENWARD_BENCH_ROWS`` makes it smaller; all happens in a transaction that is rolled back.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl

from bench import database, engine
from bench.figures import Figure

if TYPE_CHECKING:
    from greenward.packs.schema.pack import Pack
    from greenward.programmes.models import Programme
    from greenward.territories.models import Place

ROWS = int(os.environ.get("GREENWARD_BENCH_ROWS", str(engine.COMMUNITIES)))
AT = datetime(2022, 9, 1, 2, tzinfo=UTC)
CITY = "990000000000"
FIRST = 990101001001
TYPES = {
    "yes": "bool",
    "yes_other": "bool",
    "part": "count",
    "whole": "count",
    "day": "date",
    "kind": "choice",
}
KINDS = ("企业", "单位自管", "准物业", "无")
FEW = 50


def run() -> Iterable[Figure]:
    with prepared() as programme:
        limit = min(copied() for _ in range(3))
        name = f"{ROWS:,} communities x 60 items"
        yield Figure(f"{name}, read, evaluate, store / copying", whole(programme), limit, 2)
        yield Figure(f"{name}, the same again / copying", whole(programme), limit, 2)
        yield Figure("  of which: read and evaluate, nothing stored", evaluated(programme), limit, 2)
        yield Figure(f"  {FEW} communities changed: refresh / copying", refreshed(programme), limit, 1)
        yield Figure("  one value changed: refresh / 50 ms", corrected(programme), 0.05, 1)


def whole(programme: "Programme") -> float:
    from greenward.assessment import actions  # noqa: PLC0415 - Django is set up by now

    start = time.perf_counter()
    actions.assess(programme=programme, as_of=engine.AS_OF, by=None, at=AT)
    check_foreign_keys()
    return time.perf_counter() - start


def evaluated(programme: "Programme") -> float:
    from greenward.assessment.queries.verdicts import assessed  # noqa: PLC0415
    from greenward.programmes import queries  # noqa: PLC0415
    from greenward.territories.queries import urban_communities  # noqa: PLC0415

    start = time.perf_counter()
    places = list(urban_communities(engine.AS_OF).values_list("place_id", flat=True))
    outcome, _facts = assessed(queries.policy(programme), engine.AS_OF, places)
    assert outcome.height == ROWS
    return time.perf_counter() - start


def refreshed(programme: "Programme") -> float:
    from greenward.assessment import actions  # noqa: PLC0415
    from greenward.assessment.models import Result, Run  # noqa: PLC0415

    run = Run.objects.select_related("programme__pack", "programme__territory").get(programme=programme)
    some = list(Result.objects.filter(run=run).values_list("place_id", flat=True)[:FEW])
    start = time.perf_counter()
    actions.refresh(run=run, places=some, by=None, at=AT)
    check_foreign_keys()
    return time.perf_counter() - start


def corrected(programme: "Programme") -> float:
    """Change one answer and take it in: find what moved, judge it, store it, tell it; the best of five."""
    from greenward.assessment import actions  # noqa: PLC0415
    from greenward.assessment.models import Result, Run  # noqa: PLC0415
    from greenward.survey.models import Entry, Round  # noqa: PLC0415

    held, taken = Round.objects.get(), []
    some = Result.objects.select_related("place").filter(run__programme=programme).order_by("place_id")[:5]
    for result in some:
        values = {"part_0": 9, "whole_0": 9}
        Entry.objects.create(
            round=held, form="community", level="community", place=result.place, values=values, at=AT
        )
        run = Run.objects.select_related("programme__pack", "programme__territory").get(programme=programme)
        start = time.perf_counter()
        actions.refresh(run=run, by=None, at=AT)
        check_foreign_keys()
        taken.append(time.perf_counter() - start)
    return min(taken)


def check_foreign_keys() -> None:
    """Make the database check now what it would check at the commit."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def copied() -> float:
    """Copy the answers out and in again, as bytes."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (place_id bigint, values jsonb)")
        start = time.perf_counter()
        with cursor.cursor.copy("COPY (SELECT place_id, values FROM survey_entry) TO STDOUT") as copy:
            blocks = [bytes(block) for block in copy]
        with cursor.cursor.copy("COPY bare FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
        taken = time.perf_counter() - start
        cursor.execute("DROP TABLE bare")
    return taken


@contextmanager
def prepared() -> Iterator["Programme"]:
    """Stand up a nation; gone again afterwards."""
    with database.empty():
        yield nation()


def nation() -> "Programme":
    from django.db import connection  # noqa: PLC0415

    from greenward.core.bulk import copy_csv  # noqa: PLC0415
    from greenward.survey.models import Entry  # noqa: PLC0415
    from greenward.territories.models import Kind  # noqa: PLC0415
    from tests.factories.survey import survey_round  # noqa: PLC0415
    from tests.factories.territories import event, place  # noqa: PLC0415

    city = place(CITY, "示例市", Kind.CITY, None, event())
    held = survey_round()
    settle(city)
    answers = engine.nation().drop("place").head(ROWS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM territories_place WHERE level = 'community' ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
    rows = answers.select(
        round=pl.lit(held.pk),
        form=pl.lit("community"),
        level=pl.lit("community"),
        place=pl.Series(ids),
        values=pl.struct(pl.all()).struct.json_encode(),
        at=pl.lit(AT.isoformat()),
        sheet=pl.lit("-"),
    )
    columns = ["round_id", "form", "level", "place_id", "values", "at", "sheet"]
    copy_csv(Entry, columns, rows.write_csv(include_header=False).encode())
    check_foreign_keys()
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE survey_entry, territories_place, territories_placeversion, territories_urbanstatus"
        )
    return put_in_force(held.programme)


PLACES = """
    INSERT INTO territories_place (code, level)
    SELECT (%s + n)::text, 'community' FROM generate_series(0, %s) n
"""
VERSIONS = """
    INSERT INTO territories_placeversion
        (place_id, during, name, short_name, pinyin, initials, kind, parent_id, path, event_id)
    SELECT id, '(,)', code, code, '', '', 'residents_committee', %s, %s || '/' || code || '/', %s
    FROM territories_place WHERE level = 'community'
"""
STATUSES = """
    INSERT INTO territories_urbanstatus (place_id, during, counts_as_urban_community, reason, event_id)
    SELECT id, '(,)', true, 'bench', %s FROM territories_place WHERE level = 'community'
"""


def settle(city: "Place") -> None:
    """Make the communities, each with its version and its status."""
    from django.db import connection  # noqa: PLC0415

    from greenward.territories.models import PlaceEvent  # noqa: PLC0415

    made_by = PlaceEvent.objects.latest("id").pk
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [FIRST, ROWS - 1])
        cursor.execute(VERSIONS, [city.pk, CITY, made_by])
        cursor.execute(STATUSES, [made_by])


def put_in_force(before: "Programme") -> "Programme":
    """Let a pack apply whose standard has sixty items and whose form asks what they need."""
    from greenward.core import clock  # noqa: PLC0415
    from greenward.packs.loader.loading import content, digest  # noqa: PLC0415
    from greenward.packs.models import InstalledPack  # noqa: PLC0415
    from greenward.programmes import actions  # noqa: PLC0415
    from tests.factories.packs import beijing_pack  # noqa: PLC0415

    pack = sixty(beijing_pack())
    edition = InstalledPack.objects.create(
        pack_id=pack.manifest.id,
        edition=pack.manifest.edition,
        digest=digest(pack),
        content=content(pack),
        installed_at=clock.now(),
    )
    day = date(2022, 9, 1)
    assert before.in_force_from < day
    return actions.bring_into_force(pack=edition, in_force_from=day, by=None, at=clock.now())


def sixty(pack: "Pack") -> "Pack":
    """Return the pack with the benchmark's standard, facts and form."""
    from greenward.packs.schema.facts import Fact, FromField  # noqa: PLC0415
    from greenward.packs.schema.forms import Choice, Field  # noqa: PLC0415
    from greenward.packs.schema.pack import Pack  # noqa: PLC0415
    from greenward.packs.schema.shape import Bilingual  # noqa: PLC0415

    words = Bilingual(zh="测", en="bench")
    kinds = {f"{name}_{n}": kind for n in range(engine.SHAPES) for name, kind in TYPES.items()}
    choices = tuple(Choice(value=f"k{n}", label=words, aliases=(kind,)) for n, kind in enumerate(KINDS))
    asked = tuple(
        Field(id=n, label=words, type=t, choices=choices if t == "choice" else ()) for n, t in kinds.items()
    )
    known = tuple(
        Fact(id=n, label=words, type=t, origin=FromField(form="community", field=n)) for n, t in kinds.items()
    )
    form = pack.form_by_id["community"]
    section = form.sections[0].model_copy(update={"fields": asked})
    items = tuple(
        pack.standard.items[0].model_copy(
            update={
                "id": str(n),
                "rule": rule.format(n=shape),
                "applies": applies and applies.format(n=shape),
            }
        )
        for n, (shape, (rule, applies)) in enumerate(
            ((s, one) for s in range(engine.SHAPES) for one in engine.ITEMS_PER_SHAPE), 1
        )
    )
    parts = {name: getattr(pack, name) for name in Pack.model_fields}
    return Pack.model_validate(
        {
            **parts,
            "manifest": pack.manifest.model_copy(update={"edition": "2022.9", "territory": CITY}),
            "facts": known,
            "parameters": (),
            "standard": pack.standard.model_copy(update={"items": items, "supplements": ()}),
            "forms": (form.model_copy(update={"sections": (section,), "checks": ()}),),
            "cases": (),
        }
    )
