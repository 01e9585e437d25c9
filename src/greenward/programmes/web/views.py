"""One period of a duty of one place: what is owed, what was delivered, and recording a delivery."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import InvalidInputError
from greenward.programmes import actions, queries
from greenward.programmes.web.forms import DeliveryForm
from greenward.territories import access
from greenward.territories.queries import get_place_for
from greenward.territories.roles import Permission


@login_required
@require_http_methods(["GET", "POST"])
def deliver(request: HttpRequest, duty: str, code: str, due_on: date) -> HttpResponse:
    """Show what a place owes for a period, and record that it delivered; a newer one corrects it."""
    place, today = get_place_for(request.user, code), clock.today()
    programme = queries.current()
    owed = queries.get_owed(programme, duty, place, due_on)
    form = DeliveryForm(request.POST or None, initial={"delivered_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.deliver(
                programme=programme,
                duty=duty,
                place=place,
                due_on=due_on,
                by=cast("User", request.user),
                at=clock.now(),
                **form.cleaned_data,
            )
        except InvalidInputError as error:
            form.add_error(str(error.data["field"]), f"{error.detail} {error.hint}")
        else:
            messages.success(request, _("已登记报送。"))
            return redirect("workspace:home")
    context = {
        "place": place,
        "owed": owed,
        "late": owed.due_on < today,
        "delivered": queries.deliveries_for_period(programme, duty, place, due_on),
        "may_deliver": access.may(request.user, Permission.DELIVER_DUTIES, place.path),
        "form": form,
    }
    return render(request, "programmes/deliver.html", context, status=422 if form.errors else 200)
