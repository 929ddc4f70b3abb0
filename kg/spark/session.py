"""Apache Spark, started quietly and for one run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.spark.telling import told_in_one_line, why_no_start

if TYPE_CHECKING:
    from pyspark import SparkContext

__all__ = ["session"]

TRIES = 4  # of a task, before its job fails; Spark's own number for clusters
BRIEFLY = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # a Java machine that has little to do
QUIET = """\
status = error
rootLogger.level = off
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %m%n
"""


@contextmanager
def session(master: str | None = None) -> Iterator[SparkContext]:
    """Give Spark, as it runs already if it does, else started for this while.

    Args:
        master: where it runs; None means as Spark is configured, else all cores of this machine.

    Raises:
        UsageError: pyspark or Java is missing, or the cluster doesn't answer.
    """
    try:
        from pyspark import SparkContext
    except ImportError as error:
        raise UsageError(
            "--engine spark needs Apache Spark: pip install 'newskg[spark]'"
        ) from error
    running: SparkContext | None = SparkContext._active_spark_context
    if running is not None:
        yield running
        return
    with TemporaryDirectory(prefix="kg-spark-") as folder:
        context = _started(master, Path(folder))
        try:
            with told_in_one_line():
                yield context
        finally:
            with suppress(OSError):  # a master that is gone
                context.stop()


def _started(master: str | None, folder: Path) -> SparkContext:
    """Start Spark, whose noise goes into a file of the folder."""
    from pyspark import SparkConf, SparkContext
    from pyspark.serializers import PickleSerializer

    log = folder / "spark.log"
    (folder / "log4j2.properties").write_text(QUIET, encoding="utf-8", newline="\n")
    settings = SparkConf().setAppName("kg").setAll(list(_settings(master, folder).items()))
    os.environ.setdefault("SPARK_LAUNCHER_OPTS", BRIEFLY)  # of what only finds the classes
    loading = Thread(target=_load, daemon=True)
    loading.start()
    try:
        with _stderr_into(log):
            # not cloudpickle, which asks Python code about each of a million records
            return SparkContext(conf=settings, serializer=PickleSerializer())
    except Exception as error:  # py4j raises what it likes
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise UsageError(why_no_start(said, error)) from error
    finally:
        loading.join()


def _load() -> None:
    """Load what a build needs beside Spark while Java starts, which takes as long."""
    with suppress(ImportError):  # which is raised again where it is told
        import_module("kg.spark.engine")


def _settings(master: str | None, folder: Path) -> dict[str, str]:
    """Say how Spark shall run; what is configured for a cluster stands."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # other machines have kg there too
    settings = {
        "spark.python.daemon.module": "kg.spark.daemon",
        "spark.python.worker.memory": "2g",  # the model alone takes half; beyond it groups spill
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    if master is None and _names_master():
        return settings
    where = master or f"local[*,{TRIES}]"
    if alone := re.fullmatch(r"local(?:\[([\d*]+)\])?", where):
        where = f"local[{alone[1] or 1},{TRIES}]"  # by itself it would try each task once
    settings["spark.master"] = where
    return settings | _local_settings(folder) if where.startswith("local") else settings


def _names_master() -> bool:
    """Tell whether Spark is configured on this machine for some cluster."""
    home = os.environ.get("SPARK_HOME")
    folder = os.environ.get("SPARK_CONF_DIR") or (home and Path(home, "conf"))
    defaults = Path(folder or ".", "spark-defaults.conf")
    if not folder or not defaults.exists():
        return False
    lines = defaults.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.split()[:1] == ["spark.master"] for line in lines)


def _local_settings(folder: Path) -> dict[str, str]:
    """Keep to this machine, quietly, and start soon: what the JVM does here is little."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    log4j = (folder / "log4j2.properties").as_uri()
    return {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log4j} {BRIEFLY}",
    }


@contextmanager
def _stderr_into(log: Path) -> Iterator[None]:
    """Let processes that start meanwhile write their errors into a file: the JVM can't be asked."""
    sys.stderr.flush()
    own = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)
