"""The reference names every code and function, and its examples can be read."""

import re
from pathlib import Path

from greenward.assessment.engine.problems import TEMPLATES
from greenward.assessment.engine.reader import RESERVED, parse

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "rules.md").read_text()


def test_every_code_is_in_the_reference() -> None:
    assert [code for code in TEMPLATES if f"`{code}`" not in TEXT] == []


def test_every_reserved_name_is_in_the_reference() -> None:
    assert [name for name in RESERVED if not re.search(rf"`{name}[`(]", TEXT)] == []


def test_every_example_can_be_read() -> None:
    examples = TEXT.split("```")[1].strip().splitlines()
    assert [parse(example).text for example in examples] == examples
