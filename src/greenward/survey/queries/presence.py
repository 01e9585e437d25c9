"""Who else has a place's form open, and what was recorded there since somebody looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from greenward.accounts.models import User
from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Entry, Presence
from greenward.survey.queries.values import Value, entries_of, known_from, source_of
from greenward.territories.models import Place

GONE_AFTER = timedelta(seconds=60)
"""Three heartbeats missed."""


@dataclass(frozen=True)
class Change:
    """A field that was recorded anew: what holds now (None: taken back), and the entry that said so."""

    field: Field
    value: Value | None
    entry: Entry
    source: str


def present_at(place: Place, at: datetime, *, besides: User) -> list[str]:
    """Return the names of those who have the place's form open, without ``besides``."""
    found = Presence.objects.filter(place=place, seen_at__gt=at - GONE_AFTER).exclude(user=besides)
    return [str(one.user) for one in found.select_related("user").order_by("user__username")]


def changes_since(
    place: Place, form: Form, seen: int, at: datetime, *, besides: int | None = None
) -> tuple[int, list[Change]]:
    """Return the newest entry's id, and the form's fields recorded by entries after ``seen``.

    ``besides`` is an entry that the asker made just now. What an undone import had said counts as changed:
    what held before holds again.
    """
    later = list(
        Entry.objects.filter(place=place, id__gt=seen)
        .select_related("by", "file")
        .defer("file__content", "file__plan", "file__report")
        .order_by("id")
    )
    newest = later[-1].pk if later else seen
    gave = {name: entry for entry in later if entry.pk != besides for name in entry.values}
    fields = [field for field in form.fields if field.id in gave]
    if not fields:
        return newest, []
    known = known_from(entries_of(place, timezone.localdate(at)), form)
    return newest, [
        Change(field, known.get(field.id), gave[field.id], source_of(gave[field.id])) for field in fields
    ]
