"""Turns an SVG picture into valid SVG 1.1 that looks the same; EPUBCheck reports invalid ids and attributes.

Drawing programs write ids such as ``1. Shape``, often twice, and attributes of their own or of SVG 2.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from chapbook.assets.svg_terms import ATTRIBUTES, GLOBAL, LINKING, PROPERTIES, REQUIRED, STYLED, VALUES

__all__ = ["make_valid"]

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_OPS = "{http://www.idpf.org/2007/ops}"
_START = (
    r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
)
_NAME = rf"[{_START}][{_START}\-.0-9\xb7\u0300-\u036f\u203f\u2040]*"
_NOT_IN_NAME = rf"[^{_START}\-.0-9]+"
"""Compiled when a picture has ids, since that takes 5 ms."""
_URL = re.compile(r"""url\(\s*(["']?)#([^"'()]*)\1\s*\)""")
_LABELS = ("aria-labelledby", "aria-describedby", "aria-details", "aria-controls", "aria-owns", "aria-flowto")
_FOCUSABLE = frozenset({"true", "false"})


def make_valid(root: etree._Element) -> bool:
    """Repairs the ids and attributes of `root` and its descendants. Returns whether anything changed."""
    changed = _mend_ids(root)
    for element in root.iter(f"{_SVG}*"):
        name = str(element.tag)[len(_SVG) :]
        if element.attrib:
            changed = _mend_attributes(element, name) or changed
        if name in REQUIRED:
            changed = _complete(element, name) or changed
        elif name == "font":
            changed = _complete_font(element) or changed
        elif name == "a" and not _is_named(element):
            # Links inside a picture can't be followed, and EPUBCheck reports those that have no text.
            element.tag = f"{_SVG}{'tspan' if _is_in_words(element) else 'g'}"
            _mend_attributes(element, str(element.tag)[len(_SVG) :])
            changed = True
    return changed


def _complete(element: etree._Element, name: str) -> bool:
    """Adds the attributes that SVG 1.1 requires of a shape; nothing is drawn without them, and CSS overrides them."""
    missing = {attribute: value for attribute, value in REQUIRED[name].items() if attribute not in element.attrib}
    if name == "ellipse" and len(missing) == 1:
        missing = {attribute: element.get("ry" if attribute == "rx" else "rx", "0") for attribute in missing}
    element.attrib.update(missing)
    return bool(missing)


def _complete_font(font: etree._Element) -> bool:
    """Adds the glyph for missing characters, which SVG 1.1, section 20.5, requires after a font's description."""
    face = font.find(f"{_SVG}font-face")
    if face is None or font.find(f"{_SVG}missing-glyph") is not None:
        return False
    face.addnext(etree.Element(f"{_SVG}missing-glyph"))
    return True


def _is_named(link: etree._Element) -> bool:
    return bool(link.get("aria-label", "").strip()) or any(
        "".join(map(str, each.itertext())).strip() for each in link.iterchildren(f"{_SVG}title", f"{_SVG}text")
    )


def _is_in_words(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{_SVG}text"), None) is not None


def _mend_ids(root: etree._Element) -> bool:
    """Renames invalid ids that something refers to; removes other invalid ids and duplicates (XML 1.0, 3.3.1)."""
    holders = [element for element in root.iter(etree.Element) if "id" in element.attrib]
    taken = {element.get("id", "") for element in holders if re.fullmatch(_NAME, element.get("id", ""))}
    seen: set[str] = set()
    renamed: dict[str, str] = {}
    counts: Counter[str] = Counter()
    changed = False
    for element in holders:
        id_ = element.get("id", "")
        if id_ not in seen and id_ in taken:
            seen.add(id_)
            continue
        changed = True
        del element.attrib["id"]
        if id_ not in seen and id_.strip():
            seen.add(id_)
            renamed[id_] = _free_name(id_, taken, counts)
            element.set("id", renamed[id_])
    if renamed:
        unused = frozenset(renamed.values()) - _refer_anew(root, renamed)
        for element in holders:
            if element.get("id") in unused:
                del element.attrib["id"]
    return changed


def _free_name(id_: str, taken: set[str], counts: Counter[str]) -> str:
    base = "i-" + (re.sub(_NOT_IN_NAME, "-", id_).strip("-.") or "x")
    name = base
    while name in taken:
        counts[base] += 1
        name = f"{base}-{counts[base] + 1}"
    taken.add(name)
    return name


def _refer_anew(root: etree._Element, renamed: dict[str, str]) -> set[str]:
    """Updates references to renamed ids. Returns the new names that are referred to."""
    used: set[str] = set()

    def new(match: re.Match[str]) -> str:
        name = renamed.get(match[2])
        if name is None:
            return match[0]
        used.add(name)
        return f"url(#{name})"

    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if attribute in {"href", _XLINK_HREF} and value.strip().startswith("#"):
                made = "#" + renamed.get(value.strip()[1:], value.strip()[1:])
                used.add(made[1:])
            elif attribute in _LABELS:
                made = " ".join(renamed.get(word, word) for word in value.split())
                used.update(made.split())
            else:
                made = _URL.sub(new, value) if "url(" in value else value
            if made != value:
                element.set(attribute, made)
        if element.text and "url(" in element.text and str(element.tag).endswith("}style"):
            element.text = _URL.sub(new, element.text)
    return used


def _mend_attributes(element: etree._Element, name: str) -> bool:
    if name not in ATTRIBUTES:
        return False
    wrong = [each for each, value in element.attrib.items() if not _is_valid(name, each, value)]
    declarations = []
    for attribute in wrong:
        value = element.attrib.pop(attribute)
        if attribute in PROPERTIES and name in STYLED and not re.search(r"[;{}\\]", value):
            declarations.append(f"{attribute}:{value.strip()}")
    if declarations:
        own = element.get("style", "").strip().rstrip(";")
        element.set("style", ";".join([*declarations, own] if own else declarations))
    return bool(wrong)


def _is_valid(name: str, attribute: str, value: str) -> bool:
    if attribute.startswith("{"):
        return not attribute.startswith(_OPS)
    if attribute == "focusable":
        return value in _FOCUSABLE
    if attribute in GLOBAL or attribute.startswith("aria-"):
        return True
    if attribute == "href":
        return name in LINKING
    return attribute in ATTRIBUTES[name] and (attribute not in VALUES or value.strip() in VALUES[attribute])
