"""The graph, served: explorer, articles, entities, events, and a read-only SPARQL 1.1 endpoint.

Oxigraph's own server answers the queries (`engine`, `pool`), on a copy of the store that nobody
writes (`snapshot`). Before it stands a thin front: waitress listens (`server`), `application` says
who may ask and where addresses lead, `protocol` hands on what may be asked. The pages are made out
of the same copy (`records`, `markup`, `pages`, `console`, `explorer`, `descriptions`).
"""

from __future__ import annotations

from kg.serve.engine import Limits
from kg.serve.server import Server, Settings

__all__ = ["Limits", "Server", "Settings"]
