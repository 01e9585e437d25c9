"""Autosave, and the heartbeat of an open form: the page's scripts call here."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from greenward.core import clock
from greenward.core.errors import ConflictError
from greenward.packs import rules
from greenward.packs.schema.forms import Form
from greenward.survey import access, actions, queries
from greenward.survey.actions import presence as present
from greenward.survey.answers.single import from_json, simple
from greenward.survey.models import Entry, Round
from greenward.survey.queries.presence import Change, changes_since, present_at
from greenward.survey.queries.surveyed import Surveyed, Warned, entries_by_place
from greenward.survey.web.calls import body_of, called, person_of
from greenward.survey.web.written import shown, written
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for


class ChangeSet(BaseModel):
    """What a page sends: its number, the form, what it had before its eyes, answers by field, reasons."""

    request: UUID
    form: str
    seen: int = Field(ge=0)
    values: dict[str, str | list[dict[str, str]] | None]
    reasons: dict[str, str] = {}


class Beat(BaseModel):
    """A heartbeat: the form that is open and what the page has seen; or that it is being left."""

    form: str = ""
    seen: int = Field(default=0, ge=0)
    leave: bool = False


@called
def save(request: HttpRequest, code: str, place: str) -> dict[str, object]:
    """Record a change set once; tell what others changed since ``seen``, and what looks odd.

    200 {entry, seen, at, written, others, hidden, warnings}. 409 carries ``fields`` with both values, 422
    with a message each.
    """
    version = get_place_for(request.user, place)
    held, by = queries.get_round(code), person_of(request)
    access.check_may_record(by, version.path)
    sent = body_of(request, ChangeSet)
    form = queries.form_of(held, sent.form)
    try:
        entry = actions.record_values(
            held,
            form.id,
            version.place,
            sent.values,
            by=by,
            at=clock.now(),
            seen=sent.seen,
            reasons=sent.reasons,
            request=sent.request,
        )
    except ConflictError as error:
        error.data["fields"] = _both(form, error.data.get("fields"))
        raise
    kept = entry.values if entry is not None else {}
    return {
        "entry": entry.pk if entry is not None else None,
        "at": timezone.localtime(entry.at if entry is not None else None).strftime("%H:%M"),
        "written": {name: written(from_json(form.field(name), value)) for name, value in kept.items()},
        **news(held, version, form, sent.seen, by=by.pk, besides=entry),
    }


@called
def presence(request: HttpRequest, code: str, place: str) -> dict[str, object]:
    """Note that the person has the form open; tell who else has, and what was recorded since ``seen``."""
    version = get_place_for(request.user, place)
    held, by = queries.get_round(code), person_of(request)
    access.check_may_record(by, version.path)
    sent, at = body_of(request, Beat), clock.now()
    if sent.leave:
        present.leave(version.place, by=by, at=at)
        return {}
    form = queries.form_of(held, sent.form)
    present.be_present(version.place, by=by, at=at)
    told = news(held, version, form, sent.seen, by=by.pk)
    if not told["others"]:
        told = {"seen": told["seen"], "others": {}}
    return {"people": present_at(version.place, at, besides=by), **told}


def news(
    held: Round, version: PlaceVersion, form: Form, seen: int, *, by: int, besides: Entry | None = None
) -> dict[str, object]:
    """Return what holds of the form beyond what the page has seen, and which questions apply now."""
    at = clock.now()
    newest, changes = changes_since(version.place, form, seen, at, besides=besides.pk if besides else None)
    entries = entries_by_place([version.place_id], at.date()).get(version.place_id, [])
    surveyed = Surveyed(version, tuple(queries.forms_at(held, version)), tuple(entries), at.date())
    values = simple({name: value.value for name, value in surveyed.known.items()})
    hidden = [one.id for one in form.fields if one.when and not rules.applies(one, values, at.date())]
    return {
        "seen": newest,
        "others": {one.field.id: _told(one, by) for one in changes},
        "hidden": hidden,
        "warnings": warnings_of(form, surveyed.warnings),
    }


def warnings_of(form: Form, found: Iterable[Warned]) -> list[dict[str, object]]:
    """Return the warnings that concern a form, with the reasons that were given."""
    own = {check.id for check in form.checks}
    return [
        {
            "id": one.broken.check.id,
            "sentence": one.broken.sentence,
            "reason": one.reason,
            "fields": [field.id for field in one.broken.fields],
        }
        for one in found
        if one.broken.check.id in own
    ]


def _told(change: Change, by: int) -> dict[str, object]:
    value = change.value.value if change.value is not None else None
    return {
        "value": written(value),
        "shown": shown(change.field, value),
        "source": change.source,
        "by": str(change.entry.by or _("系统")),
        "own": change.entry.by_id == by,
        "entry": change.entry.pk,
        "at": timezone.localtime(change.entry.at).strftime("%H:%M"),
    }


def _both(form: Form, clashes: object) -> dict[str, object]:
    """Return both values of each field in conflict, as controls hold them and in words."""
    if not isinstance(clashes, Mapping):
        return {}
    entries = Entry.objects.in_bulk([clash["entry"] for clash in clashes.values()])
    return {
        name: {
            **clash,
            "written": written(theirs),
            "shown": shown(form.field(name), theirs),
            "at": timezone.localtime(entries[clash["entry"]].at).strftime("%m-%d %H:%M"),
        }
        for name, clash in clashes.items()
        for theirs in [from_json(form.field(name), clash["theirs"])]
    }
