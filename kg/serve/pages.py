"""Pages of one article, entity or event: HTML, JSON and RDF under one address.

Templates escape whatever they are given, and no page has a script: nothing an article says can run.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from kg.rdf import local_name, plain_name, prefixes
from kg.serve.descriptions import serialise
from kg.serve.formats import HTML, RECORDS, choose
from kg.serve.markup import cut_text
from kg.serve.records import KINDS, triples_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from kg.serve.snapshot import Snapshot

__all__ = ["page_of", "render", "style_sheet"]

WEB = Path(__file__).parent / "web"
SHOWN = 500  # events, names and articles on an entity's page
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)?")
SUFFIXES = {f".{format.name}": format.name for format in RECORDS}


def page_of(request: Request, snapshot: Snapshot, kind: str, segment: str) -> Response:
    """Answer with one article, entity or event, in the format that is preferred.

    Args:
        segment: the last one of the address, as it was sent; `.json`, `.ttl` and so on at its end
            ask for that format.

    Raises:
        HTTPException: there is none of that name, or no such format.
    """
    name, format_name = _without_suffix(segment)
    format = choose(RECORDS, request.accept_mimetypes, format_name)
    local = local_name(plain_name(name))  # however it was encoded on the way
    iri = f"{snapshot.base}{kind}/{local}"
    record = KINDS[kind](snapshot.store, iri)
    if record is None:
        raise NotFound(f"there is no {kind} {local[:80]}")
    if format is HTML:
        stretches = cut_text(record) if kind == "article" else []
        return _page(f"{kind}.html", record=record, stretches=stretches, shown=SHOWN)
    if format.name == "json":
        body = json.dumps(record, ensure_ascii=False, indent=1, default=float) + "\n"
        return Response(body.encode("utf-8", "replace"), content_type=format.content_type)
    triples = iter(triples_of(snapshot.store, snapshot.base, kind, iri))
    written = serialise(triples, format, prefixes(snapshot.base))
    return Response(written, content_type=format.content_type)


def _without_suffix(segment: str) -> tuple[str, str | None]:
    for suffix, format_name in SUFFIXES.items():
        if segment.endswith(suffix) and segment != suffix:
            return segment.removesuffix(suffix), format_name
    return segment, None


def _page(template: str, **values: object) -> Response:
    return Response(render(template, **values), content_type=HTML.content_type)


def render(template: str, **values: object) -> bytes:
    """Fill a template of `web/`; whatever is filled in is escaped."""
    text = _templates().get_template(template).render(**values)
    return text.encode("utf-8", "replace")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["moment"] = _moment
    return made


def _moment(when: str) -> str:
    """Write a date, or a date and time to the minute, for people.

    >>> _moment("2016-05-20T23:40:00+03:00"), _moment("2016-05")
    ('2016-05-20 23:40 +03:00', '2016-05')
    """
    found = MOMENT.fullmatch(str(when))
    return " ".join(filter(None, found.groups())) if found else str(when)


@cache
def style_sheet() -> bytes:
    """The pages' style."""
    return (WEB / "style.css").read_bytes()
