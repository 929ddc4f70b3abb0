"""What Spark says when it fails, page after page, as one line: what, where and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import KGError

__all__ = ["told_in_one_line", "why_no_start"]

LENGTH = 300  # of what Spark says and we don't know better


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn what Spark raises into one line: our own, where a worker raised one of ours."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        raise KGError(_why(str(error))) from error


KNOWN = (
    (
        "ModuleNotFoundError",
        "a machine of the cluster has no kg, or not all that it needs: pip install 'newskg[spark]'"
        " on each, and say in PYSPARK_PYTHON which Python has it",
    ),
    (
        "Cannot run program",
        "a machine of the cluster has no such Python as this one: install kg there under the same"
        " path, or say in PYSPARK_PYTHON where it is",
    ),
    (
        "PYTHON_VERSION_MISMATCH",
        "the cluster's Python has another version than this one: say in PYSPARK_PYTHON which one"
        " is the same",
    ),
    (
        "No space left on device",
        "a disk is full: where Spark keeps what is on its way (SPARK_LOCAL_DIRS, else TMPDIR), or"
        " where the graph goes",
    ),
    (
        "bin/spark-submit'",
        "there is no Spark where SPARK_HOME says",
    ),
    (
        "UnsupportedClassVersionError",
        "Spark needs Java 17 or later, and the Java here is older: set JAVA_HOME",
    ),
    (
        "on a stopped SparkContext",
        "the master has let this program go, or what answers at its address is none: see its log",
    ),
    *(
        (sign, "what is on its way and the parts can't be written: choose another folder, which all"
         " machines may write to")
        for sign in ("ParentNotDirectoryException", "Mkdirs failed", "AccessControlException")
    ),
    (
        "JAVA_GATEWAY_EXITED",
        "Java ends as soon as it is started: does 'java -version' work, of JAVA_HOME if it is set?",
    ),
)  # fmt: skip


def _why(said: str) -> str:
    frames = ("at ", "...")  # of Java's stack
    lines = [line.strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not line.startswith(frames)] or [said]
    own = [line.partition(": ")[2] for line in lines if line.startswith("kg.errors.")]
    known = [told for sign, told in KNOWN if sign in said]
    errors = [line for line in lines if "Exception" in line or "Error" in line]
    told = own or known
    return told[0] if told else f"Spark gave up ({(errors or lines)[-1].lstrip(': ')[:LENGTH]})"


def why_no_start(log: str, error: Exception) -> str:
    """Say why Spark doesn't start.

    Args:
        log: what it wrote meanwhile.
    """
    said = f"{log}\n{error}"
    known = [told for sign, told in KNOWN if sign in said]
    errors = [line for line in log.splitlines() if "Exception" in line or "rror:" in line]
    why = known or errors or [str(error)]
    return f"Spark doesn't start ({' '.join(why[0].split())[:LENGTH]})"
