"""Any endpoint that speaks SPARQL 1.1 Query, Update and Graph Store Protocol, by its address.

The address is what stands before `/query`, `/update` and `/store` (Oxigraph's names; for others
`KG_STORE_QUERY`, `KG_STORE_UPDATE` and `KG_STORE_GRAPHS` give the three addresses in full). Name
and password come from `KG_STORE_USER` and `KG_STORE_PASSWORD`, a bearer token from
`KG_STORE_TOKEN`; they go to these addresses and to no other, and stand in no message.

The endpoint's default graph has to be the union of its graphs while it answers: it is asked for
(Oxigraph has a parameter for it), and checked once.
"""

from __future__ import annotations

import base64
import os
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import cast
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.interface import GraphName, QueryAnswer
from kg.store.updates import data_update

__all__ = ["RemoteStore"]

TIMEOUT = 120.0  # seconds without a byte; a long query sends its first rows late
BATCH = 50_000  # quads a request while loading: some megabytes
ASKED = 1_000  # nodes a request
ANSWERS = "application/sparql-results+json, application/n-triples;q=0.9"
N_TRIPLES, N_QUADS = "application/n-triples", "application/n-quads"
SPLIT_UNION = (
    "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"  # true: no union of graphs
)
ALL_TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class _Addresses:
    query: str
    update: str
    graphs: str


class RemoteStore:
    """A `Store` behind an address."""

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        parts = urlsplit(address)
        if parts.username or parts.password:
            raise StoreError(
                f"{parts.hostname}: a password in an address ends up in logs; "
                "set KG_STORE_USER and KG_STORE_PASSWORD instead"
            )
        self._location = urlunsplit(parts).rstrip("/")
        self._at = _addresses(self._location, os.environ)
        self._headers = _credentials(os.environ)
        self._read_only = read_only
        self._open = True
        self._union_checked = False
        self._select("ASK {}")

    @property
    def location(self) -> str | None:
        """The address."""
        return self._location

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, some ten thousand a request."""
        rest = iter(quads)
        while batch := list(islice(rest, BATCH)):
            self._update(data_update([], batch))

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in by one request; what is in both stays in.

        SPARQL 1.1 Update asks servers to do a request as a whole or not at all; Oxigraph does.
        """
        coming = set(added)
        self._update(data_update(set(removed) - coming, coming))

    def replace_graph(self, graph: GraphName, quads: Iterable[ox.Quad]) -> None:
        """Make one graph hold these quads and no others, by one request."""
        body = "".join(f"{quad.triple} .\n" for quad in quads).encode()
        if not body:
            self.remove_graph(graph)
            return
        self._write("PUT", self._graph_address(graph), body, N_TRIPLES)

    def remove_graph(self, graph: GraphName) -> None:
        """Drop a graph and all in it; one that isn't there is no error."""
        name = "DEFAULT" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph}"
        self._update(f"DROP SILENT {name}")

    def query(self, sparql: str) -> QueryAnswer:
        """Answer SPARQL 1.1 over the union of all graphs.

        Raises:
            SyntaxError: if `sparql` doesn't parse, in the server's words.
            StoreError: if the endpoint can't answer over the union of its graphs.
        """
        if not self._union_checked:
            if bool(self._select(SPLIT_UNION)):
                raise StoreError(
                    f"{self._location}: its default graph isn't the union of its graphs; set the "
                    "server so (Oxigraph: --union-default-graph; Fuseki: tdb2:unionDefaultGraph)"
                )
            self._union_checked = True
        return self._select(sparql)

    def graphs(self) -> list[ox.NamedNode]:
        """The named graphs that hold something, sorted."""
        rows = self._select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        names = [cast("ox.NamedNode", row["g"]) for row in cast("ox.QuerySolutions", rows)]
        return sorted(names, key=lambda name: name.value)

    def quads(self, graph: GraphName | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all; in no order."""
        every: list[GraphName] = [ox.DefaultGraph(), *self.graphs()] if graph is None else [graph]
        for name in every:
            address = self._graph_address(name)
            try:
                body, _ = self._send("GET", address, accept=N_TRIPLES)
            except _MissingError:
                continue  # the protocol answers 404 for a graph that isn't there
            for found in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
                yield ox.Quad(found.subject, found.predicate, found.object, name)

    def about(self, nodes: Iterable[ox.NamedNode], graph: GraphName) -> Iterator[ox.Quad]:
        """The quads of one named graph whose subject is one of some nodes; in no order."""
        rest = iter(nodes)
        while batch := list(islice(rest, ASKED)):
            values = " ".join(map(str, batch))
            where = f"VALUES ?s {{ {values} }} GRAPH {graph} {{ ?s ?p ?o }}"
            rows = self._select(f"SELECT ?s ?p ?o {{ {where} }}")
            for row in cast("ox.QuerySolutions", rows):
                yield ox.Quad(row["s"], row["p"], row["o"], graph)

    def flush(self) -> None:
        """Nothing: what a server has said yes to is the server's to keep."""
        self._check_open()

    def close(self) -> None:
        """Ask nothing more; closing twice is no error."""
        self._open = False

    def __len__(self) -> int:
        rows = self._select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        (row,) = cast("ox.QuerySolutions", rows)
        in_default = sum(1 for _ in self.quads(ox.DefaultGraph()))
        return int(cast("ox.Literal", row["n"]).value) + in_default

    def __bool__(self) -> bool:
        # As an embedded store: an empty store is a store.
        return True

    def __enter__(self) -> RemoteStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _graph_address(self, graph: GraphName) -> str:
        if isinstance(graph, ox.DefaultGraph):
            return f"{self._at.graphs}?default"
        return f"{self._at.graphs}?graph={quote(graph.value, safe='')}"

    def _select(self, sparql: str) -> QueryAnswer:
        form = urlencode({"query": sparql, "union-default-graph": "true"}).encode()
        kind = "application/x-www-form-urlencoded"
        body, answered = self._send("POST", self._at.query, form, kind, accept=ANSWERS)
        if "sparql-results+json" in answered:
            return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        triples = ox.Store()
        try:
            triples.bulk_load(body, format=ox.RdfFormat.N_TRIPLES)
        except SyntaxError as e:
            raise StoreError(
                f"{self._at.query}: answers {answered or 'nothing'}, and not as SPARQL 1.1 asks"
            ) from e
        return triples.query(ALL_TRIPLES)

    def _update(self, request: str) -> None:
        if request:
            self._write("POST", self._at.update, request.encode(), "application/sparql-update")

    def _write(self, method: str, address: str, body: bytes, kind: str) -> None:
        self._check_open()
        if self._read_only:
            raise StoreError(f"{self._location}: it was opened read-only and can't be changed")
        try:
            self._send(method, address, body, kind)
        except SyntaxError as e:
            raise StoreError(f"{self._location}: refuses what is written ({e})") from e

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError(f"{self._location}: it is closed")

    def _send(
        self, method: str, address: str, body: bytes | None = None, kind: str = "",
        *, accept: str = "*/*",
    ) -> tuple[bytes, str]:  # fmt: skip
        self._check_open()
        request = urllib.request.Request(address, data=body, method=method)
        request.add_header("Accept", accept)
        if kind:
            request.add_header("Content-Type", kind)
        for name, value in self._headers.items():
            request.add_unredirected_header(name, value)  # for this address, not where it points to
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(self._location, error) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise StoreError(
                f"{self._location}: no answer ({reason}); start the server or mend --store"
            ) from error


class _MissingError(StoreError):
    """The endpoint has no such graph."""


def _addresses(base: str, environment: Mapping[str, str]) -> _Addresses:
    given = {name: environment.get(f"KG_STORE_{name}") for name in ("QUERY", "UPDATE", "GRAPHS")}
    addresses = _Addresses(
        query=given["QUERY"] or f"{base}/query",
        update=given["UPDATE"] or f"{base}/update",
        graphs=given["GRAPHS"] or f"{base}/store",
    )
    for address in (addresses.query, addresses.update, addresses.graphs):
        if urlsplit(address).scheme not in ("http", "https"):  # urllib would open file: too
            raise StoreError(f"{address}: no endpoint; its address begins with http:// or https://")
    return addresses


def _credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """Make the header that says who asks.

    >>> _credentials({"KG_STORE_USER": "ada", "KG_STORE_PASSWORD": "x"})
    {'Authorization': 'Basic YWRhOng='}
    """
    if token := environment.get("KG_STORE_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user = environment.get("KG_STORE_USER")
    if not user:
        return {}
    pair = f"{user}:{environment.get('KG_STORE_PASSWORD', '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}


def _refusal(location: str, error: urllib.error.HTTPError) -> Exception:
    """Say in our words what an HTTP status means."""
    said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
    if error.code == 400:
        return SyntaxError(said or "bad request")
    if error.code in (401, 403):
        return StoreError(
            f"{location}: refuses us ({error.code}); set KG_STORE_USER and KG_STORE_PASSWORD, "
            "or KG_STORE_TOKEN"
        )
    message = f"{location}: answers {error.code} ({said or error.reason}); is it a SPARQL endpoint?"
    return (_MissingError if error.code in (404, 410) else StoreError)(message)
