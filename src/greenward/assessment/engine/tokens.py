"""A rule's text cut into words and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from greenward.assessment.engine.problems import RuleError, RuleProblem
from greenward.assessment.engine.tree import Span, position

_PATTERN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<decimal>[0-9]+\.[0-9]+)
  | (?P<integer>[0-9]+)
  | (?P<name>[a-z][a-z0-9_]*)
  | (?P<text>'(?:[^'\\\n]|\\['"\\])*' | "(?:[^"\\\n]|\\['"\\])*")
  | (?P<sign>&&|\|\||==|!=|<=|>=|[!<>+\-*/%?:,()\[\]])
    """,
    re.VERBOSE,
)
_FULL_WIDTH = str.maketrans("（），！？：＜＞＝＋－＊／％＆｜【】‘’“”。．", "(),!?:<>=+-*/%&|[]''\"\"..")
_DOUBLED = {"=": "==", "&": "&&", "|": "||"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign; kind is decimal, integer, name, text, sign or end."""

    kind: str
    text: str
    span: Span


def fault(text: str, offset: int, code: str, **data: object) -> RuleError:
    """Return the error for a fault at a character of the text."""
    line, column = position(text, offset)
    return RuleError(RuleProblem(code, line, column, data))


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens and an end.

    Raises RuleError: unexpected_character, unclosed_text.
    """
    offset = 0
    while offset < len(text):
        match = _PATTERN.match(text, offset)
        if match is None:
            raise _stray(text, offset)
        if match.lastgroup is not None and match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), Span(offset, match.end()))
        offset = match.end()
    yield Token("end", "", Span(offset, offset))


def _stray(text: str, offset: int) -> RuleError:
    found = text[offset]
    if found in "'\"":
        return fault(text, offset, "unclosed_text", quote=found)
    if (narrow := found.translate(_FULL_WIDTH)) != found:
        return fault(text, offset, "full_width_character", found=found, narrow=narrow)
    if found in _DOUBLED:
        return fault(text, offset, "single_sign", found=found, right=_DOUBLED[found])
    if found.isalpha() or found == "_":
        return fault(text, offset, "unquoted_text", found=found)
    return fault(text, offset, "unexpected_character", found=found)
