"""The audit trail: append-only, hash-chained with a key that the database does not hold.

Each entry's digest is HMAC-SHA256 over the previous digest and the entry's canonical JSON, under
``GREENWARD_AUDIT_KEY``: who can write SQL but does not hold the key can break the chain, not mend it.
The head row remembers number and digest of the last entry, so that a removed tail shows too.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core.models import AuditEntry, AuditHead

if TYPE_CHECKING:
    from greenward.accounts.models import User

FIRST_LINK = "0" * 64


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold: entry number, stable code, what is wrong (translated)."""

    number: int
    code: str
    message: str


def subject_of(thing: models.Model | str) -> str:
    """Return the stable name of an audited thing, such as ``territories.place:110101001001``."""
    if isinstance(thing, str):
        return thing
    key = getattr(thing, "code", None) or thing.pk
    return f"{thing._meta.label_lower}:{key}"  # noqa: SLF001 — Django documents _meta


@transaction.atomic
def record(
    action: str,
    thing: models.Model | str,
    *,
    by: "User | None",
    at: datetime,
    scope: str = "",
    **data: object,
) -> AuditEntry:
    """Append one entry; call it last in the transaction, for it locks the trail's head until commit.

    ``scope`` is the path of the place concerned; ``data`` must be plain JSON, without personal data.
    ``by`` is None only for the system itself (set-up, demonstration).
    """
    head = AuditHead.objects.select_for_update().get_or_create(pk=1)[0]
    entry = AuditEntry(
        number=head.number + 1,
        at=at,
        recorded_at=timezone.now(),
        by=by,
        action=action,
        subject=subject_of(thing),
        scope=scope,
        data=json.loads(json.dumps(data, default=str)),
        previous=head.digest,
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    head.number, head.digest = entry.number, entry.digest
    head.save(update_fields=["number", "digest"])
    return entry


def verify() -> list[Break]:
    """Walk the whole trail; return every break found, none for a whole chain."""
    return list(_walk())


def _walk() -> Iterator[Break]:
    expected, link = 1, FIRST_LINK
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            gap = {"first": expected, "last": entry.number - 1}
            yield Break(expected, "removed", _("缺少第 %(first)s 至 %(last)s 条。") % gap)
        if entry.previous != link:
            yield Break(entry.number, "reordered", _("与前一条不衔接。"))
        if not hmac.compare_digest(entry.digest, _digest(entry)):
            yield Break(entry.number, "changed", _("写入后被改动。"))
        expected, link = entry.number + 1, entry.digest
    head = AuditHead.objects.filter(pk=1).first()
    end = (head.number, head.digest) if head else (0, FIRST_LINK)
    if end != (expected - 1, link):
        ends = {"found": expected - 1, "kept": end[0]}
        yield Break(end[0], "removed", _("记录到第 %(found)s 条为止，应到第 %(kept)s 条。") % ends)


def _digest(entry: AuditEntry) -> str:
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
        "by": entry.by_id,
        "action": entry.action,
        "subject": entry.subject,
        "scope": entry.scope,
        "data": entry.data,
        "previous": entry.previous,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(settings.GREENWARD_AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
