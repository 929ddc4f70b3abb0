"""Who says so: cue, speaker and content of everything a text reports (component `kg_attribution`).

Two kinds of evidence are joined. Quotation marks are hard: what stands between them was said by
somebody, whatever the parser made of it. The parse is soft and tells the rest: which clause hangs
on which verb, noun or phrase of `reporting.tsv`, and who is its subject.

1. `table`: the cues, and where a text has one; `sayings`: the record.
2. `page`: paragraphs, and in each the stretches in quotation marks.
3. `speakers`, `content`: who speaks and what is said, by the parse; `compose` joins the two.
4. `quotes`: the quotation beside a cue, and quotations without one, which go to who spoke last.
5. `verbs`, `nouns` (and phrases), `labels` (a name with a colon or dash): one kind of cue each.
6. `finder`: all of it, in the order of the text.
"""

from kg.attribution.finder import find_attributions, make_attribution
from kg.attribution.sayings import Saying, sayings_about, to_attribution
from kg.attribution.table import Cue, reporting

__all__ = [
    "Cue",
    "Saying",
    "find_attributions",
    "make_attribution",
    "reporting",
    "sayings_about",
    "to_attribution",
]
