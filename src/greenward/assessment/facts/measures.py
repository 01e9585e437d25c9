"""The facts that rates need beside the verdict, whoever registers to know them."""

from greenward.packs.schema.facts import Fact, FromSource
from greenward.packs.schema.shape import Bilingual

CERTIFICATION = "certification"

PARTICIPATES = Fact(
    id="participates",
    label=Bilingual(zh="参与创建", en="Takes part"),
    type="bool",
    origin=FromSource(source=CERTIFICATION, key="participates"),
)
IS_PILOT = Fact(
    id="is_pilot",
    label=Bilingual(zh="试点", en="Pilot"),
    type="bool",
    origin=FromSource(source=CERTIFICATION, key="is_pilot"),
)
RECOGNISED = Fact(
    id="recognised",
    label=Bilingual(zh="已命名", en="Recognised"),
    type="bool",
    origin=FromSource(source=CERTIFICATION, key="recognised"),
)
