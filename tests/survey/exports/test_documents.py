"""The certificate of completeness on paper: as issued, with corrections since, refused when changed."""

from typing import Any

import pytest
from django.test import Client

from greenward.core.errors import ConflictError
from greenward.core.models import AuditEntry
from greenward.survey.exports.documents import certificate_pdf
from greenward.survey.models import Completeness, Round
from greenward.survey.queries.completeness import Figures, digest_of
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import DISTRICT, OTHER_DISTRICT, STREET, appoint, person

pytestmark = pytest.mark.django_db


def certificate(held: Round, **changed: Any) -> Completeness:
    figures = Figures(
        place=STREET,
        name="东街街道",
        round=held.code,
        reference_on="2022-05-31",
        as_of="2022-06-15",
        due=2,
        recorded=2,
        done=2,
        states={"accepted": 2},
        units={"compound": 3},
        reasons=1,
        corrections=0,
        concerns={"suspicions": 0},
        newest=0,
    ).frozen()
    figures |= {"communities": [["990101001001", "accepted", 0]], "concern_labels": {"suspicions": "疑点"}}
    kept = {"figures": figures, "digest": digest_of(figures), **changed}
    return Completeness.objects.create(
        round=held, place=Place.objects.get(code=STREET), as_of=make.TODAY, at=make.AT, **kept
    )


def lead(code: str) -> Client:
    user = person(f"lead-{code}")
    appoint(user, "district_lead", code)
    return signed_in(user)


def test_a_certificate_is_a_document() -> None:
    made = certificate(make.survey_round())
    assert certificate_pdf(made).startswith(b"%PDF-")
    assert certificate_pdf(made, corrections=2) != certificate_pdf(made)


def test_one_that_was_changed_is_not_printed() -> None:
    with pytest.raises(ConflictError):
        certificate_pdf(certificate(make.survey_round(), digest="0" * 64))


def test_it_is_given_within_reach_and_leaves_a_trace() -> None:
    made = certificate(make.survey_round())
    path = f"/survey/export/certificates/r2022/{made.pk}.pdf"
    answer = lead(DISTRICT).get(path)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert lead(OTHER_DISTRICT).get(path).status_code == 404
    assert AuditEntry.objects.filter(action="survey.export_certificate").count() == 1
