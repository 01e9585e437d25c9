"""`greenward survey plan` and `open-round`: what a round would ask, and opening it with its forms."""

import json

import pytest
from click.testing import CliRunner

from greenward.survey.cli import survey
from greenward.survey.models import Round
from tests.factories import survey as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def test_a_plan_tells_cost_and_rest_and_changes_nothing(held: Round) -> None:
    done = CliRunner().invoke(survey, ["plan", "--form", "community", "--json"])
    data = json.loads(done.stdout)
    assert (done.exit_code, data["communities"], Round.objects.count()) == (0, 4, 1)
    assert [one["form"] for one in data["forms"]] == ["community"]
    assert data["cost"] == data["not_applicable"] + data["elsewhere"] + data["known"] + data["asked"]
    assert data["median"] * 4 == data["asked"] > 0


def test_a_form_that_is_not_there_is_named(held: Round) -> None:
    done = CliRunner().invoke(survey, ["plan", "--form", "nothing"])
    assert done.exit_code != 0
    assert "nothing" in str(done.exception)


def test_a_round_is_opened_with_its_forms(held: Round) -> None:
    dates = ["--reference-on", "2022-09-30", "--opens-on", "2022-09-01", "--closes-on", "2022-10-31"]
    chosen = ["--form", "community", "--asks", "everything"]
    done = CliRunner().invoke(survey, ["open-round", "autumn", "--title", "秋季", *dates, *chosen])
    made = Round.objects.get(code="autumn")
    assert (done.exit_code, made.forms, made.asks) == (0, ["community"], "everything")
