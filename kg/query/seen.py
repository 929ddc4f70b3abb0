"""A page of HTML as its readers see it: tags and character references give way to what they show.

The graph says of every page where its markup stands (`kg:markup`) and what it shows (`kg:shown`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["Tag", "as_seen"]

Tag: TypeAlias = tuple[int, int, str]  # where it begins and ends in the text, what it shows


def as_seen(text: str, tags: Sequence[Tag], start: int, end: int) -> str:
    """Give a stretch of a page without the tags in it; blanks count as one, as in a browser.

    Args:
        tags: sorted; without any, the text is none of a page and is given as it stands.

    >>> as_seen("He <b>left</b>\\nthe r&amp;b.", [(3, 6, ""), (10, 14, ""), (20, 25, "&")], 0, 27)
    'He left the r&b.'
    """
    if not tags:
        return text[start:end]
    pieces = []
    for begin, stop, shown in tags[bisect_left(tags, start, key=lambda tag: tag[0]) :]:
        if stop > end:
            break
        pieces += [text[start:begin], shown]
        start = stop
    return re.sub(r"\s+", " ", "".join((*pieces, text[start:end])))
