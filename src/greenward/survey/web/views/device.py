"""What lets the survey work without a network: worker, manifest, session, a page for when there is none."""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenward.core.errors import GreenwardError
from greenward.core.web.middleware import problem
from greenward.survey.web.calls import person_of, told

SCRIPTS = "js/survey"
SHELL = (
    "vendor/tabler.min.css",
    "css/greenward.css",
    "css/figures.css",
    "css/print.css",
    "css/survey.css",
    "js/greenward.js",
    "js/device.js",
    "images/greenward.svg",
    "images/icon-192.png",
    "django_htmx/htmx-2.min.js",
)
"""What a kept form's page is made of, beside the scripts of the form."""


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Tell the page's scripts who is signed in, the token for writing, and the key for this machine's queue.

    The key is the person's own and always the same: what waits on a machine under it can be read after
    their next sign-in, and by nobody else's.
    """
    try:
        person = person_of(request)
    except GreenwardError as error:
        return told(problem(error), error.status)
    key = salted_hmac("greenward.survey.queue", str(person.pk), algorithm="sha256").digest()
    return told(
        {"person": person.pk, "csrf": get_token(request), "key": base64.b64encode(key).decode("ascii")}
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Give the service worker with the files of this release; its scope is its folder, /survey/."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Give the manifest by which the survey can be put on a home screen."""
    icons = [
        {"src": static(f"images/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    content = {
        "id": "/survey/",
        "name": _("绿社 · 摸底"),
        "short_name": _("摸底"),
        "start_url": "/survey/",
        "scope": "/survey/",
        "display": "standalone",
        "lang": request.LANGUAGE_CODE,
        "theme_color": "#1e7b4f",
        "background_color": "#f6f5f2",
        "icons": [*icons, {**icons[1], "purpose": "maskable"}],
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, content_type="application/manifest+json; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network, and which forms this machine holds; the worker keeps this page."""
    return render(request, "survey/offline.html")


@lru_cache(maxsize=1)
def _scripts() -> tuple[str, ...]:
    folder = finders.find(SCRIPTS)
    return tuple(sorted(f"{SCRIPTS}/{one.name}" for one in Path(str(folder)).glob("*.js"))) if folder else ()


def _worker() -> str:
    """Return the worker's text; its version is that of all that it keeps, so that any change is a new one."""
    text = Path(str(finders.find("js/worker.js"))).read_text(encoding="utf-8")
    names = [*SHELL, *_scripts()]
    addresses = [static(name) for name in names]
    digest = hashlib.sha256(text.encode())
    for name, address in zip(names, addresses, strict=True):
        digest.update(address.encode())
        if not settings.COLLECTED_STATIC:  # the address says nothing about the content then
            digest.update(Path(str(finders.find(name))).read_bytes())
    text = text.replace('"development"', json.dumps(digest.hexdigest()[:12]), 1)
    return text.replace("const SHELL = []", f"const SHELL = {json.dumps(addresses)}", 1)
