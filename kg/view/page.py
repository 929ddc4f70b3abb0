"""What is drawn -> one HTML file: template, styles and scripts, under a policy that names them."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from kg.view.tables import Record

__all__ = ["TITLE", "fill_template"]

TITLE = "Who did what to whom"


def fill_template(page: Record, *, title: str = TITLE) -> str:
    """Put payload, styles and scripts into the template, and name them in its policy."""
    style, script = _part("viewer.css"), _part("viewer.js")
    values = {
        "title": html.escape(title),
        "policy": _policy(scripts=(_library(), script), styles=(style,)),
        "style": style,
        "library": _library(),
        "script": script,
        "payload": _json(page),
    }
    # One pass: what is filled in is never searched for places to fill.
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], _part("page.html"))


def _part(name: str) -> str:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")  # a checkout on Windows must not change the hashes


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


def _policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The content security policy: these scripts and styles run, and nothing is fetched."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _json(page: Record) -> str:
    r"""Write JSON that can't end the block it stands in, whatever an article says.

    >>> _json({"text": "</script>&\u2028"})
    '{"text":"\\u003c/script\\u003e\\u0026\\u2028"}'
    """
    text = json.dumps(page, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", text)
