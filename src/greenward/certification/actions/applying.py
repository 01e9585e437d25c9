"""What the community does: open, write, attach, sign and hand in, answer what came back, withdraw."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import applications as access
from greenward.certification.actions.moving import advance
from greenward.certification.models import Application, Attachment, Participation, ReturnedItem, Snapshot
from greenward.certification.queries import snapshots
from greenward.certification.queries.applications import open_application, version_of
from greenward.certification.queries.former import narratives_before
from greenward.certification.queries.locked import lock
from greenward.certification.queries.narrative import drafted
from greenward.certification.queries.readiness import Readiness, readiness_of
from greenward.certification.queries.route import route_of
from greenward.certification.states import ApplicationState
from greenward.core import audit, canonical
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.core.signing import sign
from greenward.evidence.models import File
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities

NARRATIVE = "#narrative"
"""Stands for an item where the narrative or the attachments came back."""
LONGEST_NARRATIVE = 20000


class NotReadyError(ConflictError):
    """A community cannot apply yet: ``readiness`` says why, ``data`` the same as values."""

    code = "not_ready"

    def __init__(self, readiness: Readiness) -> None:
        super().__init__(
            _("还不能申报，缺 %(n)d 项：%(first)s")
            % {"n": len(readiness.lacks), "first": "；".join(one.text for one in readiness.lacks[:3])},
            hint=_("请按清单逐项补齐。"),
            lacks=[{"code": one.code, "item": one.item, "text": one.text} for one in readiness.lacks],
        )
        self.readiness = readiness


@transaction.atomic
def open_draft(programme: Programme, place: PlaceVersion, *, by: User | None, at: datetime) -> Application:
    """Open an application for a community that takes part, its narrative drafted; or return the open one.

    NotAllowedError for who does not apply for it; ConflictError for a community that does not take part.
    """
    route = route_of(programme)
    access.check_may_apply(by, place.path, route)
    existing = open_application(programme, place.place)
    if existing is not None:
        return existing
    day = timezone.localdate(at)
    _check_takes_part(programme, place, at)
    readiness, former = readiness_of(place, route, day), narratives_before(programme, place.place)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                programme=programme,
                place=place.place,
                step=route.steps[0].id,
                narrative=drafted(readiness, former)[:LONGEST_NARRATIVE],
                opened_at=at,
                moved_at=at,
            )
    except IntegrityError:  # somebody opened one at the same moment
        found = open_application(programme, place.place)
        if found is None:
            raise
        return found
    audit.record("certification.open_application", made, by=by, at=at, scope=place.path)
    return made


def _check_takes_part(programme: Programme, place: PlaceVersion, at: datetime) -> None:
    day = timezone.localdate(at)
    if not urban_communities(day).filter(place=place.place_id).exists():
        raise NotFoundError(
            _("%(name)s不计入城市社区，不能申报。") % {"name": place.name},
            hint=_("创建对象是城市社区（条款 1.1）。"),
        )
    if not Participation.objects.filter(
        programme=programme, place=place.place_id, during__contains=day
    ).exists():
        raise ConflictError(
            _("%(name)s还没有登记参与创建，不能申报。") % {"name": place.name},
            hint=_("请街道先登记参与创建。"),
            code=place.place.code,
        )


@transaction.atomic
def write_narrative(
    application: Application, text: str, *, by: User | None, at: datetime, seen: int | None = None
) -> Application:
    """Write the narrative while the application is with the community, or its narrative came back.

    ConflictError where it is frozen, or changed since version ``seen``.
    """
    held = _editable(application, by=by)
    access.check_is_seen(held, list(held.moves.select_related("by")), seen)
    if held.state == ApplicationState.RETURNED:
        _check_is_reopened(held, NARRATIVE)
    if len(text) > LONGEST_NARRATIVE:
        raise InvalidInputError(
            _("申报说明过长。"),
            hint=_("最多 %(most)d 个字。") % {"most": LONGEST_NARRATIVE},
            field="narrative",
        )
    if held.narrative == text:
        return held
    held.narrative, held.version = text, held.version + 1
    held.save(update_fields=["narrative", "version"])
    audit.record(
        "certification.write_narrative",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        length=len(text),
    )
    return held


@transaction.atomic
def attach(
    application: Application, slot: str, file: File, *, by: User | None, at: datetime, name: str = ""
) -> Attachment:
    """Attach a kept file to one of the papers that the route names; the same again is one."""
    held = _editable(application, by=by)
    if held.state == ApplicationState.RETURNED:
        _check_is_reopened(held, NARRATIVE)
    slots = {one.id for one in route_of(held.programme).steps[0].attachments}
    if slot not in slots:
        raise NotFoundError(_("流程里没有这种附件。"), hint=_("请从列表选择。"), slot=slot)
    made, fresh = Attachment.objects.get_or_create(
        application=held,
        slot=slot,
        file=file,
        removed_at=None,
        defaults={"name": (name or file.name)[:200], "by": by, "at": at},
    )
    if fresh:
        held.version += 1
        held.save(update_fields=["version"])
        audit.record(
            "certification.attach",
            held,
            by=by,
            at=at,
            scope=version_of(held.place).path,
            slot=slot,
            sha256=file.digest,
        )
    return made


@transaction.atomic
def detach(attachment: Attachment, *, by: User | None, at: datetime) -> None:
    """Take an attachment off again; it stays known. Twice is once."""
    held = _editable(attachment.application, by=by)
    if held.state == ApplicationState.RETURNED:
        _check_is_reopened(held, NARRATIVE)
    if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
        held.version += 1
        held.save(update_fields=["version"])
        audit.record(
            "certification.detach",
            held,
            by=by,
            at=at,
            scope=version_of(held.place).path,
            slot=attachment.slot,
        )


@transaction.atomic
def submit(
    application: Application,
    *,
    by: User | None,
    at: datetime,
    signed_name: str,
    seen: int | None = None,
) -> Application:
    """Sign, freeze and hand in; after a return, only what came back is frozen anew.

    ``signed_name`` is typed and must be the account's name. NotReadyError with everything that is lacking;
    ConflictError where somebody changed it since version ``seen``.
    """
    held = lock(application)
    verb = "resubmit" if held.state == ApplicationState.RETURNED else "submit"
    place, route = version_of(held.place), route_of(held.programme)
    move = access.move_of(verb)
    access.check_may_move(by, move, held, route, place.path)
    moves = list(held.moves.select_related("by"))
    if moves and held.state == move.ends and by is not None and moves[-1].by_id == by.pk:
        return held
    access.check_is_seen(held, moves, seen)
    access.check_can_move(held, move, route, moves, by=by)
    _check_signature(signed_name, by)
    readiness = readiness_of(place, route, timezone.localdate(at), application=held)
    if not readiness.is_ready:
        raise NotReadyError(readiness)
    snapshot = _freeze(held, readiness, signed_name=signed_name.strip(), by=by, at=at)
    advance(held, verb, by=by, at=at)
    audit.record(
        f"certification.{verb}",
        held,
        by=by,
        at=at,
        scope=place.path,
        snapshot=snapshot.number,
        sha256=snapshot.digest,
    )
    return held


def _check_signature(signed_name: str, by: User | None) -> None:
    expected = (by.display_name or by.username) if by is not None else ""
    if by is not None and signed_name.strip() != expected:
        raise InvalidInputError(
            _("签名与账户名称不一致。"),
            hint=_("请原样填写“%(name)s”，表示您对申报内容负责。") % {"name": expected},
            field="signed_name",
        )


def _freeze(
    held: Application, readiness: Readiness, *, signed_name: str, by: User | None, at: datetime
) -> Snapshot:
    before = snapshots.latest(held)
    reopened: set[str] = set()
    if before is not None:
        reopened = set(held.returned_items.filter(at__gte=before.at).values_list("item", flat=True))
    content = snapshots.content_of(held, readiness, before=before, reopened=reopened)
    snapshot = Snapshot(
        application=held,
        number=before.number + 1 if before else 1,
        as_of=readiness.assessment.as_of,
        edition=readiness.assessment.edition,
        standard_digest=readiness.assessment.digest,
        content=content,
        digest=canonical.digest(content),
        signed_name=signed_name or _("系统"),
        by=by,
        at=at,
    )
    snapshot.signature = sign(snapshots.signed_part(snapshot))
    snapshot.save(force_insert=True)
    return snapshot


@transaction.atomic
def answer_returned(returned: ReturnedItem, answer: str, *, by: User | None, at: datetime) -> ReturnedItem:
    """Say what was done about an item that came back, or why it stands as it is."""
    held = _editable(returned.application, by=by)
    one = ReturnedItem.objects.select_for_update().get(pk=returned.pk)
    text = answer.strip()
    if not text or len(text) > 500:  # noqa: PLR2004 - the column's width
        raise InvalidInputError(
            _("请写明怎么补正的，最多500字。"), hint=_("例如补了什么材料，或为什么不变。"), field="answer"
        )
    one.answer, one.answered_at = text, at
    one.save(update_fields=["answer", "answered_at"])
    held.version += 1
    held.save(update_fields=["version"])
    audit.record(
        "certification.answer_returned", held, by=by, at=at, scope=version_of(held.place).path, item=one.item
    )
    return one


@transaction.atomic
def withdraw_application(
    application: Application, *, by: User | None, at: datetime, note: str, seen: int | None = None
) -> Application:
    """Take an application back before it is approved; the community may apply anew."""
    held = lock(application)
    if advance(held, "withdraw", by=by, at=at, seen=seen, note=note) is not None:
        audit.record(
            "certification.withdraw_application", held, by=by, at=at, scope=version_of(held.place).path
        )
    return held


def _editable(application: Application, *, by: User | None) -> Application:
    held = lock(application)
    access.check_may_apply(by, version_of(held.place).path, route_of(held.programme))
    access.check_is_with_community(held)
    return held


def _check_is_reopened(held: Application, item: str) -> None:
    last = snapshots.latest(held)
    since = {"at__gte": last.at} if last is not None else {}
    if not held.returned_items.filter(item=item, **since).exists():
        raise ConflictError(_("这一部分没有被退回，不能改。"), hint=_("只有被退回的项可以改。"), item=item)
