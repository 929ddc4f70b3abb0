"""A graph behind an address, served; and the servers behind the front, reached past it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.errors import StoreError
from kg.rdf import to_quads
from kg.serve import Limits, Server, Settings
from kg.serve.engine import Engine
from kg.store import copy_store, open_store
from tests.endpoint import running_server
from tests.news_sample import sample_news
from tests.serve.serving import ask, request

EVENTS = "SELECT (COUNT(?e) AS ?n) { ?e a <http://semanticweb.cs.vu.nl/2009/11/sem/Event> }"


def test_an_endpoint_s_graph_is_served_read_only() -> None:
    with running_server() as endpoint:
        with open_store(endpoint) as store:
            store.load(to_quads(sample_news()))
        with Server(endpoint, Settings(port=0, limits=Limits(engines=1))) as server:
            address = server.address.rstrip("/")
            assert ask(address, EVENTS).text.split() == ["n", "4"]
            assert ask(address, "ASK { SERVICE <http://127.0.0.1:9/> {} }").status == 400
            update = request(
                address, "/sparql", method="POST", body=b"DROP ALL",
                headers={"Content-Type": "application/sparql-update"},
            )  # fmt: skip
            assert update.status == 403
            assert request(address, "/event/").status == 200
        with open_store(endpoint) as store:
            assert len(store) > 500  # as before


def test_an_address_where_nobody_is_is_told() -> None:
    with pytest.raises(StoreError, match="no answer"):
        Server("http://127.0.0.1:9", Settings(port=0))


def test_the_server_behind_the_front_is_not_where_a_page_would_look(
    folder: Path, tmp_path: Path
) -> None:
    copy_store(folder / "store", tmp_path / "store")
    engine = Engine(tmp_path, "engine", Limits())
    engine.start()
    try:
        (process,) = (
            line
            for line in subprocess.run(
                ["ps", "-wweo", "args="], capture_output=True, text=True, check=True
            ).stdout.splitlines()
            if f"--location {tmp_path}/store" in line and not line.startswith("/bin/sh")
        )
        bound = re.search(r"--bind (127[.0-9]+):(\d+)", process)
        assert bound
        host, port = bound.groups()
        assert (host != "127.0.0.1") == (sys.platform == "linux")
        own = f"http://{host}:{port}"
        reply = request(
            own, f"/query?query={quote('ASK {}')}", headers={"Origin": "https://evil.example"}
        )
        assert not any(name.lower().startswith("access-control") for name in reply.headers)
        update = {"Content-Type": "application/sparql-update"}
        assert request(own, "/update", method="POST", body=b"DROP ALL", headers=update).status > 399
        assert request(own, "/store?default", method="DELETE").status > 399
    finally:
        engine.end()
