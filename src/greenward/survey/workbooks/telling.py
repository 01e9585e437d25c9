"""Telling what is wrong with headings and cells, at their place."""

from collections.abc import Iterator

import polars as pl

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import IN_CELL, as_text
from greenward.survey.answers.problems import described
from greenward.survey.workbooks.blocks import Block
from greenward.survey.workbooks.problems import Problem, Problems, sentence
from greenward.survey.workbooks.sources import stands

HEADINGS = {"repeated": "heading_twice", "refused": "heading_unclear"}


def tell_headings(block: Block, problems: Problems) -> None:
    """Tell headings that come twice or may mean several things."""
    for one in block.columns:
        code = HEADINGS.get(one.origin)
        if code is not None:
            problem = Problem(block.sheet, block.heading_row, one.letter, one.heading, code, sentence(code))
            problems.add(code, 1, [problem])


def tell_heading(block: Block, meaning: str, code: str, problems: Problems) -> None:
    """Tell why a column is not read."""
    place = block.places[meaning]
    problem = Problem(block.sheet, place.row, place.letter, place.title, code, sentence(code))
    problems.add(code, 1, [problem])


def tell_not_in_cell(one: Field, block: Block, problems: Problems) -> None:
    """Say at the heading that files and tables cannot be read from cells, where there is anything in them."""
    if block.rows[one.id].null_count() < block.rows.height:
        place, code = block.places[one.id], IN_CELL[one.type]
        message = described(one, code).message
        problems.add(code, 1, [Problem(block.sheet, place.row, place.letter, place.title, code, message)])


def tell_cells(one: Field, block: Block, cells: pl.Series, codes: pl.Series, problems: Problems) -> None:
    """Tell the cells that do not fit: ``codes`` says why, null where they do."""
    wrong = block.rows.select("row", "column", value=as_text(cells), code=codes)
    wrong = wrong.filter(pl.col("code").is_not_null())
    for (code,), group in wrong.group_by("code", maintain_order=True):
        problems.add(str(code), group.height, _cell_problems(one, block, str(code), group))


def _cell_problems(one: Field, block: Block, code: str, group: pl.DataFrame) -> Iterator[Problem]:
    message = f"{one.label}：{described(one, code).message}"
    for row, column, value, _code in group.iter_rows():
        line, letter = block.at(stands(one, block), row, column)
        yield Problem(block.sheet, line, letter, value or "", code, message)
