"""Apache Spark, started quietly and for one run."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.errors import KGError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["session"]

TRIES = 4  # of a task, before its job fails; Spark's own number for clusters
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
def session(master: str | None = None) -> Iterator[SparkSession]:
    """Give Spark, a session that runs already if there is one, else a new one for this while.

    Args:
        master: where it runs; None means as Spark is configured, else all cores of this machine.

    Raises:
        UsageError: pyspark or Java is missing, or the cluster doesn't answer.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(
            "--engine spark needs Apache Spark: pip install 'newskg[spark]'"
        ) from error
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and Path(home, "bin", "java").exists()):
        raise UsageError("--engine spark needs Java 17: install a JRE, or set JAVA_HOME")
    with TemporaryDirectory(prefix="kg-spark-") as folder:
        spark = _started(master, Path(folder))
        try:
            with _told_in_one_line():
                yield spark
        finally:
            with suppress(OSError):  # a master that is gone
                spark.stop()


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """Turn what Spark raises into one line: our own, where a worker raised one of ours."""
    from py4j.protocol import Py4JError

    try:
        yield
    except Py4JError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        own = [line.partition(": ")[2] for line in lines if line.startswith("kg.errors.")]
        said = [line for line in lines if "Exception" in line or "Error" in line]
        why = own[0] if own else f"Spark gave up ({(said or lines)[-1][:300]})"
        raise KGError(why) from error


def _started(master: str | None, folder: Path) -> SparkSession:
    """Start a session whose noise goes into a file of the folder."""
    from pyspark.sql import SparkSession

    log = folder / "spark.log"
    (folder / "log4j2.properties").write_text(QUIET, encoding="utf-8", newline="\n")
    builder = SparkSession.builder.appName("kg")
    for key, value in _settings(master, folder).items():
        builder = builder.config(key, value)
    try:
        with _stderr_into(log):
            return builder.getOrCreate()
    except Exception as error:  # py4j raises what it likes
        said = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
        why = next((line for line in said if "Exception" in line or "rror:" in line), str(error))
        raise UsageError(f"Spark doesn't start ({' '.join(why.split())[:200]})") from error


def _settings(master: str | None, folder: Path) -> dict[str, str]:
    """Say how Spark shall run; what is configured for a cluster stands."""
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
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    log4j = (folder / "log4j2.properties").as_uri()
    return {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.driver.extraJavaOptions": (
            f"-Dlog4j2.configurationFile={log4j} -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
        ),
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
