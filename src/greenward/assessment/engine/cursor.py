"""Where the reader stands in a rule's text, and how deep."""

from collections.abc import Mapping
from typing import Final, TypeVar

from greenward.assessment.engine import tree
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.tokens import Token, fault, tokens
from greenward.assessment.engine.tree import Node

DEEPEST: Final = 50
"""Levels of a rule's tree."""
HEAVIEST: Final = 5000
"""Parts of a rule once the columns have repeated what they must."""
MISTAKEN: Mapping[str, str] = {"and": "&&", "or": "||", "not": "!"}
"""What people write for a sign."""

N = TypeVar("N", bound=Node)


class Cursor:
    """One token of look-ahead, and the faults that stand there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.at = 0
        self.nesting = 0
        self.depths: dict[int, int] = {}
        self.weights: dict[int, int] = {}

    @property
    def token(self) -> Token:
        """The token ahead."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Return the token ahead and step over it."""
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *signs: str) -> Token | None:
        """Step over one of these signs, if it is ahead."""
        return self.take() if self.token.kind == "sign" and self.token.text in signs else None

    def expect(self, sign: str) -> Token:
        """Step over a sign that must be ahead."""
        if (token := self.accept(sign)) is None:
            raise self.stray("expected_sign", sign=sign)
        return token

    def stray(self, code: str, **data: object) -> RuleError:
        """Return the error for a token that cannot stand here."""
        start, found = self.token.span.start, self.token.text
        if self.token.kind == "name" and found in MISTAKEN:
            return fault(self.text, start, "single_sign", found=found, right=MISTAKEN[found])
        if self.token.kind == "end":
            return fault(self.text, start, "unexpected_end")
        return fault(self.text, start, code, found=found, **data)

    def built(self, node: N) -> N:
        """Note how deep the tree has become; and how large; raises RuleError beyond the limits."""
        depth = 1 + max((self.depths[id(child)] for child in tree.children(node)), default=0)
        if depth > DEEPEST:
            raise self.too_deep(node.span.start)
        self.depths[id(node)] = depth
        below = zip(tree.children(node), tree.copies(node), strict=True)
        weight = 1 + sum(copies * self.weights[id(child)] for child, copies in below)
        if weight > HEAVIEST:
            raise fault(self.text, node.span.start, "rule_too_large", size=weight, limit=HEAVIEST)
        self.weights[id(node)] = weight
        return node

    def too_deep(self, offset: int) -> RuleError:
        """Return the error for a rule nested too deep."""
        return fault(self.text, offset, "rule_too_deep", limit=DEEPEST)
