"""Whether a cluster that loses machines on the way builds what one machine does.

`python -m benchmarks.lost_machine FILE.jsonl [--articles N]` starts a real cluster here, a master
and two workers of one core, each a Java machine of its own, and has it build parts. The executor of
a worker is killed (SIGKILL) with all its Python processes while articles are read, and one more
while quads are written: what it held of shuffles and of kept results goes with it. Then the quads
are compared with those of `kg build` by the pool. The exit code is 0 if they are the same.
"""

from __future__ import annotations

import argparse
import gzip
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.store import Store, open_store

HOST, PORT = "127.0.0.1", 17077
PATIENCE = 900  # seconds, of a busy machine
EXECUTOR = "CoarseGrainedExecutorBackend"
SMALL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"


def main() -> int:
    """Build by both, and compare."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--articles", type=int, default=40)
    asked = arguments.parse_args()
    lines = asked.path.read_text(encoding="utf-8").splitlines(keepends=True)[: asked.articles]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        articles = folder / "articles.jsonl"
        articles.write_text("".join(lines), encoding="utf-8")
        out = ["--out", str(folder / "pool")]
        subprocess.run([*kg_build(articles), *out], check=True, stdout=subprocess.DEVNULL)
        with cluster(folder) as (master, pids):
            clock = time.perf_counter()
            build_on(master, articles, folder / "parts", pids)
            print(f"{len(lines)} articles on the cluster: {time.perf_counter() - clock:.0f} s")
        return compare(folder)


def kg_build(articles: Path) -> list[str]:
    """Give the command, but for where to."""
    return [sys.executable, "-m", "kg", "build", str(articles), "--quiet"]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Run a master and two workers; gives its address, and the sessions that its processes are."""
    import pyspark

    home = Path(pyspark.__file__).parent
    own = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_JAVA_OPTS": SMALL,
        "SPARK_LAUNCHER_OPTS": SMALL,
    }
    deploy, address = "org.apache.spark.deploy", f"spark://{HOST}:{PORT}"
    worker = (f"{deploy}.worker.Worker", "--host", HOST, "--cores", "1", "--memory", "1g", address)
    master = (f"{deploy}.master.Master", "--host", HOST, "--port", str(PORT))
    with ExitStack() as stack:
        pids: list[int] = []
        for number, command in enumerate((master, worker, worker)):
            log = stack.enter_context((folder / f"{number}.log").open("wb"))
            started = subprocess.Popen(
                [home / "bin" / "spark-class", *command],
                env=os.environ | own, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            stack.callback(stop, started)
            pids.append(started.pid)
            if number == 0:
                wait_until("the master", answers)
        yield address, pids


def stop(started: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, which is its session."""
    with suppress(OSError):
        os.killpg(started.pid, signal.SIGTERM)
    started.wait()


def answers() -> bool:
    """Tell whether the master does."""
    with suppress(OSError), socket.create_connection((HOST, PORT), 1):
        return True
    return False


def wait_until(what: str, holds: object) -> None:
    """Wait for something, not for ever."""
    assert callable(holds)
    for _ in range(PATIENCE * 5):
        if holds():
            return
        time.sleep(0.2)
    raise SystemExit(f"waited in vain for {what}")


def build_on(master: str, articles: Path, parts: Path, sessions: list[int]) -> None:
    """Build parts, and kill an executor while they are read and one while they are written."""
    asked = [*kg_build(articles), "--engine", "spark", "--master", master]
    own = os.environ | {"SPARK_LOCAL_IP": HOST, "SPARK_LAUNCHER_OPTS": SMALL}
    running = subprocess.Popen(
        [*asked, "--partitions", str(parts)], env=own, stdout=subprocess.DEVNULL
    )
    try:
        wait_until("readings", (parts / "readings/_temporary").exists)
        time.sleep(3)  # into the midst of them
        kill_one(sessions, "while articles were read")
        wait_until("quads", (parts / "making/quads/articles/part-00000.gz").exists)
        kill_one(sessions, "while quads were written")
        if running.wait(PATIENCE):
            raise SystemExit(f"exit code {running.returncode}")
    finally:
        if running.poll() is None:
            running.kill()


def kill_one(sessions: list[int], when: str) -> None:
    """Kill an executor and its Python processes."""
    found = sorted(executors(sessions))
    if not found:
        raise SystemExit(f"no executor {when}")
    gone = [found[0], *under(found[0])]
    for pid in gone:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    print(f"killed {when}: an executor of {len(found)}, with {len(gone) - 1} Python processes")


def executors(sessions: list[int]) -> Iterator[int]:
    """Find the executors that the workers have started."""
    for pid, (_, session) in processes().items():
        with suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            if session in sessions and EXECUTOR in command:
                yield pid


def under(pid: int) -> Iterator[int]:
    """Give what a process has started, and those have."""
    for child, (parent, _) in processes().items():
        if parent == pid:
            yield child
            yield from under(child)


def processes() -> dict[int, tuple[int, int]]:
    """Give the parent and the session of each process there is."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rsplit(")", 1)[1].split()
            found[int(path.parent.name)] = int(fields[1]), int(fields[3])
    return found


def compare(folder: Path) -> int:
    """Tell whether both made the same quads."""
    with open_store(folder / "pool" / "store", read_only=True) as store:
        alone = lines_of(store)
    with open_store(None) as store:  # which writes numbers as the other one does
        for part in sorted((folder / "parts").glob("quads/*/part-*")):
            store.load(parse(gzip.decompress(part.read_bytes()), RdfFormat.N_QUADS))
        there = lines_of(store)
    print(f"{len(alone):,} quads by one machine, {len(there):,} by the cluster, "
          f"{'the same' if alone == there else 'NOT the same'}")  # fmt: skip
    return int(alone != there)


def lines_of(store: Store) -> list[str]:
    """Give the quads as sorted lines."""
    return sorted(str(quad) for quad in store.quads())


if __name__ == "__main__":
    raise SystemExit(main())
