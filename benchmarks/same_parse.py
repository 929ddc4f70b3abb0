"""Whether the tuned pipeline says what the model itself says: tokens that differ, and the time.

`python benchmarks/same_parse.py PATH...` parses the paragraphs of articles by the model as it is
loaded, with the gazetteer in its place, and by the pipeline of `kg`; it counts the tokens that
differ in tag, part of speech, morphology, lemma, head, arc, sentence or entity. Exit code 1 if any.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import spacy

from kg.annotate import DEFAULT_MODEL, keep_hyphens, load_pipeline
from kg.model import Article
from kg.read import read_articles

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

BATCH = 128


def facts(token: Token) -> tuple[object, ...]:
    """All that the pipeline says of a token."""
    grammar = (token.tag_, token.pos_, str(token.morph), token.lemma_, token.head.i, token.dep_)
    entity = (token.ent_iob_, token.ent_type_, token.ent_kb_id_, token.ent_id_)
    return (token.text, *grammar, token.is_sent_start, *entity)


def parsed(nlp: Language, texts: list[str]) -> tuple[list[Doc], float]:
    """Parse texts, and give the processor seconds."""
    start = time.process_time()
    docs = list(nlp.pipe(texts, batch_size=BATCH))
    return docs, time.process_time() - start


def main() -> int:
    """Print the tokens that differ, how many there are, and the seconds of both."""
    articles = [a for a in read_articles(sys.argv[1:] or ["seeds"]) if isinstance(a, Article)]
    texts = [article.text[span.start : span.end] for article in articles for span in article.body]
    plain = spacy.load(DEFAULT_MODEL)
    plain.add_pipe("kg_gazetteer", before="ner")
    keep_hyphens(plain)
    docs, slow = parsed(plain, texts)  # before the other is loaded, which chooses the arithmetic
    tuned, fast = parsed(load_pipeline(), texts)
    differ = [
        (left, right)
        for before, after in zip(docs, tuned, strict=True)
        for left, right in zip(before, after, strict=True)
        if facts(left) != facts(right)
    ]
    for left, right in differ[:20]:
        print(facts(left), facts(right), sep="\n  ")
    tokens = sum(map(len, docs))
    print(f"{len(differ)} of {tokens} tokens differ; {slow:.2f} s, {fast:.2f} s: {slow / fast:.2f}")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
