"""Taking values out: whatever leaves is in the audit trail, with who, what and as of when."""

from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError
from greenward.packs.schema.pack import Pack
from greenward.survey.exports.chosen import Chosen
from greenward.survey.exports.formats import Format
from greenward.survey.exports.paged import Page, page_of
from greenward.survey.exports.separated import only
from greenward.survey.exports.sums import Sum, sums_of
from greenward.survey.models import Completeness, Round
from greenward.survey.queries.rounds import form_of
from greenward.survey.xlsform.making import Made, export
from greenward.survey.xlsform.places import places_listed
from greenward.territories.models import PlaceVersion


class ExportTooLargeError(InvalidInputError):
    """More was asked for than a browser should wait for."""

    code = "export_too_large"


@transaction.atomic
def take_out(
    chosen: Chosen,
    pack: Pack,
    form: Format,
    target: IO[bytes],
    *,
    by: User | None,
    at: datetime,
    most_cells: int | None = None,
) -> int:
    """Write what was chosen to ``target``; return how many places it has.

    ExportTooLargeError where it has more than ``most_cells`` cells: nothing is read then.
    """
    if most_cells is not None:
        _check_size(chosen, most_cells)
    rows = form.write(chosen, pack, target)
    _record(chosen, form.name, rows, by=by, at=at)
    return rows


@transaction.atomic
def take_page(chosen: Chosen, *, by: User | None, at: datetime, after: str = "", limit: int = 1000) -> Page:
    """Return a page of the one subject that was chosen."""
    page = page_of(chosen, only(chosen), after=after, limit=limit)
    _record(chosen, "json", len(page.rows), by=by, at=at)
    return page


@transaction.atomic
def take_sums(chosen: Chosen, *, by: User | None, at: datetime) -> list[Sum]:
    """Return the sums per street of what is shown only as sums."""
    found = [one for subject in chosen.subjects for one in sums_of(chosen, subject)]
    _record(chosen, "sums", len(found), by=by, at=at)
    return found


@transaction.atomic
def take_own_file(place: PlaceVersion, *, by: User | None, at: datetime, as_of: date) -> None:
    """Put into the audit trail that a community's own file was taken out as a document."""
    audit.record("survey.export_own_file", place.place, by=by, at=at, scope=place.path, as_of=as_of)


@transaction.atomic
def take_certificate(
    certificate: Completeness, place: PlaceVersion, *, by: User | None, at: datetime
) -> None:
    """Put into the audit trail that a certificate was taken out as a document."""
    audit.record("survey.export_certificate", certificate, by=by, at=at, scope=place.path)


@transaction.atomic
def take_xlsform(
    survey_round: Round, form_id: str, under: PlaceVersion, *, by: User | None, at: datetime
) -> Made:
    """Return a form of the round as XLSForm, with the places below ``under`` that ``by`` may survey."""
    form = form_of(survey_round, form_id)
    places = places_listed(by, form, timezone.localdate(at), under)
    made = export(form, survey_round, places, survey_round.programme.pack.digest)
    audit.record(
        "survey.export_xlsform",
        survey_round,
        by=by,
        at=at,
        scope=under.path,
        form=form_id,
        version=made.version,
    )
    return made


def _check_size(chosen: Chosen, most: int) -> None:
    size = chosen.size()
    cells = sum(size[subject.id] * len(subject.fields) for subject in chosen.subjects)
    if cells > most:
        raise ExportTooLargeError(
            _("一次要 %(cells)d 格，浏览器里最多 %(most)d 格。") % {"cells": cells, "most": most},
            hint=_("请选小一些的范围、一个层级或一张表，改用 Parquet，或请管理员在服务器上导出。"),
            cells=cells,
            most=most,
        )


def _record(chosen: Chosen, kind: str, rows: int, *, by: User | None, at: datetime) -> None:
    audit.record(
        "survey.export",
        chosen.place.place,
        by=by,
        at=at,
        scope=chosen.place.path,
        as_of=chosen.as_of,
        format=kind,
        subjects={subject.id: len(subject.fields) for subject in chosen.subjects},
        rows=rows,
        sources=chosen.sources,
    )
