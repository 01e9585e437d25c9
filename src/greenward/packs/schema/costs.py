"""costs.yaml: what it costs to change a fact, where somebody has an amount for it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from greenward.packs.schema.scoring import FactRef
from greenward.packs.schema.shape import Bilingual, ClauseRef, Shape


class Cost(Shape):
    """An amount in yuan for one fact; a fact without one is said to have none."""

    fact: FactRef
    yuan: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=2)]
    per: Literal["unit", "whole"]
    """`unit`: for each one more or less of a number; `whole`: for the change as a whole."""
    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause fixes the amount."""
    note: Bilingual
    """Where the amount comes from."""
