"""The answer that carries a kept file: to be saved, never to be run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from greenward.evidence.models import File


def file_response(file: File) -> HttpResponse:
    """Return the file as a download that no browser interprets, runs or shares."""
    answer = HttpResponse(bytes(file.content), content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["ETag"] = f'"{file.digest}"'
    return answer
