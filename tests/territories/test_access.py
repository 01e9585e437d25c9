"""The territorial rule: a role at a place covers its subtree and nothing else."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.core.errors import NotAllowedError, NotFoundError
from greenward.territories import access, actions, queries
from greenward.territories.models import Kind, Place
from greenward.territories.roles import ROLES, Permission
from tests.factories import territories as make

TODAY = date(2022, 9, 15)
AT = datetime(2022, 9, 15, 9, tzinfo=UTC)

Tree = dict[str, Place]


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GREENWARD_TODAY = TODAY


@pytest.fixture
def tree(db: None) -> Tree:
    return make.place_tree()


def seen(user: User | AnonymousUser, *, on: date = TODAY) -> set[str]:
    return set(queries.places_for(user, on=on).values_list("place__code", flat=True))


def test_role_at_a_street_sees_its_subtree_and_nothing_else(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "street_clerk", tree[make.STREET])
    assert seen(user) == {make.STREET, make.COMMUNITY, make.SECOND}


def test_role_at_a_community_sees_it_alone(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "community_worker", tree[make.COMMUNITY])
    assert seen(user) == {make.COMMUNITY}
    for code in (make.SECOND, make.STREET, make.DISTRICT, make.CITY, make.OTHER_COMMUNITY):
        with pytest.raises(NotFoundError):
            queries.get_place_for(user, code, on=TODAY)


def test_stranger_cannot_tell_a_hidden_place_from_none(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "community_worker", tree[make.COMMUNITY])
    texts = []
    for code in (make.SECOND, "000000000000"):
        with pytest.raises(NotFoundError) as hidden:
            queries.get_place_for(user, code, on=TODAY)
        texts.append(str(hidden.value).replace(code, ""))
    assert texts[0] == texts[1]


def test_codes_that_begin_alike_are_no_subtree(tree: Tree) -> None:
    like = make.place(make.STREET[:9] + "0", "短码街道", Kind.STREET, tree[make.DISTRICT], make.event())
    user = make.person()
    make.appoint(user, "street_clerk", like)
    assert seen(user) == {like.code}


def test_two_roles_add_up(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "street_clerk", tree[make.STREET])
    make.appoint(user, "community_worker", tree[make.TOWN_COMMUNITY])
    assert seen(user) == {make.STREET, make.COMMUNITY, make.SECOND, make.TOWN_COMMUNITY}


def test_role_inside_a_larger_one_changes_nothing_seen(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "auditor", tree[make.CITY])
    make.appoint(user, "street_clerk", tree[make.STREET])
    reach = access.reach_of(user)
    assert reach.paths() == (f"{make.CITY}/",)
    assert reach.paths(Permission.SURVEY) == (f"{make.CITY}/{make.DISTRICT}/{make.STREET}/",)
    assert seen(user) == set(tree)


@pytest.mark.parametrize(
    "during",
    [
        (None, TODAY),
        (date(2022, 9, 16), None),
        (date(2021, 1, 1), date(2022, 1, 1)),
    ],
)
def test_appointment_out_of_its_time_gives_nothing(
    tree: Tree, during: tuple[date | None, date | None]
) -> None:
    user = make.person()
    make.appoint(user, "city_lead", tree[make.CITY], during=during)
    assert seen(user) == set()
    assert not access.may(user, Permission.CHANGE_PLACES, f"{make.CITY}/")


def test_appointment_holds_on_its_first_and_last_day(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "auditor", tree[make.CITY], during=(TODAY, date(2022, 9, 16)))
    assert seen(user) == set(tree)


def test_inactive_anonymous_and_unappointed_people_see_nothing(tree: Tree) -> None:
    gone = make.person("gone", is_active=False)
    make.appoint(gone, "city_lead", tree[make.CITY])
    assert seen(gone) == set()
    assert seen(make.person("new")) == set()
    assert seen(AnonymousUser()) == set()


def test_flags_of_the_account_give_nothing(tree: Tree) -> None:
    assert seen(make.person(is_superuser=True, is_staff=True)) == set()


def test_unknown_role_in_the_database_gives_nothing(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "emperor", tree[make.CITY])
    assert seen(user) == set()


def test_former_place_gives_nothing_and_is_seen_as_of_its_time(tree: Tree) -> None:
    day = date(2022, 6, 1)
    clerk, lead = make.person("clerk"), make.person("lead")
    make.appoint(clerk, "community_worker", tree[make.SECOND])
    make.appoint(lead, "district_lead", tree[make.DISTRICT])
    actions.merge([tree[make.SECOND]], into=tree[make.COMMUNITY], on=day, reason="批复", by=None, at=AT)
    assert seen(clerk) == set()
    assert make.SECOND not in seen(lead)
    assert make.SECOND in seen(lead, on=date(2022, 5, 31))
    assert queries.place_file_for(lead, make.SECOND, on=TODAY).version is None


def test_moved_place_follows_its_new_parent(tree: Tree) -> None:
    day = date(2022, 6, 1)
    old, new = make.person("old"), make.person("new")
    make.appoint(old, "district_lead", tree[make.DISTRICT])
    make.appoint(new, "district_lead", tree[make.OTHER_DISTRICT])
    actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], on=day, reason="批复", by=None, at=AT)
    assert make.SECOND not in seen(old)
    assert make.SECOND in seen(new)
    assert make.SECOND in seen(old, on=date(2022, 5, 31))
    assert [p.version.path for p in queries.place_file_for(new, make.SECOND, on=TODAY).periods] == [
        f"{make.CITY}/{make.OTHER_DISTRICT}/{make.STREET}/{make.SECOND}/"
    ]


@pytest.mark.parametrize("role", ROLES)
def test_roles_may_what_they_say(tree: Tree, role: str) -> None:
    user = make.person()
    make.appoint(user, role, tree[make.DISTRICT])
    inside, outside = f"{make.CITY}/{make.DISTRICT}/{make.STREET}/", f"{make.CITY}/{make.OTHER_DISTRICT}/"
    allowed = {p for p in Permission if access.may(user, p, inside)}
    assert allowed == ROLES[role].permissions
    assert not any(access.may(user, p, outside) for p in Permission)
    assert not any(access.may(user, p, f"{make.CITY}/") for p in Permission)


def test_auditor_reads_and_writes_nothing() -> None:
    assert ROLES["auditor"].permissions == {Permission.READ, Permission.READ_AUDIT}


def test_check_raises_and_says_what_was_missing(tree: Tree) -> None:
    user = make.person()
    make.appoint(user, "auditor", tree[make.CITY])
    with pytest.raises(NotAllowedError) as refused:
        access.check_may(user, Permission.SURVEY, f"{make.CITY}/")
    assert refused.value.data == {"permission": Permission.SURVEY}
