"""Parts -> one HTML file: template, styles, scripts and compressed parts, under a strict policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from kg.view.rows import Record

__all__ = ["TITLE", "encode_part", "fill_template", "fingerprint", "served_policy", "web_file"]

TITLE = "Who did what to whom"

# One script to the browser, in files by what they are about; a later one may use an earlier one.
SCRIPTS = (
    "parts", "words", "dom", "filters", "link", "canvas", "graph", "panel", "reader", "timeline",
    "table", "compare", "about", "search", "start",
)  # fmt: skip


def fill_template(parts: Mapping[str, Record], *, title: str = TITLE, served: str = "") -> str:
    """Put parts, styles and scripts into the template, and name them in its policy.

    Args:
        served: the address below which a server gives the parts; empty for a page that holds them.
    """
    style, script = web_file("page.css"), _script()
    values = {
        "title": html.escape(title),
        "policy": _own_policy(served=bool(served)),
        "served": html.escape(served),
        "style": style,
        "library": _library(),
        "script": script,
        "parts": "" if served else "\n".join(map(_block, parts, parts.values())),
    }
    # One pass: what is filled in is never searched for places to fill.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], web_file("page.html"))


def web_file(name: str) -> str:
    """Read one of the page's own files."""
    text = (Path(__file__).parent / "web" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # a checkout on Windows must not change the hashes


def _script() -> str:
    files = "\n".join(web_file(f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{files}\n}})();\n'


@cache
def _library() -> str:
    """The vis-network script out of pyvis' wheel, without the line that names its source map."""
    folders = (resources.files("pyvis") / "lib").iterdir()
    found = sorted(
        (folder for folder in folders if folder.name.startswith("vis-")),
        key=lambda folder: [int(number) for number in re.findall(r"\d+", folder.name)],
    )
    text = (found[-1] / "vis-network.min.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)


def served_policy() -> str:
    """Give the policy that a page without its parts carries, for a server to say it too.

    >>> served_policy().startswith("default-src 'none'; script-src 'sha256-")
    True
    """
    return _own_policy(served=True)


def _own_policy(*, served: bool) -> str:
    return _policy(scripts=(_library(), _script()), styles=(web_file("page.css"),), served=served)


def _policy(*, scripts: Iterable[str], styles: Iterable[str], served: bool) -> str:
    """The content security policy: these scripts and styles run, only a server's parts come."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(fingerprint, scripts))}",
            f"style-src {' '.join(map(fingerprint, styles))}",
            "img-src data:",
            *(("connect-src 'self'",) if served else ()),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def fingerprint(text: str) -> str:
    """Name a script or style in a content security policy."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def encode_part(part: Record) -> bytes:
    r"""Write a part as JSON: UTF-8, the same for the same part.

    >>> encode_part({"text": "é", "begin": 0})
    b'{"begin":0,"text":"\xc3\xa9"}'
    """
    text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # JSON from Python may hold halves of surrogate pairs, which no encoding can write.
    return text.encode("utf-8", "replace")


def _block(name: str, part: Record) -> str:
    """One part, compressed: nothing an article says can end the block that it stands in."""
    packed = base64.b64encode(gzip.compress(encode_part(part), 9, mtime=0)).decode("ascii")
    return f'<script type="text/plain" data-part="{html.escape(name)}">{packed}</script>'
