"""``/api/v1/assessment``, ``/api/v1/attainment`` and judgings, within the caller's reach."""

from django.http import HttpRequest
from ninja import Router

from greenward.assessment import queries
from greenward.assessment.api import judging
from greenward.assessment.api.schemas import AssessmentOut, AttainmentOut, FactOut, ProofOut, RowOut
from greenward.assessment.queries.catalogue import catalogue_of
from greenward.assessment.queries.editions import edition_named
from greenward.assessment.queries.reading import reading_of
from greenward.assessment.reading.proof import proof_json
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.packs import queries as packs
from greenward.programmes import queries as programmes

router = Router(tags=["assessment"])
router.add_router("", judging.router)


@router.get("/assessment/{code}", response=AssessmentOut, summary="One community against the standard")
def assessment(
    request: HttpRequest, code: str, as_of: Day | None = None, under: str | None = None
) -> AssessmentOut:
    """Explain every item of a community within reach as of a day, under an edition (``pack@edition``)."""
    edition = edition_named(under) if under else None
    return AssessmentOut.of(queries.assessment_for(request.user, code, as_of or clock.today(), under=edition))


@router.get("/assessment/{code}/proof", response=ProofOut, summary="Why a community has its verdict")
def proof(request: HttpRequest, code: str, as_of: Day | None = None, under: str | None = None) -> ProofOut:
    """Give the proof tree from the verdict down to facts and clauses, under an edition (``pack@edition``)."""
    edition = edition_named(under) if under else None
    found = queries.assessment_for(request.user, code, as_of or clock.today(), under=edition)
    return ProofOut.model_validate(proof_json(reading_of(found)))


@router.get("/facts", response=list[FactOut], summary="Facts that a standard may name")
def facts(request: HttpRequest, under: str | None = None) -> list[FactOut]:  # noqa: ARG001 - ninja's signature
    """List the facts of an edition (``pack@edition``), of the one in force when none is named."""
    edition = edition_named(under) if under else programmes.current(clock.today()).pack
    return [FactOut.of(entry) for entry in catalogue_of(packs.pack(edition))]


@router.get("/attainment", response=AttainmentOut, summary="Places against their targets")
def attainment(request: HttpRequest, as_of: Day | None = None, under: str | None = None) -> AttainmentOut:
    """List city, districts and subdistricts within reach; ``under`` narrows to one of them and below."""
    day = as_of or clock.today()
    rows = queries.attainment_for(request.user, day)
    within = next((row.path for row in rows if row.code == under), "") if under else ""
    shown = [row for row in rows if row.path.startswith(within)] if within or not under else []
    return AttainmentOut(as_of=day, rows=[RowOut.of(row) for row in shown])
