"""A store that changes while it is served; starting, and ending without a trace."""

from __future__ import annotations

import json
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
from kg.model import News
from kg.serve import Server, Settings
from kg.serve.parts import KEPT
from tests.news_sample import sample_news
from tests.serve.serving import (
    ask,
    part_of,
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


def below(address: str) -> str:
    """Where the explorer's page asks for its parts."""
    (found,) = re.findall(r'data-served="([^"]+)"', request(address, "/").text)
    return str(found)


def ended(server: str) -> bool:
    return not [line for line in processes() if "kg.serve.preparing" in line and server in line]


def test_the_explorer_shows_one_state_until_the_next_is_ready(tmp_path: Path) -> None:
    hold(tmp_path, [at("1.txt", reading("one", telling(10, "bomb", [ARNOR], [GONDOR])))])
    with served(tmp_path) as address:
        first = below(address)
        shown = part_of(address, f"{first}core.json")
        assert json.loads(shown.body)["articles"]["name"] == ["1"]
        hold(tmp_path, [at("2.txt", reading("two"))])
        articles = ask(address, "SELECT ?a { ?a a <https://schema.org/NewsArticle> }").text
        assert articles.count("/article/") == 2  # queries see it at once
        assert request(address, f"{first}texts-0.json").status == 200  # a page may read on
        for _ in range(500):
            if (second := below(address)) != first:
                break
            time.sleep(0.02)
        core = json.loads(part_of(address, f"{second}core.json").body)
        assert sorted(core["articles"]["name"]) == ["1", "2"]
        assert request(address, f"{first}core.json").status == 410
        assert len(list(tmp_path.glob(".kg-serve-*"))) == 1


def test_what_the_explorer_opens_with_is_kept_beside_the_store(tmp_path: Path) -> None:
    hold(tmp_path, [at("1.txt", reading("one", telling(10, "bomb", [ARNOR], [GONDOR])))])
    (tmp_path / KEPT / "older").mkdir(parents=True)
    with served(tmp_path) as address:
        made = part_of(address, f"{below(address)}core.json").body
        kept = wait_for_one(tmp_path / KEPT)
    names = ["core.json.gz", "namings.json.gz", "outline.json.gz"]
    assert sorted(path.name for path in kept.iterdir()) == names
    with served(tmp_path) as address:
        place = below(address)
        assert request(address, f"{place}core.json").body == made
        assert request(address, f"{place}tellings-0.json").status == 200
        assert ended(str(tmp_path))  # nothing is made again


def wait_for_one(folder: Path) -> Path:
    """The one state that is kept, as soon as older ones are gone."""
    for _ in range(500):
        found = list(folder.glob("*-????????????")) if folder.exists() else []
        if len(found) == len(list(folder.glob("*"))) == 1:
            return found[0]
        time.sleep(0.02)
    raise AssertionError(found)


def test_a_store_without_articles_has_no_explorer(tmp_path: Path) -> None:
    with served(written(tmp_path, News(readings=()))) as address:
        place = below(address)
        for name in ("core", "tellings-0"):
            reply = part_of(address, f"{place}{name}.json")
            assert (reply.status, "holds no article" in reply.text) == (404, True)
        assert request(address, f"{place}../core.json").status == 404
    assert not (tmp_path / KEPT).exists()


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "kg", "serve", "--out", str(folder), "--port", "0", *options]
    front = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert front.stdout
    return front, front.stdout.readline().strip().rstrip("/")


def processes() -> list[str]:
    listed = subprocess.run(["ps", "-wweo", "args="], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def servers_on(folder: Path) -> list[str]:
    """What works on a folder: Oxigraph's servers, and what makes the explorer ready."""
    kinds = ("serve-read-only", "kg.serve.preparing")
    return [
        line for line in processes() if any(kind in line for kind in kinds) and str(folder) in line
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
    assert below(address)  # something is being made ready
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
    with served(folder) as address, pytest.raises(UsageError, match=r"is taken; --port 0"):
        Server(folder, Settings(port=urlsplit(address).port or 0))
    with pytest.raises(UsageError, match=r"no\.such\.host\.invalid:0 can't be had: "):
        Server(folder, Settings(host="no.such.host.invalid", port=0))
