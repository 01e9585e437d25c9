"""Import of a survey workbook, 126,000 communities × 80 columns, against reading the same file.

The limit is fastexcel reading every cell into Polars as it is. The work opens the file, reads every answer,
finds the communities, compares with what is known, holds all of it against four checks, and writes the
entries in one transaction, which is rolled back. ``GREENWARD_BENCH_ROWS`` makes it smaller;
``DATABASE_URL`` names the database, else the product's own runs.
"""

import os
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import fastexcel
import xlsxwriter

from bench import database
from bench.figures import Figure

ROWS = int(os.environ.get("GREENWARD_BENCH_ROWS", "126000"))
FIELDS = 78
FOLDER = Path("build") / "bench"
CHECKS = {
    "f1 <= f5 + 5000": "error",
    "f2 <= 1000.0": "error",
    "f6 >= 0.0 || !f0": "error",
    "f1 + 4900 >= f5": "warning",
}
"""As many as a real form has; rows break none but the warning, and that seldom."""
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
CONDITIONS = ("良好", "老化", "破损")
CITY = "990000000000"
FIRST = 990101001001

KIND = "residents_committee"
VERSION_COLUMNS = (
    "place_id", "during", "name", "short_name", "pinyin", "initials", "kind", "parent_id", "path", "event_id",
)  # fmt: skip


def run() -> Iterable[Figure]:
    file = workbook()
    content = file.read_bytes()
    read = seconds_reading(content)
    with prepared() as held:
        yield Figure(
            f"import {ROWS:,} x {FIELDS + 2}, first time / reading it", imported(held, content), read, 2
        )
        again = imported(held, content)
        yield Figure(f"import {ROWS:,} x {FIELDS + 2}, the same again / reading it", again, read, 3)


def seconds_reading(content: bytes) -> float:
    start = time.perf_counter()
    fastexcel.read_excel(content).load_sheet(0).to_polars()
    return time.perf_counter() - start


def imported(held: object, content: bytes) -> float:
    from greenward.survey import actions  # noqa: PLC0415 - Django is set up by now

    start = time.perf_counter()
    file = actions.import_workbook(held, "community", "bench.xlsx", content, by=None, at=AT)
    assert file.report["accepted"] == ROWS, file.report["problem_counts"]
    check_constraints()
    return time.perf_counter() - start


def check_constraints() -> None:
    """Do what the commit would do: hold the rows against what they refer to."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def kind_of(number: int) -> str:
    return ("bool", "count", "number", "choice")[number % 4]


def workbook() -> Path:
    """Write the workbook once; later runs find it."""
    path = FOLDER / f"survey-{ROWS}.xlsx"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    dice = random.Random(1)  # noqa: S311 - figures for a benchmark
    book = xlsxwriter.Workbook(path.with_suffix(".part"), {"constant_memory": True})
    page = book.add_worksheet("社区")
    page.write_row(0, 0, ["社区代码", "社区名称", *(f"项目{n}" for n in range(FIELDS))])
    cells = {
        "bool": lambda: dice.choice("是否"),
        "count": lambda: dice.randrange(5000),
        "number": lambda: round(dice.random() * 1000, 2),
        "choice": lambda: dice.choice(CONDITIONS),
    }
    for row in range(ROWS):
        page.write_row(
            row + 1, 0, [str(FIRST + row), f"第{row}社区", *(cells[kind_of(n)]() for n in range(FIELDS))]
        )
    book.close()
    path.with_suffix(".part").rename(path)
    return path


@contextmanager
def prepared() -> Iterator[object]:
    """Stand up a nation; gone again afterwards."""
    with database.empty():
        yield nation()


def nation() -> object:
    from django.db import connection  # noqa: PLC0415
    from django.db.models import F  # noqa: PLC0415

    from greenward.core import clock  # noqa: PLC0415
    from greenward.core.bulk import copy_rows  # noqa: PLC0415
    from greenward.survey import actions  # noqa: PLC0415
    from greenward.territories import models as places  # noqa: PLC0415
    from tests.factories.programmes import programme  # noqa: PLC0415
    from tests.factories.territories import event, place  # noqa: PLC0415

    made_by = event()
    event_id = made_by.pk
    city = place(CITY, "示例市", places.Kind.CITY, None, made_by)
    copy_rows(places.Place, ("code", "level"), ((str(FIRST + n), "community") for n in range(ROWS)))
    known = places.Place.objects.filter(level="community", code__gte=str(FIRST)).order_by("code")
    rows = list(known.annotate(key=F("id")).values_list("key", "code")[:ROWS])
    copy_rows(
        places.PlaceVersion,
        VERSION_COLUMNS,
        (
            (pk, "(,)", f"第{n}社区居委会", f"第{n}社区", "", "", KIND, city.pk, f"{CITY}/{code}/", event_id)
            for n, (pk, code) in enumerate(rows)
        ),
    )  # fmt: skip
    copy_rows(
        places.UrbanStatus,
        ("place_id", "during", "counts_as_urban_community", "reason", "event_id"),
        ((pk, "(,)", True, "bench", made_by.pk) for pk, _code in rows),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE territories_place, territories_placeversion, territories_urbanstatus")
    check_constraints()  # the nation's own rows are not the import's
    return actions.open_round(
        programme=programme(CITY, forms=(wide_form(),)),
        code="bench",
        title="bench",
        reference_on=date(2022, 5, 31),
        opens_on=date(2022, 6, 1),
        closes_on=clock.today().replace(year=2099),
        by=None,
        at=AT,
    )


def wide_form() -> object:
    from greenward.packs.schema.forms import Form  # noqa: PLC0415

    def field(number: int) -> dict[str, object]:
        kind = kind_of(number)
        given: dict[str, object] = {"id": f"f{number}", "label": both(f"项目{number}"), "type": kind}
        if kind == "choice":
            given["choices"] = tuple({"value": f"c{n}", "label": both(c)} for n, c in enumerate(CONDITIONS))
        if kind == "number":
            given["decimals"] = 2
        return given

    section = {"id": "all", "title": both("全部"), "fields": tuple(field(n) for n in range(FIELDS))}
    checks = tuple(
        {"id": f"check-{number}", "rule": rule, "message": both(rule), "level": level}
        for number, (rule, level) in enumerate(CHECKS.items())
    )
    form = {
        "id": "community",
        "title": both("社区"),
        "level": "community",
        "sections": (section,),
        "checks": checks,
    }
    return Form.model_validate(form)


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}
