"""Plans and pilots over the API: what is being written stays inside the district; strangers see nothing."""

from typing import Any

from django.test import Client

from greenward.accounts.models import User
from greenward.core import clock
from tests.factories.accounts import make_token
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_DISTRICT, STREET
from tests.plans.conftest import Scene, official


def get(user: User, path: str, status: int = 200) -> Any:
    client = Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status
    return answer.json()


def test_what_is_not_filed_stays_inside_the_district(scene: Scene) -> None:
    draft = scene.begin()
    own = get(scene.drafter, f"plans/{DISTRICT}")
    assert (own["version"], own["state"], own["document"]) == (draft.number, "draft", "")
    assert sum(one["number"] for one in own["targets"]) > 0
    for user in (scene.city, official("community", "community_worker", COMMUNITY)):
        get(user, f"plans/{DISTRICT}", status=404)
    get(scene.stranger, f"plans/{DISTRICT}", status=404)
    assert [one["code"] for one in get(scene.stranger, "plans")] == [OTHER_DISTRICT]


def test_the_city_reads_what_was_filed_with_its_progress(scene: Scene) -> None:
    filed = scene.filed()
    lines = {one["code"]: one for one in get(scene.city, "plans")}
    assert (lines[DISTRICT]["version"], lines[DISTRICT]["document"]) == (1, filed.document)
    assert (lines[OTHER_DISTRICT]["version"], lines[OTHER_DISTRICT]["delivered_on"]) == (None, None)
    told = get(scene.city, f"plans/{DISTRICT}?version=1")
    assert (told["state"], told["versions"]) == ("filed", [1])
    sums = [one for one in told["progress"] if one["code"] == ""]
    assert [one["planned"] for one in sums if one["measure"] == "meeting"] == [
        sum(one["number"] for one in told["targets"] if one["due"] == due and one["measure"] == "meeting")
        for due in sorted(lines[DISTRICT]["planned"])
    ]
    get(scene.city, f"plans/{DISTRICT}?version=2", status=404)


def test_candidates_come_with_their_reasons_within_reach(scene: Scene) -> None:
    streets = get(scene.drafter, f"pilots/{DISTRICT}")
    shown = {one["code"]: one for street in streets for one in street["candidates"]}
    assert {one["criterion"] for one in shown[COMMUNITY]["reasons"]} == {
        "willingness",
        "activity",
        "groundwork",
    }
    assert [one["code"] for one in get(scene.drafter, f"pilots/{STREET}")] == [STREET]
    get(scene.stranger, f"pilots/{DISTRICT}", status=404)
    get(scene.city, f"pilots/{CITY}", status=404)
    assert get(scene.stranger, "pilots/lessons") == {"count": 0, "items": []}
