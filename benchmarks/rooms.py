"""What each stage after the parse costs: processor seconds by stage, of one process.

`python benchmarks/rooms.py PATH... [--rounds N]` parses the articles of the paths once, keeps the
parses, and has them read out anew in every round, each time from a copy; the least of the rounds
is told. Stages do not nest: what a later one asks of an earlier one's rules is its own cost. To
compare with another state of the code, run it in turn with that one's folder in `PYTHONPATH`.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import kg.annotate
import kg.parse
import kg.reading
from kg.annotate import annotate_all, load_pipeline
from kg.extraction import Extraction, Sketched
from kg.inputs import Inputs
from kg.lines import reading_lines
from kg.merge import sketch_of
from kg.model import Article
from kg.parse import parse_of
from kg.read import read_articles

if TYPE_CHECKING:
    from spacy.tokens import Doc

STAGES = {
    "mend_lemmas": "repair",
    "mend_parse": "repair",
    "find_attributions": "attribution",
    "find_links": "coreference",
    "resolve_entities": "entities",
    "find_times": "times",
    "find_events": "events",
    "_read": "records",
}
ORDER = "clean gazetteer join repair as-Python attribution coreference entities times events"
ORDER += " records sketch group print"


class Stopwatch:
    """Processor seconds by stage; a stage's own, without those of the stages inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def of(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function with its time taken; what it yields is made at once."""

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            found = function(*arguments, **named)
            if hasattr(found, "__next__"):
                found = list(found)
            taken = time.process_time() - start
            self.seconds[stage] += taken - self._inner.pop()
            self._inner[-1] += taken
            return found

        return timed


def parse_all(watch: Stopwatch, paths: list[str]) -> tuple[list[tuple[Article, Doc]], float]:
    """Read the files and parse; give the parses, and the seconds of the parser itself."""
    nlp = load_pipeline()
    names = [name for name, _ in nlp._components]
    at = names.index("kg_gazetteer")
    nlp._components[at] = (names[at], watch.of("gazetteer", nlp._components[at][1]))
    for name, stage in (("_unit_copy", "clean"), ("_joined", "join")):
        setattr(kg.annotate, name, watch.of(stage, getattr(kg.annotate, name)))
    found = list(read_articles(paths))
    articles = list({one.id: one for one in found if isinstance(one, Article)}.values())
    for article, doc in annotate_all(articles[:3], nlp):  # what is loaded when first asked for
        kg.reading.read_out(article, doc)
    watch.seconds.clear()
    start = time.process_time()
    parsed = list(annotate_all(articles, nlp))
    taken = time.process_time() - start
    return parsed, taken - sum(watch.seconds.values())


def fresh(doc: Doc) -> Doc:
    """Copy a parse, which mending changes; not the way back to the article, which nothing does."""
    kept, doc.user_data = doc.user_data, {}
    copy = doc.copy()
    copy.user_data, doc.user_data = dict(kept), kept
    return copy


def read_round(watch: Stopwatch, parsed: list[tuple[Article, Doc]]) -> int:
    """Read all parses out, group the events and write the lines; give how many lines."""
    extraction = Extraction(inputs=Inputs())
    sketch = watch.of("sketch", sketch_of)
    for article, doc in parsed:
        reading = kg.reading.read_out(article, fresh(doc))
        kept = Sketched(article, reading, sketch(article))
        extraction.numbers[article.id] = extraction.shelf.add(kept)
        extraction.inputs.names.append((article.name, article.id))
    ids = watch.of("group", extraction.event_ids)()
    lines = watch.of("print", lambda: reading_lines(extraction.named(), ids))()
    watch.of("print", lambda: [json.dumps(line, ensure_ascii=False) for line in lines])()
    return len(lines)


def main() -> int:
    """Print a line for each stage, and their share of the parse."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("paths", nargs="+")
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    gc.disable()  # as `kg.reading.uncollected`
    watch = Stopwatch()
    parsed, parse = parse_all(watch, asked.paths)
    least = dict(watch.seconds)
    for name, stage in STAGES.items():
        setattr(kg.reading, name, watch.of(stage, getattr(kg.reading, name)))
    kg.parse.parse_of = watch.of("as-Python", parse_of)
    for _ in range(asked.rounds):
        watch.seconds.clear()
        lines = read_round(watch, parsed)
        for stage, taken in watch.seconds.items():
            least[stage] = min(taken, least.get(stage, taken))
        gc.collect()
    for stage in ORDER.split():
        print(f"{stage:16} {least.get(stage, 0.0):7.3f}")
    after = sum(least.values())
    print(f"{'all of it':16} {after:7.3f}  {after / parse:.2f} of the parse, {parse:.3f}")
    print(f"{len(parsed)} articles, {lines} events")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
