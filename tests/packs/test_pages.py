import pytest

from greenward.packs.web import pages, views
from tests.factories.accounts import make_user, signed_in
from tests.factories.packs import install_beijing

pytestmark = pytest.mark.django_db

EDITION = "/packs/beijing-2021/2021.3/"


def test_a_higher_module_adds_a_tab_in_its_place_for_whom_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenward.packs.web.pages._tabs", {tab.url_name: tab for tab in views.TABS})
    install_beijing()
    pages.register(pages.Tab("packs:forms", "另一个名字", 5))
    pages.register(pages.Tab("packs:changes", "看不见", 6, visible=lambda _request: False))
    page = signed_in(make_user()).get(EDITION).content.decode()
    tabs = page[page.index('class="tabs"') :]
    tabs = tabs[: tabs.index("</nav>")]
    assert tabs.index("另一个名字") < tabs.index("目标与职责")
    assert "看不见" not in tabs
    assert f'href="{EDITION}forms/"' in tabs


@pytest.mark.parametrize("tab", ["", "clauses/", "changes/"])
def test_the_open_tab_is_marked(tab: str) -> None:
    install_beijing()
    page = signed_in(make_user()).get(EDITION + tab).content.decode()
    assert f'href="{EDITION}{tab}" aria-current="page"' in page
