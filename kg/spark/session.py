"""Apache Spark, started quietly and for one run."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.spark.masters import check_java, check_master, configured_master
from kg.spark.telling import told_in_one_line, why_no_start

if TYPE_CHECKING:
    from pyspark import SparkContext

__all__ = ["session"]

log = logging.getLogger(__name__)

PATIENCE, LOOK = 15.0, 0.2  # seconds until a cluster that gives nothing is told, and between looks
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
    check_java()
    check_master(master or configured_master() or "local")
    with TemporaryDirectory(prefix="kg-spark-", ignore_cleanup_errors=True) as folder:
        context = _started(master, Path(folder))
        try:
            with told_in_one_line(), _interrupted_quietly():
                _await_machines(context)
                yield context
        finally:
            with suppress(OSError):  # a master that is gone
                context.stop()


def _started(master: str | None, folder: Path) -> SparkContext:
    """Start Spark, whose noise goes into a file of the folder."""
    log = folder / "spark.log"
    (folder / "log4j2.properties").write_text(QUIET, encoding="utf-8", newline="\n")
    loading = Thread(target=_load, daemon=True)
    loading.start()
    try:
        with _stderr_into(log):
            return _context(_settings(master, folder))
    except Exception as error:  # py4j raises what it likes
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise UsageError(why_no_start(said, error)) from error
    finally:
        loading.join()


def _context(settings: dict[str, str]) -> SparkContext:
    """Start Java, and Spark in it; where that fails, Java goes too."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.serializers import PickleSerializer

    os.environ.setdefault("SPARK_LAUNCHER_OPTS", BRIEFLY)  # of what only finds the classes
    conf = SparkConf().setAppName("kg").setAll(list(settings.items()))
    with _interrupted_later():  # who starts Java and is interrupted leaves it behind
        gateway = SparkContext._gateway or launch_gateway(conf)  # type: ignore[no-untyped-call]
    try:
        # not cloudpickle, which asks Python code about each of a million records
        return SparkContext(conf=conf, gateway=gateway, serializer=PickleSerializer())
    except BaseException:
        SparkContext._gateway = SparkContext._jvm = None
        if gateway.proc is not None:
            gateway.proc.kill()
        raise


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Keep an interrupt until this is over."""
    if current_thread() is not main_thread():  # which none reaches
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


@contextmanager
def _interrupted_quietly() -> Iterator[None]:
    """Have an interrupt end what waits for Spark, and py4j not write pages about it."""
    if current_thread() is main_thread():  # Spark's own handler asks Java in the midst of asking
        signal.signal(signal.SIGINT, signal.default_int_handler)
    root = logging.getLogger()
    root.addFilter(_unless_sending)
    try:
        yield
    finally:
        root.removeFilter(_unless_sending)


def _unless_sending(record: logging.LogRecord) -> bool:
    return "while sending command" not in record.getMessage()


def _await_machines(context: SparkContext) -> None:
    """Say so where a cluster gives no machine for a while: Spark waits for one for ever."""
    if (context.master or "local").startswith("local"):
        return
    tracker = context._jsc.sc().statusTracker()
    for _ in range(int(PATIENCE / LOOK)):
        if len(tracker.getExecutorInfos()) > 1:  # the first is this process
            return
        time.sleep(LOOK)
    log.warning(
        "kg: %s has given no machine for %.0f s, and is waited for: has it workers, with a core and"
        " as much memory as spark.executor.memory free?",
        context.master,
        PATIENCE,
    )


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
    if master is None and configured_master():
        return settings
    where = master or f"local[*,{TRIES}]"
    if alone := re.fullmatch(r"local(?:\[([\d*]+)\])?", where):
        where = f"local[{alone[1] or 1},{TRIES}]"  # by itself it would try each task once
    settings["spark.master"] = where
    return settings | _local_settings(folder) if where.startswith("local") else settings


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
