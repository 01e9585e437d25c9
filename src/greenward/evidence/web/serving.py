"""The answers that carry kept files: to be saved, never to be run, and without what pictures carry unseen."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from greenward.evidence.models import File, Picture
from greenward.evidence.pictures.bare import bare


def file_response(file: File) -> HttpResponse:
    """Return the file as a download that no browser interprets, runs or shares; pictures bare of metadata."""
    answer = _private(HttpResponse(bare(bytes(file.content), file.media_type), content_type=file.media_type))
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or ""
    answer["ETag"] = f'"{file.digest}"'
    return answer


def thumbnail_response(picture: Picture) -> HttpResponse:
    """Return a picture's thumbnail, to be shown in a page of ours."""
    return _private(HttpResponse(bytes(picture.thumbnail), content_type="image/jpeg"))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
