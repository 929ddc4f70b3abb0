"""Every error `kg` raises on purpose.

KGError
├── ArticleError     a file or record that can't be read as an article
├── ModelError       no usable spaCy pipeline
├── LexiconError     a line of `ontology/*.tsv` that breaks its table's rules
├── OntologyError    a Turtle file of `ontology/` that is missing or broken
├── StoreError       the store can't be opened, read or written
├── QueryError       a query that can't be parsed, run or found
└── UsageError       a request that makes no sense as asked

A message says what, where, and the way out, in one line.
"""

from __future__ import annotations

__all__ = [
    "ArticleError",
    "KGError",
    "LexiconError",
    "ModelError",
    "OntologyError",
    "QueryError",
    "StoreError",
    "UsageError",
]


class KGError(Exception):
    """Root of all errors raised by `kg` itself."""


class ArticleError(KGError):
    """A file or record can't be read as an article."""


class ModelError(KGError):
    """No usable spaCy pipeline is installed under the name asked for."""


class LexiconError(KGError):
    """A line of a table in `ontology/` breaks the table's rules; the message carries
    `path:line`."""


class OntologyError(KGError):
    """A Turtle file of `ontology/` is missing or doesn't parse."""


class StoreError(KGError):
    """The store can't be opened, read or written."""


class QueryError(KGError):
    """A query can't be found, parsed or run."""


class UsageError(KGError):
    """A request that makes no sense as it was asked."""
