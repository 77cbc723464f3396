"""Web addresses in metadata, and Creative Commons licences by their short names."""

from __future__ import annotations

import re

__all__ = ["licence_name", "licence_uri", "web_address"]

_BASE = "https://creativecommons.org"
_SHORT = re.compile(
    r"(?:cc|creative[ ]commons)[ ](?P<parts>(?:by|attribution)(?:[ ](?:nc|nd|sa))*)[ ]v?(?P<version>[1-4](?:\.[0-9])?)"
    r"(?:[ ](?P<country>[a-z]{2,4}|international|unported))?"
)
_DEDICATION = re.compile(r"(?:cc[ ]?0|cc[ ]?zero|creative[ ]commons[ ]zero)(?:[ ]v?1\.0)?(?:[ ]universal)?")
_MARK = re.compile(r"(?:cc[ ]pdm|pdm|public[ ]domain[ ]mark)(?:[ ]1\.0)?")
_KINDS = frozenset({"by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"})
_VERSIONS = frozenset({"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"})
_OF_CC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<kind>[a-z-]+)/(?P<version>[0-9]\.[0-9])(?:/(?P<country>[a-z]{2,4}))?|publicdomain/(?P<public>zero|mark)/1\.0)"
    r"(?:/(?:legalcode|deed)?(?:\.[a-z-]{2,8})?)?"
)
_WEB = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9-]+(?::[0-9]{1,5})?"
    r"(?:[/?#](?:[a-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9a-f]{2})*)?",
    re.IGNORECASE,
)
_LONGEST = 2000


def licence_uri(text: str) -> str:
    """The address of a licence: `text` itself if it is an address, or the one for ``CC BY 4.0``. Raises ValueError."""
    words = " ".join(re.sub(r"[\s_-]+", " ", text).lower().split())
    if _DEDICATION.fullmatch(words):
        return f"{_BASE}/publicdomain/zero/1.0/"
    if _MARK.fullmatch(words):
        return f"{_BASE}/publicdomain/mark/1.0/"
    if (match := _SHORT.fullmatch(words)) is None:
        return web_address(text)
    parts = match["parts"].replace("attribution", "by").split()
    kind = "-".join(sorted(set(parts), key=("by", "nc", "nd", "sa").index))
    version = match["version"] if "." in match["version"] else f"{match['version']}.0"
    if kind not in _KINDS or version not in _VERSIONS or len(parts) > len(set(parts)):
        raise ValueError("no Creative Commons licence has that name")
    country = match["country"] or ""
    own = f"{country}/" if country not in ("", "international", "unported") else ""
    return f"{_BASE}/licenses/{kind}/{version}/{own}"


def licence_name(uri: str) -> str:
    """The short name of a Creative Commons licence, by its address; empty for others."""
    match = _OF_CC.fullmatch(uri)
    if match is None:
        return ""
    if match["public"]:
        return "CC0 1.0" if match["public"] == "zero" else "Public Domain Mark 1.0"
    return " ".join(filter(None, ("CC", match["kind"].upper(), match["version"], (match["country"] or "").upper())))


def web_address(text: str) -> str:
    """`text` if it is a web address that is valid in an ``href``. Raises ValueError."""
    address = text.strip()
    if len(address) > _LONGEST or not _WEB.fullmatch(address) or address.count("#") > 1:
        raise ValueError("an address begins with https:// or http://, and holds no spaces or quotation marks")
    return address
