"""A store that changes while it is served; starting, and ending without a trace."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.errors import StoreError, UsageError
from kg.serve import Server, Settings
from tests.news_sample import sample_news
from tests.serve.serving import (
    ask,
    request,
    served,
    written,
)
from tests.shelves import at, hold
from tests.tellings import ARNOR, GONDOR, reading, telling


def test_answers_are_always_from_whole_articles(tmp_path: Path) -> None:
    """Clients ask while articles are added: each has all of its events, or isn't there."""
    out = tmp_path / "out"
    told = [telling(10 * n, f"act{n}", [ARNOR], [GONDOR]) for n in range(5)]
    shelf = [at(f"{n}.txt", reading(f"article {n}", *told)) for n in range(8)]
    hold(out, shelf[:1], only=True)
    sparql = """SELECT ?a (COUNT(DISTINCT ?m) AS ?n) {
      ?a a <https://schema.org/NewsArticle> . ?m <https://w3id.org/newskg/ns#article> ?a .
      ?m a <https://w3id.org/newskg/ns#EventMention> } GROUP BY ?a"""
    wrong: list[str] = []
    most = [0]
    ending = threading.Event()

    def client(address: str) -> None:
        while not ending.is_set():
            reply = ask(address, sparql)
            rows = reply.text.split("\r\n")[1:-1]
            if reply.status != 200 or any(not row.endswith(",5") for row in rows):
                wrong.append(f"{reply.status} {reply.text}")
            most[0] = max(most[0], len(rows))

    with served(out, engines=2) as address:
        clients = [threading.Thread(target=client, args=(address,)) for _ in range(8)]
        for thread in clients:
            thread.start()
        for one in shelf[1:]:
            hold(out, [one])
        assert len(ask(address, sparql).text.split("\r\n")) == len(shelf) + 2  # seen at once
        ending.set()
        for thread in clients:
            thread.join()
        assert wrong == []
        assert most[0] > 1
        assert len(list(out.glob(".kg-serve-*"))) == 1  # old copies are gone
    assert list(out.glob(".kg-serve-*")) == []


def test_a_page_that_is_open_keeps_to_one_state(tmp_path: Path) -> None:
    hold(tmp_path, [at("1.txt", reading("one", telling(10, "bomb", [ARNOR], [GONDOR])))])
    with served(tmp_path) as address:
        (below,) = re.findall(r'data-served="([^"]+)"', request(address, "/").text)
        assert request(address, f"{below}core.json").status == 200
        hold(tmp_path, [at("2.txt", reading("two"))])
        assert request(address, f"{below}core.json").status == 410


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "kg", "serve", "--out", str(folder), "--port", "0", *options]
    front = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert front.stdout
    return front, front.stdout.readline().strip().rstrip("/")


def servers_on(folder: Path) -> list[str]:
    listed = subprocess.run(["ps", "-wweo", "args="], capture_output=True, text=True, check=True)
    return [
        line
        for line in listed.stdout.splitlines()
        if "serve-read-only" in line and str(folder) in line
    ]


def gone(folder: Path) -> bool:
    for _ in range(100):
        if not servers_on(folder) and not list(folder.glob(".kg-serve-*")):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    folder = written(tmp_path / "it's $(out)", sample_news())
    front, address = started(folder)
    assert front.stdout
    assert front.stderr
    assert ask(address, "ASK {}").text == "true"
    assert servers_on(folder)
    front.send_signal(number)
    assert front.wait(timeout=10) == (-9 if number == signal.SIGKILL else 0)
    assert (front.stdout.read(), front.stderr.read()) == ("", "")
    front.stdout.close()
    front.stderr.close()
    assert gone(folder)


def test_what_can_not_be_served_is_one_line(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        Server(tmp_path)
    with served(folder) as address, pytest.raises(UsageError, match="--port 0 takes a free port"):
        Server(folder, Settings(port=urlsplit(address).port or 0))
    with pytest.raises(UsageError, match=r"no\.such\.host\.invalid:0 can't be had"):
        Server(folder, Settings(host="no.such.host.invalid", port=0))
