"""SPARQL over a snapshot -> what is told of one article, entity or event: records, ready for JSON.

A record names others by `id` (the last segment of the IRI, and of the address here) and `iri`.
Offsets are half-open code points in the article's text.

No query here has an OPTIONAL: Oxigraph finds out what would fit one in the whole store before it
looks for whom, so a page would take longer the more there is. What is asked instead is what stands
around one node, a step at a time, and put together here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, cast

import pyoxigraph as ox

from kg.query import Cell, Rows, Triples, as_seen, plain_value, run_query
from kg.rdf import Names
from kg.store import Store

__all__ = ["KINDS", "Record", "read_article", "read_entity", "read_event", "triples_of"]

Record: TypeAlias = dict[str, Any]  # what JSON holds; the templates read it

ROLES = ("actor", "target", "place")
AS = (("actor", "kg:actor"), ("target", "kg:target"), ("place", "sem:hasPlace"))


def _rows(store: Store, pattern: str, iri: str) -> list[Record]:
    """The rows of a query in which `<>` stands for the IRI; an IRI is never text that was read."""
    answer = run_query(store, pattern.replace("<>", str(ox.NamedNode(iri))))
    return cast("Rows", answer).to_dicts()


class _Node:
    """A node with what is said of it, by the last part of the property's IRI."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self._said: defaultdict[str, list[Cell]] = defaultdict(list)

    def add(self, said: str, value: Cell) -> None:
        self._said[said].append(value)

    def every(self, said: str) -> list[Cell]:
        """All values, in the order of their text."""
        return self._said.get(said, [])

    def one(self, said: str) -> Any:
        """The first value; None where there is none."""
        return next(iter(self.every(said)), None)

    def code(self, said: str, after: str) -> str | None:
        """The code at the end of a concept's IRI; two vocabularies may call a property the same."""
        codes = (str(value).rpartition(after) for value in self.every(said))
        return next((code for _, found, code in codes if found), None)

    @property
    def span(self) -> Record:
        """Where it stands in its text."""
        return {"start": self.one("beginIndex"), "end": self.one("endIndex")}

    def named(self, **more: object) -> Record:
        """Begin a record of it."""
        return {"id": self.iri.rpartition("/")[2], "iri": self.iri, **more}


class _Graph(dict[str, _Node]):
    """Nodes by their IRIs, as far as they have been asked for."""

    def ask(self, store: Store, pattern: str, iri: str, said: Sequence[str] = ()) -> list[_Node]:
        """Add the nodes that `?node` stands for in a pattern, and give them in order.

        Args:
            said: the properties that are wanted, if not all: an actor has a statement an event.
        """
        ways = [f"{{ {pattern} ?node {each} ?o BIND({each} AS ?p) }}" for each in said]
        where = " UNION ".join(ways) or f"{pattern} ?node ?p ?o"
        found: dict[str, _Node] = {}
        sparql = f"SELECT DISTINCT ?node ?p ?o {{ {where} }} ORDER BY ?node ?p ?o"
        for row in _rows(store, sparql, iri):
            node = found.setdefault(row["node"], _Node(row["node"]))
            node.add(_last_part(str(row["p"])), row["o"])
        self.update(found)
        return list(found.values())

    def take(self, quads: Iterable[ox.Quad]) -> None:
        """Add what quads say, all of it."""
        for quad in sorted(quads, key=str):
            subject = str(plain_value(quad.subject))
            node = self.setdefault(subject, _Node(subject))
            node.add(_last_part(quad.predicate.value), plain_value(quad.object))

    def of(self, node: _Node | None, *steps: str) -> _Node | None:
        """Go from a node along properties; None where the way ends."""
        for step in steps:
            node = None if node is None else self.get(str(node.one(step)))
        return node


def _last_part(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def read_article(store: Store, iri: str) -> Record | None:
    """Read an article: its text, whom and what it names where, and what it tells.

    None where there is no such article.
    """
    graph, (base, _, name) = _Graph(), iri.rpartition("article/")
    graph.take(store.quads(Names(base).article_graph(name)))
    texts = graph.ask(store, "?node nif:sourceUrl <> ; nif:isString ?text .", iri)
    if iri not in graph or not texts:
        return None
    graph.ask(store, "<> schema:publisher ?node .", iri)
    article = graph[iri]
    mentions = [node for node in graph.values() if iri in node.every("article")]
    file = graph.of(article, "encoding")
    return article.named(
        **_told_of(graph, article),
        name=article.one("label"),
        agency=article.one("agency"),
        url=article.one("url"),
        file=_file(article, file),
        sha256=file and file.one("sha256"),
        entities=_entities_in(store, iri),
        events=_tellings(store, graph, mentions, "?mention kg:article <> .", iri),
        skipped=_rows(store, _SKIPPED, iri),
        markup=_rows(store, _MARKUP, iri),
        text=texts[0].one("isString"),
    )


_SKIPPED = """
SELECT DISTINCT ?start ?end ?reason {
  ?context nif:sourceUrl <> ; kg:skipped ?span .
  ?span nif:beginIndex ?start ; nif:endIndex ?end ; kg:skipReason ?reason .
} ORDER BY ?start ?end ?reason"""


_MARKUP = """
SELECT DISTINCT ?start ?end ?shown {
  ?context nif:sourceUrl <> ; kg:markup ?span .
  ?span nif:beginIndex ?start ; nif:endIndex ?end ; kg:shown ?shown .
} ORDER BY ?start ?end"""


def _told_of(graph: _Graph, article: _Node) -> Record:
    """What every mention of an article says of it."""
    publisher = graph.of(article, "publisher")
    return {
        "title": article.one("headline") or article.one("label"),
        "publisher": publisher and publisher.one("label"),
        "published": article.one("datePublished"),
    }


def _file(article: _Node, file: _Node | None) -> str:
    path = str((file and file.one("contentUrl")) or article.one("label"))
    record = file.one("record") if file else None
    return path if record is None else f"{path}, line {record + 1}"


def _entities_in(store: Store, iri: str) -> list[Record]:
    """Whom an article names, by name, each with the places where it does."""
    entities: dict[str, Record] = {}
    for row in _rows(store, _NAMED_IN, iri):
        named = _Node(row["entity"]).named(name=row["name"], kind=row["kind"], mentions=[])
        mentions = entities.setdefault(row["entity"], named)["mentions"]
        mentions.append({key: row[key] for key in ("start", "end", "text", "label")})
    return list(entities.values())


_NAMED_IN = """
SELECT DISTINCT ?entity ?name ?kind ?text ?label ?start ?end {
  ?context nif:sourceUrl <> .
  ?span nif:referenceContext ?context ; gaf:denotes ?entity ; kg:mentionLabel ?label ;
        nif:anchorOf ?text ; nif:beginIndex ?start ; nif:endIndex ?end .
  ?entity rdfs:label ?name ; kg:kind ?kind .
} ORDER BY ?name ?entity ?start ?end ?label"""


def read_event(store: Store, iri: str) -> Record | None:
    """Read an event: who, what and whom, and every telling; None where there is no such event."""
    graph = _Graph()
    found = graph.ask(store, "VALUES ?node { <> } ?node a sem:Event .", iri)
    if not found:
        return None
    graph.ask(store, "<> kg:action ?node .", iri)
    graph.ask(store, "<> sem:hasTime ?node .", iri)
    denoting = "<> gaf:denotedBy ?mention ."
    mentions = graph.ask(store, "<> gaf:denotedBy ?node . ?node a kg:EventMention .", iri)
    for step in AROUND:
        graph.ask(store, f"{denoting} ?mention {step} ?node .", iri)
    event, action = found[0], graph.of(found[0], "action")
    markup = _rows(store, _MARKUP_IN, iri)
    when = graph.of(event, "hasTime")
    return event.named(
        label=event.one("label"),
        action=action and action.one("label"),
        **_coded(event),
        mode=event.code("mode", "-"),
        date=when and when.one("hasTimeStamp"),
        basis=when and when.one("basis"),
        publishers=event.one("sourceCount"),
        **{f"{role}s": _players(store, term, iri) for role, term in AS},
        tellings=[_seen(told, markup) for told in _tellings(store, graph, mentions, denoting, iri)],
        related=[*_labelled(store, _ABOUT, iri, side="about"),
                 *_labelled(store, _ANSWERS, iri, side="answered by")],
        against=[*_labelled(store, _AGAINST.format(own="left", other="right"), iri),
                 *_labelled(store, _AGAINST.format(own="right", other="left"), iri)],
    )  # fmt: skip


_MARKUP_IN = """
SELECT DISTINCT ?mention ?start ?end ?shown {
  <> gaf:denotedBy ?mention . ?mention kg:sentence ?span .
  ?span nif:referenceContext ?text ; nif:beginIndex ?from ; nif:endIndex ?to .
  ?text kg:markup ?tag . ?tag nif:beginIndex ?start ; nif:endIndex ?end ; kg:shown ?shown .
  FILTER(?start >= ?from && ?end <= ?to)
} ORDER BY ?mention ?start"""


def _seen(telling: Record, markup: Iterable[Record]) -> Record:
    """Add what readers see of the sentence: before, at and behind the word that does."""
    sentence, trigger = telling["sentence"], telling["trigger"]
    begin, end = sentence["start"], sentence["end"]
    tags = [
        (tag["start"] - begin, tag["end"] - begin, tag["shown"])
        for tag in markup
        if tag["mention"] == telling["iri"]
    ]
    edges = [each - begin for each in (begin, trigger["start"], trigger["end"], end)]
    seen = [as_seen(sentence["text"], tags, *stretch) for stretch in pairwise(edges)]
    return {**telling, "sentence": {**sentence, "seen": seen}}


def _coded(node: _Node) -> Record:
    return {
        "type": node.code("eventType", "/plover/"),
        "cameo": node.code("cameo", "/cameo/"),
        "modality": node.one("modality"),
        "negated": node.one("negated"),
    }


def _players(store: Store, term: str, iri: str) -> list[Record]:
    nodes = _Graph().ask(store, f"<> {term} ?node .", iri, LABEL)
    named = [node.named(name=node.one("label")) for node in nodes]
    return sorted(named, key=lambda each: (each["name"], each["iri"]))


_ABOUT = "SELECT DISTINCT ?it ?label { <> kg:concerns ?it . ?it a sem:Event ; rdfs:label ?label }"
_ANSWERS = "SELECT DISTINCT ?it ?label { ?it kg:concerns <> ; a sem:Event ; rdfs:label ?label }"
_AGAINST = """SELECT DISTINCT ?it ?label ?reason {{
  <> gaf:denotedBy ?mention . ?clash kg:{own} ?mention ; kg:{other} ?other ; kg:reason ?reason .
  ?it gaf:denotedBy ?other ; a sem:Event ; rdfs:label ?label }}"""


def _labelled(store: Store, sparql: str, iri: str, **more: str) -> list[Record]:
    rows = sorted(_rows(store, sparql, iri), key=lambda row: (row["label"], row["it"]))
    return [_Node(row.pop("it")).named(**more, **row) for row in rows]


# From a telling to all that its record says, a step at a time.
AROUND = (
    "kg:sentence", "kg:trigger", "kg:article", "kg:article/schema:publisher",
    "kg:argument", "kg:argument/kg:mention",
    *(f"grasp:hasAttribution{step}" for step in (
        "", "/kg:speech", "/kg:speech/kg:cue", "/kg:speech/kg:speaker",
        "/kg:speech/kg:speaker/kg:mention",
    )),
)  # fmt: skip
TO_ENTITIES = ("kg:argument/kg:entity", "grasp:hasAttribution/kg:speech/kg:speaker/kg:entity")
LABEL = ("rdfs:label",)


def _tellings(
    store: Store, graph: _Graph, mentions: Iterable[_Node], start: str, iri: str
) -> list[Record]:
    """Tellings of events: where each stands, who says so, how sure, by which rule.

    Args:
        graph: what is said of the mentions, and around them.
        start: the same mentions as a pattern for `?mention`.
    """
    for step in TO_ENTITIES:
        graph.ask(store, f"{start} ?mention {step} ?node .", iri, LABEL)
    events = {
        mention: event
        for event in graph.ask(store, f"{start} ?node gaf:denotedBy ?mention ; a sem:Event .", iri)
        for mention in event.every("denotedBy")
    }
    told = [_telling(graph, each, events[each.iri]) for each in mentions if each.iri in events]
    return sorted(told, key=_place_of)


def _place_of(telling: Record) -> tuple[str, str, int]:
    article = telling["article"]
    return article["published"] or "~", article["iri"], telling["trigger"]["start"]


def _telling(graph: _Graph, mention: _Node, event: _Node) -> Record:
    article = graph.of(mention, "article")
    sentence, trigger = graph.of(mention, "sentence"), graph.of(mention, "trigger")
    assert article
    assert sentence
    assert trigger
    return mention.named(
        event=event.named(label=event.one("label")),
        article=article.named(**_told_of(graph, article)),
        sentence={**sentence.span, "text": sentence.one("anchorOf")},
        trigger={**trigger.span, "text": trigger.one("anchorOf")},
        parts=list(_parts(graph, mention)),
        **_voice(graph, mention),
        **_coded(mention),
        confidence=mention.one("confidence"),
        rule=mention.one("codeRule"),
        reason=mention.one("reason"),
    )


def _parts(graph: _Graph, mention: _Node) -> Iterator[Record]:
    """Who plays which part, and in which words."""
    nodes = [graph[str(iri)] for iri in mention.every("argument") if str(iri) in graph]
    roles = {f"has{role.title()}": role for role in ROLES} | {role: role for role in ROLES}
    said = {node: roles[_last_part(str(node.one("role")))] for node in nodes}
    for node in sorted(nodes, key=lambda node: (ROLES.index(said[node]), node.iri)):
        entity, words = graph.of(node, "entity"), graph.of(node, "mention")
        yield {
            "role": said[node],
            "entity": entity and entity.named(name=entity.one("label")),
            "text": words and words.one("anchorOf"),
            **(words.span if words else {}),
        }


def _voice(graph: _Graph, mention: _Node) -> Record:
    """Who says so; all null where the article itself does."""
    speeches = (
        graph.of(graph.get(str(view)), "speech") for view in mention.every("hasAttribution")
    )
    speech = next(filter(None, speeches), None)
    cue, speaker = graph.of(speech, "cue"), graph.of(speech, "speaker")
    who, words = graph.of(speaker, "entity"), graph.of(speaker, "mention")
    return {
        "speaker": who.one("label") if who else words and words.one("anchorOf"),
        "cue": cue and cue.one("anchorOf"),
        "stance": speech and speech.one("stance"),
        "quoted": bool(speech and speech.one("quoted")),
    }


def read_entity(store: Store, iri: str) -> Record | None:
    """Read an entity: what it is, what it is called where, and what it takes part in.

    None where there is no such entity.
    """
    found = _Graph().ask(store, "VALUES ?node { <> } ?node a kg:Entity .", iri, OF_ENTITY)
    if not found:
        return None
    entity = found[0]
    return entity.named(
        name=entity.one("label"),
        kind=entity.one("kind"),
        country=entity.one("country"),
        sector=entity.code("sector", "sector-"),
        role=entity.one("jobTitle"),
        same_as=entity.every("exactMatch"),
        names=_rows(store, _NAMES, iri),
        events=_events_of(store, iri),
        articles=_articles_of(store, iri),
    )


OF_ENTITY = (
    "rdfs:label", "kg:kind", "kg:country", "kg:sector", "schema:jobTitle", "skos:exactMatch",
)  # fmt: skip
_NAMES = """
SELECT ?name (COUNT(DISTINCT ?span) AS ?times) {
  ?span gaf:denotes <> ; kg:mentionLabel ?label ; nif:anchorOf ?name FILTER(?label != "PRONOUN")
} GROUP BY ?name ORDER BY DESC(?times) ?name"""


def _events_of(store: Store, iri: str) -> list[Record]:
    """What an entity takes part in, the oldest first and what has no date last."""
    events = []
    for role, term in AS:
        dates = {
            row["event"]: row["date"] for row in _rows(store, _DATES.replace("?as", term), iri)
        }
        for row in _rows(store, _EVENTS_OF.replace("?as", term), iri):
            event = _Node(row["event"]).named(
                label=row["label"], role=role, type=str(row["type"]).rpartition("/")[2],
                date=dates.get(row["event"]), publishers=row["publishers"],
            )  # fmt: skip
            events.append(event)
    return sorted(events, key=lambda each: (each["date"] or "~", each["label"], each["iri"]))


_EVENTS_OF = """SELECT DISTINCT ?event ?label ?type ?publishers {
  ?event ?as <> ; a sem:Event ; rdfs:label ?label ; kg:eventType ?type ; kg:sourceCount ?publishers
}"""
_DATES = """SELECT DISTINCT ?event ?date {
  ?event ?as <> ; a sem:Event ; sem:hasTime ?when . ?when sem:hasTimeStamp ?date } ORDER BY ?date"""


def _articles_of(store: Store, iri: str) -> list[Record]:
    """Which articles name an entity, and how often, the oldest first."""
    graph = _Graph()
    naming = "?span gaf:denotes <> ; nif:referenceContext ?text . ?text nif:sourceUrl"
    articles = graph.ask(store, f"{naming} ?node .", iri)
    graph.ask(store, f"{naming} ?article . ?article schema:publisher ?node .", iri)
    counted = _rows(
        store,
        f"SELECT ?it (COUNT(DISTINCT ?span) AS ?times) {{ {naming} ?it }} GROUP BY ?it",
        iri,
    )
    times = {row["it"]: row["times"] for row in counted}
    told = [each.named(**_told_of(graph, each), times=times[each.iri]) for each in articles]
    return sorted(told, key=lambda each: (each["published"] or "~", each["iri"]))


def triples_of(store: Store, base: str, kind: str, iri: str) -> Iterable[ox.Triple]:
    """What the graph says of an article, entity or event: all of it for an article."""
    if kind == "article":
        graph = Names(base).article_graph(iri.rpartition("/")[2])
        quads = sorted(store.quads(graph), key=str)
        return [quad.triple for quad in quads]
    answer = run_query(store, _TRIPLES[kind].replace("<>", str(ox.NamedNode(iri))))
    return cast("Triples", answer).triples


_TRIPLES = {
    "entity": """
CONSTRUCT { <> ?p ?o . ?event ?role <> ; rdfs:label ?label } {
  { <> ?p ?o } UNION {
    VALUES ?role { kg:actor kg:target sem:hasPlace }
    ?event ?role <> ; a sem:Event ; rdfs:label ?label
  }
}""",
    "event": """
CONSTRUCT { <> ?p ?o . ?mention ?mp ?mo . ?part ?pp ?po . ?span ?sp ?so } {
  { <> ?p ?o }
  UNION { <> gaf:denotedBy ?mention . ?mention ?mp ?mo }
  UNION { <> gaf:denotedBy?/kg:argument ?part . ?part ?pp ?po }
  UNION { <> gaf:denotedBy/(kg:sentence|kg:trigger) ?span . ?span ?sp ?so }
}""",
}

KINDS: dict[str, Callable[[Store, str], Record | None]] = {
    "article": read_article,
    "entity": read_entity,
    "event": read_event,
}
