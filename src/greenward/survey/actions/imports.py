"""Bringing workbooks in: preview, confirm all or nothing, or both at once from the command line."""

import hashlib
import io
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.survey import access
from greenward.survey.events import tell
from greenward.survey.models import ImportFile, Round
from greenward.survey.queries.rounds import form_of
from greenward.survey.states import ImportState
from greenward.survey.workbooks.opening import FROM_BROWSER, FROM_COMMAND_LINE, Limits, open_workbook
from greenward.survey.workbooks.plan import ROW, Plan, plan
from greenward.survey.workbooks.writing import keep_content, write_entries
from greenward.territories.actions import create_units
from greenward.territories.models import Level, Place


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

    WorkbookError when the file cannot be read, ConflictError when the round takes no values.
    """
    planned = _planned(survey_round, form_id, file_name, content, by=by, at=at, limits=limits)
    file = _kept(survey_round, planned, file_name, content, by=by, at=at)
    audit.record(
        "survey.preview_import", file, by=by, at=at, round=survey_round.code, form=form_id, digest=file.digest
    )
    return file


@transaction.atomic
def preview_again(file: ImportFile, *, by: User | None, at: datetime) -> ImportFile:
    """Compare a previewed workbook with what is known now, and keep that as its preview."""
    file = _locked(file, by=by)
    content = bytes(file.content)
    planned = _planned(file.round, file.form, file.file_name, content, by=by, at=at, limits=FROM_BROWSER)
    file.report, file.plan = planned.report(fingerprint=planned.fingerprint()), _stored(planned)
    file.save(update_fields=["report", "plan"])
    audit.record("survey.preview_again", file, by=by, at=at, round=file.round.code, digest=file.digest)
    return file


@transaction.atomic
def confirm_import(
    file: ImportFile, *, by: User | None, at: datetime, only_valid: bool = False
) -> ImportFile:
    """Import a previewed workbook as the preview said: every row, or with ``only_valid`` the sound ones.

    ConflictError if it was imported or discarded already, StalePreviewError if the outcome would not be
    what the preview said, FaultyRowsError if rows have problems and ``only_valid`` was not chosen.
    """
    Round.objects.select_for_update().get(pk=file.round_id)
    file = _locked(file, by=by)
    content = bytes(file.content)
    planned = _planned(file.round, file.form, file.file_name, content, by=by, at=at, limits=FROM_BROWSER)
    if planned.fingerprint() != file.report["fingerprint"]:
        raise StalePreviewError(
            _("预览之后数据有了变化。"), hint=_("请重新核对预览，再确认导入。"), number=file.pk
        )
    return _imported(file, planned, by=by, at=at, only_valid=only_valid)


@transaction.atomic
def discard_import(file: ImportFile, *, by: User | None, at: datetime) -> ImportFile:
    """Give a previewed workbook up; its content is dropped."""
    file = _locked(file, by=by)
    file.state, file.content, file.plan = ImportState.DISCARDED, b"", b""
    file.save(update_fields=["state", "content", "plan"])
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
    Round.objects.select_for_update().get(pk=survey_round.pk)
    planned = _planned(survey_round, form_id, file_name, content, by=by, at=at, limits=limits)
    file = _kept(survey_round, planned, file_name, content, by=by, at=at, shown=False)
    return _imported(file, planned, by=by, at=at, only_valid=only_valid)


def _planned(
    survey_round: Round,
    form_id: str,
    file_name: str,
    content: bytes,
    *,
    by: User | None,
    at: datetime,
    limits: Limits,
) -> Plan:
    survey_round.refresh_from_db(fields=["closed_at"])
    access.check_is_open(survey_round, at)
    access.check_may_import(by)
    workbook = open_workbook(file_name, content, limits)
    form = form_of(survey_round, form_id)
    return plan(survey_round, form, workbook, by=by, today=timezone.localdate(at))


def _kept(
    survey_round: Round,
    planned: Plan,
    file_name: str,
    content: bytes,
    *,
    by: User | None,
    at: datetime,
    shown: bool = True,
) -> ImportFile:
    file = ImportFile.objects.create(
        round=survey_round,
        form=planned.form.id,
        file_name=file_name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        report=planned.report(fingerprint=planned.fingerprint() if shown else ""),
        plan=_stored(planned) if shown else b"",
        by=by,
        at=at,
    )
    keep_content(file, content)
    return file


def _locked(file: ImportFile, *, by: User | None) -> ImportFile:
    """Return the previewed workbook, locked; ConflictError if it is somebody else's or no longer open."""
    locked = ImportFile.objects.select_for_update(of=("self",)).select_related("round__programme__pack")
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


def _imported(
    file: ImportFile, planned: Plan, *, by: User | None, at: datetime, only_valid: bool
) -> ImportFile:
    if planned.rejected and not only_valid:
        raise FaultyRowsError(planned.report())
    rows = _with_places(planned, by=by, at=at, reason=file.file_name)
    file.by, file.at = by, at
    written = write_entries(file, planned.form.level, rows)
    file.state = ImportState.CONFIRMED
    file.report = {**file.report, "only_valid": only_valid, "written": written}
    file.save(update_fields=["state", "report", "at"])
    tell(file.round, rows["community_id"].unique().to_list())
    audit.record(
        "survey.confirm_import",
        file,
        by=by,
        at=at,
        round=file.round.code,
        form=file.form,
        digest=file.digest,
        written=written,
        rejected=planned.rejected,
    )
    return file


def _with_places(planned: Plan, *, by: User | None, at: datetime, reason: str) -> pl.DataFrame:
    """Return the rows to write; compounds that do not exist yet are made first, all at once."""
    rows = planned.rows.filter(pl.col("kept").is_not_null())
    fresh = rows.filter(pl.col("place_id").is_null())
    if not fresh.height:
        return rows
    names = dict(fresh.group_by("community_id", maintain_order=True).agg("compound").iter_rows())
    communities = Place.objects.in_bulk(list(names))
    made = create_units(
        {communities[pk]: texts for pk, texts in names.items()}, Level.COMPOUND, reason=reason, by=by, at=at
    )
    found = pl.DataFrame(
        [(version.parent_id, version.name, version.place_id) for version in made],
        schema={"community_id": pl.Int64, "compound": pl.String, "made_id": pl.Int64},
        orient="row",
    )
    rows = rows.join(found, on=["community_id", "compound"], how="left", maintain_order="left")
    return rows.with_columns(place_id=pl.coalesce("place_id", "made_id"))


def _stored(planned: Plan) -> bytes:
    buffer = io.BytesIO()
    planned.rows.select(ROW).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
