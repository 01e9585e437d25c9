"""What an application freezes, and what has changed since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.assessment.engine.proof import proof_of
from greenward.assessment.engine.status import Status
from greenward.assessment.queries.explanation import Input, ItemAssessment
from greenward.certification.models import Application, Snapshot
from greenward.certification.queries.readiness import Readiness
from greenward.core.canonical import Plain
from greenward.evidence.models import Use
from greenward.packs.schema.pack import Pack
from greenward.survey.sensitivity import Sight, mark

FORMAT = 1


@dataclass(frozen=True)
class Difference:
    """Something that is not any more as it was frozen: in words, and the item that it belongs to."""

    item: str
    text: str


def content_of(
    application: Application, readiness: Readiness, *, before: Snapshot | None, reopened: Collection[str]
) -> dict[str, Any]:
    """Return what is frozen as plain JSON, texts in Chinese.

    Where ``before`` was frozen already, only the ``reopened`` items are taken anew.
    """
    with translation.override("zh-hans"):
        found = readiness.assessment
        fresh = {item.id: frozen_item(item, readiness.uses.get(item.id, [])) for item in found.items}
        if before is not None:
            fresh = {
                one["id"]: fresh.get(one["id"], one) if one["id"] in reopened else one
                for one in before.content["items"]
            }
        return {
            "format": FORMAT,
            "application": application.pk,
            "community": {"code": found.place.place.code, "name": found.place.name, "path": found.place.path},
            "as_of": found.as_of.isoformat(),
            "edition": found.edition,
            "standard": found.digest,
            "verdict": found.verdict.value,
            "level": found.outcome.level,
            "items": list(fresh.values()),
            "attachments": [
                {"slot": one.slot, "name": one.name, "sha256": one.file.digest}
                for one in application.attachments.filter(removed_at=None)
                .select_related("file")
                .order_by("id")
            ],
            "narrative": application.narrative,
            "proof": plain(proof_of(found.outcome, found.as_of)),
        }


def frozen_item(item: ItemAssessment, uses: Sequence[Use]) -> dict[str, Any]:
    """Return one item as it is frozen: verdict, facts with sources, evidence with hashes."""
    return {
        "id": item.id,
        "area": item.area.id,
        "title": item.item.title.zh,
        "short": item.item.short.zh,
        "clause": item.clause,
        "verified": item.verified,
        "status": item.status.value,
        "shortfalls": list(item.shortfalls),
        "facts": [_frozen_fact(one) for one in item.inputs],
        "missing": [{"fact": one.fact, "label": one.label} for one in item.missing],
        "evidence": [_frozen_use(one) for one in uses],
    }


def _frozen_fact(one: Input) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "label": one.label,
        "value": plain(one.value),
        "text": one.text,
        "source": one.source,
        "on": one.on.isoformat() if one.on else None,
        "entry": one.entry,
    }


def _frozen_use(use: Use) -> dict[str, Any]:
    return {
        "use": use.pk,
        "sha256": use.file.digest,
        "name": use.file.name,
        "kind": use.file.media_type,
        "year": use.year,
        "on": use.observed_on.isoformat() if use.observed_on else None,
        "note": use.note,
        "work": str(use.work),
    }


def plain(value: object) -> Any:
    """Return a value as JSON without fractions: their spelling would differ between languages."""
    match value:
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return format(Decimal(str(value)).normalize(), "f")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def signed_part(snapshot: Snapshot) -> Plain:
    """Return what the server's signature of a snapshot is over: digest, signer and moment."""
    return {
        "application": snapshot.application_id,
        "number": snapshot.number,
        "sha256": snapshot.digest,
        "signed_by": snapshot.signed_name,
        "at": snapshot.at.isoformat(),
    }


def latest(application: Application) -> Snapshot | None:
    """Return the newest snapshot; None while the application was never handed in."""
    return application.snapshots.order_by("-number").first()


def differences(snapshot: Snapshot, now: Readiness) -> list[Difference]:
    """Return what differs today from what was frozen, item by item."""
    today = {item.id: frozen_item(item, now.uses.get(item.id, [])) for item in now.assessment.items}
    found: list[Difference] = []
    for frozen in snapshot.content["items"]:
        current = today.get(frozen["id"])
        if current is None:
            found.append(Difference(frozen["id"], _("标准里已没有这一项。")))
        else:
            found.extend(_differs(frozen, current))
    return found


def _differs(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    item, found = frozen["id"], []
    if frozen["status"] != now["status"]:
        words = {"was": status_name(frozen["status"]), "now": status_name(now["status"])}
        found.append(Difference(item, _("申报时“%(was)s”，现在“%(now)s”。") % words))
    current = {one["fact"]: one for one in now["facts"]}
    for fact in frozen["facts"]:
        other = current.get(fact["fact"])
        if other is None or other["value"] != fact["value"]:
            words = {
                "label": fact["label"],
                "was": fact["text"],
                "now": other["text"] if other else _("没有了"),
            }
            found.append(Difference(item, _("%(label)s：申报时 %(was)s，现在 %(now)s。") % words))
    held, had = ({one["sha256"]: one["name"] for one in side["evidence"]} for side in (now, frozen))
    found += [Difference(item, _("新材料：%(name)s。") % {"name": held[k]}) for k in held if k not in had]
    found += [
        Difference(item, _("已撤下的材料：%(name)s。") % {"name": had[k]}) for k in had if k not in held
    ]
    return found


def status_name(status: str) -> str:
    """Return what a frozen status is called."""
    words: dict[Status, StrOrPromise] = {
        Status.MET: _("达标"),
        Status.UNMET: _("未达标"),
        Status.UNKNOWN: _("资料不全"),
        Status.NOT_APPLICABLE: _("不适用"),
    }
    return str(words[Status(status)])


def shown_to(snapshot: Snapshot, sight: Sight, pack: Pack) -> list[dict[str, Any]]:
    """Return the frozen items as a person may read them: single figures of people are marked."""
    path = snapshot.content["community"]["path"]
    return [
        {
            **item,
            "facts": [
                fact
                if sight.shows_fact(pack, fact["fact"], path)
                else {**fact, "value": None, "text": mark(), "withheld": True}
                for fact in item["facts"]
            ],
        }
        for item in snapshot.content["items"]
    ]
