"""What importing a workbook would do, row by row, before anything is written."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.packs.schema.forms import Form
from greenward.survey.models import Round
from greenward.survey.states import Outcome
from greenward.survey.workbooks import changes, checks, communities
from greenward.survey.workbooks.opening import Workbook, WorkbookError
from greenward.survey.workbooks.problems import Problem, Problems, sentence
from greenward.survey.workbooks.reading import Reading, read_sheet

ROW = ("sheet", "row", "code", "name", "compound", "community_id", "place_id", "outcome", "given", "changes")
ACCEPTED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)


@dataclass
class Plan:
    """Row by row what an import does.

    ``rows`` has the columns :data:`ROW` and ``kept``, the JSON that the entry will hold (null for none);
    ``given`` counts the answers in the row, ``changes`` is JSON: field → [old, new] for changed ones.
    ``notes`` say what was left aside: sheets, total rows, columns nobody knows; ``warnings`` which rows
    break a check that refuses nothing.
    """

    form: Form
    rows: pl.DataFrame
    problems: Problems
    warnings: Problems
    notes: list[str] = field(default_factory=list)

    @property
    def outcomes(self) -> Counter[str]:
        """Rows by outcome."""
        return Counter(dict(self.rows["outcome"].value_counts().iter_rows()))

    @property
    def accepted(self) -> int:
        """Rows that can be imported, unchanged ones among them."""
        return sum(self.outcomes[outcome] for outcome in ACCEPTED)

    @property
    def rejected(self) -> int:
        """Rows with a problem."""
        return self.outcomes[Outcome.REJECTED]

    def report(self, *, fingerprint: str = "") -> dict[str, Any]:
        """Return the plan in numbers, with its problems, warnings and notes, as plain data."""
        return {
            "rows": self.rows.height,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "outcomes": dict(self.outcomes),
            "problem_counts": dict(self.problems.counts),
            "problems": [problem.as_dict() for problem in self.problems.sorted()],
            "warning_counts": dict(self.warnings.counts),
            "warnings": [warning.as_dict() for warning in self.warnings.sorted()],
            "notes": self.notes,
            "fingerprint": fingerprint,
        }

    def fingerprint(self) -> str:
        """Return a digest of everything that the import would do: another plan has another one."""
        text = self.rows.select("sheet", "row", "community_id", "place_id", "outcome", "kept").write_csv()
        return hashlib.sha256(text.encode()).hexdigest()


def plan(survey_round: Round, form: Form, workbook: Workbook, *, by: User | None, today: date) -> Plan:
    """Return the plan; WorkbookError when the workbook is another form's template or has no heading row."""
    _check_key(form, workbook)
    problems, warnings = Problems(), Problems()
    readings, notes = _read_all(workbook, form, problems)
    rows = pl.concat([reading.rows for reading in readings], how="diagonal")
    rows = _answered(rows, form).with_row_index("index")
    within = communities.communities_within(by, survey_round.reference_on)
    names = communities.named(within, survey_round.reference_on)
    where = communities.located(rows.select("index", *communities.ASKED), within, names)
    located = rows.with_columns(where["community_id"], where["where_problem"])
    located = changes.with_targets(located, form, within, today)
    located = _rejected_for(located, problems)
    asked = {one.id for reading in readings for one in reading.fields}
    named = checks.concerned(form, asked)
    watched = asked | {one.id for fields in named.values() for one in fields}
    fields = tuple(one for one in form.fields if one.id in watched)
    known = changes.with_known(located, survey_round, fields)
    letters = {(one.sheet, name): letter for one in readings for name, letter in one.letters.items()}
    agreed = checks.held_against(
        known, form, named, today, letters=letters, problems=problems, warnings=warnings
    )
    done = changes.compared(agreed, [one for one in fields if one.id in asked])
    return Plan(form, done.select(*ROW, "kept"), problems, warnings, notes)


def _answered(rows: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Leave out the template's empty rows for communities whose compounds are not known yet."""
    if form.level == "community":
        return rows
    return rows.filter(pl.col("faulty") | pl.any_horizontal(pl.col("^=.*$").is_not_null()))


def _check_key(form: Form, workbook: Workbook) -> None:
    made_for = workbook.key.get("form", form.id)
    if made_for != form.id:
        raise WorkbookError(
            _("这份表格是按“%(made_for)s”的模板做的，不是“%(form)s”。")
            % {"made_for": made_for, "form": form.title},
            hint=_("请选择对应的表再上传。"),
            reason="other_form",
        )


def _read_all(workbook: Workbook, form: Form, problems: Problems) -> tuple[list[Reading], list[str]]:
    readings, notes = [], []
    for sheet in workbook.sheets:
        reading = read_sheet(sheet, form, problems)
        if reading is None:
            notes.append(_("工作表“%(sheet)s”没有表头，没有读取。") % {"sheet": sheet.name})
            continue
        readings.append(reading)
        if reading.skipped:
            numbers = "、".join(map(str, reading.skipped[:20]))
            notes.append(
                _("“%(sheet)s”第 %(rows)s 行是合计或说明，跳过。") % {"sheet": sheet.name, "rows": numbers}
            )
        if reading.unknown_headings:
            named = "、".join(reading.unknown_headings[:20])
            notes.append(
                _("“%(sheet)s”中不认识的列没有读取：%(columns)s。") % {"sheet": sheet.name, "columns": named}
            )
    if not readings:
        raise WorkbookError(
            sentence("no_headings"), hint=_("请下载模板，把数据粘贴进去再上传。"), reason="no_headings"
        )
    return readings, notes


def _rejected_for(rows: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Tell the problems of whole rows; return the rows with ``faulty`` set where there is any problem."""
    wrong = rows.filter(pl.col("where_problem").is_not_null())
    for (code,), group in wrong.group_by("where_problem", maintain_order=True):
        shown = pl.concat_str(pl.col("code", "community", "compound"), separator=" ", ignore_nulls=True)
        details = (
            Problem(sheet, row, "", value or "", str(code), sentence(str(code)))
            for sheet, row, value in group.select("sheet", "row", shown).iter_rows()
        )
        problems.add(str(code), group.height, details)
    return rows.with_columns(faulty=pl.col("faulty") | pl.col("where_problem").is_not_null())
