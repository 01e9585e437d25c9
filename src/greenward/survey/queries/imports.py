"""Uploaded workbooks: their own and, for those who see the whole, everybody's."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.models import ImportFile, Round
from greenward.survey.states import Outcome
from greenward.survey.workbooks.plan import ROW
from greenward.survey.workbooks.problems import titles


def imports_for(user: User | AnonymousUser, survey_round: Round) -> QuerySet[ImportFile]:
    """Return the workbooks that the person uploaded to the round, newest first, without their content."""
    mine: QuerySet[ImportFile] = ImportFile.objects.filter(round=survey_round, by=user.pk, by__isnull=False)
    return mine.defer("content", "plan").order_by("-id")


def preview_rows(file: ImportFile, outcome: str | None = None) -> pl.DataFrame:
    """Return what the preview said row by row (``workbooks.plan.ROW``), of one outcome where asked."""
    if not file.plan:
        return pl.DataFrame(schema=dict.fromkeys(ROW, pl.String()))
    rows = pl.read_parquet(io.BytesIO(file.plan))
    return rows.filter(pl.col("outcome") == outcome) if outcome else rows


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one kind: how many there are, and those kept in full."""

    code: str
    title: str
    count: int
    problems: list[dict[str, Any]]


def grouped_problems(file: ImportFile, form: Form) -> list[ProblemGroup]:
    """Return the preview's problems by kind, the most frequent first."""
    return _grouped(form, file.report["problems"], file.report["problem_counts"])


def grouped_warnings(file: ImportFile, form: Form) -> list[ProblemGroup]:
    """Return what the preview wants looked at again, although it refuses no row for it."""
    return _grouped(form, file.report["warnings"], file.report["warning_counts"])


def _grouped(form: Form, listed: list[dict[str, Any]], counted: Mapping[str, int]) -> list[ProblemGroup]:
    by_code: dict[str, list[dict[str, Any]]] = {}
    for problem in listed:
        by_code.setdefault(problem["code"], []).append(problem)
    counts = sorted(counted.items(), key=lambda pair: -pair[1])
    names = titles() | {check.id: str(check.message) for check in form.checks}
    return [ProblemGroup(code, names.get(code, code), n, by_code.get(code, [])) for code, n in counts]


def readable_changes(rows: Iterable[dict[str, Any]], form: Form) -> list[dict[str, Any]]:
    """Return preview rows with ``outcome`` as a state and ``changes`` as (label, old, new)."""
    return [
        {
            **row,
            "outcome": Outcome(row["outcome"]),
            "changes": [
                (str(field.label), *(in_words(field, from_json(field, kept)) for kept in pair))
                for name, pair in json.loads(row["changes"] or "{}").items()
                for field in [form.field(name)]
            ],
        }
        for row in rows
    ]


def get_import_for(user: User | AnonymousUser, survey_round: Round, pk: int) -> ImportFile:
    """Return one of the person's own workbooks; NotFoundError for anybody else's."""
    found = imports_for(user, survey_round).defer(None).defer("content").filter(pk=pk).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这个导入文件，或者它不是您上传的。"), hint=_("请从摸底页面重新上传。"), number=pk
        )
    return found
