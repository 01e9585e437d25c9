"""Several applications in one step: the preview changes nothing, each goes by its own action, others stay."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from greenward.accounts.models import User
from greenward.certification.actions import reviewing
from greenward.certification.cli import commands
from greenward.certification.models import Application, ApplicationMove
from greenward.certification.states import ApplicationState
from greenward.core import audit, clock
from greenward.core.errors import NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from tests.factories.accounts import make_token, signed_in
from tests.factories.certification import AT, Town, answer_all, visit
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    TOWN,
    appoint,
    person,
)

BATCH = "/certification/batch/"


def preview(client: Client, verb: str, *made: Application) -> str:
    answer = client.get(BATCH, {"verb": verb, "application": [one.pk for one in made]})
    assert answer.status_code == 200
    return str(answer.content.decode())


def confirm(client: Client, verb: str, *made: Application, **sent: str) -> tuple[int, str]:
    cases = [f"{one.pk}:{one.version}" for one in made]
    answer = client.post(BATCH, {"verb": verb, "case": cases, **sent})
    return answer.status_code, answer.content.decode()


def caller(user: User) -> Client:
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def states(*made: Application) -> list[str]:
    return [Application.objects.get(pk=one.pk).state for one in made]


@pytest.fixture
def two(town: Town) -> list[Application]:
    """Two communities of a street that applied; only the first was visited."""
    for code in (COMMUNITY, SECOND):
        town.ready(code)
    made = [town.submitted(code) for code in (COMMUNITY, SECOND)]
    visit(made[0], by=town.people["street"])
    return [Application.objects.get(pk=one.pk) for one in made]


def test_the_queue_offers_what_the_role_may_and_only_waiting_cases(
    two: list[Application], town: Town
) -> None:
    town.ready(OTHER_COMMUNITY)
    draft = town.draft(OTHER_COMMUNITY)
    page = signed_in(town.people["street"]).get("/certification/").content.decode()
    assert [f'name="application" value="{one.pk}"' in page for one in two] == [True, True]
    assert '<option value="recommend">' in page
    assert '<option value="take_up">' not in page
    district = signed_in(town.people["district"]).get("/certification/").content.decode()
    assert f'name="application" value="{draft.pk}"' not in district
    assert '<option value="take_up">' in district
    assert '<option value="recommend">' not in district
    assert BATCH not in signed_in(town.people["worker"]).get("/certification/").content.decode()


def test_a_preview_says_which_go_and_why_others_do_not_and_changes_nothing(
    two: list[Application], town: Town
) -> None:
    certified = AuditEntry.objects.filter(action__startswith="certification.")
    before = certified.count()
    page = preview(signed_in(town.people["street"]), "recommend", *two)
    assert "选中 2 份" in page
    assert "可办 1 份" in page
    assert "还没有现场核查。" in page
    assert f'name="case" value="{two[0].pk}:{two[0].version}"' in page
    assert f'name="case" value="{two[1].pk}:' not in page
    assert (states(*two), certified.count()) == (["submitted", "submitted"], before)


def test_each_case_goes_through_its_own_action(two: list[Application], town: Town) -> None:
    visit(two[1], by=town.people["street"])
    two[1].refresh_from_db()
    client = signed_in(town.people["street"])
    assert confirm(client, "recommend", *two, note="情况属实")[0] == 302
    assert states(*two) == ["recommended", "recommended"]
    moves = ApplicationMove.objects.filter(verb="recommend").order_by("application")
    assert [(one.application_id, one.by, one.note) for one in moves] == [
        (one.pk, town.people["street"], "情况属实") for one in two
    ]
    assert AuditEntry.objects.filter(action="certification.recommend").count() == 2
    assert audit.verify() == []


def test_one_without_a_visit_stays_and_stops_no_other(two: list[Application], town: Town) -> None:
    status, page = confirm(signed_in(town.people["street"]), "recommend", *two, note="情况属实")
    assert (status, states(*two)) == (409, ["recommended", "submitted"])
    assert "还没有现场核查。" in page
    assert "情况属实" in page
    assert "已办理 1 份：推荐。" in page


def test_what_somebody_changed_in_between_is_left_and_said(two: list[Application], town: Town) -> None:
    visit(two[1], by=town.people["street"])
    two[1].refresh_from_db()
    other = person("street-2", display_name="street-2")
    appoint(other, "street_clerk", STREET)
    assert confirm(signed_in(other), "recommend", two[0], note="同意")[0] == 302
    status, page = confirm(signed_in(town.people["street"]), "recommend", *two, note="我写的理由")
    assert (status, states(*two)) == (409, ["recommended", "recommended"])
    assert "street-2 已于" in page
    assert "我写的理由" in page
    assert ApplicationMove.objects.filter(application=two[0], verb="recommend").count() == 1


def test_what_changed_but_may_still_go_is_confirmed_anew(two: list[Application], town: Town) -> None:
    made, client = two[0], signed_in(town.people["street"])
    visit(made, by=town.people["street"])  # somebody looked once more
    status, page = confirm(client, "recommend", made, note="我写的理由")
    made.refresh_from_db()
    assert (status, made.state) == (409, ApplicationState.SUBMITTED)
    assert f'value="{made.pk}:{made.version}"' in page
    assert ">我写的理由</textarea>" in page
    assert confirm(client, "recommend", made, note="我写的理由")[0] == 302


def test_the_district_takes_up_and_approves_several(two: list[Application], town: Town) -> None:
    visit(two[1], by=town.people["street"])
    two = [Application.objects.get(pk=one.pk) for one in two]
    confirm(signed_in(town.people["street"]), "recommend", *two, note="属实")
    two = [Application.objects.get(pk=one.pk) for one in two]
    client = signed_in(town.people["district"])
    assert confirm(client, "take_up", *two)[0] == 302
    assert states(*two) == ["in_review", "in_review"]
    assert "期限" in preview(client, "approve", *two)  # departments and reviewers are waited for
    for one in two:
        answer_all(one)
    two = [Application.objects.get(pk=one.pk) for one in two]
    assert confirm(client, "approve", *two, note="同意")[0] == 302
    assert states(*two) == ["approved", "approved"]


def test_who_recommended_does_not_approve_by_batch(two: list[Application], town: Town) -> None:
    both = person("both", display_name="both")
    appoint(both, "street_clerk", STREET)
    appoint(both, "district_lead", DISTRICT)
    assert confirm(signed_in(both), "recommend", two[0], note="属实")[0] == 302
    made = reviewing.take_up(two[0], by=town.people["district"], at=AT)
    answer_all(made)
    made.refresh_from_db()
    assert "不能再由您审核通过" in preview(signed_in(both), "approve", made)
    assert confirm(signed_in(both), "approve", made, note="同意")[0] == 409
    assert states(made) == ["in_review"]


@pytest.mark.parametrize(
    "sent, status",
    [
        ({"verb": "recommend"}, 422),
        ({"verb": "recommend", "case": "x:1"}, 404),
        ({"verb": "recommend", "case": f"1:{2**40}"}, 404),
        ({"verb": "refuse", "case": "{case}"}, 404),
        ({"verb": "recommend", "case": "{case}", "note": " "}, 422),
        ({"verb": "recommend", "case": [f"{n}:1" for n in range(1, 52)]}, 422),
    ],
)
def test_what_cannot_be_sent_is_refused(
    two: list[Application], town: Town, sent: dict[str, str], status: int
) -> None:
    filled = {
        name: one.format(case=f"{two[0].pk}:{two[0].version}") if isinstance(one, str) else one
        for name, one in sent.items()
    }
    answer = signed_in(town.people["street"]).post(BATCH, filled)
    assert (answer.status_code, states(*two)) == (status, ["submitted", "submitted"])


def test_a_role_that_never_makes_the_move_is_refused_as_a_whole(two: list[Application], town: Town) -> None:
    assert confirm(signed_in(town.people["district"]), "recommend", two[0], note="x")[0] == 403
    assert confirm(signed_in(town.people["worker"]), "take_up", two[0])[0] == 403
    assert states(*two) == ["submitted", "submitted"]


def test_a_stranger_finds_and_moves_nothing(two: list[Application]) -> None:
    stranger = person("stranger")
    appoint(stranger, "street_clerk", TOWN)
    client = signed_in(stranger)
    assert client.get(BATCH, {"verb": "recommend", "application": two[0].pk}).status_code == 404
    assert confirm(client, "recommend", two[0], note="x")[0] == 404
    assert states(*two) == ["submitted", "submitted"]


def test_the_preview_reads_each_further_case_with_few_queries(
    two: list[Application], town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(town.people["street"])
    preview(client, "recommend", two[0])
    with django_assert_max_num_queries(40) as one:
        preview(client, "recommend", two[0])
    with django_assert_max_num_queries(len(one) + 2):  # the newest snapshot, and a visit since
        preview(client, "recommend", *two)


def sent_by_api(client: Client, verb: str, *made: Application, **more: object) -> Any:
    cases = [{"number": one.pk, "seen": one.version} for one in made]
    body = json.dumps({"verb": verb, "cases": cases, **more})
    return client.post("/api/v1/certification/batches", body, content_type="application/json")


def test_the_api_previews_and_moves_what_goes(two: list[Application], town: Town) -> None:
    street = caller(town.people["street"])
    shown = sent_by_api(street, "recommend", *two).json()
    assert (shown["acted"], [one["goes"] for one in shown["cases"]]) == (False, [True, False])
    assert "还没有现场核查" in shown["cases"][1]["faults"][0]
    assert states(*two) == ["submitted", "submitted"]
    two[0].version -= 1
    late = sent_by_api(street, "recommend", two[0]).json()
    assert "有了变化" in late["cases"][0]["faults"][0]
    two[0].version += 1
    assert sent_by_api(street, "recommend", *two, act=True).status_code == 422  # without reasons
    done = sent_by_api(street, "recommend", *two, act=True, note="情况属实").json()
    assert [(one["goes"], one["state"]) for one in done["cases"]] == [
        (True, "recommended"),
        (False, "submitted"),
    ]
    stranger = person("stranger")
    appoint(stranger, "street_clerk", TOWN)
    assert sent_by_api(caller(stranger), "recommend", two[1], act=True, note="x").status_code == 404
    assert sent_by_api(caller(town.people["worker"]), "recommend", two[1], act=True).status_code == 403
    assert states(*two) == ["recommended", "submitted"]


def on_the_command_line(*arguments: object, status: int) -> Any:
    words = ["batch", *map(str, arguments), "--json"]
    result = CliRunner().invoke(commands[0], words, catch_exceptions=False)
    assert result.exit_code == status
    return json.loads(result.stdout)


def test_the_command_line_previews_until_it_is_told_to_act(two: list[Application], town: Town) -> None:
    """It acts in somebody's name, with that person's role: nobody else's."""
    told = on_the_command_line("recommend", "--by", "street", status=1)
    assert [(one["number"], one["goes"]) for one in told["cases"]] == [(two[0].pk, True), (two[1].pk, False)]
    assert states(*two) == ["submitted", "submitted"]
    on_the_command_line("recommend", two[0].pk, "--by", "street", "--note", "情况属实", "--yes", status=0)
    assert states(*two) == ["recommended", "submitted"]
    entry = AuditEntry.objects.get(action="certification.recommend")
    assert (entry.by, audit.verify()) == (town.people["street"], [])
    with pytest.raises(NotAllowedError):
        on_the_command_line("approve", two[0].pk, "--by", "street", "--yes", status=2)
    with pytest.raises(NotFoundError):
        on_the_command_line("take_up", 999999, "--by", "district", "--yes", status=2)
    assert states(*two) == ["recommended", "submitted"]
