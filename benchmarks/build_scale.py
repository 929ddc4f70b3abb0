"""How the memory and time of `kg build` grow with the number of articles.

`python -m benchmarks.build_scale [FILE...] [--articles 2000 20000] [--words 200] [--jobs 2]` builds
a graph of the first so many articles, then one of the next number, in one folder, so that each is
read once and merged and written for each number. The articles are mixed of the paragraphs of the
texts given (`.txt`, or `text` of `.jsonl`; else of short ones made here), each with another day,
id, publisher, title, other states and, for a third of the names, other names: no two are copies.

Printed for each phase: articles, processor milliseconds an article of all processes, megabytes
resident at most (`VmRSS` of `/proc`, asked twice a second) of the process that builds and of all
its workers. Wanted: both flat within a tenth after the first 2,000 articles.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from kg.build import build

ACTS = (
    "{a} rejected a proposal by {b} on Monday. “We will not accept it,” said {p}, the minister.",
    "{a} imposed sanctions on {b}, officials said. {b} denied the accusations.",
    "Troops from {a} attacked a base in {b} on Friday, killing 12 soldiers, {p} told reporters.",
    "{p}, the president of {a}, met a delegation from {b} and promised aid.",
    "Police in {a} arrested {p} after protests against {b}. {b} demanded his release.",
)
STATES = (
    "Iran Turkey Norway Sweden Chile Peru Mali Chad Egypt Kenya Ghana Spain Italy Poland Japan "
    "Nepal Qatar Oman Yemen Cuba Russia China Syria Iraq Mexico France Germany Ukraine"
).split()
FIRST = "An Bel Cor Dal Em Fer Gil Hal Jor Kel Mor Tan".split()
OTHERS = [first + last for first in FIRST for last in ("ard", "ell", "iman", "ova", "sen")]
STATE = re.compile(rf"\b({'|'.join(STATES)})\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{4,}\b")
TICK = 0.5  # seconds between two looks at memory
UNITS = os.sysconf("SC_CLK_TCK")


def articles(texts: list[str], words: int) -> Iterator[dict[str, str]]:
    """Make articles without end: no two have the same text, and twenty the same day."""
    chance = random.Random(11)
    paragraphs = [part for text in texts for part in text.split("\n\n") if len(part) > 80]
    number = 0
    while True:
        body = list(islice(_paragraphs(paragraphs, words, chance), 100))
        day = date(2015, 1, 1) + timedelta(days=number // 20)
        yield {
            "id": f"made-{number}",
            "title": f"{chance.choice(STATES)} and {chance.choice(STATES)}: report {number}",
            "text": "\n\n".join(body),
            "date": day.isoformat(),
            "publisher": f"paper{number % 40}.example",
        }
        number += 1


def _paragraphs(paragraphs: list[str], words: int, chance: random.Random) -> Iterator[str]:
    names: dict[str, str] = {}
    while words > 0:
        own = chance.choice(paragraphs) if paragraphs else _made(chance)
        own = STATE.sub(lambda found: _named(found[0], names, STATES, 0.9, chance), own)
        yield NAME.sub(lambda found: _named(found[0], names, OTHERS, 0.3, chance), own)
        words -= len(own.split())


def _made(chance: random.Random) -> str:
    person = f"{chance.choice(FIRST)}a {chance.choice(OTHERS)}"
    return chance.choice(ACTS).format(a=chance.choice(STATES), b=chance.choice(STATES), p=person)


def _named(
    name: str, names: dict[str, str], others: list[str], share: float, chance: random.Random
) -> str:
    """Give a name, or for some share another one, which an article then always uses."""
    if name not in names:
        names[name] = chance.choice(others) if chance.random() < share else name
    return names[name]


def _texts(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            yield from (json.loads(line)["text"] for line in text.splitlines())
        else:
            yield text


# --- what is looked at --------------------------------------------------------------------------


@dataclass(slots=True)
class Look:
    """What a build has used since a phase began, and held at most."""

    began: float = 0.0
    seconds: float = 0.0
    parent: int = 0
    workers: int = 0

    def at(self, process: int) -> None:
        """Look at a process and its children."""
        children = _children(process)
        self.seconds = _seconds(process) + sum(map(_seconds, children))
        self.parent = max(self.parent, _resident(process))
        self.workers = max(self.workers, sum(map(_resident, children)))


def _children(process: int) -> list[int]:
    with suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        own = [int(number) for number in text.split()]
        return [*own, *(further for child in own for further in _children(child))]
    return []


def _seconds(process: int) -> float:
    """Processor seconds of a process and those of its children that have ended."""
    with suppress(OSError, IndexError):
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        return sum(map(int, text.rpartition(")")[2].split()[11:15])) / UNITS
    return 0.0


def _resident(process: int) -> int:
    """Megabytes."""
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text("utf-8"))
        return int(found[1]) // 1024 if found else 0
    return 0


def _writing(out: Path) -> str:
    """What is being written, by what waits in the folder to take its place."""
    for name in ("report.json", "graph.html", "graph.trig", "graph.ttl", "store"):
        if list(out.glob(f"*{name}.new*")):
            return name
    return "starting"


def _build(lines: Path, out: Path, jobs: int, tell: Connection) -> None:
    def progress(done: int, total: int) -> None:
        tell.send((done, total))

    report = build([lines], out, progress=progress, jobs=jobs)
    tell.send(f"{report.held:,} articles, {report.mentions:,} mentions, {report.events:,} events")


def watch(lines: Path, out: Path, jobs: int, number: int) -> None:
    """Build, and print what each phase took."""
    context = get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    child = context.Process(target=_build, args=(lines, out, jobs, tell))
    child.start()
    tell.close()
    phase, look, done, told = "starting", Look(), 0, ""
    while True:
        here = phase
        with suppress(EOFError):
            if hear.poll(TICK):
                said = hear.recv()
                if isinstance(said, str):
                    told = said
                    break
                done, tenth = said[0], said[0] * 10 // said[1]
                here = f"reading, {tenth}/10" if said[0] < said[1] else "read"
            elif done == 0 or phase == "read" or not phase.startswith("reading"):
                here = _writing(out)
        if child.exitcode is not None:
            break
        look.at(child.pid or 0)
        if here != phase:
            _print(phase, look, done, number)
            phase, look = here, Look(began=look.seconds)
    _print(phase, look, done, number)
    child.join()
    print(f"{number:8,} {told}", flush=True)


def _print(phase: str, look: Look, done: int, number: int) -> None:
    each = 1000 * (look.seconds - look.began) / number
    print(
        f"{number:8,} {phase:16} {look.seconds - look.began:8.1f} s {each:8.2f} ms an article"
        f" {look.parent:6} MB {look.workers:6} MB in workers, {done:,} read",
        flush=True,
    )


def main() -> int:
    """Build in a folder that is thrown away unless it is given, and print how it went."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("texts", nargs="*", type=Path)
    arguments.add_argument("--articles", type=int, nargs="+", default=[2_000, 20_000])
    arguments.add_argument("--words", type=int, default=200)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--folder", type=Path, help="kept, and gone on in when it was cut off")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        for number in sorted(asked.articles):
            lines = folder / "made.jsonl"
            with lines.open("w", encoding="utf-8", newline="\n") as file:
                for article in islice(articles(list(_texts(asked.texts)), asked.words), number):
                    file.write(json.dumps(article) + "\n")
            watch(lines, folder / "out", asked.jobs, number)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
