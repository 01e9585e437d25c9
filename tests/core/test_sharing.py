"""What is read once for a page is forgotten with it, and is never shared while a request may write."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from greenward.core import rows
from greenward.core.sharing import reading
from greenward.core.web.middleware import SharingMiddleware

pytestmark = pytest.mark.django_db
ASK = "SELECT %(what)s::text, %(all)s::int[]"


def ask(what: str = "a") -> list[tuple[object, ...]]:
    return rows.values(ASK, {"what": what, "all": [1, 2]})


def test_a_question_is_asked_once_within_a_block(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2), reading():
        with reading():
            assert ask() == [("a", [1, 2])]
        assert ask() == [("a", [1, 2])]
        assert ask("b") == [("b", [1, 2])]
    with django_assert_num_queries(2):
        assert ask() == ask()


@pytest.mark.parametrize("method,asked", [("get", 1), ("head", 1), ("post", 2), ("delete", 2)])
def test_only_requests_that_read_share(
    method: str, asked: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(ask() == ask()))

    make: Callable[[str], HttpRequest] = getattr(RequestFactory(), method)
    for _time in range(2):  # nothing is kept from one request to the next
        with django_assert_num_queries(asked):
            SharingMiddleware(answer)(make("/"))
