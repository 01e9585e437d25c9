"""The API's root: every refusal a problem, no inline script in its description, its own endpoints."""

from collections.abc import Iterator

import pytest
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from ninja.errors import HttpError, ValidationError

from greenward.accounts.api.auth import SessionReading
from greenward.config.api import api
from tests.factories.accounts import make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> Iterator[HttpRequest]:
    return RequestFactory().get("/api/v1/anything")


@pytest.mark.parametrize(
    "error,status,code",
    [
        (Http404(), 404, "not_found"),
        (HttpError(404, "没有"), 404, "not_found"),
        (HttpError(403, "CSRF"), 403, "not_allowed"),
        (HttpError(400, "坏的 JSON"), 422, "invalid_input"),
    ],
)
def test_ninjas_own_errors_are_problems(
    request_: HttpRequest, error: Exception, status: int, code: str
) -> None:
    answer = api.on_exception(request_, error)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert f'"code": "{code}"' in answer.content.decode()


def test_wrong_parameters_name_their_place(request_: HttpRequest) -> None:
    error = ValidationError([{"loc": ("query", "as_of"), "type": "date_parsing", "msg": "not a date"}])
    answer = api.on_exception(request_, error)
    assert answer.status_code == 422
    assert '"where": ["query", "as_of"], "code": "date_parsing"' in answer.content.decode()


def test_wrong_method_is_a_problem_that_names_the_right_one() -> None:
    answer = signed_in(make_user()).post("/api/v1/me")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert (answer.json()["code"], answer.json()["data"]) == ("wrong_method", {"allowed": ["GET"]})


@pytest.mark.parametrize("method,who", [("GET", "person"), ("HEAD", "person"), ("POST", None), ("PUT", None)])
def test_sessions_only_read(method: str, who: str | None) -> None:
    request = RequestFactory().generic(method, "/api/v1/anything")
    request.user = make_user("person")
    found = SessionReading(csrf=False)(request)
    assert (found and found.username) == who


def test_description_is_open_and_complete() -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/me" in schema["paths"]
    assert set(schema["components"]["securitySchemes"]) == {"TokenAuth", "SessionReading"}


def test_page_lists_every_endpoint() -> None:
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(path in text for path in Client().get("/api/v1/openapi.json").json()["paths"])
