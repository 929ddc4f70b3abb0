"""What the gazetteer costs: seconds to load it, memory that it holds, and its share of the parse.

`python benchmarks/gazetteer.py [FILE...]` prints a line each. Loading is CPU time in processes of
their own, medians of seven; memory is what tracemalloc counts as kept; the share compares, in one
process, coreference and entity resolution of the texts (by default the seeds) with their parse,
each the second time.

`python benchmarks/gazetteer.py --gold RECORDS.jsonl` looks the actors' own texts of PLOVER records
up alone, without their sentences, and counts how many lead to the gold state.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS = 7
NO_STATE = frozenset("IGO IGOUNO UNO NGO EUR ISM IMG MNC INT".split())  # PLOVER's, no ISO codes
UNKNOWN_DAY = "2000-01-01"  # what the records have where no day is known
LOAD = """\
import time
import kg.gazetteer
start = time.process_time()
kg.gazetteer.gazetteer()
print(time.process_time() - start)
"""


def seconds_to_load() -> float:
    """Load the tables in fresh processes; the median of their CPU time."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", LOAD], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for _ in range(REPETITIONS)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def bytes_held() -> int:
    """Load the tables and the indexes over them, and count what stays in memory."""
    from kg.gazetteer import gazetteer
    from kg.spelling import known_person, known_spelling

    tracemalloc.start()
    gazetteer()
    known_spelling("Afganistan")
    known_person("Nobody Knowsme", None)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def share_of_the_parse(paths: list[str]) -> tuple[float, float]:
    """Time entity resolution, and coreference with it, against the parse of the same articles."""
    from kg.annotate import annotate_all, load_pipeline
    from kg.attribution import find_attributions
    from kg.coreference import find_links
    from kg.entities import resolve_entities
    from kg.mentions import nominals_of
    from kg.parse import parse_of
    from kg.read import Unreadable, read_articles

    nlp = load_pipeline()
    found = list(read_articles(paths))
    articles = [article for article in found if not isinstance(article, Unreadable)]
    list(annotate_all(articles, nlp))  # fills the caches
    gc.collect()
    start = time.process_time()
    parsed = list(annotate_all(articles, nlp))
    parsing = time.process_time() - start
    for article, doc in parsed:  # loads the tables, fills the caches
        links = find_links(parse_of(doc))
        resolve_entities(parse_of(doc), links, article.published, article.dateline)
    gc.disable()  # as timeit does: a collection falls on whoever comes last
    linking = resolving = 0.0
    for article, doc in parsed:
        parse = parse_of(doc)
        sayings = find_attributions(parse)
        nominals_of(parse)
        start = time.process_time()
        links = find_links(parse, sayings)
        middle = time.process_time()
        resolve_entities(parse, links, article.published, article.dateline)
        linking += middle - start
        resolving += time.process_time() - middle
    return resolving / parsing, (linking + resolving) / parsing


def states_found(path: str) -> tuple[int, int]:
    """Look the texts of gold actors with a state up alone; count those that lead to it, and all."""
    from kg.annotate import load_pipeline
    from kg.coreference import find_links
    from kg.entities import resolve_entities

    nlp = load_pipeline()
    found = wanted = 0
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        day = None if record["date"] == UNKNOWN_DAY else record["date"]
        for actor in (*record["gold"]["source"], *record["gold"]["target"]):
            if not actor.get("code") or actor["code"] in NO_STATE or not actor["text"]:
                continue
            doc = nlp(actor["text"])
            names = resolve_entities(doc, find_links(doc), day)
            wanted += 1
            found += actor["code"] in {n.entity.country for some in names.values() for n in some}
    return found, wanted


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["--gold"]:
        found, wanted = states_found(sys.argv[2])
        print(f"{found} of {wanted} gold actors found alone: {found / wanted:.3f} (wanted: .95)")
        return
    paths = sys.argv[1:] or sorted(map(str, (ROOT / "seeds").glob("*.txt")))
    print(f"loaded in {seconds_to_load():.3f} s (wanted: well under 0.1)")
    print(f"held {bytes_held() / 1e6:.1f} MB (wanted: under 60)")
    entities, both = share_of_the_parse(paths)
    print(
        f"entities {entities:.3f} of the parse, with coreference {both:.3f} (wanted: at most .10)"
    )


if __name__ == "__main__":
    main()
