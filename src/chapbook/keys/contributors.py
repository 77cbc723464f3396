"""Who made the book: names, roles and sorting names (EPUB 3.3, section 5.5.3.2.5)."""

from __future__ import annotations

from chapbook.keys.keys import Key, read_nested
from chapbook.keys.relators import likely_relator, relator_code
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.keys.values import is_empty, text, written, wrong_type
from chapbook.model.metadata import Contributor

__all__ = ["CONTRIBUTOR_KEYS", "CREDITS", "PASSING_KEYS", "contributors", "credited", "names"]

_TAKES = "a name, {name, role, file_as}, or a list of them"


def _role(node: Node, name: str, found: Findings) -> str | None:
    role = written(node, name, "a role", found)
    code = relator_code(role) if role else None
    if role and code is None:
        meant = likely_relator(role)
        hint = f"write '{meant}'" if meant else "use a MARC relator or its name: author, editor, translator, ill"
        found.add("role-unknown", f"unknown role {described(node)}", node.at, hint)
    return code


CONTRIBUTOR_KEYS = (
    Key("name", text, "text", "The name as readers see it."),
    Key(
        "role",
        _role,
        "a MARC relator code or its English word",
        "The person's role, such as aut, editor or translator.",
    ),
    Key("file_as", text, "text", "The name for sorting, such as Austen, Jane.", also=("file-as",)),
)


_OWN_KEYS = frozenset(name for key in CONTRIBUTOR_KEYS for name in (key.name, *key.also))
PASSING_KEYS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "affiliation avatar bio company description email github homepage id image job link linkedin location "
        "mastodon orcid organisation organization photo picture position site slug social title twitter uri url "
        "username web website"
    ).split()
)
"""Keys that site generators use for authors and books don't show."""


def contributors(node: Node, name: str, found: Findings, *, role: str = "aut") -> tuple[Contributor, ...] | None:
    """One or several people or organisations, in order; those without a role get `role`."""
    if not isinstance(node, SequenceNode):
        one = _contributor(node, name, found, role)
        return (one,) if one else None
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(node.items))
    each = (_contributor(item, f"{name}[{index}]", found, role) for index, item in enumerate(node.items))
    return tuple(one for one in each if one)


CREDITS = "{role: names}, or a list of {name, role, file_as}"


def credited(node: Node, name: str, found: Findings) -> tuple[Contributor, ...] | None:
    """Contributors by role: ``{translator: Ann, illustrator: [Bo, Cy]}``, or a list in the form of `contributors`."""
    people: list[Contributor] = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        if not isinstance(item, MappingNode) or _OWN_KEYS.intersection(pair.key.text.lower() for pair in item):
            people += contributors(item, name, found, role="ctb") or ()
            continue
        for pair in item:
            role = _role(pair.key, name, found)
            people += (contributors(pair.value, f"{name}.{pair.key.text}", found, role=role) or ()) if role else ()
    return tuple(people) or None


def names(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """The names of a chapter's authors."""
    people = contributors(node, name, found)
    return None if people is None else tuple(each.name for each in people)


def _contributor(node: Node, name: str, found: Findings, role: str) -> Contributor | None:
    if isinstance(node, ScalarNode):
        words = text(node, name, found)
        return Contributor(name=words, role=role) if words else None
    if not isinstance(node, MappingNode):
        wrong_type(node, name, _TAKES, found)
        return None
    values = read_nested(node, name, CONTRIBUTOR_KEYS, found, takes=_TAKES, passing=PASSING_KEYS) or {}
    if not values.get("name"):
        if not any(pair.key.text.lower() == "name" and not is_empty(pair.value) for pair in node):
            found.add("value-invalid", f"'{name}' has no name", node.at, "write {name: …, role: …}")
        return None
    return Contributor(**{"role": role, **values})  # type: ignore[arg-type]  # the table's fields are the class's
