"""Files, archives, streams and addresses -> articles: headline, prose, what is left out, and when.

Offsets are code points of the decoded file, which nobody touches: no line ends are folded, nothing
is normalised, a byte order mark is a character like any other. The headline, the paragraphs of the
body and the stretches left out cover every non-blank character of a text once, in order.

1. `listing`: what the paths name; `files`: one input at a time; `unpack`, `warc`, `feeds`,
   `records`, `parquet` and `fetch` open what holds many articles or comes from elsewhere, `kinds`
   tells which is which.
2. `encodings`: bytes are decoded, as declared or as detected.
3. Pages of HTML: `markup` cuts them into blocks of words, `content` finds the article among them,
   `metadata` reads what the head says, `pages` joins these and leads every offset back.
4. Texts: `paragraphs` cuts lines into paragraphs; `layout` names the ones that are only furniture
   (banners, dates, bylines, share buttons, ...), finds the headline and cuts `datelines` off;
   `articles` makes spans, source, place and date (`dates`) of it. Pages go this way, too.
5. `languages`: what is not English is let go.

What furniture looks like stands in `ontology/boilerplate.toml` (`boilerplate`), how pages and
records name their parts in `ontology/inputs.toml` (`inputs`).
"""

from kg.read.articles import read_article
from kg.read.dates import find_date
from kg.read.encodings import decode
from kg.read.files import read_articles, read_input
from kg.read.listing import Found, Input, LetGo, Unlisted, Unreadable, list_inputs, told_briefly
from kg.read.pages import read_page
from kg.read.records import ReadOptions, parse_fields

__all__ = [
    "Found",
    "Input",
    "LetGo",
    "ReadOptions",
    "Unlisted",
    "Unreadable",
    "decode",
    "find_date",
    "list_inputs",
    "parse_fields",
    "read_article",
    "read_articles",
    "read_input",
    "read_page",
    "told_briefly",
]
