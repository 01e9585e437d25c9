"""``/api/v1/survey``: rounds, coverage, values, and workbooks in two steps."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status, UploadedFile

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.core.errors import NotAllowedError
from greenward.survey import actions, queries
from greenward.survey.answers.checks import broken, touching
from greenward.survey.api.schemas import (
    ConfirmIn,
    CoverageOut,
    ImportOut,
    RecordedOut,
    RoundOut,
    ValueOut,
    ValuesIn,
    ValuesOut,
    WarningOut,
)
from greenward.survey.workbooks.opening import FROM_BROWSER
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])


@router.get("/survey/rounds", response=list[RoundOut], summary="Rounds and their coverage")
def rounds(request: HttpRequest, as_of: Day | None = None) -> list[RoundOut]:
    """List the rounds; due and done count the communities within reach."""
    listed = []
    for held in queries.rounds():
        covered = queries.coverage_for(request.user, held, as_of)
        listed.append(
            RoundOut(
                code=held.code,
                title=held.title,
                reference_on=held.reference_on,
                opens_on=held.opens_on,
                closes_on=held.closes_on,
                is_closed=held.closed_at is not None,
                due=sum(one.due for one in covered),
                done=sum(one.done for one in covered),
            )
        )
    return listed


@router.get("/survey/rounds/{code}/coverage", response=list[CoverageOut], summary="Coverage below a place")
def coverage(request: HttpRequest, code: str, place: str, as_of: Day | None = None) -> list[CoverageOut]:
    """Count the communities surveyed: the place itself first, then what is right below it."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place, on=held.reference_on)
    rows = [queries.coverage_of(held, version, as_of), *queries.coverage_below(held, version, as_of)]
    return [CoverageOut.of(row) for row in rows]


@router.get("/survey/values/{code}", response=ValuesOut, summary="What is known of a place")
def values(request: HttpRequest, code: str, as_of: Day | None = None) -> ValuesOut:
    """Give a community's or compound's values as of a day, each with its source."""
    day = as_of or clock.today()
    version = get_place_for(request.user, code, on=day)
    form = queries.form_for_level(version.place.level, day)
    known = queries.values_of(version.place, form, day)
    listed = [ValueOut.of(name, value) for name, value in known.items()]
    return ValuesOut(place=code, form=form.id, as_of=day, values=listed)


@router.put("/survey/values/{code}", response=RecordedOut, summary="Record values of a place")
def record(request: HttpRequest, code: str, sent: ValuesIn) -> RecordedOut:
    """Record what is new; 409 names the fields that somebody changed after ``seen``.

    422 names the checks of the form that the answers would break; lesser ones come back as warnings.
    """
    held = queries.get_round(sent.round)
    version = get_place_for(request.user, code)
    form = queries.form_at_level(held, version.place.level)
    entry = actions.record_values(
        held, form.id, version.place, sent.values, by=_person(request), at=clock.now(), seen=sent.seen
    )
    day = clock.today()
    known = {name: value.value for name, value in queries.values_of(version.place, form, day).items()}
    warnings = touching(broken(form, known, day), sent.values)
    return RecordedOut(entry=entry.pk if entry else None, warnings=[WarningOut.of(one) for one in warnings])


@router.post("/survey/rounds/{code}/imports", response={201: ImportOut}, summary="Preview a workbook")
def preview(
    request: HttpRequest, code: str, file: File[UploadedFile], form: Form[str] = "community"
) -> Status[ImportOut]:
    """Upload a workbook; the answer says row by row what importing it would do. Nothing is imported yet."""
    content = file.read(FROM_BROWSER.packed + 1)
    made = actions.preview_import(
        queries.get_round(code), form, file.name or "", content, by=_person(request), at=clock.now()
    )
    return Status(201, ImportOut.of(made))


@router.post("/survey/rounds/{code}/imports/{number}/confirm", response=ImportOut, summary="Import it")
def confirm(request: HttpRequest, code: str, number: int, sent: ConfirmIn) -> ImportOut:
    """Import a previewed workbook of one's own: all rows, or the sound ones if so asked."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    done = actions.confirm_import(file, by=_person(request), at=clock.now(), only_valid=sent.only_valid)
    return ImportOut.of(done)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowedError(_("请先登录。"), hint=_("请在 Authorization 头中提供令牌。"))
    return request.user
