"""What the gazetteer costs: seconds to load it, memory that it holds, and its share of the parse.

`python benchmarks/gazetteer.py [FILE...]` prints a line each. Loading is CPU time in processes of
their own, medians of seven; memory is what tracemalloc counts as kept; the share compares, in one
process, coreference and entity resolution of the texts (by default the seeds) with their parse.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPETITIONS = 7
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
    start = time.perf_counter()
    parsed = list(annotate_all(articles, nlp))
    parsing = time.perf_counter() - start
    linking = resolving = 0.0
    for article, doc in parsed:
        parse = parse_of(doc)
        sayings = find_attributions(parse)
        nominals_of(parse)
        start = time.perf_counter()
        links = find_links(parse, sayings)
        middle = time.perf_counter()
        resolve_entities(parse, links, article.published, article.dateline)
        linking += middle - start
        resolving += time.perf_counter() - middle
    return resolving / parsing, (linking + resolving) / parsing


def main() -> None:
    """Print the figures."""
    paths = sys.argv[1:] or sorted(map(str, (ROOT / "seeds").glob("*.txt")))
    print(f"loaded in {seconds_to_load():.3f} s (wanted: well under 0.1)")
    print(f"held {bytes_held() / 1e6:.1f} MB (wanted: under 60)")
    entities, both = share_of_the_parse(paths)
    print(
        f"entities {entities:.3f} of the parse, with coreference {both:.3f} (wanted: at most .10)"
    )


if __name__ == "__main__":
    main()
