"""Pages of rechecks: from the plan to the withdrawal, a proof file on the record, and who sees nothing."""

from datetime import date

import pytest
from click.testing import CliRunner
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.certification.actions.objection import handle_objection, raise_objection
from greenward.certification.actions.recognition import recognise
from greenward.certification.cli import commands
from greenward.certification.models import Recheck, RecheckPlan, TitleHolding
from greenward.certification.queries.case import case_for
from greenward.certification.queries.casefile import sections_of
from greenward.certification.queries.draws import published_plan
from greenward.certification.queries.readiness import readiness_of
from greenward.certification.queries.route import route_of
from greenward.core.models import AuditEntry
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.accounts import signed_in
from tests.factories.certification import PAPER, Town
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, appoint, person

PLAN = {"territory": DISTRICT, "title": "年度复查", "seed": "0915", "due_on": "2022-12-01"}


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    return make.scene()


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def looked(programme: Programme, **but: str) -> dict[str, str]:
    """Return a form in which every item holds, but some."""
    items = [item.id for item in programmes.policy(programme).standard.items]
    return {f"found-{item}": but.get(f"item{item}", "holds") for item in items}


def planned(client: Client) -> Recheck:
    """Plan on the page; return the recheck of the community."""
    assert client.post("/titles/rechecks/plan/", PLAN).status_code == 302
    return Recheck.objects.get()


def test_from_the_plan_to_the_withdrawal(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    district = signed_in(official("district_lead", DISTRICT))
    shown = district.get("/titles/rechecks/").content.decode()
    assert "1 个称号的数据已有变化" in shown  # nothing is known of it, which is not unmet
    late = district.post("/titles/rechecks/plan/", {**PLAN, "due_on": "2022-09-01"})
    assert (late.status_code, "0915" in late.content.decode()) == (422, True)
    recheck = planned(district)
    page = f"/titles/rechecks/{recheck.pk}/"
    assert title.number in district.get(page).content.decode()
    sent = {**looked(programme, item5="fails"), "note": "第5项未达到", "seen": "1"}
    assert district.post(f"{page}rectify/", sent).status_code == 302
    again = district.post(f"{page}pass/", {**sent, "note": "写了一半"})
    assert (again.status_code, "写了一半" in again.content.decode()) == (409, True)
    community = signed_in(official("community_worker", COMMUNITY))
    assert "撤销称号" not in community.get(page).content.decode()
    community.post(f"{page}report/", {"note": "已增设", "seen": "2"})
    district.post(f"{page}hear/", {"note": "请陈述", "seen": "3"})
    done = {"note": "逾期未改", "document": "示例〔2022〕9号", "seen": "4"}
    assert district.post(f"{page}revoke/", done).status_code == 302
    recheck.refresh_from_db()
    assert recheck.state == "revoked"
    assert "示例〔2022〕9号" in district.get(page).content.decode()


def test_another_district_learns_and_changes_nothing(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    recheck = planned(signed_in(official("district_lead", DISTRICT)))
    other = signed_in(official("district_lead", OTHER_DISTRICT))
    assert f"/titles/rechecks/{recheck.pk}/" not in other.get("/titles/rechecks/").content.decode()
    assert other.get(f"/titles/rechecks/{recheck.pk}/").status_code == 404
    assert other.post(f"/titles/rechecks/{recheck.pk}/hear/", {"note": "x"}).status_code == 404
    assert other.post("/titles/rechecks/plan/", PLAN).status_code in {403, 404}
    assert Recheck.objects.count() == 1


def test_the_community_cannot_pass_itself(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    recheck = planned(signed_in(official("district_lead", DISTRICT)))
    community = signed_in(official("community_worker", COMMUNITY))
    sent = {**looked(programme), "seen": "1"}
    assert community.post(f"/titles/rechecks/{recheck.pk}/pass/", sent).status_code == 403
    recheck.refresh_from_db()
    assert recheck.state == "planned"


def test_a_proof_file_is_opened_by_handlers_on_the_record(programme: Programme) -> None:
    application = make.approved(programme)
    entry = make.notice_of([application]).entries.get()
    objection, _code = raise_objection(
        entry, make.SAID, proof=("证明.pdf", PAPER), by=None, at=make.PUBLISHED
    )
    path = f"/titles/objections/{objection.pk}/proof/"
    assert signed_in(official("district_lead", OTHER_DISTRICT)).post(path).status_code == 404
    assert not AuditEntry.objects.filter(action="certification.open_proof").exists()
    answer = signed_in(official("district_lead", DISTRICT)).post(path)
    assert (answer.content, answer["Content-Disposition"][:10]) == (PAPER, "attachment")
    assert AuditEntry.objects.filter(action="certification.open_proof").count() == 1


def test_who_lost_a_title_waits_and_the_case_file_tells_all_but_names(town: Town) -> None:
    town.ready()
    application = town.approved()
    notice = make.notice_of([application], at=make.at_noon(date(2022, 9, 15)))
    application.refresh_from_db()
    said = make.at_noon(date(2022, 9, 16))
    objection, _code = make.objection_to(application, at=said)
    handle_objection(objection, "dismiss", answer="与申报无关", by=None, at=said)
    over = make.at_noon(date(2022, 10, 8))
    (title,) = recognise(notice, applications=[application], document=make.DOCUMENT, by=None, at=over)
    application.refresh_from_db()
    case = case_for(town.people["district"], application, date(2022, 10, 8))
    told = [str(cell) for one in sections_of(case) for row in one.rows for cell in row]
    assert {title.number, "与申报无关", "绿色社区公示"} <= set(told)
    assert [word for word in make.SAID.values() if any(word in cell for cell in told)] == []
    holding, day = TitleHolding.objects.get(title=title), date(2022, 10, 10)
    place, route = make.version(COMMUNITY), route_of(town.programme)
    assert readiness_of(place, route, day).of("barred") == []
    holding.during, holding.ended_by = DateRange(holding.during.lower, day), "revoked"
    holding.save()
    (lack,) = readiness_of(place, route, day).of("barred")
    assert "2023-10-10" in lack.text


def test_anybody_draws_again_once_every_community_was_seen(programme: Programme) -> None:
    """The seed is public at once; who is visited is not, until all were."""
    titles = make.recognised(programme, COMMUNITY, SECOND)
    district = signed_in(official("district_lead", DISTRICT))
    assert district.post("/titles/rechecks/plan/", PLAN).status_code == 302
    plan = f"/rechecks/{RecheckPlan.objects.get().pk}/"
    before = Client().get(plan).content.decode()
    assert ("0915" in before, [one.number in before for one in titles]) == (True, [False, False])
    for one in Recheck.objects.order_by("pk"):
        sent = {**looked(programme, item5="fails"), "note": "第5项未达到", "seen": "1"}
        assert district.post(f"/titles/rechecks/{one.pk}/rectify/", sent).status_code == 302
    after = Client().get(plan).content.decode()
    assert [one.number in after for one in titles] == [True, True]
    told, draw = published_plan(RecheckPlan.objects.get().pk, date(2022, 9, 15))
    assert draw is not None
    assert (len(told.by_risk), len(told.by_lot), draw.again) == (1, 1, told.by_lot)
    assert "抽取的编号相同" in after
    shown = CliRunner().invoke(
        commands[0], ["draw", "--seed", "0915", "--count", "1", "-"], input="\n".join(draw.pool)
    )
    assert shown.stdout.split() == list(told.by_lot)
    assert Client().get("/rechecks/999999/").status_code == 404


def test_the_public_list_of_plans_reads_each_further_plan_with_no_query(
    programme: Programme, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make.recognised(programme, COMMUNITY)
    district = signed_in(official("district_lead", DISTRICT))
    planned(district)
    Client().get("/rechecks/")
    with django_assert_max_num_queries(12) as one:
        Client().get("/rechecks/")
    read = len(one)
    Recheck.objects.update(state="passed", moved_at=make.PUBLISHED.replace(year=2020))
    assert district.post("/titles/rechecks/plan/", {**PLAN, "seed": "7"}).status_code == 302
    with django_assert_max_num_queries(read):
        assert Client().get("/rechecks/").content.decode().count("年度复查") == 2
