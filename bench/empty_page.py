"""The product's settings and URLs with one page more, which holds nothing but the frame."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from greenward.config.settings import *  # noqa: F403 - the product's own

ROOT_URLCONF = "bench.empty_page"


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "core/page.html")


def __getattr__(name: str) -> object:
    """Give Django the URLs when it asks for them: by then the product's own can be imported."""
    from greenward.config import urls  # noqa: PLC0415 - needs Django set up

    if name == "urlpatterns":
        return [path("bench/empty/", empty), *urls.urlpatterns]
    return getattr(urls, name)
