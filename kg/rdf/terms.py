"""The terms of the vocabularies, and `Names`, which makes every IRI that we write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.model import Contradiction, Entity, Span, When, content_id

DEFAULT_BASE = "https://w3id.org/newskg/"
_BASE = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?")
KG_NAMESPACE = "https://w3id.org/newskg/ns#"
PLOVER_NAMESPACE = "https://w3id.org/newskg/plover/"
CAMEO_NAMESPACE = "https://w3id.org/newskg/cameo/"

NAMESPACES = {
    "kg": KG_NAMESPACE,
    "plover": PLOVER_NAMESPACE,
    "cameo": CAMEO_NAMESPACE,
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "gaf": "http://groundedannotationframework.org/gaf#",
    "grasp": "http://groundedannotationframework.org/grasp#",
    "fact": "http://groundedannotationframework.org/grasp/factuality#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Value = NamedNode | Literal
Statement = tuple[NamedNode, NamedNode, Value]


@cache
def term(prefixed: str) -> NamedNode:
    """A fixed term of a vocabulary; never called with text that was read."""
    prefix, _, local = prefixed.partition(":")
    return NamedNode(NAMESPACES[prefix] + local)


TYPE = term("rdf:type")
HAS_ACTOR = term("sem:hasActor")

ROLES = {
    "actor": term("kg:actor"),
    "target": term("kg:target"),
    "place": term("sem:hasPlace"),
}


@lru_cache(maxsize=65536)  # a graph says the same few names over and over
def local_name(text: str) -> str:
    """Percent-encode text into one segment of an IRI; a blank becomes `_`, and nothing collides.

    >>> local_name("United States"), local_name("a_b/c"), local_name("Tromsø")
    ('United_States', 'a%5Fb%2Fc', 'Troms%C3%B8')
    """
    return quote(text, safe="").replace("_", "%5F").replace("%20", "_")


def plain_name(segment: str) -> str:
    """Undo `local_name`."""
    return unquote(segment.replace("_", " "))


def check_base(base: str) -> str:
    """Give a base back if IRIs can be made by writing names behind it.

    Raises:
        UsageError: they can't.

    >>> check_base("https://example.org/news/")
    'https://example.org/news/'
    """
    try:
        NamedNode(base)
    except ValueError as e:
        raise UsageError(f"--base {base}: {e}; give an address such as {DEFAULT_BASE}") from e
    if not _BASE.fullmatch(base):
        raise UsageError(f"--base {base}: give an http(s) address that ends in / as {DEFAULT_BASE}")
    return base


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one base: made of hashes and percent-encoded names, nothing else.

    >>> names = Names("https://example.org/")
    >>> names.span("4f", Span(8, 16)).value
    'https://example.org/article/4f#char=8,16'
    """

    base: str = DEFAULT_BASE

    def _make(self, kind: str, name: str) -> NamedNode:
        return NamedNode(f"{self.base}{kind}/{local_name(name)}")

    def article(self, article_id: str) -> NamedNode:
        """The article as a work."""
        return self._make("article", article_id)

    def part(self, article_id: str, name: str) -> NamedNode:
        """Something that belongs to one article alone: its text, file, a link, a speech."""
        return NamedNode(f"{self.article(article_id).value}#{name}")

    def span(self, article_id: str, span: Span) -> NamedNode:
        """A stretch of an article's text, as RFC 5147 writes it."""
        return self.part(article_id, f"char={span.start},{span.end}")

    def source(self, source_id: str) -> NamedNode:
        """A publisher."""
        return self._make("source", source_id)

    def event_mention(self, mention_id: str) -> NamedNode:
        """One telling of an event."""
        return self._make("event-mention", mention_id)

    def event(self, event_id: str) -> NamedNode:
        """A happening that any number of mentions tell."""
        return self._make("event", event_id)

    def action(self, lemma: str) -> NamedNode:
        """What was done, as a property between who and whom."""
        return self._make("action", lemma)

    def entity(self, entity: Entity) -> NamedNode:
        """A thing in the world: countries by their name alone, all else by name and part of the id.

        An id leaves case out, and so does the IRI of all but countries, whose names never vary.

        >>> Names().entity(Entity(id="ab12", name="South Sudan", kind="country")).value
        'https://w3id.org/newskg/entity/South_Sudan'
        >>> Names().entity(Entity(id="ab12", name="Arnor", kind="region")).value
        'https://w3id.org/newskg/entity/arnor.ab12'
        """
        if entity.kind == "country":
            return self._make("entity", entity.name)
        name = self._make("entity", entity.name.casefold())
        return NamedNode(f"{name.value}.{local_name(entity.id[:8])}")

    def when(self, when: When) -> NamedNode:
        """A time, with its precision and what it rests on."""
        return self._make("time", f"{when.iso}.{when.precision}.{when.basis}")

    def contradiction(self, contradiction: Contradiction) -> NamedNode:
        """Two mentions that can't both be right."""
        parts = (contradiction.left, contradiction.right, contradiction.reason)
        return self._make("contradiction", content_id(*parts))

    def article_graph(self, article_id: str) -> NamedNode:
        """The named graph of one article."""
        return NamedNode(f"{self.base}graph/article/{local_name(article_id)}")

    @property
    def canonical_graph(self) -> NamedNode:
        """The graph of what articles share, recomputed from them."""
        return NamedNode(self.base + "graph/canonical")

    @property
    def history_graph(self) -> NamedNode:
        """The graph of which article took another one's place: what a fresh build can't know."""
        return NamedNode(self.base + "graph/history")

    @property
    def dataset(self) -> NamedNode:
        """The graph as a whole, with whatever is in it."""
        return NamedNode(self.base + "dataset")

    @property
    def vocabulary_graph(self) -> NamedNode:
        """The graph of the vocabulary."""
        return NamedNode(self.base + "graph/vocabulary")


def prefixes(base: str = DEFAULT_BASE) -> dict[str, str]:
    """Prefix to namespace, for files and queries.

    >>> prefixes()["entity"]
    'https://w3id.org/newskg/entity/'
    """
    own = ("article", "event-mention", "event", "entity", "action", "source", "graph")
    return NAMESPACES | {name: f"{base}{name}/" for name in own} | {"when": f"{base}time/"}


PREFIXES = prefixes()


def described(
    subject: NamedNode, predicate: NamedNode, *values: Value | None
) -> Iterator[Statement]:
    """A statement for each value that is known."""
    for value in values:
        if value is not None:
            yield subject, predicate, value


def literal_of(value: str | int | float | bool | None) -> Literal | None:
    """Make a literal of what is known."""
    return None if value is None else Literal(value)


def typed_literal(lexical: str, datatype: str) -> Literal:
    """Make a literal of an XML Schema type."""
    return Literal(lexical, datatype=term(f"xsd:{datatype}"))


def date_literal(iso: str) -> Literal:
    """Write a day or a minute, with or without a zone, as typed literal; else as it stands.

    >>> str(date_literal("2016-05-20T23:40+03:00"))
    '"2016-05-20T23:40:00+03:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    """
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return Literal(iso)
    if moment.date().isoformat() == iso:
        return typed_literal(iso, "date")
    if moment.isoformat(timespec="minutes").replace("+00:00", "Z") == iso:
        return typed_literal(f"{iso[:16]}:00{iso[16:]}", "dateTime")
    return Literal(iso)


def concept(scheme: str, name: str | None) -> NamedNode | None:
    """A concept of PLOVER; types stand alone, all others behind their scheme or type.

    >>> concept("REJECT", "assist").value, concept("context", "human_rights").value
    ('https://w3id.org/newskg/plover/REJECT-assist', 'https://w3id.org/newskg/plover/context-human_rights')
    """
    if name is None:
        return None
    code = f"{scheme}-{name}" if scheme else name
    return NamedNode(PLOVER_NAMESPACE + quote(code, safe=""))
