"""How `kg serve` bears what is asked of it: `python benchmarks/serve_load.py [--seconds 60]`.

1. Start: from the command to the first answer.
2. A small query, asked again and again over one connection: Oxigraph's own server, then the front.
3. Clients, half of them with queries and half with pages, while an article is added every other
   second: answers a second, and what was wrong. An article has all of its events, or isn't there.

Everything stays on this machine; the articles are made up, and no parser is loaded.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.serve import Limits
from kg.serve.engine import Engine
from kg.store import copy_store
from tests.shelves import at, hold
from tests.tellings import ARNOR, GONDOR, ROHAN, reading, telling

EVENTS = 10
SMALL = "SELECT ?a { ?a a <https://schema.org/NewsArticle> } LIMIT 1"
WHOLE = """SELECT ?a (COUNT(DISTINCT ?m) AS ?n) {
  ?a a <https://schema.org/NewsArticle> . ?m <https://w3id.org/newskg/ns#article> ?a .
  ?m a <https://w3id.org/newskg/ns#EventMention> } GROUP BY ?a"""
ASKED = (
    f"/sparql?query={quote(WHOLE)}",
    f"/sparql?query={quote(SMALL)}",
    f"/sparql?query={quote('CONSTRUCT WHERE { ?s ?p ?o } LIMIT 200')}",
    "/entity/Arnor.json",
    "/event/",
    "/article/",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--articles", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        hold(folder, [article(n) for n in range(asked.articles)], only=True)
        print(f"start: {started(folder):.2f} s to the first answer")
        direct, front = rates(folder)
        print(f"small query, one client: direct {direct:.0f}/s, through the front {front:.0f}/s")
        load(folder, asked.seconds, asked.clients, asked.articles)


def article(number: int):  # type: ignore[no-untyped-def]
    """Make up an article that tells some events."""
    parties = (ARNOR, GONDOR, ROHAN)
    told = [
        telling(10 * n, f"act{number}x{n}", [parties[n % 3]], [parties[(n + 1) % 3]])
        for n in range(EVENTS)
    ]
    return at(f"{number}.txt", reading(f"article {number}", *told))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve in a process of its own; gives host and port."""
    command = [sys.executable, "-m", "kg", "serve", "--out", str(folder), "--port", "0"]
    front = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert front.stdout
    try:
        yield urlsplit(front.stdout.readline().strip()).netloc
    finally:
        front.terminate()
        front.wait()


def started(folder: Path) -> float:
    """Seconds from the command to the first answer."""
    began = time.perf_counter()
    with served(folder) as address:
        get(http.client.HTTPConnection(address), f"/sparql?query={quote(SMALL)}")
        return time.perf_counter() - began


def rates(folder: Path, times: int = 1500) -> tuple[float, float]:
    """Answers a second of Oxigraph itself, asked as the front asks it, and of the front."""
    place = folder.with_name("copy")
    place.mkdir()
    copy_store(folder / "store", place / "store")
    engine = Engine(place, "engine", Limits())
    engine.start()
    question = [("query", SMALL), ("union-default-graph", "")]
    began = time.perf_counter()
    for _ in range(times):
        engine.ask(question, "text/csv").body.close()
    direct = times / (time.perf_counter() - began)
    engine.end()
    with served(folder) as address:
        connection = http.client.HTTPConnection(address)
        target = f"/sparql?query={quote(SMALL)}"
        get(connection, target)
        began = time.perf_counter()
        for _ in range(times):
            get(connection, target)
        return direct, times / (time.perf_counter() - began)


def get(connection: http.client.HTTPConnection, target: str) -> tuple[int, bytes]:
    """Ask once, over a connection that is kept."""
    connection.request("GET", target, headers={"Accept": "text/csv, */*;q=0.5"})
    response = connection.getresponse()
    return response.status, response.read()


def load(folder: Path, seconds: float, clients: int, articles: int) -> None:
    """Have clients ask while articles are added, and print what came of it."""
    told: Counter[str] = Counter()
    times: list[float] = []
    ending = threading.Event()

    def client(number: int, address: str) -> None:
        connection, turn = http.client.HTTPConnection(address, timeout=60), number
        while not ending.is_set():
            target, turn = ASKED[turn % len(ASKED)], turn + 1
            began = time.perf_counter()
            try:
                status, body = get(connection, target)
            except (OSError, http.client.HTTPException) as error:
                told[f"broken off: {type(error).__name__}"] += 1
                connection.close()
                continue
            times.append(time.perf_counter() - began)
            told[verdict(target, status, body)] += 1

    with served(folder) as address:
        threads = [threading.Thread(target=client, args=(n, address)) for n in range(clients)]
        adding = subprocess.Popen([sys.executable, __file__, "--add", str(folder), str(articles)])
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        ending.set()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        adding.terminate()
        adding.wait()
        rows = get(http.client.HTTPConnection(address), ASKED[0])[1].count(b"\r\n") - 1
    added = rows - articles
    times.sort()
    print(f"{clients} clients, {took:.0f} s, {added} articles added: {len(times) / took:.0f}/s,")
    print(f"half within {times[len(times) // 2] * 1000:.0f} ms,", end=" ")
    print(f"99 of 100 within {times[len(times) * 99 // 100] * 1000:.0f} ms; {dict(told)}")


def add_for_ever(folder: Path, first: int) -> None:
    """Add an article every other second, until somebody ends it."""
    for number in itertools.count(first):
        hold(folder, [article(number)])
        time.sleep(2)


def verdict(target: str, status: int, body: bytes) -> str:
    """Say what is wrong with an answer, or that nothing is."""
    if status != http.client.OK:
        return f"refused: {status}"
    if target == ASKED[0]:
        rows = body.decode().split("\r\n")[1:-1]
        if not rows or any(not row.endswith(f",{EVENTS}") for row in rows):
            return "half an article"
    return "right"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--add"]:
        add_for_ever(Path(sys.argv[2]), int(sys.argv[3]))
    main()
