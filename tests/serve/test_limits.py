"""What a query may take, and what happens to one that takes more."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.serve.serving import (
    FOREVER,
    SORTED,
    Reply,
    ask,
    served,
)


@pytest.mark.parametrize("sparql", [FOREVER, SORTED], ids=["counting", "sorting"])
def test_a_query_that_takes_too_long_frees_its_worker(address: str, sparql: str) -> None:
    began = time.monotonic()
    replies: list[Reply] = []
    both = [
        threading.Thread(target=lambda: replies.append(ask(address, sparql))) for _ in range(2)
    ]  # as many as there are workers
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert [reply.status for reply in replies] == [503, 503]
    assert "1.5 seconds" in replies[0].text
    assert ask(address, "ASK {}", "text/csv").text == "true"
    assert time.monotonic() - began < 6
    assert not working()


def working() -> list[str]:
    """Oxigraph servers of ours that use the processor."""
    mine = subprocess.run(
        ["ps", "-wweo", "ppid=,pid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    ours = [line.split(None, 3) for line in mine if "serve-read-only" in line]
    return [args for ppid, _, stat, args in ours if int(ppid) == os.getpid() and "R" in stat]


def test_an_answer_that_is_too_long_is_refused_whole(address: str) -> None:
    reply = ask(address, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert reply.status == 422
    assert "1,000,000 bytes" in reply.text
    assert ask(address, "ASK {}").status == 200


def test_an_error_in_the_middle_of_an_answer_is_no_answer(address: str) -> None:
    # Oxigraph itself sends 200 and the message among the rows.
    sparql = "SELECT * { { BIND(1 AS ?x) } UNION { BIND(<urn:f>(1) AS ?x) } }"
    assert ask(address, sparql).status == 400


def test_too_many_that_wait_are_told_so(folder: Path) -> None:
    with served(folder, seconds=1, engines=1, waiting=1) as address:
        replies: list[Reply] = []
        threads = [
            threading.Thread(target=lambda: replies.append(ask(address, FOREVER))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        assert {reply.status for reply in replies} == {503}
        busy = [reply for reply in replies if "too many" in reply.text]
        assert len(busy) == 2
        assert busy[0].headers["Retry-After"] == "1"


def test_memory_is_limited_too(folder: Path) -> None:
    with served(folder, seconds=20, engines=1, memory=500 << 20) as address:
        reply = ask(address, SORTED)
        assert (reply.status, "memory" in reply.text) == (503, True)
        assert ask(address, "ASK {}").status == 200


def test_who_has_gone_is_worked_for_no_more(folder: Path) -> None:
    with served(folder, seconds=30, engines=1) as address:
        with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0)) as client:
            target = f"/sparql?query={quote(FOREVER)}"
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.5)
        assert ask(address, "ASK {}").status == 200  # by the only worker, long before 30 s
