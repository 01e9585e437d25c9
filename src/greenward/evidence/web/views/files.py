"""Files and thumbnails of a community's evidence."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from greenward.evidence import queries
from greenward.evidence.web.serving import file_response, thumbnail_response


@login_required
@require_safe
def file(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """Give a file as a download."""
    return file_response(queries.file_at(request.user, code, digest))


@login_required
@require_safe
def thumbnail(request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """Give a picture's thumbnail."""
    return thumbnail_response(queries.picture_at(request.user, code, digest))
