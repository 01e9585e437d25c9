"""Workbooks as they come: what they say is read, what is not certain is told at its cell."""

from collections.abc import Callable

import polars as pl
import pytest

from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import to_json
from greenward.survey.workbooks import communities
from greenward.survey.workbooks.opening import FROM_BROWSER, open_workbook
from greenward.survey.workbooks.problems import Problem, Problems
from greenward.survey.workbooks.reading import Reading, read_sheet
from tests.factories import workbooks as make
from tests.factories.survey import TODAY, survey_round
from tests.factories.workbooks import Imitation

pytestmark = pytest.mark.django_db


def form_named(name: str) -> Form:
    from greenward.survey.queries import form_of

    return form_of(survey_round(), name)


def read(imitation: Imitation) -> tuple[list[Reading], Problems, list[str]]:
    form = form_named(imitation.form)
    workbook = open_workbook(imitation.file_name, imitation.content, FROM_BROWSER)
    problems = Problems()
    found = (read_sheet(sheet, form, problems) for sheet in workbook.sheets)
    readings = [reading for reading in found if reading is not None]
    return readings, problems, [*workbook.notes, *(note for one in readings for note in one.notes)]


def located(readings: list[Reading], problems: Problems) -> pl.DataFrame:
    """Return the rows with ``code_found``; rows about nobody certain are told to ``problems``."""
    rows = pl.concat([one.rows for one in readings], how="diagonal").with_row_index("index")
    within = communities.communities_within(None, TODAY)
    names = communities.named(within, TODAY)
    found = communities.located(rows.select("index", *communities.ASKED), within, names)
    codes = within.select("community_id", code_found="code")
    found = found.select("index", "community_id", "where_problem").join(codes, on="community_id", how="left")
    rows = rows.join(found, on="index", maintain_order="left")
    wrong = rows.filter(pl.col("where_problem").is_not_null())
    for sheet, row, code in wrong.select("sheet", "row", "where_problem").iter_rows():
        problems.add(code, 1, [Problem(sheet, row, "", "", code, "")])
    return rows.filter(~pl.col("faulty") & pl.col("where_problem").is_null())


def values_of(rows: pl.DataFrame, form: str) -> dict[make.Target, dict[str, object]]:
    found = {}
    for row in rows.iter_rows(named=True):
        values = {
            name[1:]: to_json(cell) for name, cell in row.items() if name[0] == "=" and cell is not None
        }
        found[row["code_found"], str(values["name"]) if form == "compound" else ""] = values
    return found


@pytest.mark.parametrize("made", make.IMITATIONS, ids=lambda made: made.__name__)
def test_an_imitation_is_read_right(made: Callable[[], Imitation]) -> None:
    imitation = made()
    readings, problems, notes = read(imitation)
    rows = located(readings, problems)
    told = [(one.sheet, one.row, one.column, one.code) for one in problems.sorted()]
    assert told == list(imitation.problems)
    assert values_of(rows, imitation.form) == imitation.expected
    said = "\n".join([*notes, *(text for one in readings for text in one.unknown_headings)])
    assert [text for text in imitation.notes if text not in said] == []
    assert {one.sheet: one.skipped for one in readings if one.skipped} == imitation.skipped
