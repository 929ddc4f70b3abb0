"""Write `docs/vocabulary.md` out of `ontology/*.ttl`: `python docs/build_vocabulary.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.rdf import CAMEO_NAMESPACE, KG_NAMESPACE, PLOVER_NAMESPACE, prefixes, vocabulary_quads

PAGE = Path(__file__).parent / "vocabulary.md"

HEAD = """\
# The vocabulary

Made by `python docs/build_vocabulary.py` out of `ontology/kg.ttl` and `plover.ttl`: change those.

"""

Node = defaultdict[str, list[str]]


def render_vocabulary() -> str:
    """Make the page as text, in the order of names."""
    nodes = _read_nodes()
    parts = [HEAD, "## Prefixes\n\n", *_prefix_rows()]
    for title, kind in (("Classes", "rdfs:Class"), ("Properties", "rdf:Property")):
        parts += [f"\n## {title}\n\n", *_terms(nodes, kind)]
    parts += ["## Event types and modes\n\n", *_types(nodes)]
    for title, scheme in (("Contexts", "plover:contexts"), ("Sectors", "plover:sectors")):
        parts += [f"\n## {title}\n\n", *_concepts(nodes, scheme)]
    parts += ["\n## CAMEO\n\n", *_cameo(nodes)]
    parts += ["\n## Foreign terms that are written\n\n", *_foreign(nodes)]
    return "".join(parts)


def _read_nodes() -> dict[str, Node]:
    nodes: defaultdict[str, Node] = defaultdict(lambda: defaultdict(list))
    for quad in vocabulary_quads():
        subject, value = quad.subject, quad.object
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(value, ox.NamedNode | ox.Literal)
        text = _short(value.value) if isinstance(value, ox.NamedNode) else value.value
        nodes[_short(subject.value)][_short(quad.predicate.value)].append(text)
    return dict(sorted(nodes.items()))


def _short(iri: str) -> str:
    fitting = (name for name, namespace in prefixes().items() if iri.startswith(namespace))
    name = next(fitting, None)
    return iri if name is None else f"{name}:{iri.removeprefix(prefixes()[name])}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(columns: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = columns.split("|")
    yield f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |\n"


def _prefix_rows() -> Iterator[str]:
    return _table("prefix|namespace", sorted(prefixes().items()))


def _terms(nodes: dict[str, Node], kind: str) -> Iterator[str]:
    """Our own classes or properties, each with comment, use and example."""
    for name, node in nodes.items():
        if name.startswith("kg:") and kind in node["rdf:type"]:
            yield f"### {name}\n\n{node['rdfs:comment'][0]}\n\n"
            for label, predicates in _RELATIONS:
                values = sorted({value for p in predicates for value in node[p]})
                if values:
                    yield f"- {label}: {', '.join(f'`{value}`' for value in values)}\n"
            yield f"- example: `{node['skos:example'][0]}`\n\n"


_RELATIONS = (
    ("kind of", ("rdfs:subClassOf", "rdfs:subPropertyOf")),
    ("stands on", ("schema:domainIncludes",)),
    ("leads to", ("schema:rangeIncludes",)),
    ("see also", ("rdfs:seeAlso",)),
)


def _types(nodes: dict[str, Node]) -> Iterator[str]:
    types = [name for name in _of_scheme(nodes, "plover:scheme") if "-" not in name]
    rows = ((_label(nodes, name), nodes[name]) for name in types)
    yield from _table(
        "type|quad class|score|definition|example|note",
        ((label, _quad(nodes, node), *_told(node)) for label, node in rows),
    )
    modes = [name for name in _of_scheme(nodes, "plover:scheme") if "-" in name]
    yield "\n"
    yield from _table(
        "type|mode|score|in short",
        (
            (
                nodes[name]["skos:broader"][0].removeprefix("plover:"),
                f"`{nodes[name]['skos:notation'][0]}`",
                *(nodes[name]["kg:score"] or [""]),
                nodes[name]["skos:prefLabel"][0],
            )
            for name in modes
        ),
    )


def _label(nodes: dict[str, Node], name: str) -> str:
    return f"`{nodes[name]['skos:notation'][0]}`"


def _quad(nodes: dict[str, Node], node: Node) -> str:
    return "".join(nodes[broader]["skos:prefLabel"][0] for broader in node["skos:broader"])


def _told(node: Node) -> tuple[str, str, str, str]:
    score = "".join(node["kg:score"])
    note = " ".join(node["skos:editorialNote"])
    return score, node["skos:definition"][0], node["skos:example"][0], note


def _of_scheme(nodes: dict[str, Node], scheme: str) -> list[str]:
    return [name for name, node in nodes.items() if scheme in node["skos:inScheme"]]


def _concepts(nodes: dict[str, Node], scheme: str) -> Iterator[str]:
    names = _of_scheme(nodes, scheme)
    rows = ((_label(nodes, name), nodes[name]["skos:prefLabel"][0]) for name in names)
    return _table("code|meaning", rows)


def _cameo(nodes: dict[str, Node]) -> Iterator[str]:
    names = _of_scheme(nodes, "cameo:scheme")
    return _table(
        "code|meaning|PLOVER|mode, contexts|note",
        (
            (
                _label(nodes, name),
                nodes[name]["skos:prefLabel"][0],
                nodes[name]["skos:broadMatch"][0].removeprefix("plover:"),
                ", ".join(m.removeprefix("plover:") for m in nodes[name]["skos:relatedMatch"]),
                " ".join(nodes[name]["skos:editorialNote"]),
            )
            for name in names
        ),
    )


def _foreign(nodes: dict[str, Node]) -> Iterator[str]:
    ours = tuple(_short(namespace) for namespace in (KG_NAMESPACE, PLOVER_NAMESPACE))
    own = (*ours, _short(CAMEO_NAMESPACE))
    rows = (
        (f"`{name}`", node["rdfs:comment"][0])
        for name, node in nodes.items()
        if node["rdfs:comment"] and not name.startswith(own)
    )
    return _table("term|here", rows)


if __name__ == "__main__":
    PAGE.write_text(render_vocabulary(), encoding="utf-8", newline="\n")
