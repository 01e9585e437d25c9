"""Every change of who holds what and what is true of a place leaves a row, whoever makes it."""

import pytest
from django.apps import apps
from django.db import connection

from tests.factories.territories import DISTRICT, appoint, person, place_tree

pytestmark = pytest.mark.django_db


def labels(model: str, field: str) -> list[tuple[str, object]]:
    events = apps.get_model("territories", model).objects.order_by("pgh_id")
    return list(events.values_list("pgh_label", field))


def test_change_by_sql_leaves_the_old_and_the_new_row() -> None:
    place_tree()
    appoint(person("clerk"), "district_department", DISTRICT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE territories_appointment SET role = 'district_lead'")
    assert labels("AppointmentEvent", "role") == [
        ("insert", "district_department"),
        ("update", "district_lead"),
    ]


def test_history_holds_no_password() -> None:
    person("clerk")
    fields = {f.name for f in apps.get_model("accounts", "UserEvent")._meta.get_fields()}
    assert {"username", "display_name"} <= fields
    assert not {"password", "last_login"} & fields
    assert "digest" not in {f.name for f in apps.get_model("accounts", "ApiTokenEvent")._meta.get_fields()}
