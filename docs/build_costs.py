"""Write what large runs cost, computed from the measured rates in `scale.toml` (`make docs`)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any  # a table of TOML

from kg.spark.output import COLUMNS

SCALE = Path(__file__).resolve().parent / "scale.toml"

HEAD = """\
# Ten million articles, and a thousand million

Made by `make docs` out of the measured rates in [scale.toml](scale.toml). How a build runs on a
cluster comes first, then what it costs, then where it would break.

## A build on Apache Spark

```sh
pip install 'newskg[spark]'          # pyspark and pyarrow; Java 17 has to be there
kg build news/ --engine spark        # all cores of this machine
kg build /shared/news --engine spark --master spark://head:7077 --out /shared/out
kg build /shared/cc-news --engine spark --master yarn --partitions hdfs:///news/graph
```

The first three leave what a build by one machine leaves, byte for byte: store, files, page,
readings. So `--store URL` loads any SPARQL endpoint, and `kg add` goes on from there. With
`--partitions` nothing passes through the machine that asks: the place gets `quads/*/part-*.gz`
(N-Quads, which any store loads in bulk) and `events/` (Parquet, a row an event), both at once
when all of it is there. The same inputs on as many cores give the same parts, byte for byte;
only the Parquet files have names that Spark draws by lot.

Parts that one machine can hold go into a store of its own like this, half a million quads a second
read and less loaded; then `kg query`, `kg view`, `kg serve` and `kg validate` take `--out out`:

```python
import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.store import open_store

Path("out").mkdir()
with open_store("out/store") as store:
    for part in sorted(Path("parts").glob("quads/*/part-*")):
        store.load(parse(gzip.open(part), RdfFormat.N_QUADS))
    store.flush()
```

- **Inputs** are opened where there is time: files, folders and globs of all kinds that `kg`
  reads, WARC, JSON lines and Parquet among them. All machines have to see them, your own files
  (`--entities`) and `--out` under the same path, and have `kg` and its model installed for the
  Python that gives the command, or for the one that `PYSPARK_PYTHON` names.
- **Reading** is `kg.worker`, as in the pool. An executor loads the model once and forks its
  Python processes with it. Articles are shuffled by their ids first, so one long archive keeps
  all machines at work, and what stands in many files is parsed once.
- **Merging** is `kg.merge`: Spark brings together who has to meet, and the rules are the same
  functions. Tellings meet by story and act, story and party, or act, both parties and week;
  stars of shuffles make components of these, or the machine that asks where they have less than
  a million edges. A build into a store of up to twenty thousand articles is merged by that
  machine, which loads and writes all of it anyway: it holds what `kg build` by itself does (1.0 GB
  at most), and `kg add` goes on from what merging found.
- **What dies** is done again: Spark repeats a task whose machine or process is gone, and counts
  it once; ids come from content, so doing a thing twice is doing it once. An article that kills
  the process which reads it is found out by reading its partition in a process that may die,
  and fails alone, with one line. Exit code 1 says that some did. A run that is killed as a whole
  leaves no parts that look whole, and can be given again.
- **What is wrong** is told in a line: no Java, a master that is none or doesn't answer (within
  five seconds), a cluster that gives no machine (after fifteen; it is waited for), machines
  without `kg`, a full disk. Ctrl-C ends Java and all workers.
- Settings are Spark's own (`SPARK_CONF_DIR`, `spark-defaults.conf`): memory, executors, queues.
  `local[N]` is for trying.

"""

COSTS = """\
## What it costs

"""

BREAKS = """\
Not counted: HTML is read at some hundred and fifty pages a second and core (RESULTS.md), a
tenth of what the parse takes; and copies that the file system keeps for safety.

## Where it would break first

In the order in which growth meets it:

1. **The embedded store.** One process writes it: {load_hours} hours for ten million articles, and
   a disk of terabytes. Beyond a million or two use `--partitions` and a store that loads in
   parallel, or a store for each year: article graphs share nothing, and canonical nodes have the
   same IRIs everywhere. (A store of up to half a million quads takes 181 bytes a quad; beyond, what
   is put in order for fast queries is written unpacked.)
2. **A block that never ends.** What two parties do to each other every week ("Russia attacks
   Ukraine") is connected from week to week, and a component is merged by one process in memory:
   {bytes_of_telling} bytes a telling as it is sent, several times that as it is compared. A million
   tellings of one act by one pair fill a machine. The remedy is in the rules, not in the engine: no
   two papers more than four days apart make one undated event, so such a component can be cut where
   a gap of evidence is, and overlapping windows merged one after another, as stories already are.
   Measured on 1,997 made articles: the largest component has 157 of 15,615 tellings, 3.4 % of all
   at 375 articles and 1.0 % at the end.
3. **Stories by average link.** Articles that are alike enough to be one story connect from story
   to story, and one process links all that hang together: 30 of 281 articles of an election, 638
   of 1,997 made of the same paragraphs. Reciprocal nearest neighbours give the same groups in
   rounds that can be shuffled; until then, a run a year at a time is the way, since stories reach
   over ten days only. And finding who is alike costs more where more is told on a day: 4 ms an
   article at twenty a day, 22 at 1,600, where the words that too many share begin to be left out;
   the merging above is measured at a few a day, and ten million at 1,600 would add 50 core hours.
4. **A limit that was set for thousands.** Of a run of eight words that over a hundred texts hold
   nothing is copied; the count is of all articles. (How alike two articles are depends on these
   two alone, and a word finds no stories where over two hundred articles of the same ten days
   look by it: both grow with the days, not with the years.)
5. **The machine that asks** holds lists of failures and of inputs: some hundred bytes each.
   Millions of small files are better packed into WARC or Parquet first.

Killing and repeating is tested for Python processes, and for executors of a cluster of two
workers (`benchmarks/lost_machine.py`); a run over thousands of machines was not made.
The figures are a computation, and the first run of a new size is the one to watch.
"""


def render_scale() -> str:
    """Make the page as text."""
    with SCALE.open("rb") as stream:
        table = tomllib.load(stream)
    parts = [HEAD, _columns(), COSTS, _measured(table)]
    parts += [_run(table, run) for run in table["run"]]
    hours = table["run"][0]["articles"] * quads_of(table) / rate(table, "quads_loaded_a_second")
    words = {"load_hours": f"{hours / 3600:,.0f}", "bytes_of_telling": "1,400"}
    return "".join(parts) + BREAKS.format(**words)


def _columns() -> str:
    """Tell what the table of events holds."""
    lines = [f"| `{one.name}` | `{one.type}` | {one.meaning} |\n" for one in COLUMNS]
    return (
        "### The table of events\n\n"
        "A row an event, sorted by id in each file; Spark's schema in it says the same.\n\n"
        "| column | type | holds |\n|---|---|---|\n" + "".join(lines) + "\n"
    )


def rate(table: dict[str, Any], name: str) -> float:
    """Give a measured rate."""
    return float(table["rates"][name])


def share(table: dict[str, Any]) -> float:
    """Tell how much of a measured article an article of the news is."""
    return float(table["news"]["words"]) / float(table["article"]["words"])


def quads_of(table: dict[str, Any]) -> float:
    """Give the quads of an article of the news."""
    return float(table["article"]["quads"]) * share(table)


def _measured(table: dict[str, Any]) -> str:
    article, rates, news = table["article"], table["rates"], table["news"]
    rows = [
        ("words of a measured article", f"{article['words']:,}"),
        ("its quads; bytes as N-Quads, packed", f"{article['quads']:,}; "
         f"{article['bytes_of_quads']:,}, {article['bytes_of_quads_packed']:,}"),
        ("bytes of its text and reading between the steps", f"{article['bytes_on_the_way']:,}"),
        ("words a second and core, read, parsed and read out", f"{rates['words_a_second']:,}"),
        ("a whole build by Spark takes of the processors, against one machine's pool",
         f"{rates['overhead_of_spark']:.2f} times as much"),
        ("merging and writing, seconds of a core for an article", f"{rates['merge_seconds']:.2f}"),
        ("quads a second into the embedded store", f"{rates['quads_loaded_a_second']:,}"),
        ("bytes of that store for a quad", f"{rates['store_bytes_a_quad']:,}"),
        ("words of an article of the news, assumed", f"{news['words']:,}"),
    ]  # fmt: skip
    return "| measured | |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows) + "\n"


def _run(table: dict[str, Any], run: dict[str, Any]) -> str:
    article, machine, part = table["article"], table["machine"], share(table)
    number, machines = run["articles"], run["machines"]
    words, speed = table["news"]["words"], table["rates"]["words_a_second"]
    merge = rate(table, "merge_seconds") * part
    read = number * words / speed / 3600
    merged = number * merge / 3600
    cores = machines * machine["cores"] * machine["busy"]
    quads = number * quads_of(table)
    load = quads / rate(table, "quads_loaded_a_second") / 3600
    lines = [
        f"### {number:,} articles on {machines:,} machines of {machine['cores']} cores\n\n",
        "| what | computed | comes to |\n|---|---|---|\n",
        f"| reading | {number:,} × {words} words / {speed:,} a second | {read:,.0f} core hours |\n",
        f"| merging and writing | {number:,} × {merge:.3f} s | {merged:,.0f} core hours |\n",
        f"| by the clock | ({read:,.0f} + {merged:,.0f}) / ({machines:,} × {machine['cores']} × "
        f"{machine['busy']}) | {(read + merged) / cores:,.1f} hours |\n",
        f"| quads | {number:,} × {quads_of(table):,.0f} | {quads / 1e9:,.1f} thousand million |\n",
    ]
    for what, name in (
        ("N-Quads, packed", "bytes_of_quads_packed"),
        ("N-Quads, unpacked", "bytes_of_quads"),
        ("texts and readings on the way", "bytes_on_the_way"),
        ("through shuffles, packed", "bytes_shuffled"),
    ):
        each = article[name] * part
        lines.append(f"| {what} | {number:,} × {each:,.0f} B | {_bytes(number * each)} |\n")
    each = table["rates"]["store_bytes_a_quad"]
    lines += [
        f"| one embedded store | {quads / 1e9:,.1f}e9 × {each} B | {_bytes(quads * each)} |\n",
        f"| loading it, one process | {quads / 1e9:,.1f}e9 / "
        f"{table['rates']['quads_loaded_a_second']:,} a second | {load:,.0f} hours |\n\n",
    ]
    return "".join(lines)


def _bytes(number: float) -> str:
    """Write a number of bytes in the unit that fits."""
    for unit, size in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1e6:,.1f} MB"
