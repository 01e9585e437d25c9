"""Recording values that a person filled in, or a program sent, for one place."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.packs.schema.forms import Form
from greenward.survey import access
from greenward.survey.actions.attachments import file_attachments
from greenward.survey.actions.returned import settle_returned
from greenward.survey.answers.checks import Broken
from greenward.survey.answers.single import Answer, to_json
from greenward.survey.answers.whole import checked
from greenward.survey.events import tell, tell_corrected
from greenward.survey.models import Entry, Round
from greenward.survey.queries.cases import community_of
from greenward.survey.queries.rounds import form_of, standing
from greenward.survey.states import CaseState, Way
from greenward.survey.submissions.changes import Changes, Occasion, changes_of
from greenward.survey.submissions.files import check_files
from greenward.survey.submissions.history import Held, held, told
from greenward.survey.submissions.sent import Sent, check_sent, request_of_another
from greenward.territories.models import Place, PlaceVersion

STANDING = ("id", "name", "path", "sort", "parent_id")
TAKE = f"""
    SELECT r.closed_at, {", ".join(f"v.{name}" for name in STANDING)}
    FROM survey_round r, territories_place p
    JOIN territories_placeversion v ON v.place_id = p.id AND v.during @> %(day)s::date
    WHERE r.id = %(round)s AND p.id = %(place)s
    FOR KEY SHARE OF r FOR NO KEY UPDATE OF p
"""  # noqa: S608 - our own names


@dataclass(frozen=True)
class Recorded:
    """What came of a submission.

    ``entry`` is None where nothing was new. ``seen`` is the newest entry there is now; ``news`` are the
    fields that others changed after what the sender saw and that the submission left alone: field →
    {theirs, source, entry}. Who shows them may send ``seen`` with the next submission.
    """

    entry: Entry | None
    warnings: list[Broken] = field(default_factory=list)
    seen: int = 0
    news: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def record_values(
    survey_round: Round,
    form_id: str,
    place: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
    seen: int | None = None,
    way: Way = Way.FORM,
    origin: str = "",
    observed_on: date | None = None,
    reasons: Mapping[str, str] | None = None,
    request: UUID | None = None,
) -> Entry | None:
    """Record what is new in ``values`` (field id → answer as written; None takes back) for ``place``.

    Only values that this round does not hold yet make an entry; None is returned when there are none.
    ``seen`` is the id of the newest entry that the person had before their eyes (0 for none): what they
    left as it was never overwrites somebody else's newer value, and ConflictError tells where both changed
    the same field. ``reasons`` (check id → text) say why values stand although they break a check; they
    are kept even where no value is new. ``request`` is the caller's own number of this submission: sent
    again it gives the entry of the first time, whatever happened to the round since.

    InvalidInputError, and ContradictionError where answers beside what is known break a check of the form,
    carry ``data["fields"]``: field id → {code, message}. ConflictError for another's request number.
    """
    return submit_values(
        survey_round,
        form_id,
        place,
        values,
        by=by,
        at=at,
        seen=seen,
        way=way,
        origin=origin,
        observed_on=observed_on,
        reasons=reasons,
        request=request,
    ).entry


def submit_values(
    survey_round: Round,
    form_id: str,
    place: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
    seen: int | None = None,
    way: Way = Way.FORM,
    origin: str = "",
    observed_on: date | None = None,
    reasons: Mapping[str, str] | None = None,
    request: UUID | None = None,
) -> Recorded:
    """Do the same, and tell what the sender should look at: warnings, and what others changed meanwhile."""
    given = {check: reason.strip() for check, reason in (reasons or {}).items()}
    sent = Sent(by, at, way, origin, observed_on, given, request)
    with _one_request():
        version = _taken(survey_round, place, sent.day)
        access.check_may_record(by, version.path)
        form = form_of(survey_round, form_id)
        access.check_form_fits(form, version)
        check_sent(sent)
        answers = checked(form, values)
        known = held(place, survey_round, seen)
        if request is not None and request in known.requests:
            before = _stored(known.requests[request], form, answers, sent)
            return Recorded(before, seen=known.newest, news=_news(known, answers))
        access.check_is_open(survey_round, at)
        occasion = Occasion(survey_round, sent.day, sent.true_on, seen)
        changes = changes_of(form, answers, known, occasion)
        check_files(form, changes.values, place, by=by)
        if not changes.values:
            sent = replace(sent, reasons=_new_reasons(known, sent))
        entry = _written(survey_round, form, version, changes, sent)
        return Recorded(entry, changes.warnings, entry.pk if entry else known.newest, _news(known, answers))


def correct_values(
    survey_round: Round,
    form_id: str,
    place: Place,
    values: Mapping[str, object],
    *,
    by: User | None,
    at: datetime,
    reason: str,
    seen: int | None = None,
    request: UUID | None = None,
) -> Entry:
    """Correct values of a community whose case is accepted, with a reason of 1 to 500 characters.

    By whoever checks or accepts there; the round may be closed. Who used the old values hears of it
    (``events.values_corrected``). ConflictError where the case is not accepted or nothing would change;
    else errors as for ``record_values``.
    """
    sent = Sent(by, at, Way.CORRECTION, request=request, reasons=_at_fields(values, reason.strip()))
    with _one_request():
        version = _taken(survey_round, place, sent.day)
        access.check_may_correct(by, version.path)
        form = form_of(survey_round, form_id)
        access.check_form_fits(form, version)
        check_sent(sent)
        answers = checked(form, values)
        known = held(place, survey_round, seen)
        if request is not None and request in known.requests:
            return _stored(known.requests[request], form, answers, sent)
        changes = changes_of(form, answers, known, Occasion(survey_round, sent.day, sent.true_on, seen))
        check_files(form, changes.values, place, by=by)
        changed = {
            name: answer for name, answer in changes.values.items() if to_json(answer) != known.now.get(name)
        }
        sent = replace(sent, reasons=_at_fields(changed, reason.strip()))
        entry = _written(survey_round, form, version, replace(changes, values=changed), sent)
        if entry is None:
            raise ConflictError(_("更正后的值与现有的相同，没有可改的。"), hint=_("请核对要更正的项。"))
        tell_corrected(survey_round, community_of(version), version.place_id, changed)
        return entry


@contextmanager
def _one_request() -> Iterator[None]:
    """Run one transaction; ConflictError where it would use a request number a second time elsewhere."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "entry_request_once" in str(error):
            raise request_of_another() from error
        raise


def _taken(survey_round: Round, place: Place, day: date) -> PlaceVersion:
    """Return the place as it stands, which nobody else writes to until commit; NotFoundError if it is gone.

    Keeps imports into the round out, and waits for one under way; other places' entries do not wait. What
    the round is after that stands in ``survey_round``.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"round": survey_round.pk, "place": place.pk, "day": day})
        row = cursor.fetchone()
    if row is None:
        return standing(place, day)
    survey_round.closed_at, *columns = row
    return PlaceVersion(place=place, **dict(zip(STANDING, columns, strict=True)))


def _written(
    survey_round: Round, form: Form, version: PlaceVersion, changes: Changes, sent: Sent
) -> Entry | None:
    """Write what changed as an entry, tell and record it; None where neither a value nor a reason is new.

    ConflictError where the community's case keeps one of the fields closed.
    """
    if not changes.values and not sent.reasons:
        return None
    community = community_of(version)
    state = access.check_fields_open(survey_round, community, version.place_id, changes.values, way=sent.way)
    entry = Entry.objects.create(
        round=survey_round,
        form=form.id,
        level=version.place.level,
        place=version.place,
        values={name: to_json(answer) for name, answer in changes.values.items()},
        way=sent.way,
        origin=sent.origin,
        observed_on=sent.observed_on,
        reasons=dict(sent.reasons),
        request=sent.request,
        at=sent.at,
        by=sent.by,
    )
    file_attachments(form, changes.values, community, by=sent.by, at=sent.at, observed_on=sent.true_on)
    if state == CaseState.RETURNED:
        settle_returned(survey_round, version.place_id, changes.values, by=sent.by, at=sent.at)
    tell(survey_round, [community])
    audit.record(
        "survey.correct_values" if sent.way == Way.CORRECTION else "survey.record_values",
        f"survey.entry:{entry.pk}",
        by=sent.by,
        at=sent.at,
        scope=version.path,
        round=survey_round.code,
        form=form.id,
        fields=sorted(changes.values),
    )
    return entry


def _at_fields(values: Iterable[str], reason: str) -> dict[str, str]:
    return {f"field:{name}": reason for name in values}


def _new_reasons(known: Held, sent: Sent) -> dict[str, str]:
    return {check: reason for check, reason in sent.reasons.items() if known.said.get(check) != reason}


def _news(known: Held, answers: Iterable[str]) -> dict[str, dict[str, object]]:
    sent = set(answers)
    return told({name: pk for name, pk in known.newer.items() if name not in sent}, known.now)


def _stored(pk: int, form: Form, answers: Mapping[str, Answer | None], sent: Sent) -> Entry:
    """Return the entry that this very request made; ConflictError where it was another person's or other."""
    entry = Entry.objects.get(pk=pk)
    same = entry.form == form.id and entry.by_id == sent.sender and entry.way == sent.way
    if not same or any(
        name not in answers or to_json(answers[name]) != kept for name, kept in entry.values.items()
    ):
        raise request_of_another()
    return entry
