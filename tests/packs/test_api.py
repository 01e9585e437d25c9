import pytest
from django.test import Client

from greenward.packs.loader.loading import content, load
from tests.factories.accounts import make_user, signed_in
from tests.factories.packs import BEIJING, install_beijing

pytestmark = pytest.mark.django_db


def test_packs_are_listed() -> None:
    edition = install_beijing()
    listed = signed_in(make_user()).get("/api/v1/packs").json()
    assert [(each["id"], each["edition"], each["digest"]) for each in listed] == [
        ("beijing-2021", "2021.3", edition.digest)
    ]
    assert listed[0]["title"]["en"] == "Beijing green-community creation programme"


def test_a_pack_comes_with_its_content() -> None:
    install_beijing()
    answer = signed_in(make_user()).get("/api/v1/packs/beijing-2021").json()
    assert answer["content"] == content(load(BEIJING))


def test_what_is_not_installed_is_a_problem() -> None:
    answer = signed_in(make_user()).get("/api/v1/packs/beijing-2021?edition=2099.1")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")


def test_strangers_are_refused() -> None:
    assert Client().get("/api/v1/packs").status_code == 401
