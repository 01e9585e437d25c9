"""Pages of applications: who sees what, that refusals keep what was typed, the case file, the CSV."""

import pytest

from greenward.certification.actions import recommending
from greenward.certification.queries.hindrances import seats_of
from greenward.certification.states import ApplicationState
from tests.factories.accounts import signed_in
from tests.factories.certification import AT, Town, answer_all, visit
from tests.factories.territories import COMMUNITY, SECOND, TOWN_COMMUNITY, appoint, person


def test_a_community_applies_from_its_page_to_the_signature(town: Town) -> None:
    town.ready()
    client = signed_in(town.people["worker"])
    page = client.get(f"/certification/communities/{COMMUNITY}/")
    assert "开始申报" in page.content.decode()
    opened = client.post(f"/certification/communities/{COMMUNITY}/")
    assert opened.status_code == 302
    address = opened["Location"]
    shown = client.get(address).content.decode()
    assert "缺附件：居民会议或议事协商的记录" in shown
    refused = client.post(f"{address}submit/", {"signed_name": "worker"})
    assert refused.status_code == 409
    assert 'value="worker"' in refused.content.decode()


def test_the_street_returns_and_recommends_and_is_told_what_is_missing(town: Town) -> None:
    town.ready()
    made = town.submitted(by=town.people["worker"])
    client = signed_in(town.people["street"])
    address = f"/certification/cases/{made.pk}/"
    refused = client.post(f"{address}recommend/", {"note": "情况属实，同意", "seen": made.version})
    assert refused.status_code == 409
    assert "情况属实，同意" in refused.content.decode()
    done = client.post(
        f"{address}visit/", {"visited_on": "2022-09-15", "finding:5": "agrees", "finding:1": "agrees"}
    )
    assert done.status_code == 302
    assert client.post(f"{address}recommend/", {"note": "属实"}).status_code == 302
    made.refresh_from_db()
    assert made.state == ApplicationState.RECOMMENDED


def test_a_second_official_is_told_and_keeps_the_text(town: Town) -> None:
    town.ready()
    made = town.in_review()
    answer_all(made)
    made.refresh_from_db()
    other = person("district-2", display_name="district-2")
    appoint(other, "district_lead", "990101000000")
    first, second = signed_in(town.people["district"]), signed_in(other)
    address, seen = f"/certification/cases/{made.pk}/", made.version
    assert first.post(f"{address}approve/", {"note": "同意", "seen": seen}).status_code == 302
    told = second.post(f"{address}refuse/", {"note": "我写了很长的理由", "seen": seen})
    assert told.status_code == 409
    assert "district 已于" in told.content.decode()
    assert "我写了很长的理由" in told.content.decode()
    made.refresh_from_db()
    assert made.state == ApplicationState.APPROVED


def test_a_reviewer_sees_no_names_of_others_and_no_case_file(town: Town) -> None:
    town.ready()
    made = town.in_review()
    seat = seats_of(made)[0]
    client = signed_in(seat.user)
    page = client.get(f"/certification/cases/{made.pk}/").content.decode()
    assert "提交评审意见" in page
    assert "随机种子" not in page
    assert client.get(f"/certification/cases/{made.pk}/case.pdf").status_code == 404
    assert client.get(f"/certification/communities/{COMMUNITY}/").status_code == 404
    others = [f"expert-{n}" for n in range(1, 6) if f"expert-{n}" != seat.user.username]
    assert [name for name in others if name in page] == []


def test_the_case_file_is_a_pdf_for_who_may_read_all(town: Town) -> None:
    town.ready()
    made = town.approved()
    answer = signed_in(town.people["district"]).get(f"/certification/cases/{made.pk}/case.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["worker", "street", "district", "civil"])
def test_strangers_find_nothing(town: Town, name: str) -> None:
    town.ready()
    made = town.submitted()
    stranger = person("stranger")
    appoint(stranger, "community_worker", TOWN_COMMUNITY)
    client = signed_in(stranger)
    assert client.get(f"/certification/cases/{made.pk}/").status_code == 404
    assert client.post(f"/certification/cases/{made.pk}/withdraw/", {"note": "x"}).status_code == 404
    assert "一里社区" not in client.get("/certification/").content.decode()
    assert signed_in(town.people[name]).get(f"/certification/cases/{made.pk}/").status_code == 200


def test_the_queue_filters_and_exports(town: Town) -> None:
    town.ready()
    town.ready(SECOND)
    made = town.submitted()
    second = town.submitted(SECOND)
    visit(second, by=town.people["street"])
    recommending.recommend(second, by=town.people["street"], at=AT, note="属实")
    client = signed_in(town.people["district"])
    mine = client.get("/certification/?show=mine").content.decode()
    assert f"/certification/cases/{second.pk}/" in mine
    assert f"/certification/cases/{made.pk}/" not in mine
    csv = client.get("/certification/?export=csv").content.decode("utf-8-sig").splitlines()
    assert len(csv) == 3
