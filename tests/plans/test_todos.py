"""A district's plan in lists of to-dos: who writes, decides and files; nothing leaves it before."""

from datetime import date

from pytest_django import DjangoAssertNumQueries

from greenward.accounts.models import User
from greenward.duties import queries
from tests.factories.territories import DISTRICT
from tests.plans.conftest import TODAY, Scene, official


def asked(user: User) -> list[tuple[str, str, date | None]]:
    """Return what plans ask of a person: what, where to go, by when."""
    fresh = User.objects.get(pk=user.pk)
    found = queries.todos_for(fresh, TODAY)
    return [(one.what, one.url, one.due_on) for one in found if one.kind in {"plan", "plan-decide"}]


def held(user: User) -> list[tuple[str, str, int]]:
    fresh = User.objects.get(pk=user.pk)
    lines = queries.held_below(fresh, TODAY)
    return [
        (one.who, one.what, one.count) for line in lines for one in line.held if one.kind == "plan-decide"
    ]


PLAN = f"/plans/{DISTRICT}/"


def test_a_plan_goes_from_who_writes_to_who_decides_to_who_files(scene: Scene) -> None:
    assert asked(scene.drafter) == []
    version = scene.begin()
    ((what, url, due_on),) = asked(scene.drafter)
    assert (what, url) == ("写完创建方案并提交审定", f"{PLAN}edit/")
    assert due_on is not None
    assert (asked(scene.city), asked(scene.stranger)) == ([], [])
    version = scene.move(version, "submit", scene.drafter)
    assert [(what, url) for what, url, _day in asked(scene.second)] == [("审定创建方案", PLAN)]
    assert asked(scene.drafter) == []  # who wrote it does not decide
    assert held(scene.drafter) == [("本区另一位审定人", "审定创建方案", 1)]
    assert (held(scene.second), held(scene.city)) == ([], [])
    version = scene.move(version, "return", scene.second, "数字不对")
    assert [what for what, *_rest in asked(scene.drafter)] == ["修改被退回的创建方案"]
    version = scene.move(scene.move(version, "submit", scene.drafter), "approve", scene.second)
    assert [what for what, *_rest in asked(scene.second)] == ["把审定的创建方案报送市级"]
    scene.file(version)
    assert asked(scene.second) == []


def test_what_follows_the_first_plan_has_no_last_day(scene: Scene) -> None:
    scene.filed()
    scene.begin()
    assert [due_on for _what, _url, due_on in asked(scene.drafter)] == [None]


def test_queries_do_not_grow_with_the_districts(
    scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from greenward.plans.todos import KINDS

    scene.begin()
    user = official("both", "district_lead", DISTRICT)
    tellers = [one for kind in KINDS for one in (kind.todos, kind.held) if one]
    for tell in tellers:
        list(tell(user, TODAY))
    with django_assert_max_num_queries(6 * len(tellers)):
        for tell in tellers:
            list(tell(user, TODAY))
