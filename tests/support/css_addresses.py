"""The addresses in CSS, found by a tokenizer of the tests' own (CSS Syntax 3, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["css_addresses"]

_ESCAPE = r"\\(?:[0-9a-f]{1,6}[ \t\n]?|[^0-9a-f\n])"
_NAME = rf"(?:--|-?(?:[a-z_]|[^\x00-\x7f]|{_ESCAPE}))(?:[\w-]|[^\x00-\x7f]|{_ESCAPE})*"
_TOKEN = re.compile(
    rf"""/\*.*?(?:\*/|\Z)
    | (?P<string>"(?:[^"\\\n]|\\\n|{_ESCAPE}|\\\Z)*"? | '(?:[^'\\\n]|\\\n|{_ESCAPE}|\\\Z)*'?)
    | [+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:%|{_NAME})?
    | (?P<name>[@\#]?{_NAME})(?P<function>\()?
    | [ \t\n]+
    | (?P<other>.)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_URL = re.compile(rf"[ \t\n]*(?![\"' \t\n])(?P<url>(?:[^)\\]|{_ESCAPE}|\\(?=\n|\Z))*)\)?", re.IGNORECASE)
_ONE_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n]?|(\n)|(.)|\Z)", re.IGNORECASE)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OF_WORDS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "attr counter counters dir env format has host is lang layer local not nth-child nth-last-child scope selector "
        "string style supports symbols target-counter target-text tech type var where"
    ).split()
) | {""}
"""Functions whose strings are words, names of fonts or values to compare with. An address elsewhere in any other
function, which a browser of tomorrow may know, counts as one that is loaded."""
_ABSOLUTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_ELSEWHERE = frozenset({"var", "attr", "env"})
"""Functions whose value stands elsewhere: what loads it can't be seen to load nothing."""
_LOADING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"})


def css_addresses(css: str) -> Iterator[str]:
    """Every address in a style sheet, declarations or a value: what ``url()`` and its like hold, and imports.

    The names of namespaces (``@namespace``) are none. What runs or loads what stands elsewhere is given by its name,
    followed by a bracket: ``expression(``.
    """
    css = css.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\0", "\ufffd")
    reading = _Reading(css)
    while reading.at < len(css):
        token = _TOKEN.match(css, reading.at)
        assert token is not None
        reading.at = token.end()
        if token["string"] is not None:
            yield from reading.string(token["string"])
        elif token["name"] is not None:
            yield from reading.name(_plain(token["name"]).lower(), opens=bool(token["function"]))
        elif token["other"] is not None:
            reading.sign(token["other"])


class _Reading:
    """Where the tokenizer is, and in which brackets."""

    def __init__(self, css: str) -> None:
        self.at = 0
        self._css = css
        self._opened: list[tuple[str, str]] = []
        """Of each bracket, the name of its function and what closes it."""
        self._at_rule = ""

    def string(self, written: str) -> Iterator[str]:
        text = _plain(written[1:].removesuffix(written[0]))
        function = next((name for name, _ in reversed(self._opened) if name), "")
        if self._at_rule == "import" or function in _LOADING or (function not in _OF_WORDS and _ABSOLUTE.match(text)):
            yield text

    def name(self, name: str, *, opens: bool) -> Iterator[str]:
        if name.startswith("@"):
            self._at_rule = name[1:]
            if name in {"@import", "@charset"}:
                yield f"{name}("
        elif name.startswith("#") and opens:  # a colour or an id, and a bracket beside it
            self._opened.append(("", ")"))
        elif not opens:
            if name in {"url", "src"} and any(each == "attr" for each, _ in self._opened):
                yield f"{name}("
        elif name == "url" and (url := _URL.match(self._css, self.at)) is not None:
            self.at = url.end()
            if self._at_rule != "namespace":
                yield _plain(url["url"]).strip()
        else:
            if name == "expression" or (name in _ELSEWHERE and any(each in _LOADING for each, _ in self._opened)):
                yield f"{name}("
            self._opened.append(("local" if self._at_rule == "namespace" else name, ")"))

    def sign(self, sign: str) -> None:
        if sign in _CLOSING:
            self._opened.append(("", _CLOSING[sign]))
        elif self._opened and sign == self._opened[-1][1]:
            self._opened.pop()
        if sign in ";{}":
            self._at_rule = ""


def _plain(text: str) -> str:
    """`text` with its escapes read."""

    def read(escape: re.Match[str]) -> str:
        if escape[1]:
            code = int(escape[1], 16)
            return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return escape[3] or ""

    return _ONE_ESCAPE.sub(read, text)
