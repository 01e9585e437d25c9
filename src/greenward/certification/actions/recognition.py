"""Giving titles after a finished notice: number, signed record, holder, all in one document."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import aftercare as access
from greenward.certification.actions.moving import carry
from greenward.certification.actions.objection import LETTERS
from greenward.certification.actions.telling import tell
from greenward.certification.models import (
    Application,
    FinalList,
    Happening,
    Notice,
    NoticeEntry,
    Snapshot,
    Title,
    TitleEvent,
    TitleHolding,
)
from greenward.certification.queries.locked import locked
from greenward.certification.queries.route import route_of
from greenward.certification.records import KIND
from greenward.core import audit
from greenward.core.errors import NotFoundError
from greenward.core.models import Demonstration
from greenward.core.months import MONTHS, after_months
from greenward.core.signing import key_name, public_key, sign
from greenward.packs.schema.route import TitleRules
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import version_on
from greenward.territories.roles import Permission

DAY = timedelta(days=1)


@transaction.atomic
def recognise(
    notice: Notice, *, applications: Sequence[Application], document: str, by: User | None, at: datetime
) -> list[Title]:
    """Give titles to communities of a finished notice under one document, all or none; the final list.

    ConflictError while the notice runs, over an open objection, or where somebody was faster.
    NotAllowedError for who applied or recommended. Titles are numbered by the route, in the order of places.
    """
    territory = _territory(notice, timezone.localdate(at))
    access.check_may_here(by, Permission.RECOGNISE, territory.path)
    rules = route_of(notice.programme)
    access.check_has_notice(rules)
    number, on = access.check_document(document), timezone.localdate(at)
    access.check_is_over(notice, on)
    held = locked([one.pk for one in applications])
    entries = _entries(notice, held)
    access.check_no_open_objection(held)
    move = access.check_can_carry("recognise", held)
    access.check_is_apart(by, move, held)
    final = FinalList.objects.create(notice=notice, document=number, on=on, by=by, at=at)
    if rules.title_rules is None:
        return []
    titles = Title.objects.bulk_create(_made(final, entries, territory, rules.title_rules))
    carry(held, "recognise", by=by, at=at, note=number)
    _begin(titles, final, by=by, at=at)
    tell([one.place_id for one in titles], by=by, at=at)
    audit.record(
        "certification.recognise",
        final,
        by=by,
        at=at,
        scope=territory.path,
        document=number,
        titles=[one.number for one in titles],
    )
    return titles


def _territory(notice: Notice, on: date) -> PlaceVersion:
    version = version_on(notice.territory, on)
    if version is None:
        raise NotFoundError(_("发布公示的地方已经撤销。"), hint=_("请由接管它的地方重新公示。"))
    return version


def _entries(notice: Notice, applications: Sequence[Application]) -> list[NoticeEntry]:
    found = list(notice.entries.filter(application__in=[one.pk for one in applications]).order_by("path"))
    if not found or len(found) != len(applications):
        raise NotFoundError(_("没有选中社区，或其中有的不在这份公示中。"), hint=_("请从公示名单中勾选。"))
    places = {one.pk: one for one in applications}
    for entry in found:
        entry.application = places[entry.application_id]
    return found


def _made(
    final: FinalList, entries: Sequence[NoticeEntry], territory: PlaceVersion, rules: TitleRules
) -> list[Title]:
    """Return the titles with their numbers and signed records; the territory's row orders who numbers."""
    type(territory.place).objects.select_for_update(no_key=True).get(pk=territory.place_id)
    year, district = final.on.year, territory.place.code[:6]
    programme = final.notice.programme
    used = Title.objects.filter(programme=programme, district=district, year=year)
    last = used.aggregate(last=Max("serial"))["last"] or 0
    snapshots = _snapshots(entries)
    titles = []
    for serial, entry in enumerate(entries, last + 1):
        title = Title(
            application=entry.application,
            final_list=final,
            programme=programme,
            place_id=entry.application.place_id,
            number=rules.numbering.format(year=year, district=district, number=serial),
            year=year,
            district=district,
            serial=serial,
            given_on=final.on,
            valid_until=_after(final.on, rules.validity_years),
            code="".join(secrets.choice(LETTERS) for _n in range(12)),
            key_name=key_name(public_key()),
        )
        title.record = _record(title, entry, territory, snapshots[entry.application_id])
        title.signature = sign(title.record)
        titles.append(title)
    return titles


def _snapshots(entries: Sequence[NoticeEntry]) -> dict[int, Snapshot]:
    """Return the newest snapshot of each application: what was decided on."""
    rows = Snapshot.objects.filter(application__in=[one.application_id for one in entries])
    return {one.application_id: one for one in rows.order_by("number").select_related("application__place")}


def _record(
    title: Title, entry: NoticeEntry, territory: PlaceVersion, snapshot: Snapshot
) -> dict[str, object]:
    return {
        "type": KIND,
        "number": title.number,
        "code": title.code,
        "community": entry.name,
        "place": snapshot.application.place.code,
        "street": entry.street,
        "district": territory.name,
        "given_on": title.given_on.isoformat(),
        "valid_until": title.valid_until.isoformat() if title.valid_until else None,
        "document": title.final_list.document,
        "edition": snapshot.edition,
        "standard": snapshot.standard_digest,
        "snapshot": snapshot.digest,
        "level": str(snapshot.content.get("level") or ""),
        "key": title.key_name,
        "demonstration": Demonstration.objects.exists(),
    }


def _after(on: date, years: int | None) -> date | None:
    """Return the last day of a title given on a day; None where the route sets no validity."""
    if years is None:
        return None
    return after_months(on, MONTHS * years) - DAY


def _begin(titles: Sequence[Title], final: FinalList, *, by: User | None, at: datetime) -> None:
    TitleHolding.objects.bulk_create(
        [
            TitleHolding(
                title=one,
                place_id=one.place_id,
                during=DateRange(final.on, one.valid_until and one.valid_until + DAY),
            )
            for one in titles
        ]
    )
    TitleEvent.objects.bulk_create(
        [
            TitleEvent(
                title=one,
                place_id=one.place_id,
                what=Happening.GIVEN,
                on=final.on,
                document=final.document,
                by=by,
                at=at,
            )
            for one in titles
        ]
    )
