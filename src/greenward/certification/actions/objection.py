"""Objections to a notice: taking one in, handling it, looking at who made it, and forgetting that."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import aftercare as access
from greenward.certification.actions.moving import carry
from greenward.certification.models import Application, NoticeEntry, Objection
from greenward.certification.queries.locked import locked
from greenward.certification.queries.notices import open_objections_to, receipt_of
from greenward.certification.queries.route import route_of
from greenward.certification.states import (
    OBJECTION_MOVES,
    OPEN_OBJECTIONS,
    ApplicationState,
    ObjectionState,
    Turn,
)
from greenward.core import audit, workdays
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.core.sealing import opened, opened_bytes, seal, seal_bytes
from greenward.evidence.kinds import kind_of
from greenward.evidence.scanning import check_is_clean
from greenward.territories.roles import Permission

FIELDS = {"name": 40, "contact": 100, "reason": 2000}
"""What an objector says, and how many characters of it are kept."""
MOST_PROOF = 10 * 1024 * 1024
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters that are mistaken for others when they are written down."""


@transaction.atomic
def raise_objection(
    entry: NoticeEntry,
    said: Mapping[str, str],
    *,
    proof: tuple[str, bytes] | None = None,
    by: User | None,
    at: datetime,
) -> tuple[Objection, str]:
    """Take an objection in, sealed; return it with the receipt code that nobody can find out again.

    ``said``: name, contact, reason; which are needed, and what becomes of a late one, the route says.
    InvalidInputError for what is missing, ConflictError before the notice, or after it where late ones are
    refused.
    """
    notice, on = entry.notice, timezone.localdate(at)
    rule = access.check_has_notice(route_of(notice.programme)).objections
    (application,) = locked([entry.application_id])
    access.check_is_not_ended(application)
    late = on > notice.ends_on
    if late and rule.late == "refused":
        raise ConflictError(
            _("公示已在 %(day)s 结束，不再受理异议。") % {"day": notice.ends_on.isoformat()},
            hint=_("如有情况反映，请联系公示所列单位。"),
        )
    texts, kept = _check_said(said, rule.fields, has_proof=proof is not None), _check_proof(proof)
    code = "".join(secrets.choice(LETTERS) for _n in range(12))
    objection = Objection.objects.create(
        entry=entry,
        state=ObjectionState.FILED if late else ObjectionState.RECEIVED,
        receipt=receipt_of(code),
        sealed=seal(texts),
        proof=seal_bytes(proof[1]) if proof else None,
        proof_type=kept,
        proof_name=proof[0][:200] if proof else "",
        is_late=late,
        received_at=at,
        due_on=workdays.add_working_days(on, rule.working_days),
    )
    audit.record("certification.raise_objection", objection, by=by, at=at, scope=entry.path, late=late)
    return objection, code


@transaction.atomic
def handle_objection(
    objection: Objection, verb: str, *, answer: str = "", by: User | None, at: datetime
) -> Objection:
    """Make one move of ``OBJECTION_MOVES``; the application follows: re-reviewed, back in notice, or refused.

    NotAllowedError, ConflictError where somebody was faster, InvalidInputError without a reason. The second
    of two handlers is told, and nothing is changed.
    """
    turn = OBJECTION_MOVES[verb]
    access.check_may_here(by, turn.permission, objection.entry.path)
    said = access.check_said(answer, needed=turn.reasons, field="answer")
    (application,) = locked([objection.entry.application_id])
    objection = Objection.objects.select_for_update(of=("self",)).select_related("entry").get(pk=objection.pk)
    access.check_can_turn_objection(objection, turn)
    objection.state, objection.decided_by, objection.decided_at = turn.ends, by, at
    objection.answer = said or objection.answer
    objection.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _follow(application, objection, turn, by=by, at=at)
    audit.record(
        f"certification.{verb}_objection",
        objection,
        by=by,
        at=at,
        scope=objection.entry.path,
        application=application.pk,
        state=application.state,
    )
    return objection


@transaction.atomic
def reveal_objection(objection: Objection, *, by: User | None, at: datetime) -> dict[str, str]:
    """Return name, contact and reason in the clear; every look is in the audit trail. Empty once erased."""
    access.check_may_here(by, Permission.HANDLE_OBJECTIONS, objection.entry.path)
    told = opened(objection.sealed) if objection.sealed is not None else {}
    audit.record("certification.reveal_objection", objection, by=by, at=at, scope=objection.entry.path)
    return told


@transaction.atomic
def open_proof(objection: Objection, *, by: User | None, at: datetime) -> bytes:
    """Return the file that an objector handed in; each look is audited. NotFoundError for none."""
    access.check_may_here(by, Permission.HANDLE_OBJECTIONS, objection.entry.path)
    if objection.proof is None:
        raise NotFoundError(_("这条异议没有证明文件。"), hint=_("可能没有提交，或已删除。"))
    content = opened_bytes(objection.proof)
    audit.record("certification.open_proof", objection, by=by, at=at, scope=objection.entry.path)
    return content


@transaction.atomic
def erase_objection(objection: Objection, *, by: User | None, at: datetime) -> Objection:
    """Delete what the objector said and handed in; state and answer stay. ConflictError while it is open."""
    access.check_may_here(by, Permission.HANDLE_OBJECTIONS, objection.entry.path)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("entry").get(pk=objection.pk)
    if objection.state in OPEN_OBJECTIONS:
        raise ConflictError(_("异议还没有办结，不能删除个人信息。"), hint=_("请先办结，再删除。"))
    if objection.erased_at is None:
        objection.sealed = objection.proof = None
        objection.proof_name, objection.erased_at = "", at
        objection.save(update_fields=["sealed", "proof", "proof_name", "erased_at"])
        audit.record("certification.erase_objection", objection, by=by, at=at, scope=objection.entry.path)
    return objection


def _follow(
    application: Application, objection: Objection, turn: Turn, *, by: User | None, at: datetime
) -> None:
    """Let the application go where the objection sends it."""
    others = open_objections_to([application])
    if turn.verb == "accept" and application.state == ApplicationState.IN_NOTICE:
        carry([application], "object", by=by, at=at)
    elif turn.verb == "uphold":
        carry([application], "uphold_objection", by=by, at=at, note=objection.answer)
        settle(others, _("该社区已因另一条异议成立而不予命名。"), by=by, at=at)
    elif turn.verb == "reject" and not others.filter(state=ObjectionState.ACCEPTED).exists():
        carry([application], "reject_objection", by=by, at=at, note=objection.answer)


def settle(objections: QuerySet[Objection], answer: str, *, by: User | None, at: datetime) -> int:
    """End open objections with their application; who objected reads the answer. Return how many."""
    return objections.update(state=ObjectionState.MOOT, answer=answer, decided_by=by, decided_at=at)


def _check_said(said: Mapping[str, str], needed: tuple[str, ...], *, has_proof: bool) -> dict[str, str]:
    texts = {name: said.get(name, "").strip() for name in FIELDS}
    missing = [name for name in FIELDS if name in needed and not texts[name]]
    if "proof" in needed and not has_proof:
        missing.append("proof")
    if missing:
        raise InvalidInputError(
            _("异议须写明真实姓名、联系方式和理由，并按要求附上证明。"),
            hint=_("请补齐后再提交。"),
            fields=missing,
        )
    for name, most in FIELDS.items():
        if len(texts[name]) > most:
            raise InvalidInputError(
                _("文字过长。"), hint=_("最多 %(most)d 个字。") % {"most": most}, fields=[name]
            )
    return texts


def _check_proof(proof: tuple[str, bytes] | None) -> str:
    """Return the proof's media type, empty for none; InvalidInputError for what is no document or picture."""
    if proof is None:
        return ""
    name, content = proof
    kind = kind_of(content) if len(content) <= MOST_PROOF else None
    if kind is None:
        raise InvalidInputError(
            _("证明文件的类型不支持，或超过10兆。"),
            hint=_("请上传 PDF、图片或 Word 文件。"),
            fields=["proof"],
        )
    check_is_clean(name, content)
    return kind.media_type
