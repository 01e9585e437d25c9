"""The pages of plans: what is typed is kept, the second person is told, files say what the page says."""

from datetime import date

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from greenward.plans import queries
from greenward.plans.models import PlanTarget, PlanVersion
from greenward.plans.states import PlanState
from tests.factories.accounts import signed_in
from tests.factories.plans import sent_of
from tests.factories.territories import DISTRICT, STREET
from tests.plans.conftest import Scene

PLAN = f"/plans/{DISTRICT}/"
FIELD = f"n-{STREET}-2022-12-31-meeting"


def begun(scene: Scene) -> tuple[Client, dict[str, object]]:
    browser = signed_in(scene.drafter)
    answer = browser.post(f"{PLAN}begin/")
    assert (answer.status_code, answer["Location"]) == (302, f"{PLAN}edit/")
    return browser, sent_of(PlanVersion.objects.get())


def test_a_draft_is_saved_from_the_form(scene: Scene) -> None:
    browser, sent = begun(scene)
    answer = browser.post(f"{PLAN}edit/", {**sent, FIELD: "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PLAN}?version=1")
    assert PlanTarget.objects.get(place__code=STREET, due=date(2022, 12, 31), measure="meeting").number == 1
    assert PlanVersion.objects.get().introduction == "总体要求"


def test_what_cannot_stand_is_shown_again(scene: Scene) -> None:
    browser, sent = begun(scene)
    for typed in ("-1", "两个", "999999", ""):
        answer = browser.post(f"{PLAN}edit/", {**sent, FIELD: typed, "introduction": "不要丢"})
        assert answer.status_code == 422
        assert "不要丢" in answer.content.decode()
        assert PlanVersion.objects.get().edit == 1


def test_the_second_editor_sees_the_differences_and_decides(scene: Scene) -> None:
    browser, sent = begun(scene)
    browser.post(f"{PLAN}edit/", {**sent, "introduction": "甲写的"})
    other = signed_in(scene.second)
    answer = other.post(f"{PLAN}edit/", {**sent, "introduction": "乙写的"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [word for word in ("drafter", "甲写的", "乙写的") if word not in page] == []
    assert PlanVersion.objects.get().introduction == "甲写的"
    assert other.post(f"{PLAN}edit/", {**sent, "seen": 2, "introduction": "乙写的"}).status_code == 302
    assert PlanVersion.objects.get().introduction == "乙写的"


def test_sums_are_told_without_saving(scene: Scene) -> None:
    browser, sent = begun(scene)
    page = browser.post(f"{PLAN}edit/", {**sent, FIELD: "0", "sums": "1"}).content.decode()
    assert "还差 2 个" in page
    assert "<html" not in page
    assert PlanVersion.objects.get().edit == 1


def test_the_whole_way_by_the_pages(scene: Scene) -> None:
    browser, _sent = begun(scene)
    second, city = signed_in(scene.second), signed_in(scene.city)

    def act(client: Client, address: str, **sent: object) -> int:
        version = PlanVersion.objects.get()
        seen = version.steps.latest("id").pk
        return client.post(f"{PLAN}{address}/", {"version": "1", "seen": seen, **sent}).status_code

    assert act(browser, "move", verb="submit") == 302
    assert act(browser, "move", verb="approve") == 403
    assert act(second, "move", verb="return") == 422
    assert act(second, "move", verb="approve") == 302
    assert "还没有报送方案" in city.get(PLAN).content.decode()
    assert act(browser, "file", document="甲政发〔2022〕1号", filed_on="2022-09-15") == 302
    assert PlanVersion.objects.get().state == PlanState.FILED
    assert act(city, "comments", text="请补充资金安排") == 302
    assert "请补充资金安排" in browser.get(PLAN).content.decode()
    assert browser.get(f"{PLAN}plan.pdf").content.startswith(b"%PDF")
    table = browser.get(f"{PLAN}targets.csv").content.decode()
    assert f"{STREET},东街街道,2022-12-31,meeting,2,1,1,0,2,2022-09-15" in table
    assert "甲政发〔2022〕1号" in city.get("/plans/?export=csv").content.decode()


def test_the_document_says_what_the_plan_says(scene: Scene) -> None:
    from greenward.plans.documents.plan import document_of

    version = scene.filed()
    printed = document_of(version, scene.district)
    assert (printed["number"], printed["issuer"]) == ("甲政发〔2022〕1号", "甲区")
    goals = printed["parts"][1]["lines"]
    assert "计划2个；要求不少于2个（全区3个城市社区的60%，条款1.2）" in goals[1]
    assert printed["annex"]["rows"][-1] == ["合计", "3", "1", "2", ""]
    assert len(printed["parts"][3]["lines"]) == len(queries.content_of(version).measures)


def test_a_page_asks_the_same_with_more_versions(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scene.filed()
    browser = signed_in(scene.drafter)
    browser.get(PLAN)
    with django_assert_num_queries(52, exact=False):
        browser.get(f"{PLAN}?version=1")
