"""Checks on what was written: the shapes of the graph, and the quotes against the source files."""

from kg.validate.finding import Finding
from kg.validate.shapes import open_file, validate_graph
from kg.validate.sources import check_sources

__all__ = ["Finding", "check_sources", "open_file", "validate_graph"]
