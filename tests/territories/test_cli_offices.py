"""``greenward offices``: how the first people of a new installation come to their roles."""

import json

import pytest
from click.testing import CliRunner, Result

from greenward.core.errors import GreenwardError
from greenward.core.models import AuditEntry
from greenward.territories.access import reach_of
from greenward.territories.cli import offices
from tests.factories import territories as make

NAME = "甲区住建委"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(offices, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.django_db
def test_office_is_made_and_a_person_appointed() -> None:
    make.place_tree()
    person = make.person("district")
    run("create", make.DISTRICT, NAME, "--department", "housing")
    run("appoint", "district", "district_lead", make.DISTRICT, NAME)
    found = json.loads(run("list", make.DISTRICT, "--json").stdout)
    assert found == [
        {
            "name": NAME,
            "department": "housing",
            "held": [{"username": "district", "role": "district_lead"}],
        }
    ]
    assert reach_of(person).paths() == (f"{make.CITY}/{make.DISTRICT}/",)
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["territories.create_office", "territories.appoint"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("appoint", "nobody", "district_lead", make.DISTRICT, NAME),
        ("appoint", "district", "city_lead", make.DISTRICT, NAME),
        ("appoint", "district", "district_lead", make.DISTRICT, "别的单位"),
    ],
)
def test_a_wrong_appointment_is_refused(arguments: tuple[str, ...]) -> None:
    make.place_tree()
    person = make.person("district")
    run("create", make.DISTRICT, NAME)
    with pytest.raises(GreenwardError):
        run(*arguments)
    assert reach_of(person).paths() == ()
