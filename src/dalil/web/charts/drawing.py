"""How every chart is drawn: places along the line in percent, so that lines stretch and text does not.

A chart has no viewBox: it is as wide as its column, and its text keeps the page's size on a phone
and on a wide screen. Along the line everything is a percentage counted from the line's *start*;
`Drawing` turns it round in right-to-left pages. Colours and strokes come from the stylesheet by
class, since the policy allows no inline style.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dalil.web.languages import tongue


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


@dataclass(slots=True)
class Drawing:
    """An SVG in the making. `x` in percent from the start of the line, `y` and sizes in pixels."""

    height: int
    label: str
    parts: list[str] = field(default_factory=list)

    def _x(self, x: float) -> str:
        return _short(100 - x if tongue().rtl else x) + "%"

    def rule(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        ends = f'x1="{self._x(x1)}" y1="{_short(y1)}" x2="{self._x(x2)}" y2="{_short(y2)}"'
        self.parts.append(f'<line class="{kind}" {ends}/>')

    def block(self, kind: str, x1: float, x2: float, y1: float, y2: float) -> None:
        """A filled rectangle from x1 to x2 (start to end) and y1 down to y2."""
        left = self._x(x2 if tongue().rtl else x1)
        size = f'width="{_short(x2 - x1)}%" height="{_short(max(y2 - y1, 0.5))}"'
        self.parts.append(f'<rect class="{kind}" x="{left}" y="{_short(y1)}" {size}/>')

    def dot(self, kind: str, x: float, y: float, radius: float) -> None:
        """A filled circle."""
        self.parts.append(f'<circle class="{kind}" cx="{self._x(x)}" cy="{_short(y)}" r="{_short(radius)}"/>')

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", shift: int = 0) -> None:
        """A few words; `anchor` start, middle or end in reading direction, `shift` pixels along it."""
        move = f' dx="{-shift if tongue().rtl else shift}"' if shift else ""
        self.parts.append(f'<text x="{self._x(x)}" y="{_short(y)}"{move} text-anchor="{anchor}">{escape(words)}</text>')

    def done(self) -> SafeString:
        """The finished SVG. Its label says in words what it shows."""
        return mark_safe(  # noqa: S308 - every text above is escaped, every number formatted here
            f'<svg role="img" aria-label="{escape(self.label)}" height="{self.height}">{"".join(self.parts)}</svg>'
        )
