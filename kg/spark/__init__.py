"""A build on Apache Spark: the functions of one machine, handed round on a cluster.

1. `session`: Spark is found or started;
2. `reading`: inputs are opened where there is time, and articles read out by `kg.worker`;
3. `stories`, `merging`: what has to meet is shuffled, and what becomes of it `kg.merge` decides;
4. `output`: N-Quads in parts and a table of events;
5. `engine`: these steps, as `kg.engine.Engine` asks for them;
6. `telling`: what goes wrong in a line of ours.

Nothing of pyspark is imported before a session is asked for, and the engine's rooms load while the
Java machine starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.spark.session import session

if TYPE_CHECKING:
    from kg.spark.engine import Spark

__all__ = ["Spark", "session"]


def __getattr__(name: str) -> object:
    if name != "Spark":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg.spark.engine import Spark

    return Spark
