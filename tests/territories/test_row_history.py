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


def columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def test_history_holds_no_password_and_no_key() -> None:
    assert {"username", "display_name"} <= columns("accounts_userevent")
    assert not {"password", "last_login"} & columns("accounts_userevent")
    assert "digest" not in columns("accounts_apitokenevent")
