"""Items and indicators of a draft as forms, for officials who do not read YAML."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.packs import actions, queries
from greenward.packs.drafting.entries import mark_of
from greenward.packs.drafting.splicing import data_of
from greenward.packs.models import Draft
from greenward.packs.web.drafts import person
from greenward.packs.web.pages import draft_page
from greenward.packs.workbook import forms

FILE = "standard.yaml"
TAB = "packs:draft_items"


@login_required
@require_GET
def items(request: HttpRequest, number: int) -> HttpResponse:
    """List the items of a draft's standard by area, each with its indicators and its faults."""
    draft = queries.draft_for(request.user, number)
    data = data_of(queries.file_of(draft, FILE).text, FILE)
    faults: dict[str, int] = {}
    for one in queries.checked(draft).problems:
        if one.problem.file == FILE and len(one.names) > 1 and one.names[0] in ("items", "supplements"):
            name = one.names[3] if len(one.names) > 3 and one.names[2] == "indicators" else one.names[1]  # noqa: PLR2004 - items, number, indicators, number
            faults[name] = faults.get(name, 0) + 1
    areas = [
        (area, [each for each in data.get("items", []) if each.get("area") == area.get("id")])
        for area in data.get("areas", [])
    ]
    context = {"areas": areas, "supplements": data.get("supplements", []), "faults": faults}
    return draft_page(request, draft, TAB, "packs/draft_items.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, number: int, item: str) -> HttpResponse:
    """Show an item or indicator as a form; POST writes it, and whoever comes second keeps what they typed."""
    draft = queries.draft_for(request.user, number)
    texts = queries.texts(draft)
    names, entry = _found(data_of(texts.get(FILE, ""), FILE), item)
    indicator = "indicators" in names
    if request.method == "GET":
        return _form(request, draft, item, texts, forms.shown(entry), {}, mark_of(entry), indicator=indicator)
    posted = {key: str(value) for key, value in request.POST.items()}
    data, faults = forms.read_form(posted, entry, texts, indicator=indicator)
    faults = {name: _("请填写。") if text == "—" else text for name, text in faults.items()}
    error = None
    if not faults:
        try:
            actions.write_entry(
                draft, FILE, names, data, seen=posted.get("seen", ""), by=person(request), at=clock.now()
            )
        except GreenwardError as refused:
            error = refused
        else:
            messages.success(request, _("第{item}项已保存。").format(item=item))
            return redirect("packs:draft_items", number)
    seen = mark_of(entry) if error is not None else posted.get("seen", "")
    return _form(
        request, draft, item, texts, posted, faults, seen, indicator=indicator, error=error, theirs=entry
    )


def _found(data: Any, number: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return where an item or an indicator stands, by names, and its data; NotFoundError for none."""
    for part in ("items", "supplements"):
        for each in data.get(part, []):
            if each.get("id") == number:
                return (part, number), each
            for nested in each.get("indicators", []):
                if nested.get("id") == number:
                    return (part, str(each["id"]), "indicators", number), nested
    raise NotFoundError(_("草稿里没有第{item}项。").format(item=number), hint=_("请从清单进入。"))


def _form(  # noqa: PLR0917 - what the page needs
    request: HttpRequest,
    draft: Draft,
    item: str,
    texts: dict[str, str],
    values: dict[str, str],
    faults: dict[str, str],
    seen: str,
    *,
    indicator: bool,
    error: GreenwardError | None = None,
    theirs: dict[str, Any] | None = None,
) -> HttpResponse:
    current = forms.shown(theirs) if error is not None and theirs is not None else {}
    controls = forms.controls(values, faults, texts, indicator=indicator)
    context = {
        "item": item,
        "controls": controls,
        "scores": forms.score_controls(values, faults),
        "seen": seen,
        "error": error,
        "faulty": bool(faults),
        "theirs": [
            (control.label, current.get(control.name, ""))
            for control in controls
            if error is not None and current.get(control.name, "") != control.value
        ],
    }
    status = error.status if error else 422 if faults else 200
    return draft_page(request, draft, TAB, "packs/draft_item.html", context, status)
