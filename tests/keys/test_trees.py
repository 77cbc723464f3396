"""YAML, TOML and JSON to one tree: values as written, positions, limits, and no traceback for anything."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.keys import yaml_tree
from chapbook.keys.toml_json_tree import parse_json, parse_toml
from chapbook.keys.tree import MAX_DEPTH, MAX_NODES, MappingNode, Node, ScalarNode, SequenceNode
from chapbook.keys.yaml_tree import parse_yaml
from chapbook.model.diagnostics import Diagnostic


def yaml(text: str, first_line: int = 1) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    return parse_yaml(text, code="settings-invalid", first_line=first_line)


def plain(node: Node | None) -> object:
    """The tree without its positions."""
    if isinstance(node, MappingNode):
        return {pair.key.text: plain(pair.value) for pair in node}
    if isinstance(node, SequenceNode):
        return [plain(each) for each in node.items]
    return node.text if node else None


def where(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int | None, int | None]]:
    return [(each.code, each.line, each.column) for each in diagnostics]


def test_yaml_values_stay_as_written() -> None:
    root, faults = yaml("a: 010\nb: no\nc: 1.50\nd: 2024-02-30\ne: 'x'\nf: [1, {g: ~}]\n")
    assert plain(root) == {"a": "010", "b": "no", "c": "1.50", "d": "2024-02-30", "e": "x", "f": ["1", {"g": "~"}]}
    assert faults == ()


def test_yaml_positions_are_of_the_whole_file() -> None:
    root, _ = yaml("a: 1\nlist:\n  - äö\n  - {k: v}\n", first_line=2)
    assert isinstance(root, MappingNode)
    first, second = root.pairs
    assert (first.key.at.line, first.value.at.line, first.value.at.column) == (2, 2, 4)
    assert isinstance(second.value, SequenceNode)
    assert [(each.at.line, each.at.column) for each in second.value.items] == [(4, 5), (5, 5)]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_what_yaml_1_1_takes_for_a_line_end_is_text_and_no_line(separator: str) -> None:
    root, faults = yaml(f"a: x{separator}y\nb: [")
    assert root is None
    assert faults[0].line == 2
    root, faults = yaml(f"a: x{separator}y\nb: z")
    assert plain(root) == {"a": f"x{separator}y", "b": "z"}


def test_characters_that_the_parser_refuses_stay_text() -> None:
    root, faults = yaml("a: x\x07\ud800\ufeff\U000f0000y\n")
    assert plain(root) == {"a": "x\x07\ud800\ufeff\U000f0000y"}
    assert faults == ()


def test_a_doubled_key_names_both_lines() -> None:
    root, faults = yaml("a: 1\nb: {c: 1,\n c: 2}\na: 2\n")
    assert plain(root) == {"a": "1", "b": {"c": "1"}}
    assert where(faults) == [("key-doubled", 3, 2), ("key-doubled", 4, 1)]
    assert "lines 1 and 4" in faults[1].message


def test_merge_keys_give_what_a_mapping_lacks() -> None:
    root, faults = yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: {<<: [*x, {c: 4}]}\n")
    assert plain(root) == {"x": {"a": "1", "b": "2"}, "y": {"b": "3", "a": "1"}, "z": {"a": "1", "b": "2", "c": "4"}}
    assert faults == ()


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: b: c", (1, 5), "colon"),
        ('a: "b', (1, 4), "quotation mark"),
        ("a: @b", (1, 4), "cannot start"),
        ("a: *b*", (1, 6), "'*'"),
        ("a: *b", (1, 4), "'&b'"),
        ("a: &a [*a]", (1, 8), "'*a'"),
        ("a: [1,\nb: 2", (1, 4), "never closes"),
        ("a:\n\t- b", (2, 1), "tab"),
        ('a: "\\q"', (1, 5), "backslash"),
        ("a: 1\nb", (2, 1), "key:"),
        ("? [a]\n: b", (1, 3), "a key is a list"),
        ("a: 1\n---\nb: 2", (3, 1), "second YAML document"),
        ("a: 1\n<<: 2", (2, 5), "merges mappings"),
    ],
)
def test_yaml_faults_are_told_in_plain_words(text: str, place: tuple[int, int], words: str) -> None:
    _, faults = yaml(text)
    assert where(faults) == [("settings-invalid", *place)]
    assert words in faults[0].message
    assert "\n" not in faults[0].message
    assert "libyaml" not in faults[0].message


@pytest.mark.parametrize("text", ["a: 1\n---\n", "---\na: 1\n", "%YAML 1.2\n---\na: 1\n...\n", "a: 1\n--- ~\n"])
def test_one_document_may_have_its_marks(text: str) -> None:
    root, faults = yaml(text)
    assert plain(root) == {"a": "1"}
    assert faults == ()


def test_tags_are_kept_and_make_nothing() -> None:
    root, _ = yaml("a: !!python/object/apply:os.system [x]\nb: !!str 5\nc: !own x")
    assert isinstance(root, MappingNode)
    scalars = [pair.value for pair in root if isinstance(pair.value, ScalarNode)]
    assert [each.tag for each in scalars] == ["tag:yaml.org,2002:str", "!own"]


LAUGHS = "a: &a [" + ",".join("x" * 10) + "]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip


@pytest.mark.parametrize("text", [LAUGHS, "[" * 100_000, "- " * (MAX_DEPTH + 1) + "x", "[" + "x," * MAX_NODES + "]"])
def test_yaml_that_unfolds_without_end_is_refused(text: str) -> None:
    root, faults = yaml(text)
    assert root is None
    assert [each.code for each in faults] == ["too-deep"]


def test_toml_keys_have_their_lines() -> None:
    text = '# c\ntitle = "x"\n"a b" = 1_000\nlist = [\n "x = 1",\n]\nlong = """\nfake = 1\n"""\n'
    text += "m.n = 1.50\n[p]\nfake = 2\n"
    root, faults = parse_toml(text, first_line=2)
    assert faults == ()
    assert root is not None
    places = {pair.key.text: (pair.key.at.line, pair.key.at.column) for pair in root}
    assert places == {"title": (3, 1), "a b": (4, 1), "list": (5, 1), "long": (8, 1), "m": (11, 1), "p": (12, 2)}
    assert plain(root) == {
        "title": "x",
        "a b": "1000",
        "list": ["x = 1"],
        "long": "fake = 1\n",
        "m": {"n": "1.50"},
        "p": {"fake": "2"},
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb =", ("front-matter-invalid", 2, None)),
        ("a = 1\nb = x\n", ("front-matter-invalid", 2, 5)),
        ("a = 1\n b = 2\na = 3\n", ("key-doubled", 3, 1)),
        ("[t]\na = 1\n[u]\na = 1\na = 2", ("key-doubled", 5, 1)),
        ("a = " + "[" * 5000, ("too-deep", 1, 1)),
        ("a." * 20_000 + "b = 1", ("too-deep", 1, 1)),
        ("a = " + "1" * 5000, ("front-matter-invalid", 1, 1)),
        ("a = 1979-13-01", ("value-invalid", 1, None)),
    ],
)
def test_toml_faults(text: str, expected: tuple[str, int, int | None]) -> None:
    root, faults = parse_toml(text)
    assert root is None
    code, line, column = where(faults)[0]
    assert (code, line) == expected[:2]
    assert expected[2] in (None, column)


def test_json_is_read_with_positions() -> None:
    root, end, faults = parse_json('{"a": [true, null, 1.50],\n  "b": "\\ud83d\\ude00", "a": 2}\nrest')
    assert plain(root) == {"a": ["true", "null", "1.50"], "b": "😀"}
    assert end == len('{"a": [true, null, 1.50],\n  "b": "\\ud83d\\ude00", "a": 2}')
    assert where(faults) == [("key-doubled", 2, 24)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,}', ("front-matter-invalid", 1, 9)),
        ('{"a":\n', ("front-matter-unclosed", 1, 1)),
        ('{"a":' * 100_000, ("too-deep", 1, 1)),
        ('{"a":' * 50 + "1" + "}" * 50, ("too-deep", 1, 101)),
    ],
)
def test_json_faults(text: str, expected: tuple[str, int, int]) -> None:
    root, _, faults = parse_json(text)
    assert root is None
    assert where(faults) == [expected]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=4), st.booleans())
def test_json_gives_what_the_decoder_gives(value: dict[str, object], ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    def told(each: object) -> object:
        if isinstance(each, dict):
            return {key: told(inner) for key, inner in each.items()}
        if isinstance(each, list):
            return [told(inner) for inner in each]
        return each if isinstance(each, str) else json.dumps(each)

    root, _, faults = parse_json(json.dumps(value, ensure_ascii=ascii_only, indent=1))
    assert plain(root) == told(value)
    assert faults == ()


@settings(max_examples=200)
@given(st.text(alphabet="ab:-[]{}&*!|>%@#'\"\\,? \t\n=.1+~<\x00\x85\u2028\ud800\ufeff", max_size=60))
def test_no_text_ends_in_a_traceback(text: str) -> None:
    for faults in (yaml(text)[1], parse_toml(text)[1], parse_json(text)[2]):
        for each in faults:
            assert each.message
            assert each.line is None or 1 <= each.line <= text.count("\n") + 2


def test_an_alias_counts_with_the_depth_of_what_it_stands_for() -> None:
    def text(outer: int, inner: int) -> str:
        """A list `inner` levels deep, and its repetition within as many more as to be `outer` levels deep."""
        return f"a: &a {'[' * inner}{']' * inner}\nb: {'[' * (outer - inner)}*a{']' * (outer - inner)}\n"

    assert yaml(text(MAX_DEPTH - 1, 10))[1] == ()
    root, faults = yaml(text(MAX_DEPTH, 10))
    assert root is None
    assert where(faults) == [("too-deep", 2, 4 + MAX_DEPTH - 10)]


def test_a_chain_of_aliases_is_as_deep_as_all_of_them() -> None:
    def text(links: int) -> str:
        return "a0: &a0 x\n" + "".join(f"a{at}: &a{at} [*a{at - 1}]\n" for at in range(1, links + 1))

    assert yaml(text(MAX_DEPTH - 1))[1] == ()
    root, faults = yaml(text(MAX_DEPTH))
    assert root is None
    assert [(each.code, each.line) for each in faults] == [("too-deep", MAX_DEPTH + 1)]
    mapped = text(MAX_DEPTH).replace("[", "{k: ").replace("]", "}")
    assert [(each.code, each.line) for each in yaml(mapped)[1]] == [("too-deep", MAX_DEPTH + 1)]


def test_a_value_of_toml_stands_where_it_is_written() -> None:
    text = "# c\na = 1\n  'b c' =   'x'\nlist = [1,\n  2]\n[part]\nd = 1\n"
    root, faults = parse_toml(text, first_line=3)
    assert faults == ()
    assert root is not None
    places = {pair.key.text: (pair.value.at.line, pair.value.at.column) for pair in root}
    assert places == {"a": (4, 5), "b c": (5, 13), "list": (6, 8), "part": (8, 2)}
    assert isinstance(root.pairs[2].value, SequenceNode)
    assert [each.at for each in root.pairs[2].value.items] == [root.pairs[2].value.at] * 2


def _nested(opening: str, closing: str, levels: int) -> str:
    return opening * levels + "1" + closing * levels


def test_each_kind_of_front_matter_takes_as_many_levels() -> None:
    """The mapping that holds them is the first level."""
    deepest = MAX_DEPTH - 1
    for levels, deep in ((deepest, False), (deepest + 1, True)):
        value = _nested("[", "]", levels)
        codes = ["too-deep"] if deep else []
        assert [each.code for each in yaml(f"a: {value}\n")[1]] == codes
        assert [each.code for each in parse_toml(f"a = {value}\n")[1]] == codes
        assert [each.code for each in parse_json(f'{{"a": {value}}}')[2]] == codes


def test_each_kind_of_front_matter_takes_as_many_values() -> None:
    for count, many in ((MAX_NODES - 3, False), (MAX_NODES + 1, True)):
        value = f"[{','.join('1' * count)}]"
        codes = ["too-deep"] if many else []
        assert [each.code for each in yaml(f"a: {value}\n")[1]] == codes
        assert [each.code for each in parse_toml(f"a = {value}\n")[1]] == codes
        assert [each.code for each in parse_json(f'{{"a": {value}}}')[2]] == codes


def test_an_alias_counts_with_all_the_values_that_it_stands_for() -> None:
    text = f"a: &a [{','.join('1' * 999)}]\nb: [*a, *a, *a, *a, *a, *a, *a, *a]\n"
    assert yaml(text)[1] == ()
    root, faults = yaml(text.replace("*a]", "*a, *a]"))
    assert root is None
    assert where(faults) == [("too-deep", 2, 37)]


_WORDS = st.lists(
    st.sampled_from(
        [
            *"aZ09 .,:#\"'-[]{}&*!|>%@`?\\~=_\t\u00e9\u2013\u00a0\u2028",
            ": ",
            " #",
            "'y'",
            '"x"',
            "null",
            "...",
            "\\n",
            "  ",
        ]
    ),
    max_size=6,
).map("".join)
_KEYS = st.sampled_from(["title", "a-b", "_x", "Weight", "b", "<<", "1", "é", "title "])
_LINES = st.builds(
    "{}:{}{}{}".format,
    _KEYS,
    st.sampled_from([" ", "  ", "", "\t"]),
    st.sampled_from(["a", "0", '"', "'", "-", ""]),
    _WORDS,
)


@given(st.lists(_LINES, max_size=4).map("\n".join), st.sampled_from(["", "\n", "\n\n"]))
def test_plain_lines_are_read_as_the_parser_reads_them(text: str, end: str) -> None:
    found = yaml_tree._plain_mapping(text + end, 2)
    if found is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_tree, "_plain_mapping", lambda *_: None)
            assert parse_yaml(text + end, code="yaml-invalid", first_line=2) == (found, ())


def test_most_front_matter_is_read_without_the_parser() -> None:
    text = 'title: The harbour\'s year\nweight: 10\ndate: 2025-01-04\nc: steelblue\ndescription: "Who came: and why"\n'
    assert plain(yaml_tree._plain_mapping(text, 2)) == {
        "title": "The harbour's year",
        "weight": "10",
        "date": "2025-01-04",
        "c": "steelblue",
        "description": "Who came: and why",
    }
