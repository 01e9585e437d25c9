"""Uploaded workbooks: one's own, what their previews say, and what one's office said of headings before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.models import HeadingMeaning, ImportFile, Round
from greenward.survey.queries.rounds import forms_of
from greenward.survey.states import Outcome
from greenward.survey.workbooks.plan import ROW
from greenward.survey.workbooks.problems import titles
from greenward.survey.workbooks.storing import frame_of, some_of
from greenward.territories.models import Appointment, Office
from greenward.territories.roles import ROLES, Permission

LARGE = ("content", "plan", "cells", "faults")
SURVEYORS = [slug for slug, role in ROLES.items() if Permission.SURVEY in role.permissions]


def imports_for(user: User | AnonymousUser, survey_round: Round) -> QuerySet[ImportFile]:
    """Return the workbooks that the person uploaded to the round, newest first, without their content."""
    mine: QuerySet[ImportFile] = ImportFile.objects.filter(round=survey_round, by=user.pk, by__isnull=False)
    return mine.defer(*LARGE).order_by("-id")


def get_import_for(user: User | AnonymousUser, survey_round: Round, pk: int) -> ImportFile:
    """Return one of the person's own workbooks; NotFoundError for anybody else's."""
    found = imports_for(user, survey_round).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这个导入文件，或者它不是您上传的。"), hint=_("请从摸底页面重新上传。"), number=pk
        )
    found.round = survey_round
    return found


def get_import(survey_round: Round, pk: int) -> ImportFile:
    """Return any workbook of the round, for the command line; NotFoundError if there is none."""
    found = ImportFile.objects.filter(round=survey_round, pk=pk).defer(*LARGE).first()
    if found is None:
        raise NotFoundError(_("没有编号为 %(number)d 的导入文件。") % {"number": pk}, number=pk)
    return found


def office_of(user: User | None) -> Office | None:
    """Return the office in which the person surveys: the outermost one of today; None without any."""
    if user is None:
        return None
    held = Appointment.objects.filter(user=user, role__in=SURVEYORS, during__contains=clock.today())
    first = held.select_related("office").order_by("office__place__code", "pk").first()
    return first.office if first else None


def remembered_headings(office: Office | None) -> dict[str, dict[str, str]]:
    """Return what an office said of its workbooks' headings: by form, heading → meaning."""
    said: dict[str, dict[str, str]] = {}
    if office is not None:
        for form, heading, meaning in HeadingMeaning.objects.filter(office=office).values_list(
            "form", "heading", "meaning"
        ):
            said.setdefault(form, {})[heading] = meaning
    return said


def forms_read(file: ImportFile) -> dict[str, Form]:
    """Return the forms that a workbook's sheets answer, by id."""
    forms = forms_of(file.round)
    return {name: forms[name] for name in file.report.get("forms", [file.form]) if name in forms}


def preview_rows(file: ImportFile, outcome: str | None = None) -> pl.DataFrame:
    """Return what the preview said row by row (``workbooks.plan.ROW``), of one outcome where asked."""
    rows = frame_of(file.plan)
    if not rows.width:
        return pl.DataFrame(schema=ROW)
    return rows.filter(pl.col("outcome") == outcome) if outcome else rows


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one kind: how many there are, some of them, and why they stand, if anybody said so.

    ``asks_reason``: a warning, which a reason settles.
    """

    code: str
    title: str
    count: int
    problems: list[dict[str, Any]]
    asks_reason: bool = False
    reason: str = ""


def problem_groups(file: ImportFile, level: str, *, most: int) -> list[ProblemGroup]:
    """Return the preview's problems (``level`` problem) or warnings by kind, the most frequent first."""
    counted: Mapping[str, int] = file.report[f"{level}_counts"]
    faults, names = frame_of(file.faults), _titles(file)
    listed: dict[str, list[dict[str, Any]]] = {}
    if faults.height:
        some = faults.filter(pl.col("level") == level).group_by("code", maintain_order=True).head(most)
        for fault in some.iter_rows(named=True):
            listed.setdefault(fault["code"], []).append(fault)
    return [
        ProblemGroup(
            code,
            names.get(code, code),
            count,
            listed.get(code, []),
            level == "warning",
            file.reasons.get(code, ""),
        )
        for code, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def problems_of_kind(file: ImportFile, code: str) -> tuple[str, pl.DataFrame]:
    """Return a kind's title and its problems, as many as were kept (``workbooks.storing.FAULT``)."""
    faults = frame_of(file.faults)
    return _titles(file).get(code, code), faults.filter(pl.col("code") == code) if faults.width else faults


def _titles(file: ImportFile) -> dict[str, str]:
    checks = {check.id: str(check.message) for form in forms_read(file).values() for check in form.checks}
    return checks | titles()


def readable_changes(rows: Iterable[dict[str, Any]], forms: Mapping[str, Form]) -> list[dict[str, Any]]:
    """Return preview rows with ``outcome`` as a state and ``changes`` as (label, old, new)."""
    return [
        {
            **row,
            "outcome": Outcome(row["outcome"]),
            "changes": [
                (str(field.label), *(in_words(field, from_json(field, kept)) for kept in pair))
                for name, pair in json.loads(row["changes"] or "{}").items()
                for field in [forms[row["form"]].field(name)]
            ],
        }
        for row in rows
    ]


@dataclass(frozen=True)
class Cell:
    """A cell as it came; ``sign`` and ``problem`` say what is wrong with it, ``read`` whether it is read."""

    text: str
    read: bool
    problem: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class SheetPage:
    """Some rows of a sheet as it came: column letters with their meanings, rows with their numbers."""

    letters: tuple[tuple[str, str], ...]
    rows: tuple[tuple[int, str, tuple[Cell, ...]], ...]


def sheet_names(file: ImportFile) -> list[tuple[str, int]]:
    """Return the sheets of a previewed workbook in its order, with how many rows each has."""
    if not file.cells:
        return []
    counted = frame_of(file.cells).select("sheet").group_by("sheet", maintain_order=True).len()
    return list(counted.iter_rows())


def sheet_page(file: ImportFile, sheet: str, first: int, most: int) -> SheetPage:
    """Return ``most`` rows of a sheet from the ``first`` (0-based) on, each cell with its problem.

    A problem of a whole row stands in front of it.
    """
    rows = some_of(file.cells, pl.col("sheet") == sheet, first, most)
    if not rows.height:
        return SheetPage((), ())
    letters = [
        name for name in rows.columns[2:] if any(one["letter"] == name for one in _columns(file, sheet))
    ] or rows.columns[2:]
    letters = [name for name in rows.columns[2:] if name in letters or rows[name].null_count() < rows.height]
    letters.sort(key=lambda name: (len(name), name))
    last, start = rows["row"].max(), rows["row"].min()
    here = (pl.col("sheet") == sheet) & pl.col("row").is_between(start, last)
    faults = some_of(file.faults, here, 0, most * 100) if file.faults else pl.DataFrame()
    wrong: dict[tuple[int, str], dict[str, Any]] = {}
    for fault in faults.iter_rows(named=True):
        wrong.setdefault((fault["row"], fault["column"]), fault)
    read = {one["letter"]: one["meaning"] for one in _columns(file, sheet)}
    shown = tuple(
        (
            number,
            wrong[number, ""]["message"] if (number, "") in wrong else "",
            tuple(
                _cell(text, bool(read.get(letter)), wrong.get((number, letter)))
                for letter, text in zip(letters, texts, strict=True)
            ),
        )
        for number, *texts in rows.select("row", *letters).iter_rows()
    )
    return SheetPage(tuple((letter, read.get(letter, "")) for letter in letters), shown)


def _columns(file: ImportFile, sheet: str) -> list[dict[str, Any]]:
    return [one for one in file.report.get("columns", []) if one["sheet"] == sheet]


def _cell(text: str | None, read: bool, fault: Mapping[str, Any] | None) -> Cell:  # noqa: FBT001 - a property
    if fault is None:
        return Cell(text or "", read)
    return Cell(text or "", read, fault["message"], fault["level"] == "warning")
