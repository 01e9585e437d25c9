"""Taking an import back as a whole, until somebody builds on it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.survey import access
from greenward.survey.events import tell
from greenward.survey.models import Case, Entry, ImportFile, Round
from greenward.survey.queries.values import source_of
from greenward.survey.states import CaseState, ImportState
from greenward.survey.workbooks.undoing import Touched, lay_back, touched, used_units
from greenward.territories.actions import withdraw_units
from greenward.territories.models import Place, PlaceVersion


@transaction.atomic
def undo_import(file: ImportFile, *, by: User | None, at: datetime) -> ImportFile:
    """Take an import back: what held before holds again, and units that only it used are withdrawn.

    Nothing is deleted: entries of their own (``Way.UNDO``) lay the earlier values over the imported ones.
    ConflictError when it is no confirmed import of the person's own, when the round is closed, when a later
    entry of another source says something of the same fields, or when a touched community has been submitted;
    it names who and what. NotAllowedError for who may no longer survey all the touched communities.
    """
    Round.objects.select_for_update().get(pk=file.round_id)
    file = _locked(file, by=by)
    access.check_is_open(file.round, at)
    found = touched(file.pk, timezone.localdate(at))
    _check_reach(found, by=by, at=at)
    _check_not_built_on(file, found)
    written = lay_back(file.pk, by=by.pk if by else None, at=at)
    withdrawn = _withdraw(file, by=by, at=at)
    file.state, file.undone_by, file.undone_at = ImportState.UNDONE, by, at
    file.report = {**file.report, "undone": written, "withdrawn": withdrawn}
    file.save(update_fields=["state", "undone_by", "undone_at", "report"])
    tell(file.round, found.communities)
    audit.record(
        "survey.undo_import",
        file,
        by=by,
        at=at,
        round=file.round.code,
        digest=file.digest,
        written=written,
        withdrawn=withdrawn,
    )
    return file


def _locked(file: ImportFile, *, by: User | None) -> ImportFile:
    locked = (
        ImportFile.objects.select_for_update(of=("self",))
        .select_related("round__programme")
        .defer("content", "plan", "cells", "faults")
        .get(pk=file.pk)
    )
    if locked.by_id != (by.pk if by else None):
        raise ConflictError(_("这个文件是别人导入的。"), hint=_("请导入它的人撤回。"))
    if locked.state != ImportState.CONFIRMED:
        raise ConflictError(
            _("文件“%(name)s”%(state)s，没有可撤回的数据。")
            % {"name": locked.file_name, "state": ImportState(locked.state).label},
            hint=_("请刷新页面，查看当前状态。"),
            state=locked.state,
        )
    return locked


def _check_reach(found: Touched, *, by: User | None, at: datetime) -> None:
    day = timezone.localdate(at)
    paths = PlaceVersion.objects.filter(place__in=found.communities, during__contains=day)
    for path in paths.values_list("path", flat=True) if by is not None else ():
        access.check_may_record(by, path)


def _check_not_built_on(file: ImportFile, found: Touched) -> None:
    hint = _("请逐项更正，或先撤回之后的改动。")
    if found.later is not None:
        entry = Entry.objects.select_related("by", "file", "place").get(pk=found.later)
        raise ConflictError(
            _("导入之后 %(place)s 又有了新的数据（%(source)s，%(at)s），不能整体撤回。")
            % {
                "place": _name_of(entry.place),
                "source": source_of(entry),
                "at": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
            },
            hint=hint,
            entry=entry.pk,
            place=entry.place.code,
        )
    case = (
        Case.objects.filter(round=file.round, place__in=found.communities)
        .exclude(state=CaseState.FILLING)
        .select_related("place")
        .order_by("pk")
        .first()
    )
    if case is not None:
        raise ConflictError(
            _("%(place)s 在导入之后已经提交（%(state)s），不能整体撤回。")
            % {"place": _name_of(case.place), "state": CaseState(case.state).label},
            hint=_("请先撤回提交，或请上级退回。"),
            place=case.place.code,
            state=case.state,
        )


def _name_of(place: Place) -> str:
    version = PlaceVersion.objects.filter(place=place).order_by("-during").first()
    return version.name if version else place.code


def _withdraw(file: ImportFile, *, by: User | None, at: datetime) -> int:
    """Withdraw the units that the import made and nobody else has used; buildings before their compounds."""
    made = list(Place.objects.filter(events__in=file.report.get("events", [])).distinct())
    used = used_units(file.pk, [place.pk for place in made])
    used |= {*PlaceVersion.objects.filter(place__in=used).values_list("parent_id", flat=True)} - {None}
    unused = [place for place in made if place.pk not in used]
    return withdraw_units(unused, reason=_("撤回导入：%(name)s") % {"name": file.file_name}, by=by, at=at)
