"""Pages are sent without the indentation that they are written with; mails stay as written."""

from pathlib import Path

import pytest
from django.template import Engine, Origin
from django.template.loader import get_template

from greenward.core.web.loading import CompactLoader

WRITTEN = '<ul>\n  <li\n      class="a">{% if a %}\n    b\n  {% endif %}</li>\n</ul>\n'


@pytest.mark.parametrize(
    "name,engine,sent",
    [
        ("page.html", Engine(), '<ul> <li class="a">{% if a %} b {% endif %}</li> </ul> '),
        ("page.html", Engine(debug=True), WRITTEN),
        ("mail.txt", Engine(), WRITTEN),
    ],
)
def test_only_our_pages_lose_their_indentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, engine: Engine, sent: str
) -> None:
    (tmp_path / name).write_text(WRITTEN)
    loader, origin = CompactLoader(engine), Origin(str(tmp_path / name))
    assert loader.get_contents(origin) == WRITTEN  # somebody else's
    monkeypatch.setattr("greenward.core.web.loading.OURS", tmp_path)
    assert loader.get_contents(origin) == sent


def test_the_product_loads_its_pages_by_it() -> None:
    source = get_template("core/page.html").template.source
    assert "\n" not in source
    assert "</main>" in source
