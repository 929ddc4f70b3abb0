"""The SPARQL 1.1 Protocol as tests/cases/protocol.toml has it, and real clients."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from tests.serve.serving import (
    GAZETTE,
    GRAPHS,
    HERALD,
    NAMES,
    Reply,
    ask,
    request,
)

CASES = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "protocol.toml").read_text(encoding="utf-8")
)["case"]


def filled(text: str) -> str:
    return re.sub(r"\{(herald|gazette|shared|graphs)\}", lambda m: GRAPHS[m[1]], text)


def sent(address: str, case: dict[str, Any]) -> Reply:
    """Send what a case of the table describes."""
    pairs = [(name, filled(value)) for name, value in case.get("params", [])]
    headers, body = dict(case.get("headers", {})), None
    method = case.get("method", "POST" if {"form", "body", "request"} & set(case) else "GET")
    if "get" in case:
        pairs.append(("query", filled(case["get"])))
    if "form" in case:
        body = urlencode([*pairs, ("query", filled(case["form"]))]).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        pairs = []
    elif "body" in case:
        body = filled(case["body"]).encode()
        headers.setdefault("Content-Type", "application/sparql-query")
    elif "request" in case:
        body = case["request"].encode()
    target = case.get("path", "/sparql") + (f"?{urlencode(pairs)}" if pairs else "")
    return request(address, target, method=method, body=body, headers=headers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_protocol(address: str, case: dict[str, Any]) -> None:
    reply = sent(address, case)
    assert reply.status == case["status"], reply.text
    assert reply.headers.get("Content-Type") == case.get("type", reply.headers.get("Content-Type"))
    assert reply.text == case.get("text", reply.text)
    assert case.get("has", "") in reply.text
    assert case.get("lacks", "\0") not in reply.text
    if "boolean" in case:
        assert json.loads(reply.body)["boolean"] is case["boolean"]
    if reply.status >= 400:
        assert reply.text.count("\n") == 1


def test_every_format_of_a_graph_is_the_same_graph(address: str) -> None:
    sparql = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPHS['herald']}> {{ ?s ?p ?o }} }}"
    read = {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
        "application/ld+json": ox.RdfFormat.JSON_LD,
    }
    graphs = [
        {quad.triple for quad in ox.parse(ask(address, sparql, accept).body, format=format)}
        for accept, format in read.items()
    ]
    assert len(graphs[0]) > 100
    assert all(graph == graphs[0] for graph in graphs)


def test_control_characters_dont_break_xml(address: str) -> None:
    reply = ask(
        address, r'SELECT ?x { BIND("a\u0001\uFFFFb" AS ?x) }', "application/sparql-results+xml"
    )
    assert "".join(ET.fromstring(reply.body).itertext()) == "a\ufffd\ufffdb"


def test_sparqlwrapper(address: str) -> None:
    client = SPARQLWrapper(f"{address}/sparql", returnFormat=JSON)
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?a a <https://schema.org/NewsArticle> }")
    for method in ("GET", "POST"):
        client.setMethod(method)
        found: Any = client.queryAndConvert()
        assert found["results"]["bindings"][0]["n"]["value"] == "2"


def test_rdflib(address: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{address}/sparql", returnFormat="json"))
    found: Any = graph.query("SELECT ?a { ?a a <https://schema.org/NewsArticle> }")
    assert sorted(str(row.a) for row in found) == sorted(
        NAMES.article(article.id).value for article in (HERALD, GAZETTE)
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl isn't installed")
def test_curl(address: str) -> None:
    command = ["curl", "-sS", "-H", "Accept: text/csv", f"{address}/sparql"]
    command += ["--data-urlencode", "query=SELECT ?n { VALUES ?n { 7 } }"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"n\r\n7\r\n"
