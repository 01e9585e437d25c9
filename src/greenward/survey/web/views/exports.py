"""Taking values out by the browser: what it will contain, then the file; the dictionary; own files."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.web.dates import as_of
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey import queries
from greenward.survey.actions.exports import take_certificate, take_out, take_own_file
from greenward.survey.exports.chosen import Chosen, Subject, chosen_for, subjects_of
from greenward.survey.exports.columns import columns_of
from greenward.survey.exports.dictionary import dictionary_rows
from greenward.survey.exports.documents import certificate_pdf, own_file_pdf
from greenward.survey.exports.formats import CSV, EXCEL, FORMATS, Format, file_name, format_named
from greenward.survey.exports.own_file import own_file_for
from greenward.survey.exports.separated import dictionary_csv
from greenward.survey.exports.sums import withheld
from greenward.survey.exports.withholding import rule_in_words
from greenward.survey.exports.workbook import dictionary_workbook
from greenward.survey.queries.completeness import corrected_since, get_certificate_for
from greenward.survey.queries.rounds import standing
from greenward.territories.access import reach_of
from greenward.territories.models import Level
from greenward.territories.queries import places_for

WORDINGS = (
    ("labels", gettext_lazy("名称")),
    ("codes", gettext_lazy("代码")),
    ("both", gettext_lazy("名称和代码")),
)


@dataclass(frozen=True)
class Sized:
    """A subject with the rows and columns that its sheet will have, and the fields given as sums only."""

    subject: Subject
    rows: int
    columns: int
    withheld: tuple[str, ...]

    @property
    def cells(self) -> int:
        """Cells of values."""
        return self.rows * len(self.subject.fields)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Ask what to take out and say what it will contain; HTMX asks for that part alone."""
    day = as_of(request)
    form = FORMATS.get(request.GET.get("format", ""), FORMATS["xlsx"])
    chosen = _chosen(request)
    sized = [
        _sized(chosen, subject, rows) for subject, rows in zip(chosen.subjects, _rows(chosen), strict=True)
    ]
    cells = sum(one.cells for one in sized)
    context: dict[str, object] = {
        "day": day,
        "chosen": chosen,
        "format": form,
        "sized": sized,
        "cells": cells,
        "is_too_large": cells > form.cells,
        "needs_one": form.suffix in {"csv", "parquet"} and len(sized) > 1,
        "rule": rule_in_words(),
        "has_withheld": any(one.withheld for one in sized),
    }
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return render(request, "survey/export.html#contents", context)
    pack = _pack(request)
    held = queries.current_round(day)
    context |= {
        "formats": FORMATS.values(),
        "wordings": WORDINGS,
        "subjects": subjects_of(pack),
        "forms": pack.forms,
        "areas": _areas(request, chosen),
        "round": held,
        "round_forms": list(queries.forms_of(held).values()) if held else [],
        "is_community": chosen.place.place.level == Level.COMMUNITY,
    }
    return render(request, "survey/export.html", context)


@login_required
@require_safe
def file(request: HttpRequest) -> FileResponse:
    """Give the file; what is too large for a browser is refused with the way out."""
    form, chosen = _format(request), _chosen(request)
    target = tempfile.TemporaryFile(prefix="greenward-export-")  # noqa: SIM115 - the response closes it
    take_out(chosen, _pack(request), form, target, by=_person(request), at=clock.now(), most_cells=form.cells)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=file_name(chosen, form), content_type=form.content_type
    )


@login_required
@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """Show the whole field dictionary on a page made for print."""
    pack = _pack(request)
    context = {"rows": dictionary_rows(pack), "title": pack.manifest.title}
    return render(request, "survey/export_dictionary.html", context)


@login_required
@require_safe
def dictionary_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the field dictionary as csv, xlsx or json. It is policy, open to all who sign in."""
    pack = _pack(request)
    makers: dict[str, tuple[str, Callable[[Pack], bytes]]] = {
        "csv": (CSV, dictionary_csv),
        "xlsx": (EXCEL, dictionary_workbook),
        "json": ("application/json", _json),
    }
    if kind not in makers:
        raise NotFoundError(_("数据字典没有这种格式。"), hint=_("可用：csv、xlsx、json。"))
    content_type, make = makers[kind]
    content = make(pack)
    response = HttpResponse(content, content_type=content_type)
    name = f"greenward-dictionary-{pack.manifest.id}-{pack.manifest.edition}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _json(pack: Pack) -> bytes:
    data = {"pack": pack.manifest.id, "edition": pack.manifest.edition, "fields": dictionary_rows(pack)}
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _chosen(request: HttpRequest) -> Chosen:
    asked = request.GET
    return chosen_for(
        request.user,
        as_of=as_of(request),
        place=asked.get("place", "").strip(),
        subject=asked.get("subject", ""),
        form=asked.get("form", ""),
        fields=[name for name in asked.get("fields", "").split(",") if name],
        wording=asked.get("wording") or "labels",
        sources=asked.get("sources") == "1",
    )


def _rows(chosen: Chosen) -> list[int]:
    return list(chosen.size().values())


def _sized(chosen: Chosen, subject: Subject, rows: int) -> Sized:
    hidden = tuple(str(field.label) for field in withheld(chosen, subject))
    return Sized(subject, rows, len(columns_of(subject, chosen.wording)), hidden)


def _areas(request: HttpRequest, chosen: Chosen) -> list[dict[str, object]]:
    """Return the places to choose from: down to the streets, and the one that was chosen."""
    upper = [Level.CITY, Level.DISTRICT, Level.SUBDISTRICT]
    found = list(places_for(request.user, on=chosen.as_of).filter(place__level__in=upper).order_by("path"))
    if chosen.place.place.level not in upper:
        found.append(chosen.place)
    return [{"code": one.place.code, "name": one.name, "level": one.place.level} for one in found]


def _format(request: HttpRequest) -> Format:
    return format_named(request.GET.get("format") or "xlsx")


def _pack(request: HttpRequest) -> Pack:
    return programmes.policy(programmes.current(as_of(request)))


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@login_required
@require_safe
def own_file(request: HttpRequest, place: str) -> HttpResponse:
    """Show a community's own file."""
    day = as_of(request)
    file = own_file_for(request.user, place, as_of=day)
    reach = reach_of(request.user)
    context = {
        "file": file,
        "as_of": day,
        "above": [one for one in file.above if reach.covers(one.path)],
        "grids": [*file.tables, *file.units],
    }
    return render(request, "survey/own_file.html", context)


@login_required
@require_safe
def own_file_document(request: HttpRequest, place: str) -> HttpResponse:
    """Give a community's own file as PDF."""
    day = as_of(request)
    file = own_file_for(request.user, place, as_of=day)
    content = own_file_pdf(file)
    take_own_file(file.place, by=_person(request), at=clock.now(), as_of=day)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="greenward-{place}-{day:%Y-%m-%d}.pdf"'
    return response


@login_required
@require_safe
def certificate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a certificate of completeness as PDF."""
    held = queries.get_round(code)
    found = get_certificate_for(request.user, held, number)
    place = standing(found.place, held.reference_on)
    content = certificate_pdf(found, corrections=corrected_since(found, place).count())
    take_certificate(found, place, by=_person(request), at=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="greenward-certificate-{held.code}-{number}.pdf"'
    return response
