"""What must be shown to apply: confirmed wording is waited for, unconfirmed wording is advised."""

from dataclasses import replace
from typing import Any

import pytest

from greenward.assessment.queries import explanation
from greenward.certification.queries import readiness as asking
from greenward.certification.queries.readiness import Readiness, readiness_of
from greenward.certification.queries.route import route_of
from greenward.evidence.actions import file_evidence, keep_file
from greenward.survey.sensitivity import EVERYTHING
from tests.certification.test_applications import AT, TODAY
from tests.evidence.conftest import png
from tests.factories.certification import Town

PAPER = b"%PDF-1.4\n%%EOF\n"


def asked(town: Town) -> Readiness:
    return readiness_of(town.version(), route_of(town.programme), TODAY, application=town.draft())


def filed(town: Town, item: str, name: str = "名单.pdf", content: bytes = PAPER) -> None:
    kept = keep_file(name, content, by=None, at=AT)
    file_evidence(kept.digest, town.version(), by=None, at=AT, item=item, observed_on=TODAY)


@pytest.fixture
def confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the wording of item 2's indicators be confirmed, of nothing else."""

    def of(*args: Any, **named: Any) -> explanation.CommunityAssessment:
        found = explanation.assessment_of(*args, **named)
        return replace(found, areas=tuple(replace(one, items=known(one.items)) for one in found.areas))

    def known(
        items: tuple[explanation.ItemAssessment, ...],
    ) -> tuple[explanation.ItemAssessment, ...]:
        return tuple(sure(one) if one.id == "2" else one for one in items)

    def sure(one: explanation.ItemAssessment) -> explanation.ItemAssessment:
        parts = tuple(part.model_copy(update={"verified": True}) for part in one.item.indicators)
        return replace(one, item=one.item.model_copy(update={"indicators": parts}))

    monkeypatch.setattr(asking, "assessment_of", of)


def test_unconfirmed_wording_is_advised_and_stops_nobody(town: Town) -> None:
    town.ready()
    found = asked(town)
    assert (found.is_ready, found.of("evidence")) == (True, [])
    first, second = found.advised[:2]
    assert (first.item, second.item) == ("1", "2")
    assert first.text.endswith("缺材料：工作机制文件、参与主体名单、共建活动记录")


def test_what_was_filed_for_an_item_is_not_asked_for_again(town: Town) -> None:
    town.ready()
    filed(town, "1")
    filed(town, "2")
    found = {one.item: one.text for one in asked(town).advised}
    assert "1" not in found
    assert found["2"].endswith("缺材料：议事厅或平台页面照片")  # a paper is no picture


@pytest.mark.usefixtures("confirmed")
def test_confirmed_wording_is_waited_for(town: Town) -> None:
    town.ready()
    (lack,) = asked(town).of("evidence")
    assert (lack.item, lack.text.partition("：")[2]) == ("2", "平台说明、议事厅或平台页面照片、议事记录")
    filed(town, "2")
    filed(town, "2", "议事厅.png", png())
    assert asked(town).is_ready


def test_what_does_not_apply_asks_for_nothing(town: Town) -> None:
    town.ready(works_took_place=False)
    held = explanation.assessment_of(town.version(), TODAY, sight=EVERYTHING)
    apart = {one.id for one in held.items if str(one.status) == "not_applicable"}
    assert apart
    assert not apart & {one.item for one in asked(town).advised}
