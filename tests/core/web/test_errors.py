"""Every refusal is told in the asker's form: page, fragment, problem+json."""

import json
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from greenward.config import urls as real
from greenward.core import errors
from greenward.core.errors import GreenwardError

pytestmark = pytest.mark.django_db


def kinds(kind: type[GreenwardError] = GreenwardError) -> Iterator[type[GreenwardError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from kinds(below)


KINDS = {kind.code: kind for kind in kinds()}


def refuse(request: HttpRequest, code: str) -> HttpResponse:
    raise KINDS[code]("第 3 行有误。", hint="请改正。", row=3)


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


handler400, handler403, handler404, handler500 = (
    real.handler400,
    real.handler403,
    real.handler404,
    real.handler500,
)
urlpatterns = [
    path("refuse/<code>", refuse),
    path("api/v1/refuse/<code>", refuse),
    path("forbid", forbid),
    path("breaks", breaks),
    path("api/v1/breaks", breaks),
    path("", include(real.urlpatterns)),
]


@pytest.fixture(autouse=True)
def own_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_page(browser: Client, code: str) -> None:
    answer = browser.get(f"/refuse/{code}")
    page = answer.content.decode()
    assert answer.status_code == KINDS[code].status
    assert "<html" in page
    assert all(text in page for text in (str(KINDS[code].title), "第 3 行有误。", "请改正。"))


@pytest.mark.parametrize("code", sorted(KINDS))
def test_fragment(browser: Client, code: str) -> None:
    answer = browser.get(f"/refuse/{code}", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == KINDS[code].status
    assert "<html" not in text
    assert "第 3 行有误。" in text


@pytest.mark.parametrize("code", sorted(KINDS))
def test_problem(browser: Client, code: str) -> None:
    answer = browser.get(f"/api/v1/refuse/{code}")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content) == {
        "type": f"urn:greenward:error:{code}",
        "title": str(KINDS[code].title),
        "status": int(KINDS[code].status),
        "detail": "第 3 行有误。",
        "code": code,
        "hint": "请改正。",
        "data": {"row": 3},
    }


def test_codes_are_stable() -> None:
    assert sorted(KINDS) == [
        "conflict",
        "error",
        "form_expired",
        "invalid_input",
        "not_allowed",
        "not_found",
        "server_error",
        "too_many_requests",
        "wrong_method",
    ]


@pytest.mark.parametrize(
    "address,status,text",
    [("/nowhere", 404, "没有找到"), ("/forbid", 403, "没有权限"), ("/breaks", 500, "系统出错")],
)
def test_djangos_own_refusals_look_like_ours(browser: Client, address: str, status: int, text: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "a secret detail" not in answer.content.decode()


@pytest.mark.parametrize("address,status", [("/api/v1/nowhere", 404), ("/api/v1/breaks", 500)])
def test_djangos_own_refusals_are_problems_for_programs(browser: Client, address: str, status: int) -> None:
    answer = browser.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(answer.content)["status"] == status


def test_form_without_its_token() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


def test_broken_host_is_refused_in_our_look(browser: Client) -> None:
    answer = browser.get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
