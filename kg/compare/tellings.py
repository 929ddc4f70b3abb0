"""What a store knows of some articles: their tellings, parts, namings and contradictions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.errors import QueryError
from kg.query import Cell, Rows, Tag, as_seen, plain_text, run_query

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Page", "Part", "Telling", "find_clashes", "find_namings", "find_pages", "find_tellings"]

PAGES = """
SELECT ?id ?name ?title ?published ?path ?publisher {
  ?article a schema:NewsArticle ; kg:id ?id ; rdfs:label ?name ; schema:encoding ?document .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:publisher ?house . ?house rdfs:label ?publisher }
  OPTIONAL { ?document schema:contentUrl ?path }
} ORDER BY ?published ?id
"""
TELLINGS = """
SELECT ?event ?label ?type ?date ?mention ?article ?sentence ?begin ?triggerBegin ?triggerEnd
       ?modality ?negated ?theme ?speaker {
  VALUES ?article { "" }
  ?page a schema:NewsArticle ; kg:id ?article .
  ?node kg:article ?page ; a kg:EventMention ; kg:id ?mention ; gaf:denotes ?happening ;
        kg:sentence ?span ; kg:trigger ?trigger ; kg:modality ?modality ; kg:negated ?negated .
  ?happening a sem:Event ; kg:id ?event ; rdfs:label ?label ; kg:eventType ?typed .
  ?span nif:anchorOf ?sentence ; nif:beginIndex ?begin .
  ?trigger nif:beginIndex ?triggerBegin ; nif:endIndex ?triggerEnd .
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  OPTIONAL { ?node kg:theme ?theme }
  OPTIONAL { ?happening sem:hasTime ?when . ?when sem:hasTimeStamp ?date }
  OPTIONAL {
    ?node grasp:hasAttribution ?view . ?view kg:speech ?speech . ?speech kg:speaker ?voice .
    OPTIONAL { ?voice kg:entity ?who . ?who rdfs:label ?known }
    OPTIONAL { ?voice kg:mention ?naming . ?naming nif:anchorOf ?words }
    BIND(COALESCE(?known, ?words) AS ?speaker)
  }
} ORDER BY ?article ?triggerBegin ?mention
"""
MARKUP = """
SELECT DISTINCT ?article ?begin ?end ?shown {
  VALUES ?article { "" }
  ?page a schema:NewsArticle ; kg:id ?article .
  ?text nif:sourceUrl ?page ; kg:markup ?tag .
  ?tag nif:beginIndex ?begin ; nif:endIndex ?end ; kg:shown ?shown .
} ORDER BY ?article ?begin
"""
PARTS = """
SELECT ?mention ?role ?entity ?words ?label ?begin ?end {
  VALUES ?article { "" }
  ?page a schema:NewsArticle ; kg:id ?article .
  ?node kg:article ?page ; a kg:EventMention ; kg:id ?mention ; kg:argument ?part .
  ?part kg:role ?roled ; kg:mention ?naming .
  ?naming nif:anchorOf ?raw ; kg:mentionLabel ?label ; nif:beginIndex ?begin ; nif:endIndex ?end .
  OPTIONAL { ?naming oa:hasSelector/oa:exact ?seen }
  BIND(COALESCE(?seen, ?raw) AS ?words)
  BIND(REPLACE(STR(?roled), "^.*[/#](has)?", "") AS ?role)
  OPTIONAL { ?part kg:entity ?who . ?who rdfs:label ?entity }
} ORDER BY ?mention ?role ?begin
"""
NAMINGS = """
SELECT ?article ?entity ?words (COUNT(DISTINCT ?link) AS ?times) {
  VALUES ?article { "" }
  ?page a schema:NewsArticle ; kg:id ?article .
  ?text nif:sourceUrl ?page .
  ?span nif:referenceContext ?text ; nif:anchorOf ?raw ; kg:mentionLabel ?label .
  OPTIONAL { ?span oa:hasSelector/oa:exact ?seen }
  BIND(COALESCE(?seen, ?raw) AS ?words)
  ?link a kg:Link ; kg:mention ?span ; kg:entity ?who .
  ?who rdfs:label ?entity ; kg:kind ?kind .
  FILTER(?label != "PRONOUN" && ?kind != "thing")
} GROUP BY ?article ?entity ?words ORDER BY ?entity DESC(?times) ?words
"""
CLASHES = """
SELECT DISTINCT ?reason ?left ?right {
  VALUES ?article { "" }
  ?page a schema:NewsArticle ; kg:id ?article .
  ?clash a kg:Contradiction ; kg:reason ?reason ; kg:left ?one ; kg:right ?other .
  ?one kg:id ?left . ?other kg:id ?right ; kg:article ?page .
} ORDER BY ?reason ?left ?right
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article of the store."""

    id: str
    name: str
    title: str | None
    published: str | None
    path: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Who plays a part in a telling, in the text's words."""

    role: str
    entity: str | None
    words: str
    is_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One telling of an event.

    Attributes:
        clause: the words of the sentence that tell it.
        begin: where its trigger stands in the article.
        full: how many of actor and target its words name.
    """

    event: str
    label: str
    type: str
    date: str | None
    mention: str
    article: str
    clause: str
    begin: int
    modality: str
    negated: bool
    speaker: str | None
    parts: tuple[Part, ...]

    @property
    def full(self) -> int:
        """How many of actor and target its words name."""
        return len({part.role for part in self.parts} & {"actor", "target"})


def _rows(store: Store, sparql: str, articles: Iterable[str] = ()) -> list[dict[str, Cell]]:
    ids = " ".join(str(Literal(id_)) for id_ in sorted(articles))
    asked = sparql.replace('VALUES ?article { "" }', f"VALUES ?article {{ {ids} }}")
    answer = run_query(store, asked)
    return answer.to_dicts() if isinstance(answer, Rows) else []


def _known(cell: Cell) -> str | None:
    return None if cell is None else str(cell)


_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def find_pages(store: Store, wanted: str) -> list[Page]:
    """Find the articles that a file, an id, a title, a publisher or a date means, by date.

    Raises:
        QueryError: it means none of them; the message says what there is.
    """
    pages = [
        Page(
            id=str(row["id"]),
            name=str(row["name"]),
            title=_known(row["title"]),
            published=_known(row["published"]),
            path=_known(row["path"]),
            publisher=_known(row["publisher"]),
        )
        for row in _rows(store, PAGES)
    ]
    folded = wanted.strip().casefold()
    tests: tuple[Callable[[Page], bool], ...] = (
        lambda page: wanted in {page.id, page.path, page.name},
        lambda page: (page.path or "").endswith("/" + wanted.removeprefix("./")),
        lambda page: (page.publisher or "").casefold() == folded,
        lambda page: (page.title or "").casefold() == folded,
        lambda page: bool(_DATE.fullmatch(wanted)) and (page.published or "").startswith(wanted),
    )
    for test in tests:
        found = [page for page in pages if wanted and test(page)]
        if found:
            return found
    there = sorted({page.publisher or page.path or page.name for page in pages})
    listed = ", ".join(there[:6]) + (" ..." if len(there) > 6 else "")
    raise QueryError(
        plain_text(f"{wanted!r} is no file, publisher or date of the store; there is {listed}")
    )


def find_tellings(store: Store, articles: Sequence[Page]) -> list[Telling]:
    """Read the tellings of articles, by article and place."""
    ids = [page.id for page in articles]
    parts: dict[str, list[dict[str, Cell]]] = defaultdict(list)
    for row in _rows(store, PARTS, ids):
        parts[str(row["mention"])].append(row)
    tags: dict[str, list[Tag]] = defaultdict(list)
    for row in _rows(store, MARKUP, ids):
        tag = _number(row["begin"]), _number(row["end"]), str(row["shown"])
        tags[str(row["article"])].append(tag)
    seen: dict[str, Telling] = {}
    for row in _rows(store, TELLINGS, ids):
        own = parts[str(row["mention"])]
        seen.setdefault(str(row["mention"]), _telling(row, own, tags[str(row["article"])]))
    return list(seen.values())


def _telling(
    row: Mapping[str, Cell], parts: Sequence[Mapping[str, Cell]], tags: Sequence[Tag]
) -> Telling:
    begin = _number(row["begin"])
    spans = [(_number(row["triggerBegin"]), _number(row["triggerEnd"]))]
    spans += [(_number(part["begin"]), _number(part["end"])) for part in parts]
    raw = str(row["sentence"])
    inside = [(a - begin, b - begin) for a, b in spans if begin <= a and b <= begin + len(raw)]
    sentence, inside = _seen(raw, inside, [(a - begin, b - begin, shown) for a, b, shown in tags])
    return Telling(
        event=str(row["event"]),
        label=str(row["label"]),
        type=str(row["type"]),
        date=_known(row["date"]),
        mention=str(row["mention"]),
        article=str(row["article"]),
        clause=_clause(sentence, inside, _known(row["theme"])),
        begin=spans[0][0],
        modality=str(row["modality"]),
        negated=bool(row["negated"]),
        speaker=_known(row["speaker"]),
        parts=tuple(
            Part(
                role=str(part["role"]).lower(),
                entity=_known(part["entity"]),
                words=" ".join(str(part["words"]).split()),
                is_name=str(part["label"]) != "PRONOUN",
            )
            for part in parts
        ),
    )


def _seen(
    sentence: str, spans: Sequence[tuple[int, int]], tags: Sequence[Tag]
) -> tuple[str, list[tuple[int, int]]]:
    """Give a sentence as readers of a page see it, and where spans then stand in it."""
    own = [tag for tag in tags if tag[0] >= 0 and tag[1] <= len(sentence)]
    if not own:
        return sentence, list(spans)
    ends = [[len(as_seen(sentence, own, 0, end)) for end in span] for span in spans]
    return as_seen(sentence, own, 0, len(sentence)), [(start, end) for start, end in ends]


def _clause(sentence: str, spans: Sequence[tuple[int, int]], theme: str | None) -> str:
    """Cut out the clause that holds the spans, and what is proposed or said if that is short."""
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    behind = sentence.find(theme, start) if theme else -1
    if theme and behind >= 0 and behind + len(theme) - start <= SHORT:
        end = max(end, behind + len(theme))
    return cut_clause(sentence, start, end)


def _number(cell: Cell) -> int:
    return int(cell) if cell is not None else 0


_STOP = re.compile(r"[,;:—–()“”\"](?=\s|$)|(?<=\s)[—–(“\"]|--")
LONGEST = 200  # characters of a clause
SHORT = 150  # characters up to which a clause is stretched over its theme


def cut_clause(sentence: str, start: int, end: int) -> str:
    """Cut the clause around a stretch of a sentence out of it, at the punctuation next to it.

    >>> cut_clause("On Friday, the Pentagon rejected the plan, a spokesman said.", 15, 32)
    'the Pentagon rejected the plan'
    """
    before = [match.end() for match in _STOP.finditer(sentence) if match.end() <= start]
    after = [match.start() for match in _STOP.finditer(sentence) if match.start() >= end]
    first, last = (before[-1] if before else 0), (after[0] if after else len(sentence))
    cut = " ".join(sentence[first:last].split()).strip(" .,;:—–")
    if len(cut) <= LONGEST:
        return _balanced(cut)
    shorter = " ".join(sentence[start : max(end, start + LONGEST)].split())
    return shorter[:LONGEST].rsplit(" ", 1)[0] + " …"


def _balanced(clause: str) -> str:
    """Drop a quotation mark that the cut has left without its other half."""
    for opening, closing in (("“", "”"), ('"', '"')):
        marks = clause.count(opening) + (clause.count(closing) if closing != opening else 0)
        if marks == 1:
            clause = clause.replace(opening, "").replace(closing, "")
    return clause


def find_namings(store: Store, articles: Sequence[Page]) -> dict[str, dict[str, int]]:
    """Count how articles name each entity: entity -> words -> times."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _rows(store, NAMINGS, [page.id for page in articles]):
        words = re.sub(r"^(?:the|a|an)\s+", "", " ".join(str(row["words"]).split()), flags=re.I)
        found[str(row["entity"])][words] += _number(row["times"])
    return {entity: dict(words) for entity, words in found.items()}


def find_clashes(store: Store, articles: Sequence[Page]) -> list[tuple[str, str, str]]:
    """List (reason, mention, mention) of what can't both be right, the second in these articles."""
    rows = _rows(store, CLASHES, [page.id for page in articles])
    return [(str(row["reason"]), str(row["left"]), str(row["right"])) for row in rows]
