"""Bringing workbooks in: preview, decide, confirm all or nothing, or all at once from the command line."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.survey import access
from greenward.survey.actions.bringing import bring_in
from greenward.survey.actions.remembering import remember
from greenward.survey.models import ImportFile, Round
from greenward.survey.queries.imports import office_of, remembered_headings
from greenward.survey.queries.rounds import form_of
from greenward.survey.states import ImportState
from greenward.survey.workbooks.decisions import Decisions, Meanings
from greenward.survey.workbooks.opening import (
    FROM_BROWSER,
    FROM_COMMAND_LINE,
    Limits,
    Workbook,
    open_workbook,
)
from greenward.survey.workbooks.plan import Plan, plan
from greenward.survey.workbooks.storing import cells_kept, faults_kept, plan_kept
from greenward.survey.workbooks.writing import keep_content, kept_meanwhile

MOST_REASON = 500


class StalePreviewError(ConflictError):
    """Values changed since the preview: it was made anew and must be looked at again."""

    code = "stale_preview"


class FaultyRowsError(InvalidInputError):
    """Rows have problems, and nothing was imported; ``report`` says which (as in ``ImportFile.report``)."""

    code = "faulty_rows"

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__(
            _("有 %(n)d 行有问题，没有导入任何数据。") % {"n": report["rejected"]},
            hint=_("请改正后重新上传，或选择只导入无误行。"),
            problems=report["rejected"],
        )
        self.report = report


@transaction.atomic
def preview_import(
    survey_round: Round,
    form_id: str,
    file_name: str,
    content: bytes,
    *,
    by: User | None,
    at: datetime,
    limits: Limits = FROM_BROWSER,
) -> ImportFile:
    """Keep the workbook with what importing it would do; nothing else changes.

    ``form_id`` empty: each sheet says which form it answers. WorkbookError when the file cannot be read,
    ConflictError when the round takes no values.
    """
    _check_may(survey_round, by=by, at=at)
    workbook = open_workbook(file_name, content, limits)
    file = ImportFile(
        round=survey_round,
        form=form_id,
        file_name=file_name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        by=by,
        at=at,
    )
    planned = _planned(file, workbook, at=at)
    _describe(file, planned, workbook)
    file.save()
    keep_content(file, content)
    audit.record(
        "survey.preview_import", file, by=by, at=at, round=survey_round.code, form=form_id, digest=file.digest
    )
    return file


@transaction.atomic
def preview_again(file: ImportFile, *, by: User | None, at: datetime) -> ImportFile:
    """Compare a previewed workbook with what is known now, and keep that as its preview."""
    file = _locked(file, by=by)
    _anew(file, at=at)
    audit.record("survey.preview_again", file, by=by, at=at, round=file.round.code, digest=file.digest)
    return file


@transaction.atomic
def decide_import(
    file: ImportFile,
    *,
    by: User | None,
    at: datetime,
    headings: Meanings | None = None,
    places: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> ImportFile:
    """Take what the person says of a previewed workbook, and make its preview anew.

    ``headings`` (by form: heading → meaning) are remembered for the person's office; ``places`` (a community
    as written → its code, empty to take back) and ``reasons`` (check id → why such rows stand, empty to take
    back) hold for this file. ConflictError as for confirming, InvalidInputError for a meaning that the form
    does not have.
    """
    file = _locked(file, by=by)
    if headings:
        remember(file, headings, by=by, at=at)
    file.places = _merged(file.places, places, most=12)
    file.reasons = _merged(file.reasons, reasons, most=MOST_REASON)
    file.save(update_fields=["headings", "places", "reasons"])
    _anew(file, at=at)
    audit.record(
        "survey.decide_import",
        file,
        by=by,
        at=at,
        round=file.round.code,
        headings=sum(map(len, (headings or {}).values())),
        places=len(places or {}),
        reasons=sorted(reasons or {}),
    )
    return file


@transaction.atomic
def confirm_import(
    file: ImportFile, *, by: User | None, at: datetime, only_valid: bool = False
) -> ImportFile:
    """Import a previewed workbook as the preview said: every row, or with ``only_valid`` the sound ones.

    ConflictError if it was imported or discarded already, StalePreviewError if the outcome would not be
    what the preview said, FaultyRowsError if rows have problems and ``only_valid`` was not chosen.
    """
    _hold(file.round)
    file = _locked(file, by=by)
    _check_may(file.round, by=by, at=at)
    workbook = open_workbook(file.file_name, bytes(file.content), FROM_BROWSER)
    planned = _planned(file, workbook, at=at)
    if planned.fingerprint() != file.report["fingerprint"]:
        raise StalePreviewError(
            _("预览之后数据有了变化。"), hint=_("请重新核对预览，再确认导入。"), number=file.pk
        )
    return _imported(file, planned, by=by, at=at, only_valid=only_valid)


@transaction.atomic
def discard_import(file: ImportFile, *, by: User | None, at: datetime) -> ImportFile:
    """Give a previewed workbook up; its content is dropped."""
    file = _locked(file, by=by)
    file.state = ImportState.DISCARDED
    file.content, file.plan, file.cells, file.faults = b"", b"", b"", b""
    file.save(update_fields=["state", "content", "plan", "cells", "faults"])
    audit.record("survey.discard_import", file, by=by, at=at, round=file.round.code, digest=file.digest)
    return file


@transaction.atomic
def import_workbook(
    survey_round: Round,
    form_id: str,
    file_name: str,
    content: bytes,
    *,
    by: User | None,
    at: datetime,
    only_valid: bool = False,
    limits: Limits = FROM_COMMAND_LINE,
) -> ImportFile:
    """Import a workbook at once, without a preview that somebody looks at. Errors as for confirming."""
    _hold(survey_round)
    _check_may(survey_round, by=by, at=at)
    file = ImportFile.objects.create(
        round=survey_round,
        form=form_id,
        file_name=file_name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        by=by,
        at=at,
    )
    with kept_meanwhile(file, content):
        workbook = open_workbook(file_name, content, limits)
    planned = _planned(file, workbook, at=at)
    del workbook  # its texts are read; a nation's take a gigabyte
    file.report = planned.report()
    return _imported(file, planned, by=by, at=at, only_valid=only_valid)


def _hold(survey_round: Round) -> None:
    """Let nobody else import into, or record in, the programme's open rounds until commit."""
    held = Round.objects.filter(programme=survey_round.programme_id, closed_at=None) | Round.objects.filter(
        pk=survey_round.pk
    )
    list(held.select_for_update().order_by("pk").values_list("pk"))


def _check_may(survey_round: Round, *, by: User | None, at: datetime) -> None:
    survey_round.refresh_from_db(fields=["closed_at"])
    access.check_is_open(survey_round, at)
    access.check_may_import(by)


def _planned(file: ImportFile, workbook: Workbook, *, at: datetime) -> Plan:
    form = form_of(file.round, file.form) if file.form else None
    decided = Decisions(file.headings, remembered_headings(office_of(file.by)), file.places, file.reasons)
    return plan(file.round, form, workbook, by=file.by, today=timezone.localdate(at), decided=decided)


def _anew(file: ImportFile, *, at: datetime) -> None:
    workbook = open_workbook(file.file_name, bytes(file.content), FROM_BROWSER)
    _describe(file, _planned(file, workbook, at=at), workbook)
    file.save(update_fields=["report", "plan", "cells", "faults"])


def _describe(file: ImportFile, planned: Plan, workbook: Workbook) -> None:
    file.report = planned.report(fingerprint=planned.fingerprint())
    file.plan, file.faults = plan_kept(planned), faults_kept(planned)
    file.cells = cells_kept(workbook.sheets)


def _locked(file: ImportFile, *, by: User | None) -> ImportFile:
    """Return the previewed workbook, locked; ConflictError if it is somebody else's or no longer open."""
    locked = ImportFile.objects.select_for_update(of=("self",)).select_related("round__programme__pack", "by")
    file = locked.get(pk=file.pk)
    if file.by_id != (by.pk if by else None):
        raise ConflictError(_("这个文件是别人上传的。"), hint=_("请自己上传后再导入。"))
    if file.state != ImportState.PREVIEWED:
        raise ConflictError(
            _("文件“%(name)s”%(state)s，不能再次确认。")
            % {"name": file.file_name, "state": ImportState(file.state).label},
            hint=_("如需再导入，请重新上传；相同的数据不会重复。"),
            state=file.state,
        )
    return file


def _merged(old: Mapping[str, str], new: Mapping[str, str] | None, *, most: int) -> dict[str, str]:
    both = {**old, **{name: text.strip()[:most] for name, text in (new or {}).items()}}
    return {name: text for name, text in both.items() if text}


def _imported(
    file: ImportFile, planned: Plan, *, by: User | None, at: datetime, only_valid: bool
) -> ImportFile:
    if planned.rejected and not only_valid:
        raise FaultyRowsError(planned.report())
    file.by, file.at = by, at
    done = bring_in(file, planned, by=by, at=at)
    file.state = ImportState.CONFIRMED
    file.report = {**file.report, "only_valid": only_valid, **done}
    file.save(update_fields=["state", "report", "at"])
    audit.record(
        "survey.confirm_import",
        file,
        by=by,
        at=at,
        round=file.round.code,
        form=file.form,
        digest=file.digest,
        written=done["written"],
        made=done["made"],
        rejected=planned.rejected,
    )
    return file
