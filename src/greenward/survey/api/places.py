"""``/api/v1/survey``: what is known and asked of one place, and every way to say it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, Status, UploadedFile

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.core.errors import NotFoundError
from greenward.evidence.actions import LARGEST, keep_file
from greenward.evidence.web.serving import file_response
from greenward.packs.schema.forms import Form
from greenward.survey import access, actions, queries
from greenward.survey.answers.checks import hidden_of
from greenward.survey.api.answers import (
    AskedFormOut,
    CorrectedOut,
    CorrectionIn,
    FileOut,
    NewsOut,
    RecordedOut,
    UnitIn,
    UnitOut,
    ValueOut,
    ValuesIn,
    ValuesOut,
    WarningOut,
)
from greenward.survey.api.numbers import Number, one_number
from greenward.survey.models import Round
from greenward.survey.sensitivity import sight_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])


@router.get("/survey/values/{code}", response=ValuesOut, summary="What is known of a place")
def values(request: HttpRequest, code: str, as_of: Day | None = None) -> ValuesOut:
    """Give a community's or unit's values as of a day, each with its source.

    Figures that count people are given to who records or verifies them and to the department that holds
    them; to others ``withheld`` names those that are known, and ``/survey/export/sums`` gives their sums.
    """
    day = as_of or clock.today()
    version = get_place_for(request.user, code, on=day)
    form = queries.everything_asked(version, day)
    hidden = hidden_of(form.fields, sight_of(request.user), version.path)
    known = queries.values_of(version.place, form, day)
    listed = [ValueOut.of(name, value) for name, value in known.items() if name not in hidden]
    withheld = [name for name in known if name in hidden]
    return ValuesOut(place=code, form=form.id, as_of=day, values=listed, withheld=withheld)


@router.get(
    "/survey/rounds/{code}/asked/{place}", response=list[AskedFormOut], summary="What a round asks of a place"
)
def asked(
    request: HttpRequest,
    code: str,
    place: str,
    *,
    units: bool = False,
) -> list[AskedFormOut]:
    """Give every field that the round asks, with what is known of it; with ``units`` those of all units too.

    Needed, expired and returned ones are to be answered; known ones were answered before and still hold.
    """
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    if units:
        found = queries.asked_of_all(held, version)
    else:
        forms = queries.forms_at(held, version)
        found = [
            queries.AskedForm(version, form, tuple(queries.asked_of(held, version, form))) for form in forms
        ]
    sight = sight_of(request.user)
    return [AskedFormOut.of(one, hidden_of(one.form.fields, sight, one.place.path)) for one in found]


@router.put("/survey/values/{code}", response=RecordedOut, summary="Record values of a place")
def record(request: HttpRequest, code: str, sent: ValuesIn, number: Number = None) -> RecordedOut:
    """Record what is new; 409 names the fields that somebody changed after ``seen``.

    422 names the checks of the form that the answers would break; lesser ones come back as warnings.
    """
    held = queries.get_round(sent.round)
    version = get_place_for(request.user, code)
    done = actions.submit_values(
        held,
        _form(held, version, sent.form).id,
        version.place,
        sent.values,
        by=person_of(request),
        at=clock.now(),
        seen=sent.seen,
        observed_on=sent.observed_on,
        reasons=sent.reasons,
        request=one_number(sent.request, number),
    )
    return RecordedOut(
        entry=done.entry.pk if done.entry else None,
        warnings=[WarningOut.of(one) for one in done.warnings],
        seen=done.seen,
        news={name: NewsOut.model_validate(one) for name, one in done.news.items()},
    )


@router.post("/survey/corrections/{code}", response=CorrectedOut, summary="Correct accepted values")
def correct(request: HttpRequest, code: str, sent: CorrectionIn, number: Number = None) -> CorrectedOut:
    """Correct values of a community that the district has accepted, with a reason; 409 where it has not."""
    held = queries.get_round(sent.round)
    version = get_place_for(request.user, code)
    entry = actions.correct_values(
        held,
        _form(held, version, sent.form).id,
        version.place,
        sent.values,
        by=person_of(request),
        at=clock.now(),
        reason=sent.reason,
        seen=sent.seen,
        request=one_number(sent.request, number),
    )
    return CorrectedOut(entry=entry.pk)


@router.post("/survey/units/{code}", response={201: UnitOut}, summary="Add a unit")
def add_unit(request: HttpRequest, code: str, sent: UnitIn, number: Number = None) -> Status[UnitOut]:
    """Add a compound or facility to a community, or a building to a compound; 409 if it has one so named."""
    made = actions.add_unit(
        queries.get_round(sent.round),
        sent.form,
        get_place_for(request.user, code).place,
        sent.values,
        by=person_of(request),
        at=clock.now(),
        request=one_number(sent.request, number),
    )
    return Status(201, UnitOut(code=made.place.code, name=made.name))


@router.post("/survey/files/{code}", response={201: FileOut}, summary="Hand in a file")
def attach(request: HttpRequest, code: str, file: File[UploadedFile]) -> Status[FileOut]:
    """Keep a file (PDF, PNG, JPEG, WebP, docx, xlsx, OFD; 10 MiB) for an answer about a place.

    Its digest is then the answer.
    """
    person = person_of(request)
    access.check_may_attach(person, get_place_for(person, code).path)
    kept = keep_file(file.name or "", file.read(LARGEST + 1), by=person, at=clock.now())
    return Status(201, FileOut(digest=kept.digest, name=kept.name, size=kept.size))


@router.get("/survey/files/{code}/{digest}", summary="A file of a place")
def attachment(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """Give a file that is or was an answer about the place, as a download."""
    return file_response(queries.file_for(request.user, code, digest))


def _form(held: Round, version: PlaceVersion, name: str | None) -> Form:
    """Return the form of that name, or the first that asks about such places."""
    forms = queries.forms_at(held, version)
    if name is not None:
        return queries.form_of(held, name)
    if not forms:
        raise NotFoundError(
            _("“%(round)s”没有问这类地方。") % {"round": held.title},
            hint=_("请核对轮次和地方的代码。"),
            code=version.place.code,
        )
    return forms[0]
