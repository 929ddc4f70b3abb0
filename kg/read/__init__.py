"""Files -> articles: what is headline, what prose, what is left out, what the lines around say.

Offsets are code points of the decoded file, which nobody touches: no line ends are folded, nothing
is normalised, a byte order mark is a character like any other. The headline, the paragraphs of the
body and the stretches left out cover every non-blank character of a text once, in order.

1. `files`: bytes are decoded, JSON lines parsed; what can't be read is told and passed over.
2. `paragraphs`: a text is cut into lines, lines into paragraphs (hard-wrapped lines are one).
3. `layout`: paragraphs that are only furniture (banners, dates, bylines, share buttons, ...) are
   named so, the headline is looked for above the first prose, and `datelines` are cut off.
4. `articles`: the layout becomes spans, source, place and date (`dates`).

What furniture looks like stands in `ontology/boilerplate.toml` (`boilerplate`).
"""

from kg.read.articles import read_article
from kg.read.dates import find_date
from kg.read.files import Unreadable, decode, read_articles

__all__ = ["Unreadable", "decode", "find_date", "read_article", "read_articles"]
