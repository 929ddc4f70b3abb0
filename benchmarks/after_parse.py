"""What everything after the parse costs, against the parse itself, on ever longer text.

Two parses stand beside it: spaCy's own (`nlp.pipe` over the same paragraphs, with its defaults and
its own arithmetic), by which the goal of .15 is meant, and the tuned one that `kg` runs.

One article is made of the seeds' paragraphs, over and over, each time with other states' names; a
ratio that grows with it is a loop that is not linear. The gazetteer stands inside the pipeline but
is our own, so it counts as after. Processor seconds of one process; ratios of one run compare.

`python benchmarks/after_parse.py [PATH]`: with a path (as `kg build` takes them) its articles are
measured instead, as they are.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
from thinc.api import get_current_ops

from kg.annotate import DEFAULT_MODEL, annotate_all, load_pipeline
from kg.gazetteer import gazetteer
from kg.model import Article
from kg.read import read_articles
from kg.reading import read_out

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

ROOT = Path(__file__).resolve().parent.parent
CHARACTERS = (100_000, 200_000, 400_000, 2_000_000)


class Stopwatch:
    """A component of a pipeline, with the processor seconds that it has taken."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.seconds = 0.0
        self._component = nlp.get_pipe(name)
        places = [at for at, (other, _) in enumerate(nlp._components) if other == name]
        nlp._components[places[0]] = (name, self)

    def __call__(self, doc: Doc) -> Doc:
        """Run the component and add what it took."""
        start = time.process_time()
        found = self._component(doc)
        self.seconds += time.process_time() - start
        return found


def articles_of(path: str | Path) -> list[Article]:
    """Read the articles that a path holds."""
    return [found for found in read_articles([path]) if isinstance(found, Article)]


def paragraphs() -> Iterator[str]:
    """Give the seeds' paragraphs without end, the states moved on by one in every round."""
    bodies = [
        seed.text[span.start : span.end]
        for seed in articles_of(ROOT / "seeds")
        for span in seed.body
    ]
    countries, adjectives = gazetteer().countries, gazetteer().adjectives
    known = [key for key in countries if key in adjectives]
    names = [(countries[key].name, adjectives[key]) for key in known]
    place = {word: (at, kind) for at, pair in enumerate(names) for kind, word in enumerate(pair)}
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, place)) + r")\b")

    def shift(by: int, match: re.Match[str]) -> str:
        at, kind = place[match[0]]
        return names[(at + by) % len(names)][kind]

    for moved in count():
        yield from (pattern.sub(partial(shift, moved), body) for body in bodies)


def made_article(characters: int, folder: Path) -> list[Article]:
    """Make one article of at least so many characters."""
    parts: list[str] = []
    length = 0
    for paragraph in paragraphs():
        parts.append(paragraph)
        length += len(paragraph) + 2
        if length >= characters:
            break
    path = folder / f"made-{characters}.txt"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    return articles_of(path)


def plain_seconds(articles: Sequence[Article]) -> float:
    """Parse the articles' paragraphs as spaCy does by itself; give the processor seconds."""
    texts = [article.text[span.start : span.end] for article in articles for span in article.body]
    ops: Any = get_current_ops()  # what thinc declares has no `use_blis`
    tuned, ops.use_blis = ops.use_blis, True
    start = time.process_time()
    for _ in plain_model().pipe(texts):
        pass
    taken = time.process_time() - start
    ops.use_blis = tuned
    return taken


@cache
def plain_model() -> Language:
    """Load the model as spaCy has it."""
    return spacy.load(DEFAULT_MODEL)


def measure(articles: Sequence[Article], nlp: Language, gazetteer_watch: Stopwatch) -> str:
    """Parse articles both ways and read them out; give a row of the table."""
    plain = plain_seconds(articles)
    gazetteer_watch.seconds = 0.0
    start = time.process_time()
    parsed = list(annotate_all(articles, nlp))
    names = gazetteer_watch.seconds
    parse = time.process_time() - start - names
    start = time.process_time()
    for article, doc in parsed:
        read_out(article, doc)
    after = time.process_time() - start + names
    characters = sum(len(article.text) for article in articles)
    words = sum(len(doc) for _, doc in parsed)
    return (
        f"{characters:>10,} {words:>9,} {plain:>8.2f} {parse:>8.2f} {after:>8.2f}"
        f" {after / plain:>9.3f} {after / parse:>9.3f} {names / parse:>10.3f}"
    )


def main() -> int:
    """Print a row for each length, or one for the articles of a path."""
    nlp = load_pipeline()
    watch = Stopwatch(nlp, "kg_gazetteer")
    measure(articles_of(ROOT / "seeds"), nlp, watch)  # tables and caches are filled
    print("characters     words   spaCy s  tuned s  after s  of spaCy  of tuned  gazetteer")
    if sys.argv[1:]:
        print(measure(articles_of(sys.argv[1]), nlp, watch))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for characters in CHARACTERS:
            print(measure(made_article(characters, Path(folder)), nlp, watch), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
