"""New cell styles for marked cells: each its own style as it was, on another ground."""

import re
from dataclasses import dataclass, field

from greenward.survey.workbooks.marking.faults import PROBLEM, WARNING

FILLS = re.compile(rb"<((?:\w+:)?)fills\b[^<>]*>(.*?)</(?:\w+:)?fills>", re.DOTALL)
FORMATS = re.compile(rb"<((?:\w+:)?)cellXfs\b[^<>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
FILL = re.compile(rb"<(?:\w+:)?fill\b")
FORMAT = re.compile(rb"<((?:\w+:)?)xf\b([^<>]*?)(/>|>.*?</(?:\w+:)?xf>)", re.DOTALL)
OWN_GROUND = re.compile(rb'\s(?:fillId|applyFill)="[^"]*"')


class UnmarkableError(Exception):
    """The package is not built as we know it; its cells can still be given on sheets of their own."""


@dataclass
class Styles:
    """The styles that marked cells need; numbers are given out as cells ask for them."""

    content: bytes
    wanted: dict[tuple[int, bool], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fills, formats = FILLS.search(self.content), FORMATS.search(self.content)
        if fills is None or formats is None:
            raise UnmarkableError
        self._fills, self._formats = len(FILL.findall(fills[2])), FORMAT.findall(formats[2])

    def marked(self, style: int, *, is_warning: bool) -> int:
        """Return the number of the style that is ``style`` on the ground of a mark."""
        style = style if style < len(self._formats) else 0
        return self.wanted.setdefault((style, is_warning), len(self._formats) + len(self.wanted))

    def written(self) -> bytes:
        """Return the styles with those that were asked for."""
        content = FILLS.sub(self._with_fills, self.content, count=1)
        return FORMATS.sub(self._with_formats, content, count=1)

    def _with_fills(self, found: re.Match[bytes]) -> bytes:
        tag = found[1]
        more = b"".join(
            b'<%bfill><%bpatternFill patternType="solid"><%bfgColor rgb="%b"/></%bpatternFill></%bfill>'
            % (tag, tag, tag, colour.encode(), tag, tag)
            for colour in (PROBLEM, WARNING)
        )
        return b'<%bfills count="%d">%b%b</%bfills>' % (tag, self._fills + 2, found[2], more, tag)

    def _with_formats(self, found: re.Match[bytes]) -> bytes:
        tag = found[1]
        more = b"".join(
            b'<%bxf%b fillId="%d" applyFill="1"%b'
            % (self._formats[style][0], OWN_GROUND.sub(b"", self._formats[style][1]),
               self._fills + is_warning, self._formats[style][2])
            for style, is_warning in self.wanted
        )  # fmt: skip
        count = len(self._formats) + len(self.wanted)
        return b'<%bcellXfs count="%d">%b%b</%bcellXfs>' % (tag, count, found[2], more, tag)
