"""``/api/v1/evidence``: filing, reading, and answering questions."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.evidence import access, actions, queries
from greenward.evidence.api.schemas import AnswerIn, EvidenceOut, QuestionOut, ReviewerAnswerOut, UseOut
from greenward.evidence.web.serving import file_response
from greenward.territories.queries import get_place_for

router = Router(tags=["evidence"])
MOST = 500


@router.get("/evidence/{code}", response=EvidenceOut, summary="A community's evidence")
def evidence(request: HttpRequest, code: str, item: str = "", year: int | None = None) -> EvidenceOut:
    """Give what is filed under a community (the latest 500), and what its daily work offers."""
    place = get_place_for(request.user, code).place
    return EvidenceOut(
        evidence=[UseOut.of(use) for use in queries.evidence_at(place, item=item, year=year)[:MOST]],
        offers=[UseOut.of(use) for use in queries.offered_at(place)[:MOST]],
    )


@router.post("/evidence/{code}", response={201: UseOut}, summary="File evidence")
def hand_in(
    request: HttpRequest,
    code: str,
    file: File[UploadedFile],
    *,
    item: Form[str] = "",
    year: Form[int | None] = None,
    observed_on: Form[date | None] = None,
    note: Form[str] = "",
) -> Status[UseOut]:
    """Keep a file (PDF, PNG, JPEG, WebP, docx, xlsx, OFD; 10 MiB) and file it under a community.

    Without ``observed_on`` the day that a picture names counts; without ``year`` that day's.
    """
    person, now = person_of(request), clock.now()
    place = get_place_for(person, code)
    access.check_may_file(person, place.path)
    kept = actions.keep_file(file.name or "", file.read(actions.LARGEST + 1), by=person, at=now)
    use = actions.file_evidence(
        kept.digest, place, by=person, at=now, item=item, year=year, observed_on=observed_on, note=note
    )
    return Status(201, UseOut.of(use))


@router.get("/evidence/{code}/files/{digest}", summary="A file of a community's evidence")
def evidence_file(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """Give a file as a download; pictures bare of metadata."""
    return file_response(queries.file_at(request.user, code, digest))


@router.get("/evidence/{code}/questions", response=list[QuestionOut], summary="Questions about evidence")
def evidence_questions(request: HttpRequest, code: str) -> list[QuestionOut]:
    """Give the first 500 questions below a place: files and pictures that stand elsewhere too."""
    pairs = queries.pairs_under(get_place_for(request.user, code).path)[:MOST]
    return [QuestionOut.of(one) for one in queries.questions_for(request.user, pairs)]


@router.post(
    "/evidence/{code}/questions/{number}/{other}",
    response={201: ReviewerAnswerOut},
    summary="Answer a question",
)
def answer_question(
    request: HttpRequest, code: str, number: int, other: int, sent: AnswerIn
) -> Status[ReviewerAnswerOut]:
    """Say why use ``number`` of the community shows the same as use ``other``."""
    person = person_of(request)
    place, use = queries.get_use_for(person, code, number)
    said = actions.answer(use, other, place, by=person, at=clock.now(), text=sent.text)
    return Status(201, ReviewerAnswerOut(text=said.text, at=said.at))
