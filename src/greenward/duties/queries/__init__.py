"""Reading what waits: a person's list, and what is held below them."""

from greenward.duties.queries.held import Below, held_below
from greenward.duties.queries.mine import Line, todos_for, together

__all__ = ["Below", "Line", "held_below", "todos_for", "together"]
