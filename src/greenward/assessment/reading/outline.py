"""A result as lines of text for the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from greenward.assessment.facts.values import FactValue
from greenward.assessment.reading.conditions import Condition
from greenward.assessment.reading.lexicon import listed

if TYPE_CHECKING:  # the query of readings makes what is told here
    from greenward.assessment.queries.reading import Reading

SIGNS = {"met": "✓", "unmet": "✗", "unknown": "?", "not_applicable": "–"}
HOLDS = {True: "✓", False: "✗", None: "?"}


def outlined(reading: "Reading") -> Iterator[str]:
    """Yield the verdict, items with what they lack, and the ways to the requirement."""
    found = reading.found
    yield f"{SIGNS[found.verdict]} {found.place.name} {found.as_of} {found.edition}"
    yield reading.sentence
    if reading.ages.sentence:
        yield reading.ages.sentence
    for item in reading.items:
        points = f"  {item.points} / {item.out_of}" if item.points and item.out_of else ""
        yield f"{SIGNS[item.found.status]} {item.found.id:>3} {item.found.item.short}{points}"
        for one in item.lacking:
            yield f"      {HOLDS[one.holds]} {in_a_line(one)}"
        for own in item.own.indicators if item.own else ():
            yield f"      {SIGNS[own.status]} {own.id} {own.title}（{_('本区细化')}）"
    if reading.paths:
        yield _("最容易的改变")
    for number, path in enumerate(reading.paths, 1):
        yield f"  {number}. " + "；".join(step.told for step in path.steps)


def in_a_line(one: Condition) -> str:
    """Return a single condition in one line: what, how it stands, what is asked, what is lacking."""
    if one.missing:
        wanting = _("缺：%(names)s") % {"names": listed([_lacking(value) for value in one.missing])}
    else:
        wanting = one.lacking
    told = "，".join(part for part in (one.asked, wanting) if part)
    now = f" {one.now}" if one.now else ""
    return f"{one.subject}{now}：{told}"


def _lacking(value: FactValue) -> str:
    if value.until is None:
        return value.label
    return _("%(name)s（有效至 %(day)s）") % {"name": value.label, "day": value.until.isoformat()}
