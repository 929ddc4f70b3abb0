"""Between the store and its readers: named SPARQL queries, free ones, and why an event is there."""

from __future__ import annotations

from kg.query.ask import (
    NamedQuery,
    check_read_only,
    dataset_graphs,
    find_base,
    named_queries,
    queries_page,
    readable_error,
    run_query,
)
from kg.query.counts import Counts, count_graph, find_repeats
from kg.query.parameters import Parameter, bind_parameters
from kg.query.rows import Cell, Rows, Triples, guard_cell, plain_text, plain_value
from kg.query.seen import Tag, as_seen
from kg.query.why import Evidence, Explanation, Part, explain_event

__all__ = [
    "Cell",
    "Counts",
    "Evidence",
    "Explanation",
    "NamedQuery",
    "Parameter",
    "Part",
    "Rows",
    "Tag",
    "Triples",
    "as_seen",
    "bind_parameters",
    "check_read_only",
    "count_graph",
    "dataset_graphs",
    "explain_event",
    "find_base",
    "find_repeats",
    "guard_cell",
    "named_queries",
    "plain_text",
    "plain_value",
    "queries_page",
    "readable_error",
    "run_query",
]
