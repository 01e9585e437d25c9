"""Passing titles on when communities merge or split, by the route's rule; else they end with a reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.actions.telling import tell
from greenward.certification.models import (
    Chosen,
    Happening,
    Recheck,
    RecheckMove,
    TitleEvent,
    TitleHolding,
)
from greenward.certification.queries.heirs import heirs_in_words, passes_on, rule_of
from greenward.certification.states import OPEN_RECHECKS, RecheckState
from greenward.core import audit
from greenward.packs.schema.route import Heirs
from greenward.territories.models import EventKind, PlaceEvent, PlaceVersion


@dataclass(frozen=True)
class Passage:
    """A merger or split: the event, who went before and who follows, and who acts when."""

    event: PlaceEvent
    old: Sequence[PlaceVersion]
    new: Sequence[PlaceVersion]
    by: User | None
    at: datetime

    @property
    def stays(self) -> set[int]:
        """The places that go on."""
        return {one.place_id for one in self.new}


@transaction.atomic
def pass_on(
    event: PlaceEvent,
    old: Sequence[PlaceVersion],
    new: Sequence[PlaceVersion],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Let the titles of the places that went follow the rule of their programme, from the event's day on.

    Where titles of several meet in one heir it keeps the one that was given first; the others end.
    """
    passage, on = Passage(event, old, new, by, at), event.on
    if on is None:
        return
    ids = [one.place_id for one in passage.old]
    held = (
        TitleHolding.objects.select_for_update(of=("self",))
        .filter(Q(during__endswith=None) | Q(during__endswith__gt=on), place__in=ids)
        .select_related("title__programme__pack")
        .order_by("title__given_on", "title__number", "pk")
    )
    by_programme: dict[int, list[TitleHolding]] = defaultdict(list)
    for one in held:
        by_programme[one.title.programme_id].append(one)
    for holdings in by_programme.values():
        _pass_on_in(passage, holdings, on)
    if by_programme:
        tell(sorted({*ids, *passage.stays}), by=None, at=passage.at)


def _pass_on_in(passage: Passage, holdings: Sequence[TitleHolding], on: date) -> None:
    """Do it for the titles of one programme."""
    rule = rule_of(holdings[0].title.programme)
    kept = _kept(passage, holdings, rule)
    ended = [one for one in holdings if one not in kept]
    with translation.override("zh-hans"):
        note = _note(passage, rule)
        for one in holdings:
            follows = [place for place in passage.new if place.place_id != one.place_id]
            if one in kept:
                _follow(passage, one, follows if rule is not None else [], on, note)
            else:
                _end(one, Happening.LAPSED, on)
                _write(passage, one, one.place_id, Happening.LAPSED, on, note)
    _pass_on_rechecks(passage, holdings, kept, rule)
    audit.record(
        "certification.pass_on_titles",
        passage.new[0].place,
        by=passage.by,
        at=passage.at,
        scope=passage.new[0].path,
        kept=[one.title.number for one in kept],
        ended=[one.title.number for one in ended],
        event=passage.event.pk,
        own_rule=rule is not None and rule.own_rule,
    )


def _kept(passage: Passage, holdings: Sequence[TitleHolding], rule: Heirs | None) -> list[TitleHolding]:
    """Return the holdings whose titles go on: of a merger the first at most, of a split all."""
    if rule is None:  # what goes on goes on as it is
        return [one for one in holdings if one.place_id in passage.stays]
    if passage.event.kind == EventKind.SPLIT:
        return [] if rule.split == "lapses" else list(holdings)
    everybody = {one.place_id for one in holdings} == {one.place_id for one in passage.old}
    keeps = rule.merged == "any_held" or (rule.merged == "all_held" and everybody)
    return list(holdings[:1]) if keeps else []


def _follow(
    passage: Passage, one: TitleHolding, follows: Sequence[PlaceVersion], on: date, note: str
) -> None:
    """Let those who follow hold a title; who goes on holds it as before."""
    day, until = passes_on(one.during, on), one.during.upper
    if one.place_id not in passage.stays:
        _end(one, Happening.PASSED_ON, on)
    elif passage.event.kind == EventKind.MERGE:
        return  # the others went into its holder
    for place in follows:
        TitleHolding.objects.create(title=one.title, place=place.place, during=DateRange(day, until))
        _write(passage, one, place.place_id, Happening.PASSED_ON, day, note)


def _end(one: TitleHolding, how: Happening, on: date) -> None:
    one.during, one.ended_by = DateRange(one.during.lower, passes_on(one.during, on)), how
    one.save(update_fields=["during", "ended_by"])


def _write(  # noqa: PLR0917 - what the public history says
    passage: Passage, one: TitleHolding, place: int, what: Happening, on: date, note: str
) -> None:
    TitleEvent.objects.create(
        title=one.title, place_id=place, what=what, on=on, note=note, by=passage.by, at=passage.at
    )


def _note(passage: Passage, rule: Heirs | None) -> str:
    old = "、".join(one.name for one in passage.old)
    new = "、".join(one.name for one in passage.new)
    did = (
        _("%(old)s合并为%(new)s。") if passage.event.kind == EventKind.MERGE else _("%(old)s拆分为%(new)s。")
    )
    return f"{did % {'old': old, 'new': new}}{heirs_in_words(rule)}"


def _pass_on_rechecks(
    passage: Passage, holdings: Sequence[TitleHolding], kept: Sequence[TitleHolding], rule: Heirs | None
) -> None:
    """End the open rechecks of who holds a title no more; recheck heirs first where the rule says so.

    A recheck that was open is made anew at the heir: nobody is spared it by a merger.
    """
    titles = [one.title_id for one in holdings]
    open_ones = list(Recheck.objects.select_for_update().filter(title__in=titles, state__in=OPEN_RECHECKS))
    owed = {one.title_id for one in open_ones}
    lost = {(one.title_id, one.place_id) for one in holdings if one.ended_by}
    for recheck in open_ones:
        if (recheck.title_id, recheck.place_id) in lost:
            _lapse(recheck, passage)
    first = rule is not None and passage.event.kind == EventKind.SPLIT and rule.split == "recheck"
    busy = {(one.title_id, one.place_id) for one in open_ones} - lost
    Recheck.objects.bulk_create(
        Recheck(title_id=one.title_id, place=place.place, why=Chosen.HEIR, moved_at=passage.at)
        for one in kept
        if first or one.title_id in owed
        for place in passage.new
        if (one.title_id, place.place_id) not in busy
    )


def _lapse(recheck: Recheck, passage: Passage) -> None:
    recheck.state, recheck.due_on = RecheckState.LAPSED, None
    recheck.version, recheck.moved_at = recheck.version + 1, passage.at
    recheck.save(update_fields=["state", "due_on", "version", "moved_at"])
    RecheckMove.objects.create(
        recheck=recheck,
        verb="lapse",
        state=RecheckState.LAPSED,
        note=str(passage.event.reason)[:1000],
        by=passage.by,
        at=passage.at,
    )
