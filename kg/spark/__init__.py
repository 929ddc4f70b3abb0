"""A build on Apache Spark: the functions of one machine, handed round on a cluster.

1. `session`: Spark is found or started;
2. `reading`: inputs are opened where there is time, and articles read out by `kg.worker`;
3. `stories`, `merging`: what has to meet is shuffled, and what becomes of it `kg.merge` decides;
4. `output`: N-Quads in parts and a table of events;
5. `engine`: these steps, as `kg.engine.Engine` asks for them.

Nothing of pyspark is imported before a session is asked for.
"""

from kg.spark.engine import Spark
from kg.spark.session import session

__all__ = ["Spark", "session"]
