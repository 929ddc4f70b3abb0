"""Bytes -> text: by byte order mark, by what is declared, as UTF-8, and only then by a guess."""

from __future__ import annotations

import codecs
import re

from kg.errors import ArticleError

__all__ = ["NO_TEXT", "declared_encoding", "decode"]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What no text holds, though JSON can write it: NUL, and half of a surrogate pair."""

_LABELS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
"""Names that pages give to a wider encoding (WHATWG, Encoding Standard, section 4.2)."""

_KNOWN = frozenset(
    "utf-8 cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 cp932 cp949"
    " iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13"
    " iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic gb18030 big5 big5hkscs"
    " euc_jp iso2022_jp utf-16 utf-16-le utf-16-be".split()
)
"""Encodings of text; Python's other codecs (base64, zip, unicode_escape) are none."""

_SINGLE_BYTE = frozenset(
    name for name in _KNOWN if name.startswith(("cp125", "iso8859", "koi8", "mac-", "cp866"))
)

_DECLARED = re.compile(
    rb"<meta\b[^>]{0,200}?\bcharset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w:.-]{2,40})"
    rb"|^\s{0,20}<\?xml\b[^>]{0,100}?\bencoding\s{0,5}=\s{0,5}[\"']([\w:.-]{2,40})",
    re.IGNORECASE,
)
DECLARED_WITHIN = 4096
"""Bytes in which a page has to declare its encoding; the standard says 1024, pages do worse."""

MAX_BROKEN = 0.002
"""Largest share of broken characters in what is still read as the UTF-8 that it says to be."""

_MAC_QUOTES = re.compile(r"(?<=[a-z])Õ(?=[a-z])|(?<!\w)Ò(?=[A-Z])|(?<=[.,a-z])Ó(?!\w)")
"""Apostrophe and quotation marks of Mac OS Roman, read as Windows-1252."""


def declared_encoding(label: str | None) -> str | None:
    """Give the encoding that a page or server means by a name; None for none that is known.

    >>> declared_encoding("ISO-8859-1"), declared_encoding("UTF8"), declared_encoding("rot13")
    ('cp1252', 'utf-8', None)
    """
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    name = _LABELS.get(name, name)
    return name if name in _KNOWN else None


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode a file: by its byte order mark, by what is declared, as UTF-8, else by a guess.

    What calls itself UTF-8 and is, but for a few broken bytes, is read so: each of them becomes
    U+FFFD.

    Args:
        declared: what the server said; a page's own declaration is found in it.

    Returns:
        The text and the encoding, such that ``raw.decode(encoding, "replace") == text``; a byte
        order mark is kept as the first character.

    Raises:
        ArticleError: the bytes are no text.

    >>> decode("café".encode("cp1252"))
    ('café', 'cp1252')
    """
    bom = next((name for mark, name in _BOMS if raw.startswith(mark)), None)
    candidates = (bom,) if bom else _candidates(raw, declared)
    for candidate in candidates:
        try:
            text = raw.decode(candidate)
        except (UnicodeDecodeError, UnicodeError):
            continue
        # What is not UTF-8 and has control characters is no Windows-1252 either, but a binary file.
        if "\x00" in text or (candidate != "utf-8" and bom is None and _CONTROL.search(text)):
            continue
        if candidate == "cp1252" and declared_encoding(declared) is None:
            return _guessed(raw, text)
        return text, candidate
    if bom is None and (found := _mended(raw, candidates)) is not None:
        return found, "utf-8"
    if bom is None and (guess := _guess(raw)) is not None:
        return raw.decode(guess), guess
    if bom is None:
        raise ArticleError("is a binary file; give plain text, HTML, JSON lines or a WARC")
    raise ArticleError(f"can't be decoded as {bom}; save it as UTF-8")


def _candidates(raw: bytes, declared: str | None) -> tuple[str, ...]:
    match = _DECLARED.search(raw[:DECLARED_WITHIN])
    inside = (match[1] or match[2]).decode("ascii", "replace") if match else None
    told = [declared_encoding(declared), declared_encoding(inside)]
    # a page whose declaration could be read byte by byte is no UTF-16, whatever it says
    known = [name for name in told if name and not name.startswith("utf-16")]
    if any(name in _SINGLE_BYTE for name in known) and _is_utf8(raw):
        known.insert(0, "utf-8")
    return tuple(dict.fromkeys([*known, "utf-8", *_wide(raw), "cp1252"]))


def _is_utf8(raw: bytes) -> bool:
    """Tell UTF-8 with letters beyond ASCII: bytes that mean something else are none by chance."""
    try:
        return not raw.isascii() and len(raw.decode("utf-8")) < len(raw)
    except UnicodeDecodeError:
        return False


def _wide(raw: bytes) -> tuple[str, ...]:
    """Tell UTF-16 without a byte order mark: every other byte of English is nought."""
    sample = raw[:2000]
    if len(sample) < 8:
        return ()
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even == 0:
        return ("utf-16-le",)
    return ("utf-16-be",) if even > 0.7 * half and odd == 0 else ()


def _mended(raw: bytes, candidates: tuple[str, ...]) -> str | None:
    """Decode UTF-8 with a few broken bytes: cut off, or pasted from elsewhere."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sample = text[:200_000]
    wide = len(sample) - len(sample.encode("ascii", "ignore")) - broken
    few = broken <= max(1, MAX_BROKEN * len(text))
    return text if few and wide > broken and "\x00" not in text else None


def _guessed(raw: bytes, text: str) -> tuple[str, str]:
    """Decide whether what can be read as Windows-1252 is; English has few letters beyond ASCII."""
    if _MAC_QUOTES.search(text) and not re.search("[’“”]", text):
        return raw.decode("mac-roman"), "mac-roman"
    letters = sum(map(str.isalpha, text[:20_000]))
    beyond = sum(c > "\x7f" and c.isalpha() for c in text[:20_000])
    if beyond > max(20, 0.12 * letters) and (guess := _guess(raw)) is not None:
        return raw.decode(guess), guess
    if (mended := _mended(raw, ())) is not None:
        return mended, "utf-8"
    return text, "cp1252"


def _guess(raw: bytes) -> str | None:
    """Guess the encoding of what declares none, by the letters that it would give."""
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:20_000]).best()
    name = declared_encoding(best.encoding) if best is not None else None
    if name is None:
        return None
    try:
        text = raw.decode(name)
    except (UnicodeDecodeError, UnicodeError):
        return None
    return None if _CONTROL.search(text) else name
