"""Survey rounds, values and workbooks for tests."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlsxwriter

from greenward.survey import actions
from greenward.survey.models import Round
from greenward.survey.queries import form_of
from greenward.territories.models import Place
from tests.factories.programmes import programme
from tests.factories.territories import place_tree

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
TODAY = date(2022, 6, 15)

CellRows = Sequence[Sequence[object]]


def survey_round(code: str = "r2022", **dates: date) -> Round:
    """Open a round of Beijing's pack in the small tree, which is made where it is not there yet."""
    if not Place.objects.exists():
        place_tree()
    held = Round.objects.first()
    return actions.open_round(
        programme=held.programme if held else programme(),
        code=code,
        title=f"摸底 {code}",
        reference_on=dates.get("reference_on", date(2022, 5, 31)),
        opens_on=dates.get("opens_on", date(2022, 6, 1)),
        closes_on=dates.get("closes_on", date(2022, 6, 30)),
        by=None,
        at=AT,
    )


def required_answers(held: Round, form: str) -> dict[str, object]:
    """Return an answer for every required field of a form."""
    samples: Mapping[str, object] = {
        "bool": True, "count": 12, "number": 3.5, "year": 1998, "date": "2022-01-02", "text": "甲"
    }  # fmt: skip
    return {
        field.id: field.choices[0].value if field.type == "choice" else samples[field.type]
        for field in form_of(held, form).fields
        if field.required
    }


def fill(held: Round, code: str, *, compound: str = "一号院") -> None:
    """Survey a community completely, with one compound."""
    place = Place.objects.get(code=code)
    actions.record_values(held, "community", place, required_answers(held, "community"), by=None, at=AT)
    answers = {**required_answers(held, "compound"), "name": compound}
    actions.add_unit(held, "compound", place, answers, by=None, at=AT)


def workbook(rows: CellRows, *, sheet: str = "社区", more: Mapping[str, CellRows] | None = None) -> bytes:
    """Return an Excel workbook with these cells; dates as Excel dates."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, cells in {sheet: rows, **(more or {})}.items():
        page = book.add_worksheet(name)
        for number, cells_of_row in enumerate(cells):
            for column, cell in enumerate(cells_of_row):
                if cell is not None:
                    page.write(number, column, cell)
    book.close()
    return buffer.getvalue()
