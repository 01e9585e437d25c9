"""From a district's plan to a rechecked title, through everybody who has a hand in it; days pass in between.

Communities and residents hold a phone, officials sit at a desk.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from greenward.certification.actions import recommending
from greenward.certification.models import Application, ApplicationMove, Pilot, Recheck, Snapshot, Title
from greenward.certification.queries.hindrances import seats_of
from greenward.certification.states import ApplicationState, Finding
from greenward.core import audit, clock
from greenward.evidence.models import Use
from greenward.pilots.models import Wish
from greenward.plans.models import PlanVersion
from greenward.plans.states import PlanState
from greenward.programmes.models import Delivery
from tests.factories.certification import TODAY, Town, opine, town
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, STREET
from tests.journeys.visits import official, press, visit_of, words

PHONE, DESK = 390, 1440
PLAN = f"/plans/{DISTRICT}/"
LESSON = {
    "标题": "停车共享",
    "问题": "车位不足",
    "做法": "与单位错时共享",
    "成效": "占压消除",
    "适用条件": "周边有单位车位",
}
PDF = {"name": "会议记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
NOTE = "总体情况与申报一致，同意。"


@pytest.fixture(autouse=True)
def small(transactional_db: None, settings: Settings) -> Iterator[Town]:
    """Make the city with one community that may apply, and let its people sign in."""
    settings.GREENWARD_TODAY = TODAY
    with town() as made:
        made.ready()
        for name in ("second", "third"):
            made.people[name] = official(name, "district_lead", DISTRICT)
        made.people["municipal"] = official("municipal", "city_lead", CITY)
        yield made


def refused(visit: Any, name: str) -> str:
    """Press a button that somebody else's act has made late; return what the page says."""
    visit.expected = {409}
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.check()
    return words(visit.page)


def choose_all(page: Page, prefix: str, value: str) -> None:
    """Choose the same for every item."""
    boxes = page.locator(f"input[name^='{prefix}:'][value='{value}']")
    assert boxes.count()
    boxes.evaluate_all("all => all.forEach(box => box.click())")


def test_from_the_plan_to_the_recheck(page_at: Callable[[int], Any], small: Town, settings: Settings) -> None:
    worker, street, district, second, municipal = (
        visit_of(page_at, width, name)
        for width, name in (
            (PHONE, "worker"),
            (DESK, "street"),
            (DESK, "district"),
            (DESK, "second"),
            (DESK, "municipal"),
        )
    )
    planned(district, second, visit_of(page_at, DESK, "third"))
    filed(district, municipal)
    piloted(worker, district, street)
    case = applied(worker)
    two_items_come_back(worker, street, case)
    recommended(street, case)
    reviewed(page_at, small, district, case)
    decided_once(district, second, case, settings)
    objected(page_at, district, settings)
    code = recognised(district, settings)
    assert "证书真实，称号有效" in words(page_at(PHONE).open(f"/check/?code={code}"))
    rechecked(worker, district, settings)
    history = words(page_at(PHONE).open(f"/register/{code}/"))
    for word in ("限期整改", "现场核实，通过"):
        assert word in history
    on_a_phone(page_at, case)
    assert audit.verify() == []


def planned(district: Any, second: Any, third: Any) -> None:
    """Draft the plan from figures; two write at once and lose nothing; a third sends it back, then agrees."""
    page = district.open(PLAN)
    assert page.locator("header.top").bounding_box()["height"] < 64  # all of it on one line
    told = press(district, "按现有数据起草")
    for word in ("第1版草案", "建议", "合计与要求"):
        assert word in told
    second.open(f"{PLAN}edit/")
    last = page.locator(f"[name='n-{STREET}-2022-12-31-meeting']")
    last.fill("0")
    last.blur()
    expect(page.locator("#sums")).to_contain_text("还差")
    last.fill("2")
    page.get_by_role("textbox", name="总体要求", exact=True).fill("分步推进，量力而行。")
    assert "分步推进" in press(district, "保存草案")
    text = second.page.get_by_role("textbox", name="总体要求", exact=True)
    text.fill("逐年推进，量力而行。")
    told = refused(second, "保存草案")
    for word in ("district", "您填写的与已保存的不同之处", "分步推进"):
        assert word in told
    expect(text).to_have_value("逐年推进，量力而行。")
    assert "逐年推进" in press(second, "保存草案")
    assert "待区内审定" in press(second, "提交审定")
    assert "审定通过" not in words(second.page)
    third.open(f"{PLAN}?version=1")
    third.page.get_by_label("说明（退回时必填）").fill("请写明理由")
    assert "退回修改" in press(third, "退回修改")
    second.open(f"{PLAN}edit/")
    second.page.get_by_label("东街街道 2022-12-31 参与创建并达到要求的社区 说明").fill("社区有积极性")
    press(second, "保存草案")
    press(second, "提交审定")
    third.open(f"{PLAN}?version=1")
    assert "区内已审定" in press(third, "审定通过")


def filed(district: Any, municipal: Any) -> None:
    """File the plan with the city, which comments; the next version is compared with this one."""
    assert "还没有报送方案" in words(municipal.open(PLAN))
    district.open(f"{PLAN}?version=1").get_by_label("文号").fill("甲政发〔2022〕1号")
    told = press(district, "报送市级")
    for word in ("已报送市级", "进展", "社区有积极性", "全区"):
        assert word in told
    assert Delivery.objects.get().document == "甲政发〔2022〕1号"
    assert "已报送第1版" in words(municipal.open("/plans/"))
    municipal.page.get_by_role("main").get_by_role("link", name="甲区", exact=True).click()
    municipal.check()
    municipal.page.get_by_label("提出意见").fill("请补充资金安排")
    press(municipal, "提交意见")
    assert "请补充资金安排" in words(district.open(PLAN))
    assert "第2版草案" in press(district, "按现有数据起草")
    district.open(f"{PLAN}changes/?version=2")
    assert [one.state for one in PlanVersion.objects.all()] == [PlanState.FILED, PlanState.DRAFT]


def piloted(worker: Any, district: Any, street: Any) -> None:
    """Write down what residents want, choose the ranked communities as pilots, and read what one learnt."""
    page = worker.open("/pilots/")
    assert "没有居民会议纪要或签名，按未知处理" in words(page)
    page.get_by_text("登记居民意愿", exact=True).click()
    page.get_by_label("征求数").fill("80")
    page.get_by_label("同意数").fill("72")
    page.get_by_label("纪要或签名的扫描件").set_input_files(PDF)
    assert "90.0%" in press(worker, "保存意愿")
    told = words(district.open("/pilots/"))
    for word in ("东街街道", "80中72同意", "只有1个社区"):
        assert word in told
    for name in ("一里社区居委会", "二里社区居委会"):
        district.page.get_by_label(f"选择{name}").first.check()
    district.page.get_by_label("依据").fill("甲政发〔2022〕2号")
    assert "已启动2个试点" in press(district, "启动试点")
    worker.open(f"/pilots/communities/{COMMUNITY}/")
    page.get_by_text("登记经验", exact=True).click()
    for label, text in LESSON.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    assert "停车共享" in press(worker, "保存经验")
    assert "停车共享" in words(street.open("/pilots/lessons/?q=车位"))
    assert (Pilot.objects.count(), Wish.objects.count(), Use.objects.count()) == (2, 1, 1)


def applied(worker: Any) -> str:
    """Let the community see what it lacks, attach it, sign and hand in; return the case's address."""
    page = worker.open(f"/certification/communities/{COMMUNITY}/")
    assert "缺附件：居民会议或议事协商的记录" in words(page)
    assert "还没有人提交" in press(worker, "开始申报")
    page.get_by_label("文件", exact=True).set_input_files(PDF)
    assert "各项达标，摸底已核验，材料和附件齐全，可以申报" in press(worker, "附上")
    page.get_by_label("请填写“worker”，表示您对申报内容负责").fill("worker")
    assert "待推荐" in press(worker, "提交申报")
    return f"/certification/cases/{Application.objects.get().pk}/"


def two_items_come_back(worker: Any, street: Any, case: str) -> None:
    """Return two items; only they open again, and only they are frozen anew."""
    street.open("/certification/?show=mine")
    street.follow("一里社区居委会")
    street.page.get_by_text("逐项写明理由，只有写了理由的项重新打开", exact=True).click()
    for item, why in (("5", "请补充小区名单"), ("8", "请说明夜间情况")):
        street.page.locator(f"#why-{item}").fill(why)
    assert "退回补正" in press(street, "退回补正")
    told = words(worker.open(case))
    assert told.count("怎么补正的") == 2
    worker.page.get_by_label("由已有数据起草，请核对修改").fill("改了没有退回的部分")
    assert "这一部分没有被退回" in refused(worker, "保存说明")
    worker.open(case)
    for _item in range(2):
        worker.page.get_by_label("怎么补正的").first.fill("已补充")
        worker.page.get_by_role("button", name="答复", exact=True).first.click()
        worker.check()
    worker.page.get_by_label("请填写“worker”，表示您对申报内容负责").fill("worker")
    assert "待推荐" in press(worker, "补正后再提交")
    first, second = Snapshot.objects.all()
    assert first.content["narrative"] == second.content["narrative"]
    assert first.content["items"] == second.content["items"]  # no fact has moved since


def recommended(street: Any, case: str) -> None:
    """Look at the community on the spot, then recommend."""
    page = street.open(case)
    assert "还没有现场核查。" in words(page)
    page.get_by_text("填写核查情况", exact=True).click()
    page.get_by_label("核查日期").fill(TODAY.isoformat())
    for item in ("5", "8"):
        page.locator(f"#finding-{item}").select_option("agrees")
    page.get_by_label("总的情况").fill("逐个小区查看。")
    assert "现场核查" in press(street, "登记核查")
    page.locator("#note-of-recommend").fill(NOTE)
    assert "已推荐" in press(street, "推荐")


def reviewed(page_at: Callable[[int], Any], small: Town, district: Any, case: str) -> None:
    """Take the application up; a department countersigns, the drawn reviewers say what they think."""
    district.open("/certification/?show=mine")
    district.page.get_by_label("选中一里社区居委会").check()
    district.page.get_by_label("批量办理选中的").select_option("take_up")
    assert "可办 1 份" in press(district, "预览")
    press(district, "确认办理这 1 份")
    made = Application.objects.get()
    assert made.state == ApplicationState.IN_REVIEW
    civil = visit_of(page_at, DESK, "civil")
    civil.open("/certification/?show=mine")
    civil.follow("一里社区居委会")
    choose_all(civil.page, "said", "agreed")
    assert "同意" in press(civil, "会签")
    expert = visit_of(page_at, PHONE, seats_of(made)[0].user.username)
    expert.open(case)
    shown = expert.page.get_by_role("rowheader", name="8 停车与生命通道").first
    shown.scroll_into_view_if_needed()
    assert expert.page.locator("section[aria-labelledby=frozen] .table-scroll").bounding_box()["height"] > 900
    choose_all(expert.page, "stance", "for")
    expert.page.locator("[name='stance:8'][value='unsure']").check()
    expert.page.locator("#opinion-8").fill("夜间没有看到")
    press(expert, "提交评审意见")
    told = words(district.open(case))
    for word in ("未表态（不视为同意）", "不能判断 1", "随机种子"):
        assert word in told
    district.page.locator("#note-of-approve").fill(NOTE)
    assert "还不能办理" in refused(district, "审核通过")
    for seat in seats_of(made):
        if seat.done_at is None:
            opine(seat)
    seen = [recommending.Seen("5", Finding.AGREES)]
    recommending.record_visit(made, visited_on=TODAY, findings=seen, by=None, at=clock.now())


def decided_once(district: Any, second: Any, case: str, settings: Settings) -> None:
    """Two browsers decide at the same moment: one wins, the other is told and loses nothing.

    The term of the department that said nothing is over by then: its silence stands as silence.
    """
    settings.GREENWARD_TODAY = date(2022, 9, 23)
    for one, name in ((district, "approve"), (second, "refuse")):
        one.open(case)
        one.page.locator(f"#note-of-{name}").fill(f"{name} {NOTE}")
    assert "审核通过" in press(district, "审核通过")
    told = refused(second, "审核不通过")
    assert "district 已于" in told
    assert f"refuse {NOTE}" in told
    assert ApplicationMove.objects.filter(verb__in=("approve", "refuse")).count() == 1


def objected(page_at: Callable[[int], Any], district: Any, settings: Settings) -> None:
    """Publish; a resident objects under a sealed name, is answered, and reads the answer by the receipt."""
    page = district.open("/titles/")
    page.get_by_label("标题").fill("甲区绿色社区公示")
    page.get_by_label("受理单位和联系方式").fill("甲区办公室 010-00000000")
    assert "甲区绿色社区公示" in press(district, "公示选中的社区")
    resident = page_at(PHONE)
    resident.open("/notices/")
    resident.follow("甲区绿色社区公示")
    resident.follow("提出异议 一里社区居委会")
    resident.page.get_by_label("真实姓名").fill("示例居民")
    resident.page.get_by_label("联系方式").fill("010-00000000")
    resident.page.get_by_label("异议事项和理由").fill("消防通道仍被占用")
    press(resident, "提交异议")
    receipt = resident.page.locator("[data-receipt]").inner_text()
    settings.GREENWARD_TODAY = date(2022, 9, 27)
    district.open("/titles/")
    told = words(district.follow("一里社区居委会"))
    assert "示例居民" not in told
    assert "消防通道仍被占用" in press(district, "查看异议人和理由")
    press(district, "受理")
    assert Application.objects.get().state == ApplicationState.OBJECTED
    district.page.get_by_label("答复（公开给异议人，请勿写个人信息）").fill("已到现场核实，通道畅通。")
    assert "异议不成立" in press(district, "异议不成立")
    resident.open("/notices/answer/")
    resident.page.get_by_label("回执码").fill(receipt)
    assert "通道畅通" in press(resident, "看答复")


def recognised(district: Any, settings: Settings) -> str:
    """Give the title once the notice is over, not before; return the certificate's check code."""
    settings.GREENWARD_TODAY = date(2022, 10, 9)  # a working Sunday, and the notice's last day
    district.open("/titles/")
    assert "之后才能命名" in words(district.follow("甲区绿色社区公示"))
    settings.GREENWARD_TODAY = date(2022, 10, 10)
    district.open("/titles/")
    district.follow("甲区绿色社区公示")
    district.page.get_by_label("文号").fill("甲区发〔2022〕1号")
    press(district, "命名选中的社区")
    title = Title.objects.get()
    assert title.number in words(district.page)
    return title.code


def rechecked(worker: Any, district: Any, settings: Settings) -> None:
    """Recheck by lot, order rectification, let the community report, accept."""
    settings.GREENWARD_TODAY = date(2023, 9, 4)
    page = district.open("/titles/rechecks/")
    page.get_by_label("标题").fill("2023年复查")
    page.get_by_label("种子").fill("20230903")
    page.get_by_label("完成期限").fill("2023-10-31")
    press(district, "定计划")
    recheck = f"/titles/rechecks/{Recheck.objects.get().pk}/"
    district.open(recheck)
    page.locator("select[name^='found-']").evaluate_all("all => all.forEach(one => { one.value = 'holds'; })")
    page.locator("#found-8").select_option("fails")
    page.locator("#note-8").fill("夜间有车占压")
    page.get_by_label("说明或理由").fill("请疏通消防通道")
    assert "限期整改" in press(district, "责令限期整改")
    worker.open(recheck)
    worker.page.get_by_label("说明或理由").fill("已疏通，物业每日巡查")
    assert "待验收" in press(worker, "报送整改情况")
    district.open(recheck)
    page.get_by_label("说明或理由").fill("现场核实，通过")
    assert "复查通过" in press(district, "整改验收通过")


def on_a_phone(page_at: Callable[[int], Any], case: str) -> None:
    """Look at the district's key pages on a phone too."""
    district = visit_of(page_at, PHONE, "district")
    for path in (PLAN, f"{PLAN}edit/", "/pilots/", "/certification/", case, "/titles/", "/titles/rechecks/"):
        district.open(path)


def test_several_at_once_on_both_widths(page_at: Callable[[int], Any], small: Town) -> None:
    small.ready(SECOND)
    waiting = [small.recommended(), small.submitted(SECOND)]
    for width in (PHONE, DESK):
        visit = visit_of(page_at, width, "district")
        page = visit.open("/certification/")
        for name in ("一里社区居委会", "二里社区居委会"):
            page.get_by_label(f"选中{name}").check()
        page.get_by_label("批量办理选中的").select_option("take_up")
        told = press(visit, "预览")
        assert "可办 1 份" in told
        assert "不能受理" in told
    assert {one.state for one in Application.objects.filter(pk__in=[one.pk for one in waiting])} == {
        "recommended",
        "submitted",
    }
