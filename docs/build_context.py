"""Write `ontology/context.jsonld` out of the prefixes and `ontology/kg.ttl`."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox

from kg.rdf import prefixes, vocabulary_quads

CONTEXT = Path(__file__).parent.parent / "ontology" / "context.jsonld"


def render_context() -> str:
    """Make the JSON-LD context: the prefixes, and which properties lead to nodes."""
    known = prefixes()
    ranges = f"{known['schema']}rangeIncludes"
    nodes = {
        _short(quad.subject.value)
        for quad in vocabulary_quads()
        if quad.predicate.value == ranges
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
        and not quad.object.value.startswith(known["xsd"])
    }
    context: dict[str, object] = dict(sorted(known.items()))
    context |= {name: {"@type": "@id"} for name in sorted(nodes)}
    return json.dumps({"@context": context}, indent=1) + "\n"


def _short(iri: str) -> str:
    name = next(name for name, namespace in prefixes().items() if iri.startswith(namespace))
    return f"{name}:{iri.removeprefix(prefixes()[name])}"
