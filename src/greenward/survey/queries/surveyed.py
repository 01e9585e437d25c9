"""Everything that one community and its units said: read at once, for those who submit and who check."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from greenward.core.clock import end_of
from greenward.packs.schema.forms import Check, Field, Form
from greenward.survey.answers.checks import Broken, broken, fields_of
from greenward.survey.models import Entry, Round
from greenward.survey.queries.rounds import forms_of
from greenward.survey.queries.values import Value, known_from
from greenward.survey.sensitivity import Sight, mark
from greenward.survey.states import Way
from greenward.territories.models import UNIT_PARENT, PlaceVersion
from greenward.territories.queries import versions_on


@dataclass(frozen=True)
class Warned:
    """A warning that a place's answers raise, and why they stand nevertheless (empty: nobody said)."""

    broken: Broken
    reason: str

    def shown_to(self, sight: Sight, path: str) -> "Warned":
        """Return it as a person may read it of the place at ``path``; reasons follow the figures."""
        shown = self.broken.shown_to(sight, path)
        if shown is self.broken:
            return self
        return replace(self, broken=shown, reason=mark() if self.reason else "")


@dataclass(frozen=True)
class Surveyed:
    """One place with the round's forms about it and all its entries that count, oldest first."""

    place: PlaceVersion
    forms: tuple[Form, ...]
    entries: tuple[Entry, ...]
    day: date

    @cached_property
    def known(self) -> Mapping[str, Value]:
        """What is known of the place, by field id, over all the forms."""
        return _known(self.entries, self.forms)

    def known_before(self, survey_round: Round) -> Mapping[str, Value]:
        """Return what was known when the round began."""
        opened = end_of(survey_round.opens_on)
        before = [e for e in self.entries if e.round_id != survey_round.pk and e.at < opened]
        return _known(before, self.forms)

    @cached_property
    def fields(self) -> tuple[tuple[Form, Field], ...]:
        """Every field that the forms ask, once, with the form that asks it first."""
        found: dict[str, tuple[Form, Field]] = {}
        for form in self.forms:
            for field in form.fields:
                found.setdefault(field.id, (form, field))
        return tuple(found.values())

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """The warnings that what is known raises, each with its reason."""
        values = {name: value.value for name, value in self.known.items()}
        found: dict[str, Warned] = {}
        for form in self.forms:
            for one in broken(form, values, self.day):
                if one.check.level == "warning":
                    found.setdefault(one.check.id, Warned(one, self._reason(form, one.check)))
        return tuple(found.values())

    def _reason(self, form: Form, check: Check) -> str:
        """Return the last reason given for a check; it counts while the check's values stand."""
        changed = max(
            (self.known[f.id].entry.pk for f in fields_of(form, check) if f.id in self.known), default=0
        )
        said = [e for e in self.entries if e.pk >= changed and e.reasons.get(check.id)]
        return str(said[-1].reasons[check.id]) if said else ""


def surveyed(survey_round: Round, community: PlaceVersion, day: date) -> list[Surveyed]:
    """Return a community and then its units by code, as of a day. Two queries.

    Facilities of sorts that no form of the round asks about are left out.
    """
    below = versions_on(day).filter(place__level__in=UNIT_PARENT, path__startswith=community.path)
    places = [community, *below.order_by("path")]
    asked: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in forms_of(survey_round).values():
        asked[form.level, form.sort or ""].append(form)
    entries = entries_by_place([one.place_id for one in places], day)
    return [
        Surveyed(one, tuple(forms), tuple(entries.get(one.place_id, ())), day)
        for one in places
        for forms in [asked.get((one.place.level, one.sort), [])]
        if forms
    ]


def entries_by_place(places: Collection[int], day: date) -> dict[int, list[Entry]]:
    """Return the entries of several places that count as of a day, oldest first, without undone imports."""
    entries = list(
        Entry.objects.filter(place__in=places, at__lt=end_of(day))
        .select_related("by", "file__by")
        .defer("file__content", "file__plan", "file__cells", "file__faults", "file__report")
        .order_by("id")
    )
    undone = {(e.place_id, e.file_id) for e in entries if e.way == Way.UNDO}
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.file_id is None or (entry.place_id, entry.file_id) not in undone:
            found[entry.place_id].append(entry)
    return found


def _known(entries: Iterable[Entry], forms: Iterable[Form]) -> dict[str, Value]:
    held = list(entries)
    found: dict[str, Value] = {}
    for form in forms:
        for name, value in known_from(held, form).items():
            found.setdefault(name, value)
    return found
