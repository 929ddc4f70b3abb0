"""The process of which Spark's Python workers are forked, with `kg` loaded already.

So a worker starts in milliseconds where it would import spaCy for seconds, and workers share the
memory of what is imported. Each loads its own model: that is what it works with.
"""

from __future__ import annotations

import gc

from pyspark.daemon import manager

import kg.spark  # noqa: F401  # for whoever is forked

if __name__ == "__main__":
    gc.freeze()  # Spark collects garbage after each task, and what is loaded here is none
    manager()
