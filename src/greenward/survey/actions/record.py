"""Recording values that a person filled in, or a program sent, for one place."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.packs.schema.forms import Form
from greenward.survey import access
from greenward.survey.answers.checks import check_agree
from greenward.survey.answers.single import Answer, from_json, to_json
from greenward.survey.answers.whole import checked
from greenward.survey.events import tell
from greenward.survey.models import Entry, Round
from greenward.survey.queries.rounds import form_of, standing
from greenward.survey.queries.values import source_of
from greenward.territories.models import Level, Place, PlaceVersion


@transaction.atomic
def record_values(
    survey_round: Round,
    form_id: str,
    place: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> Entry | None:
    """Record what is new in ``values`` (field id → answer as written; None takes back) for ``place``.

    Only values that this round does not hold yet make an entry; None is returned when there are none.
    ``seen`` is the id of the newest entry that the person had before their eyes (0 for none): what they
    left as it was never overwrites somebody else's newer value, and ConflictError tells where both changed
    the same field. InvalidInputError, and ContradictionError where answers beside what is known break a
    check of the form, carry ``data["fields"]``: field id → {code, message}.
    """
    _hold(survey_round)
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    version, form = _admitted(survey_round, form_id, place, by=by, at=at)
    answers = checked(form, values)
    entries = list(Entry.objects.filter(place=place).select_related("by").order_by("id"))
    changed = _changed(form, answers, entries, survey_round, seen)
    if not changed:
        return None
    check_agree(form, {**_known(form, entries), **changed}, timezone.localdate(at), touched=changed)
    entry = Entry.objects.create(
        round=survey_round,
        form=form.id,
        level=place.level,
        place=place,
        values={name: to_json(answer) for name, answer in changed.items()},
        at=at,
        by=by,
    )
    tell(survey_round, [_community_of(version)])
    audit.record(
        "survey.record_values",
        f"survey.entry:{entry.pk}",
        by=by,
        at=at,
        scope=version.path,
        round=survey_round.code,
        form=form.id,
        fields=sorted(changed),
    )
    return entry


def _admitted(
    survey_round: Round, form_id: str, place: Place, *, by: User | None, at: datetime
) -> tuple[PlaceVersion, Form]:
    """Return the place as it stands and the form; raise where this person may not record, or not now."""
    version = standing(place, timezone.localdate(at))
    access.check_may_record(by, version.path)
    access.check_is_open(survey_round, at)
    form = form_of(survey_round, form_id)
    access.check_form_fits(form, place)
    return version, form


def _known(form: Form, entries: Iterable[Entry]) -> dict[str, Answer | None]:
    merged = {name: kept for entry in entries for name, kept in entry.values.items()}
    return {field.id: from_json(field, merged.get(field.id)) for field in form.fields}


def _changed(
    form: Form,
    answers: Mapping[str, Answer | None],
    entries: Iterable[Entry],
    survey_round: Round,
    seen: int | None,
) -> dict[str, Answer | None]:
    base, now, here, newer = {}, {}, {}, {}
    for entry in entries:
        for name, kept in entry.values.items():
            if name not in answers:
                continue
            now[name] = from_json(form.field(name), kept)
            if entry.round_id == survey_round.pk:
                here[name] = now[name]
            if seen is None or entry.pk <= seen:
                base[name] = now[name]
            else:
                newer[name] = entry
    touched = {name for name, answer in answers.items() if seen is None or base.get(name) != answer}
    clashes = [name for name in touched & newer.keys() if now.get(name) != answers[name]]
    if clashes:
        raise _conflict(form, {name: (answers[name], now.get(name), newer[name]) for name in clashes})
    return {
        name: answer
        for name, answer in answers.items()
        if (name in touched and now.get(name) != answer)
        or (answer is not None and now.get(name) == answer and name not in here)
    }


def _conflict(form: Form, clashes: Mapping[str, tuple[Answer | None, Answer | None, Entry]]) -> ConflictError:
    return ConflictError(
        _("在您填写期间，别人改了同样的 %(n)d 项：%(fields)s。")
        % {"n": len(clashes), "fields": "、".join(str(form.field(name).label) for name in clashes)},
        hint=_("请对照两个值，确认后再保存一次。"),
        fields={
            name: {
                "yours": to_json(mine),
                "theirs": to_json(theirs),
                "source": source_of(entry),
                "entry": entry.pk,
            }
            for name, (mine, theirs, entry) in clashes.items()
        },
    )


def _hold(survey_round: Round) -> None:
    """Keep imports into the round out until commit, and wait for one under way; entries do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM survey_round WHERE id = %s FOR KEY SHARE", [survey_round.pk])
    survey_round.refresh_from_db(fields=["closed_at"])


def _community_of(version: PlaceVersion) -> int:
    """Return the id of the community that a place belongs to."""
    inside = version.kind == Level.COMPOUND and version.parent_id is not None
    return version.parent_id if inside and version.parent_id is not None else version.place_id
