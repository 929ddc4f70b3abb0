"""The process of which Spark's Python workers are forked, with `kg` and its model loaded already.

So a worker starts in milliseconds where it would import spaCy and load a model for seconds, and the
workers of a machine share the memory of both.
"""

from __future__ import annotations

import gc
import os
from contextlib import suppress

from pyspark.daemon import manager

from kg.errors import KGError
from kg.spark.engine import READS  # and with it what any worker needs
from kg.spark.reading import asked_for, load

if __name__ == "__main__":
    if told := os.environ.get(READS):
        with suppress(KGError):  # a worker that tries again raises it where it is told
            load(asked_for(told))
    gc.collect()
    gc.freeze()  # Spark collects garbage after each task, and what is loaded here is none
    manager()
