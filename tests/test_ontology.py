from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

import kg.rdf
from kg.rdf import (
    CAMEO_NAMESPACE,
    DEFAULT_BASE,
    KG_NAMESPACE,
    PLOVER_NAMESPACE,
    prefixes,
    to_quads,
    vocabulary_quads,
)
from tests.news_sample import sample_news

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
SKOS = prefixes()["skos"]
TYPE = prefixes()["rdf"] + "type"

PREFIX = {"plover": PLOVER_NAMESPACE, "cameo": CAMEO_NAMESPACE, "kg": KG_NAMESPACE}


@cache
def written() -> frozenset[tuple[str, str, str]]:
    """The vocabulary's statements."""
    named = [(q.subject, q.predicate, q.object) for q in vocabulary_quads()]
    return frozenset(
        (s.value, p.value, o.value)
        for s, p, o in named
        if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode | ox.Literal)
    )


def subjects(predicate: str, value: str) -> set[str]:
    return {s for s, p, o in written() if (p, o) == (predicate, value)}


def values(node: str, predicate: str) -> set[str]:
    return {o for s, p, o in written() if (s, p) == (node, predicate)}


def concepts(scheme: str) -> set[str]:
    return subjects(f"{SKOS}inScheme", PLOVER_NAMESPACE + scheme)


def codes() -> set[str]:
    return {
        c.removeprefix(CAMEO_NAMESPACE)
        for c in subjects(f"{SKOS}inScheme", f"{CAMEO_NAMESPACE}scheme")
    }


def rows(pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of the tables, by `file:line`."""
    for path in sorted(ONTOLOGY.glob(pattern)):
        header: list[str] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = line.split("\t")
            if header:
                yield f"{path.name}:{number}", dict(zip(header, cells, strict=False))
            header = header or cells


@pytest.mark.parametrize("name", ["kg.ttl", "plover.ttl", "shapes.ttl"])
def test_file_parses_in_both_engines_alike(name: str) -> None:
    import rdflib

    quads = list(ox.parse(path=str(ONTOLOGY / name)))
    assert len(rdflib.Graph().parse(ONTOLOGY / name)) == len(set(quads)) > 100


def test_vocabulary_has_no_blank_node_and_no_statement_twice() -> None:
    quads = list(vocabulary_quads())
    assert not [
        q
        for q in quads
        if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)
    ]
    assert [q for q, count in Counter(quads).items() if count > 1] == []


def test_every_term_of_ours_in_the_code_is_declared_and_every_declared_one_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in Path(kg.rdf.__file__).parent.glob("*.py")
    )
    used = set(re.findall(r'term\(\s*"kg:(\w+)"', code)) | set(re.findall(r'"kg:(\w+)"', code))
    declared = {s.removeprefix(KG_NAMESPACE) for s, _, _ in written() if s.startswith(KG_NAMESPACE)}
    assert used - declared == set()
    assert declared - used == {"score"}


# What RDF itself is written in needs no describing.
LANGUAGES_OF_RDF = ("rdf", "rdfs", "owl", "xsd")


def test_every_foreign_term_in_the_code_is_declared_and_every_declared_one_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in Path(kg.rdf.__file__).parent.glob("*.py")
    )
    names = [name for name in prefixes() if name not in (*LANGUAGES_OF_RDF, *PREFIX)]
    found = re.findall(rf'"({"|".join(names)}):([A-Za-z][\w-]*)"', code)
    used = {prefixes()[prefix] + name for prefix, name in found}
    declared = {s for s, p, _ in written() if p == TYPE and not s.startswith(DEFAULT_BASE)}
    assert used - declared == set()
    assert declared - used == set()
    for node in declared:
        for predicate in (f"{prefixes()['rdfs']}label", f"{prefixes()['rdfs']}comment"):
            assert len(values(node, predicate)) == 1, f"{node} {predicate}"


@pytest.mark.parametrize("vocabulary", ["sem", "gaf", "grasp", "nif", "prov", "time", "schema"])
def test_ours_is_aligned_with(vocabulary: str) -> None:
    namespace = prefixes()[vocabulary]
    links = {f"{prefixes()['rdfs']}{name}" for name in ("subClassOf", "subPropertyOf", "seeAlso")}
    ranges = {f"{prefixes()['schema']}{name}Includes" for name in ("domain", "range")}
    assert [o for s, p, o in written() if p in links | ranges and o.startswith(namespace)]


def test_only_concepts_match_as_concepts_do() -> None:
    """SKOS, section 10: whoever matches is a concept; a class or a property would become one."""
    concepts = {s for s, p, o in written() if p == TYPE and o == f"{SKOS}Concept"}
    matching = {s for s, p, _ in written() if p.startswith(SKOS) and p.endswith("Match")}
    assert matching
    assert matching <= concepts


def test_every_term_of_ours_in_a_graph_is_declared() -> None:
    declared = {s for s, _, _ in written()}
    for quad in to_quads(sample_news(), model="m"):
        for node in (quad.predicate, quad.object):
            if isinstance(node, ox.NamedNode) and node.value.startswith(tuple(PREFIX.values())):
                assert node.value in declared | {PLOVER_NAMESPACE, CAMEO_NAMESPACE}


def test_every_term_of_ours_in_queries_and_shapes_is_declared() -> None:
    declared = {s for s, _, _ in written()}
    paths = [*sorted((ROOT / "kg" / "queries").glob("*.rq")), ONTOLOGY / "shapes.ttl"]
    for path in paths:
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        for prefix, name in re.findall(r"\b(kg|plover|cameo):([\w-]+)", text):
            assert PREFIX[prefix] + name in declared | {PLOVER_NAMESPACE}, (
                f"{path.name}: {prefix}:{name}"
            )


def test_every_term_of_ours_has_label_comment_and_example() -> None:
    for node in {s for s, _, _ in written() if s.startswith(KG_NAMESPACE)}:
        for predicate in (
            f"{prefixes()['rdfs']}label",
            f"{prefixes()['rdfs']}comment",
            f"{SKOS}example",
        ):
            assert len(values(node, predicate)) == 1, f"{node} {predicate}"


def test_size_of_plover() -> None:
    names = {node.removeprefix(PLOVER_NAMESPACE) for node in concepts("scheme")}
    assert len({name for name in names if "-" not in name}) == 16 + len({"STATEMENT", "OTHER"})
    assert len({name for name in names if "-" in name}) == 67
    assert len(concepts("contexts")) == 37
    assert len(concepts("quads")) == 4
    assert len(concepts("sectors")) == 25


def test_every_concept_is_named_once_and_its_iri_ends_in_its_notation() -> None:
    for node in subjects(TYPE, f"{SKOS}Concept"):
        (notation,) = values(node, f"{SKOS}notation")
        assert len(values(node, f"{SKOS}prefLabel")) == 1, node
        assert node.endswith(notation) or "/quad-" in node, node


def test_quads_and_scores() -> None:
    """Source: PLOVER's manual; where it slips, an editorial note says what was decided."""
    broader, score = f"{SKOS}broader", f"{KG_NAMESPACE}score"
    by_quad = Counter(
        next(iter(values(node, broader)), None)
        for node in concepts("scheme")
        if "-" not in node.removeprefix(PLOVER_NAMESPACE)
    )
    quad = f"{PLOVER_NAMESPACE}quad-"
    assert by_quad == {
        f"{quad}verbal-cooperation": 4,
        f"{quad}material-cooperation": 3,
        f"{quad}verbal-conflict": 4,
        f"{quad}material-conflict": 5,
        None: 2,
    }
    for name, expected in (
        ("ACCUSE", "-3.0"),
        ("SANCTION", "-6.0"),
        ("ASSAULT-unconventional", "-10.0"),
    ):
        assert values(PLOVER_NAMESPACE + name, score) == {expected}
    for name in ("ACCUSE", "SANCTION", "RETREAT"):
        assert values(PLOVER_NAMESPACE + name, f"{SKOS}editorialNote")


def test_cameo_is_whole_down_to_the_last_digit() -> None:
    known = codes()
    assert {code for code in known if len(code) == 2} == {f"{n:02d}" for n in range(1, 21)}
    assert len(known) > 290
    for code in known:
        broader = values(CAMEO_NAMESPACE + code, f"{SKOS}broader")
        assert broader == ({CAMEO_NAMESPACE + code[:-1]} if len(code) > 2 else set())
        assert len(code) == 2 or code[:-1] in known


def test_every_cameo_code_becomes_a_type_and_modes_belong_to_it() -> None:
    types = {node for node in concepts("scheme") if "-" not in node.removeprefix(PLOVER_NAMESPACE)}
    beside = concepts("scheme") | concepts("contexts")
    for code in codes():
        (kind,) = values(CAMEO_NAMESPACE + code, f"{SKOS}broadMatch")
        assert kind in types
        related = values(CAMEO_NAMESPACE + code, f"{SKOS}relatedMatch")
        assert related <= beside
        assert all(mode.startswith(f"{kind}-") for mode in related & concepts("scheme")), code


@pytest.mark.parametrize("pattern", ["predicates.*.tsv", "composition.tsv", "operators.tsv"])
def test_every_code_in_the_tables_is_a_concept(pattern: str) -> None:
    schemes = concepts("scheme"), concepts("contexts")
    known = codes()
    unknown = []
    for where, row in rows(pattern):
        event, mode, cameo = (row.get(column, "") for column in ("event", "mode", "cameo"))
        wanted = [event, f"{event}-{mode}"] if mode else [event.replace("=", "")]
        strange = [name for name in wanted if name and PLOVER_NAMESPACE + name not in schemes[0]]
        contexts = [c for c in row.get("contexts", "").split("|") if c]
        strange += [c for c in contexts if f"{PLOVER_NAMESPACE}context-{c}" not in schemes[1]]
        strange += [cameo] if cameo and cameo not in known else []
        unknown += [f"{where}: {name}" for name in strange]
    assert unknown == []


@pytest.mark.parametrize("pattern", ["entities.tsv", "agents.tsv"])
def test_every_sector_in_the_tables_is_a_concept(pattern: str) -> None:
    sectors = {row.get("sector", "") for _, row in rows(pattern)} - {""}
    assert {
        s for s in sectors if f"{PLOVER_NAMESPACE}sector-{s}" not in concepts("sectors")
    } == set()


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_vocabulary", ROOT / "docs" / "build_vocabulary.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vocabulary_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert page == load_script().render_vocabulary(), "run `python docs/build_vocabulary.py`"
