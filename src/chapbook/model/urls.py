"""What the target of a link or picture means: a path in the content folder, a name in the book, or an address.

The URL Standard (url.spec.whatwg.org) says how to read a target; RFC 3986 which characters it may contain.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

__all__ = [
    "ANYWHERE",
    "BY_NAME",
    "as_read",
    "clean",
    "encoded_address",
    "encoded_fragment",
    "local_path",
    "path_and_fragment",
    "relative",
    "resolve",
    "scheme_of",
]

ANYWHERE = "place:"
"""The prefix of a reference's target that means an id in any chapter."""
BY_NAME = "ref:"
"""The prefix of a link's target that means a file by name: Hugo's ``ref``, a wikilink."""
_DROPPED = re.compile(r"[\t\n\r]")
_ENDS = "".join(map(chr, range(33)))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HIERARCHY = re.compile(r"(https?):/{2,}([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?", re.DOTALL)
_HOST = re.compile(r"(?:[\w~-]+\.)*[\w~-]+\.?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_ILLEGAL_IN_FRAGMENT = re.compile(r"[\x00-\x20\"#%<>\[\\\]^`{|}\x7f]")


def clean(written: str) -> str:
    """`written` without the white space that browsers ignore: around it, and line breaks and tabs inside."""
    return _DROPPED.sub("", written).strip(_ENDS)


def as_read(written: str) -> str:
    """A target for messages: decoded, because dialects encode what an author may have written as letters."""
    written = written.removeprefix(BY_NAME).removeprefix(ANYWHERE)
    text = unquote(written)
    return text if text.isprintable() and "\ufffd" not in text else written


def scheme_of(target: str) -> str:
    """The scheme of a clean target in lower case; ``//`` for a host without scheme, empty for a path."""
    if target.startswith(("//", "\\\\")):
        return "//"
    match = _SCHEME.match(target)
    return match[1].lower() if match else ""


_IN_REPOSITORY = re.compile(r"(?:/-)?/(?:blob|raw|edit|tree|blame|src/branch)/[^/]+/(.*)")


def local_path(target: str, addresses: Iterable[str], root: str) -> str:
    """The path in the content folder for a web address under one of a project's `addresses`; otherwise empty.

    A site's pages are below `root`; files of a repository have the same path in the content folder.
    """
    for address in addresses:
        base = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE).rstrip("/").removesuffix(".git")
        rest = re.sub(r"^https?://(?:www\.)?", "", target, flags=re.IGNORECASE)
        raw = base.replace("github.com/", "raw.githubusercontent.com/", 1)
        if raw != base and rest.startswith(f"{raw}/"):
            return rest[len(raw) + 1 :].partition("/")[2]
        if "." not in base.partition("/")[0] or not (rest == base or rest.startswith((f"{base}/", f"{base}#"))):
            continue
        within = rest[len(base) :]
        found = _IN_REPOSITORY.match(within)
        if found:
            return found[1]
        if _REPOSITORY.match(base):
            return ""
        return f"{root}/{within.lstrip('/')}" if root else within.lstrip("/") or "."
    return ""


_REPOSITORY = re.compile(r"(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|gitee\.com)/")


def path_and_fragment(target: str) -> tuple[str, str]:
    """The decoded path and fragment of a clean target without scheme; its query is dropped."""
    path, _, fragment = target.partition("#")
    return unquote(path.partition("?")[0]).replace("\\", "/"), unquote(fragment)


def resolve(path: str, folder: str, root: str = "") -> str:
    """`path` as seen from `folder`, or from `root` if it begins with a slash, without ``.`` and ``..``.

    The result has no slash at either end. If it leaves the content folder, it begins with ``..``.
    """
    parts: list[str] = []
    start = root if path.startswith("/") else folder
    for part in (f"{start}/{path}" if start else path).split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def relative(name: str, document: str) -> str:
    """The reference from `document` to the resource `name`, both relative to the publication's root."""
    here, there = document.split("/")[:-1], name.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:])


def encoded_fragment(fragment: str) -> str:
    """A decoded fragment in the form for a reference: percent-encoded where needed.

    Non-ASCII letters stay as in the id, because not all reading systems decode them.
    """
    return _ILLEGAL_IN_FRAGMENT.sub(lambda match: f"%{ord(match[0]):02X}", fragment)


def encoded_address(target: str) -> str | None:
    """An ``http``, ``https``, ``mailto`` or ``tel`` target as a valid URL, or ``None`` if it isn't one."""
    scheme, _, rest = target.partition(":")
    if scheme.lower() in {"mailto", "tel"}:
        rest = rest.replace(" ", "") if scheme.lower() == "tel" else rest
        return f"{scheme.lower()}:{_encoded(rest, _PATH_SAFE + '?')}" if rest.strip("/?") else None
    match = _HIERARCHY.fullmatch(target)
    authority = _encoded_authority(match[2]) if match else None
    if match is None or authority is None:
        return None
    path = _encoded(match[3].replace("\\", "/"), _PATH_SAFE)
    query = "?" + _encoded(match[4][1:], _PATH_SAFE + "?") if match[4] else ""
    fragment = "#" + _encoded(match[5][1:], _PATH_SAFE + "?") if match[5] else ""
    return f"{match[1].lower()}://{authority}{path}{query}{fragment}"


def _encoded(text: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=safe, errors="replace")


def _encoded_authority(written: str) -> str | None:
    match = _AUTHORITY.fullmatch(written)
    if match is None or (match[3] and int(match[3]) > 65_535):  # noqa: PLR2004 - the highest port
        return None
    host = _encoded_host(match[2])
    if host is None:
        return None
    user = _encoded(match[1], "!$&'()*+,;=:-._~%") + "@" if match[1] else ""
    return user + host + (f":{match[3]}" if match[3] else "")


def _encoded_host(host: str) -> str | None:
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1])}]"
        except ValueError:
            return None
    host = unquote(host)
    if not _HOST.fullmatch(host):
        return None
    if host.isascii() and "xn--" not in host.lower():
        return host if ".." not in host else None
    try:
        ascii_form = host.encode("idna")
        ascii_form.decode("idna")
    except UnicodeError:
        return None
    return ascii_form.decode("ascii")
