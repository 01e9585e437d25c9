"""Corrections of accepted values, and everything that was ever said of one field at one place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from greenward.core.clock import end_of
from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.pack import Pack
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.models import Entry
from greenward.survey.queries.rounds import everything_at
from greenward.survey.queries.surveyed import entries_by_place
from greenward.survey.queries.values import Value, day_of, known_from, source_of
from greenward.survey.sensitivity import Sight, mark
from greenward.survey.states import Way
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import versions_on


@dataclass(frozen=True)
class Correction:
    """One field corrected by one entry: the value before (None: unknown), and both values in words.

    ``withheld``: the reader does not see its figures, nor what was written about them.
    """

    entry: Entry
    place: PlaceVersion
    form: str
    field: Field
    before: Value | None
    was: str
    now: str
    withheld: bool = False

    def shown_to(self, sight: Sight) -> "Correction":
        """Return it as a person may read it."""
        if sight.shows(self.field, self.place.path):
            return self
        return replace(self, was=mark(), now=mark(), withheld=True)

    @property
    def reason(self) -> str:
        """Why it was corrected."""
        told = str(self.entry.reasons.get(f"field:{self.field.id}", ""))
        return mark() if told and self.withheld else told

    @property
    def counts_from(self) -> date:
        """The day from which on figures may rest on the value that was wrong."""
        return self.before.on if self.before is not None else day_of(self.entry)


@dataclass(frozen=True)
class Said:
    """One entry's word on a field. ``undone``: its import was taken back; ``stands``: it is the value now."""

    entry: Entry
    text: str
    source: str
    reasons: Mapping[str, str]
    undone: bool
    stands: bool
    repeats: bool


def corrections_at(pack: Pack, community: PlaceVersion, day: date) -> list[Correction]:
    """Return the corrections at a community and its units that were made by a day, oldest first.

    Four queries, one where nothing was ever corrected.
    """
    within = PlaceVersion.objects.filter(path__startswith=community.path).values("place")
    corrected = Entry.objects.filter(way=Way.CORRECTION, place__in=within, at__lt=end_of(day))
    places = set(corrected.values_list("place_id", flat=True))
    if not places:
        return []
    entries = entries_by_place(list(places), day)
    versions = {v.place_id: v for v in versions_on(day).filter(place__in=places)}
    found = [
        one for pk, version in versions.items() for one in _corrections(pack, version, entries.get(pk, []))
    ]
    return sorted(found, key=lambda one: one.entry.pk)


def _corrections(pack: Pack, version: PlaceVersion, entries: Sequence[Entry]) -> Iterator[Correction]:
    form = everything_at(pack, version.place.level, version.sort)
    fields = {field.id: field for field in form.fields}
    for number, entry in enumerate(entries):
        if entry.way != Way.CORRECTION:
            continue
        before = known_from(entries[:number], form)
        for name, kept in entry.values.items():
            if name in fields:
                old = before.get(name)
                yield Correction(
                    entry,
                    version,
                    entry.form,
                    fields[name],
                    old,
                    in_words(fields[name], old.value if old else None),
                    in_words(fields[name], from_json(fields[name], kept)),
                )


def history_of(place: Place, form: Form, field: Field, day: date) -> list[Said]:
    """Return all that was said of a field at a place, newest first, undone imports too. One query."""
    entries = list(
        Entry.objects.filter(place=place, at__lt=end_of(day), values__has_key=field.id)
        .select_related("by", "file__by", "round")
        .defer("file__content", "file__plan", "file__cells", "file__faults", "file__report")
        .order_by("id")
    )
    undone = {entry.file_id for entry in entries if entry.way == Way.UNDO}
    count = [e for e in entries if e.file_id is None or e.file_id not in undone]
    standing = known_from(count, form).get(field.id)
    found, last = [], object()
    for entry in entries:
        kept = entry.values[field.id]
        was_undone = entry not in count
        found.append(
            Said(
                entry,
                in_words(field, from_json(field, kept)),
                source_of(entry),
                _reasons(form, field, entry),
                was_undone,
                standing is not None and standing.entry.pk == entry.pk,
                not was_undone and kept == last,
            )
        )
        last = last if was_undone else kept
    return found[::-1]


def _reasons(form: Form, field: Field, entry: Entry) -> dict[str, str]:
    """Return what an entry says for its values, by the message of the check; corrections by no message."""
    messages = {check.id: str(check.message) for check in form.checks}
    own = f"field:{field.id}"
    return {
        messages.get(name, "" if name == own else name): str(text)
        for name, text in entry.reasons.items()
        if name == own or not name.startswith("field:")
    }
