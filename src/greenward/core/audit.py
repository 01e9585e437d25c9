"""The audit trail: append-only, hash-chained with a key that the database does not hold.

Each entry's digest is HMAC-SHA256 over the previous digest and the entry's canonical JSON, under
``GREENWARD_AUDIT_KEY``: who can write SQL but does not hold the key can break the chain, not mend it.
The head row remembers number and digest of the last entry, so that a removed tail shows too.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.core.models import AuditEntry, AuditHead

if TYPE_CHECKING:
    from greenward.accounts.models import User

Detail = Callable[["User", str], dict[str, object]]
_details: list[Detail] = []


def add_detail(detail: Detail) -> None:
    """Let a higher module say more of every entry, from who acts and the scope; the same again is one."""
    if detail not in _details:
        _details.append(detail)


FIRST_LINK = "0" * 64
COLUMNS = ("number", "at", "recorded_at", "by_id", "action", "subject", "scope", "data", "previous", "digest")
HEAD = 'SELECT number, digest FROM "core_audithead" WHERE id = 1 FOR UPDATE'
APPEND = f"""
    WITH head AS (UPDATE "core_audithead" SET number = %(number)s, digest = %(digest)s WHERE id = 1)
    INSERT INTO "core_auditentry" ({", ".join(COLUMNS)})
    VALUES ({", ".join(f"%({name})s" for name in COLUMNS)})
"""  # noqa: S608 - our own names
"""One statement: everybody waits for whoever writes, so a round trip less lets all go faster."""


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


@transaction.atomic(savepoint=False)  # a part of its transaction, or one by itself
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
    for detail in _details if by is not None else ():
        data |= detail(by, scope)  # type: ignore[arg-type]  # by is somebody here
    text = json.dumps(data, default=str)
    number, digest = _locked_head()
    entry = AuditEntry(
        number=number + 1,
        at=at,
        recorded_at=timezone.now(),
        by=by,
        action=action,
        subject=subject_of(thing),
        scope=scope,
        data=json.loads(text),
        previous=digest,
    )
    entry.digest = _digest(entry)
    with connection.cursor() as cursor:
        cursor.execute(APPEND, {name: getattr(entry, name) for name in COLUMNS} | {"data": text})
    return entry


def _locked_head() -> tuple[int, str]:
    """Return number and digest of the last entry; everybody else waits for them until commit."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD)
        found: tuple[int, str] | None = cursor.fetchone()
    if found is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        return _locked_head()
    return found


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
