"""Open triples against sentences whose triples people wrote, by CaRB's lenient match.

`python benchmarks/open_triples.py [FILE.toml] [--differences]`: precision, recall and F1 of all
lines and of those that a confidence keeps; without FILE the project's own sentences
(`tests/cases/triples.toml`, whose form FILE has too).

Source: Bhardwaj, Aggarwal and Mausam 2019, "CaRB: A Crowdsourced Benchmark for Open IE", section 3.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from kg.annotate import annotate, load_pipeline
from kg.model import Article
from kg.read import read_article
from kg.triples import CONFIDENCE, find_triples
from tests.test_triples import Words, carb

OWN = Path("tests/cases/triples.toml")


def main() -> int:
    """Print a line a confidence, and what differs where that is asked for."""
    files = [Path(part) for part in sys.argv[1:] if not part.startswith("--")] or [OWN]
    gold = [s for path in files for s in tomllib.loads(path.read_text("utf-8"))["sentence"]]
    nlp = load_pipeline()
    found = []
    for sentence in gold:
        article = read_article(sentence["text"], name="sentence")
        assert isinstance(article, Article)
        found.append(find_triples(article, annotate(article, nlp)))
    for least in sorted({0.0, *CONFIDENCE.values()}):
        kept: list[list[Words]] = [
            [(t.predicate, *t.arguments) for t in lines if t.confidence >= least] for lines in found
        ]
        scored = [(s["triples"], lines) for s, lines in zip(gold, kept, strict=True)]
        print(
            "confidence >= {:.2f}: precision {:.3f} recall {:.3f} F1 {:.3f}".format(
                least, *carb(scored)
            )
        )
    for sentence, lines in zip(gold, found, strict=True):
        read = [[t.predicate, *t.arguments] for t in lines]
        if "--differences" in sys.argv and sorted(read) != sorted(sentence["triples"]):
            print("-", sentence["text"])
            print(*(f"    wanted {t}" for t in sentence["triples"] if t not in read), sep="\n")
            print(*(f"    read   {t}" for t in read if t not in sentence["triples"]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
