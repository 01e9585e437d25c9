"""The list of to-dos as a page: filters, the number in the frame, delivering a duty from it."""

from django.test import Client

from greenward.programmes.models import Delivery
from tests.factories.territories import CITY, DISTRICT, person
from tests.factories.workspace import City, clerk

REPORT = f"/deliveries/quarterly-report/{DISTRICT}/2022-07-10/"


def test_the_list_filters_by_kind_and_urgency(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    context = client.get("/duties/").context
    assert context["every"] > 0
    late = client.get("/duties/?kind=duty&urgency=overdue").context["lines"]
    assert {(line.first.kind, line.first.urgency) for line in late} == {("duty", "overdue")}
    assert client.get("/duties/?kind=survey-fill").context["lines"] == []
    assert "没有符合条件的待办" in client.get("/duties/?kind=survey-fill").content.decode()


def test_without_a_role_the_list_is_empty_and_says_so(city: City, client: Client) -> None:
    client.force_login(person())
    assert "没有要办的事" in client.get("/duties/").content.decode()
    assert client.get("/duties/bell/").content.decode().strip() == ""


def test_the_bell_counts_lines(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    lines = client.get("/duties/").context["lines"]
    late = sum(line.first.urgency in {"overdue", "today"} for line in lines)
    assert (
        f"{len(lines)} 件待办，其中 {late} 件逾期或今天到期" in client.get("/duties/bell/").content.decode()
    )


def test_a_duty_is_delivered_from_the_list_in_one_go(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    assert REPORT in client.get("/duties/?urgency=overdue").content.decode()
    refused = client.post(REPORT, {"document": "甲建〔2022〕3号", "delivered_on": "2022-09-16"})
    assert (refused.status_code, Delivery.objects.count()) == (422, 0)
    assert "还没有到" in refused.content.decode()
    client.post(REPORT, {"document": "甲建〔2022〕3号", "delivered_on": "2022-09-14"})
    assert Delivery.objects.get().document == "甲建〔2022〕3号"
    assert REPORT not in client.get("/duties/").content.decode()
    assert "迟报" in client.get(REPORT).content.decode()


def test_who_only_reads_sees_the_duty_without_a_form(city: City, client: Client) -> None:
    client.force_login(clerk("auditor", CITY))
    assert "文号或标题" not in client.get(REPORT).content.decode()
    assert client.post(REPORT, {"document": "x", "delivered_on": "2022-09-14"}).status_code == 403
    assert client.get(f"/deliveries/nothing/{DISTRICT}/2022-07-10/").status_code == 404
    assert client.get(f"/deliveries/quarterly-report/{DISTRICT}/2022-02-31/").status_code == 404
