"""Media types: what answers may be written in, and which of them a request prefers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import BadRequest, NotAcceptable

__all__ = ["DESCRIPTIONS", "GRAPHS", "HTML", "RECORDS", "RESULTS", "Format", "choose"]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer.

    Attributes:
        name: in `?format=` and as a suffix.
        media_type: as it is sent.
        also: what else may be asked for to get it.
    """

    name: str
    media_type: str
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The header's value; all we send is UTF-8, which JSON and RDF/XML say themselves."""
        spoken = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if spoken else self.media_type

    @property
    def xml(self) -> bool:
        """Whether it is XML, which can't hold every character that a text may."""
        return self.media_type.endswith("+xml")


HTML = Format("html", "text/html", ("application/xhtml+xml",))
RESULTS = (
    Format("json", "application/sparql-results+json", ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Format("csv", "text/csv"),
    Format("tsv", "text/tab-separated-values", ("text/tsv",)),
    HTML,
)
GRAPHS = (
    Format("ttl", "text/turtle", ("application/x-turtle", "application/turtle")),
    Format("nt", "application/n-triples", ("text/plain",)),
    Format("rdf", "application/rdf+xml", ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", ("application/json",)),
    Format("nq", "application/n-quads"),
    Format("trig", "application/trig"),
    HTML,
)
# Of an article, entity or event: a page, a record, or what the graph says.
RECORDS = (
    HTML,
    Format("json", "application/json"),
    *(
        replace(format, also=())
        for format in GRAPHS
        if format.name in ("ttl", "nt", "jsonld", "rdf")
    ),
)
DESCRIPTIONS = tuple(format for format in GRAPHS if format.name in ("ttl", "nt", "rdf", "jsonld"))


def choose(offered: Sequence[Format], accept: MIMEAccept, named: str | None = None) -> Format:
    """Choose how to answer: by name where one is given, else by the Accept header, else the first.

    Raises:
        BadRequest: no such format.
        NotAcceptable: none of them is accepted.

    >>> choose(RESULTS, MIMEAccept([("*/*", 1), ("application/xml", 1)])).name
    'xml'
    """
    if named is not None:
        by_name = {format.name: format for format in offered}
        if named not in by_name:
            raise BadRequest(f"format={named[:40]!r}: take one of {', '.join(by_name)}")
        return by_name[named]
    types = {kind: format for format in offered for kind in (format.media_type, *format.also)}
    best = accept.best_match(types) if accept else offered[0].media_type
    if best is None:
        raise NotAcceptable(f"it can be had as {', '.join(each.media_type for each in offered)}")
    return types[best]
