"""The guide's smallest pack is a sound pack."""

import re
from pathlib import Path

from django.conf import settings

from greenward.packs.loader.loading import check, load

FILE = re.compile(r"^`([a-z/-]+\.yaml)`\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_smallest_pack_of_the_guide_is_sound(tmp_path: Path) -> None:
    guide = (settings.ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    for name, text in FILE.findall(guide):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert check(tmp_path) == []
    assert load(tmp_path).manifest.id == "example-2025"
