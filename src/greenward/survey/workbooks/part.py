"""The rows of one form, from the sheet to what becomes of each."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
import polars.selectors as cs
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field, Form
from greenward.survey.workbooks import changes, checks, communities
from greenward.survey.workbooks.changes import Knowledge
from greenward.survey.workbooks.communities import Candidate
from greenward.survey.workbooks.decisions import NEWER, Decisions
from greenward.survey.workbooks.newer import tell_newer
from greenward.survey.workbooks.problems import Problem, Problems, sentence
from greenward.survey.workbooks.reading import Reading, read_sheet
from greenward.survey.workbooks.settled import Cases, closed_rows
from greenward.survey.workbooks.sheets import Part, table_form
from greenward.survey.workbooks.tables import gathered
from greenward.survey.workbooks.targets import Ground, with_targets

ASKED_ABOUT = ("community_ambiguous", "code_and_name_differ", "community_not_found", "code_rounded")
"""Problems of rows that a person can answer by saying which community is meant."""


@dataclass
class Doubt:
    """A community as written that was not found for certain: in how many rows, and which it may be."""

    written: str
    code: str
    count: int
    candidates: tuple[Candidate, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the doubt as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Bringing:
    """What the parts of one workbook share."""

    knowledge: Knowledge
    ground: Ground
    names: pl.DataFrame
    decided: Decisions
    cases: Cases
    problems: Problems
    warnings: Problems
    notes: list[str] = field(default_factory=list)
    doubts: dict[str, Doubt] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """A part's rows with what becomes of each, and the fields that it writes."""

    fields: tuple[Field, ...]
    frame: pl.DataFrame


def brought(part: Part, bringing: Bringing) -> tuple[Done, list[dict[str, Any]]] | None:
    """Return what becomes of a part's rows, and how its columns were read; None without a heading row."""
    read_as = table_form(part.form, part.table) if part.table else part.form
    readings = _read(part, read_as, bringing)
    if not readings:
        return None
    rows = _rows(part, readings, read_as)
    located = _located(rows, bringing)
    located = with_targets(located, part.form, bringing.ground)
    located = _rejected_for(located, bringing)
    asked = _asked(part, readings)
    named = checks.concerned(part.form, asked)
    watched = asked | {one.id for fields in named.values() for one in fields}
    fields = tuple(one for one in part.form.fields if one.id in watched)
    known = changes.with_known(located, bringing.knowledge, part.form, fields)
    places = checks.Places(
        {(one.sheet, name): letter for one in readings for name, letter in one.letters.items()},
        {(one.sheet, name): line for one in readings for name, line in one.lines.items()},
    )
    agreed = checks.held_against(
        known, part.form, named, bringing.ground.today,
        places=places, problems=bringing.problems, warnings=bringing.warnings,
        reasons=bringing.decided.reasons,
    )  # fmt: skip
    written = tuple(one for one in fields if one.id in asked)
    frame = _compared(agreed, written, bringing, places)
    shown = [_column(one, read, part.form, bringing) for read in readings for one in read.columns]
    frame = frame.with_columns(form=pl.lit(part.form.id), changes=changes.changes_in_words(frame, written))
    return Done(written, frame.drop(cs.matches("^[=<!@?^*]") | cs.by_name("candidates"))), shown


def _compared(
    rows: pl.DataFrame, fields: tuple[Field, ...], bringing: Bringing, places: checks.Places
) -> pl.DataFrame:
    overrule = bool(bringing.decided.reasons.get(NEWER))
    done = changes.compared(rows, fields, overrule=overrule)
    done = tell_newer(done, fields, bringing.warnings, places, why=bringing.decided.reasons.get(NEWER, ""))
    closed = closed_rows(done, fields, bringing.cases, bringing.problems)
    if not closed:
        return done
    shut = pl.col("index").is_in(closed)
    return done.with_columns(
        outcome=pl.when(shut).then(pl.lit("rejected")).otherwise("outcome"), faulty=pl.col("faulty") | shut
    )


def _read(part: Part, read_as: Form, bringing: Bringing) -> list[Reading]:
    readings, given = [], bringing.decided.given(part.form.id)
    for sheet in part.sheets:
        reading = read_sheet(sheet, read_as, bringing.problems, given=given)
        if reading is None:
            bringing.notes.append(_("工作表“%(sheet)s”没有表头，没有读取。") % {"sheet": sheet.name})
            continue
        readings.append(reading)
        bringing.notes.extend(_noted(reading))
    return readings


def _noted(reading: Reading) -> Iterable[str]:
    yield from reading.notes
    if reading.skipped:
        numbers = "、".join(map(str, reading.skipped[:20]))
        yield _("“%(sheet)s”第 %(rows)s 行是合计或说明，跳过。") % {"sheet": reading.sheet, "rows": numbers}
    if reading.unknown_headings:
        named = "、".join(reading.unknown_headings[:20])
        yield _("“%(sheet)s”中不认识的列没有读取：%(columns)s。") % {"sheet": reading.sheet, "columns": named}


def _rows(part: Part, readings: list[Reading], read_as: Form) -> pl.DataFrame:
    """Return the rows of all sheets; the template's empty rows for units not known yet are left out."""
    rows = pl.concat([reading.rows for reading in readings], how="diagonal")
    if part.table is not None:
        rows = gathered(rows, read_as.fields, part.table, part.form.key)
    elif part.form.level != "community":
        rows = rows.filter(pl.col("faulty") | pl.any_horizontal(pl.col("^=.*$").is_not_null()))
    return rows.with_row_index("index")


def _asked(part: Part, readings: list[Reading]) -> set[str]:
    if part.table is not None:
        return {part.table.id} | ({part.form.key} if part.form.key else set())
    return {one.id for reading in readings for one in reading.fields}


def _located(rows: pl.DataFrame, bringing: Bringing) -> pl.DataFrame:
    """Return the rows with their communities; what somebody said of a name goes before guessing."""
    asked = rows.select("index", *communities.ASKED, written=_written())
    chosen = bringing.decided.places
    if chosen:
        asked = asked.with_columns(
            said=pl.col("written").replace_strict(list(chosen), list(chosen.values()), default=None)
        )
        said = pl.col("said").is_not_null()
        asked = asked.with_columns(
            pl.coalesce("said", "code").alias("code"),
            *(pl.when(~said).then(pl.col(name)).alias(name) for name in communities.ASKED[1:]),
        )
    where = communities.located(
        asked.select("index", *communities.ASKED), bringing.ground.within, bringing.names
    )
    return rows.with_columns(
        where["community_id"], where["where_problem"], where["candidates"], asked["written"]
    )


def _written() -> pl.Expr:
    return pl.concat_str(pl.col(communities.ASKED), separator=" ", ignore_nulls=True)


def _rejected_for(rows: pl.DataFrame, bringing: Bringing) -> pl.DataFrame:
    """Tell the problems of whole rows; return the rows with ``faulty`` set where there is any problem."""
    wrong = rows.filter(pl.col("where_problem").is_not_null())
    asked: dict[tuple[int, ...], tuple[Candidate, ...]] = {}
    for (code,), group in wrong.group_by("where_problem", maintain_order=True):
        shown = pl.concat_str(
            pl.col("code", "community", "compound", "unit"), separator=" ", ignore_nulls=True
        )
        said = group.select("sheet", "row", shown, "candidates", "written").rows()
        kind = str(code)
        for _sheet, _row, _value, ids, written in said if kind in ASKED_ABOUT else ():
            _doubt(bringing, kind, written, _candidates(bringing, ids, asked))
        details = (
            Problem(sheet, row, "", value or "", kind, sentence(kind), _candidates(bringing, ids, asked))
            for sheet, row, value, ids, _written in said
        )
        bringing.problems.add(kind, group.height, details)
    return rows.with_columns(faulty=pl.col("faulty") | pl.col("where_problem").is_not_null())


def _doubt(bringing: Bringing, kind: str, written: str, candidates: tuple[Candidate, ...]) -> None:
    doubt = bringing.doubts.setdefault(written, Doubt(written, kind, 0, candidates))
    doubt.count += 1


def _candidates(
    bringing: Bringing, ids: list[int] | None, asked: dict[tuple[int, ...], tuple[Candidate, ...]]
) -> tuple[Candidate, ...]:
    if not ids:
        return ()
    key = tuple(ids)
    if key not in asked:
        asked[key] = communities.candidates(bringing.ground.within, ids)
    return asked[key]


def _column(one: Any, reading: Reading, form: Form, bringing: Bringing) -> dict[str, Any]:
    said, earlier = (
        one.key in meanings.get(form.id, {})
        for meanings in (bringing.decided.headings, bringing.decided.remembered)
    )
    origin = "remembered" if one.origin == "given" and earlier and not said else one.origin
    return {
        "sheet": reading.sheet, "form": form.id, "letter": one.letter, "heading": one.heading,
        "key": one.key, "meaning": one.meaning, "origin": origin, "row": reading.heading_row,
    }  # fmt: skip
