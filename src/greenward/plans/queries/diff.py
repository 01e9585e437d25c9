"""What changed from one version of a plan to another, in words that an official reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from greenward.plans.queries.content import MeasureLine, MilestoneLine, PlanContent
from greenward.plans.states import Measure


@dataclass(frozen=True)
class PlanChange:
    """One difference: which part, what it is about, and what it said before and says now (empty: nothing)."""

    part: str
    about: str
    old: str
    new: str


def changes(
    old: PlanContent, new: PlanContent, *, places: Mapping[str, str], offices: Mapping[str, str]
) -> list[PlanChange]:
    """Return every difference, in the plan's order. ``places`` and ``offices``: names by code and slug."""
    return [
        *_introduction(old, new),
        *_targets(old, new, places),
        *_milestones(old, new),
        *_measures(old, new, offices),
    ]


def _introduction(old: PlanContent, new: PlanContent) -> Iterator[PlanChange]:
    if old.introduction != new.introduction:
        yield PlanChange(_("总体要求"), "", old.introduction, new.introduction)


def _targets(old: PlanContent, new: PlanContent, places: Mapping[str, str]) -> Iterator[PlanChange]:
    for key in sorted({*old.targets, *new.targets}, key=lambda k: (k[1], k[2], k[0])):
        before, after = old.targets.get(key), new.targets.get(key)
        if before != after:
            code, due, measure = key
            about = f"{places.get(code, code)} {due.isoformat()} {Measure(measure).label}"
            yield PlanChange(
                _("目标"),
                about,
                *(f"{one.number} {one.note}".strip() if one else "" for one in (before, after)),
            )


def _milestones(old: PlanContent, new: PlanContent) -> Iterator[PlanChange]:
    before = {one.title: one for one in old.milestones}
    after = {one.title: one for one in new.milestones}
    for title in dict.fromkeys([*before, *after]):
        if before.get(title) != after.get(title):
            yield PlanChange(_("时序"), title, _day(before.get(title)), _day(after.get(title)))


def _day(one: MilestoneLine | None) -> str:
    return one.due.isoformat() if one else ""


def _measures(old: PlanContent, new: PlanContent, offices: Mapping[str, str]) -> Iterator[PlanChange]:
    """Compare measures by their item; those of no item, by their text."""
    before = {one.item or one.text: one for one in old.measures}
    after = {one.item or one.text: one for one in new.measures}
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one != other:
            shown = other or one
            about = _("条目%(item)s") % {"item": shown.item} if shown and shown.item else ""
            yield PlanChange(_("措施"), about, _measure(one, offices), _measure(other, offices))


def _measure(one: MeasureLine | None, offices: Mapping[str, str]) -> str:
    if one is None:
        return ""
    who = "、".join(offices.get(slug, slug) for slug in one.departments)
    return "；".join(part for part in (one.text, who, _until(one.due)) if part)


def _until(due: date | None) -> str:
    return _("%(day)s前") % {"day": due.isoformat()} if due else ""
