"""What a build renders with is a value: each hook is shown by a small construct of its own."""

from __future__ import annotations

import pickle
from importlib import import_module
from pathlib import Path

import pytest
from lxml import etree
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from msgspec.structs import replace
from PIL import Image

from chapbook.building.build import build_publication
from chapbook.building.inputs import BookValues, BuildOptions, GivenFiles
from chapbook.building.spool import Spool
from chapbook.cache import Cache
from chapbook.covers.cover import CoverBrief, draw_cover
from chapbook.markup.page import Page, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.hooks import HOOKS, Construct, Hooks, load
from chapbook.model.metadata import Metadata
from chapbook.model.settings import Settings
from chapbook.rendering.document import render_chapter
from chapbook.source.hugo import Expansion, Shortcode
from chapbook.source.positions import SourceText
from chapbook.source.shortcode_syntax import Tag
from chapbook.source.shortcodes import SHORTCODES

HERE = __name__


def with_construct(construct: Construct) -> Hooks:
    return replace(HOOKS, constructs=(*HOOKS.constructs, construct))


def rendered(text: str, hooks: Hooks, dialect: str = "markdown") -> tuple[str, tuple[Diagnostic, ...]]:
    settings = RenderSettings(dialect=dialect)
    chapter = Chapter(title="T", text=text, path="a.md", first_line=4)
    document = render_chapter(chapter, name="text/a.xhtml", settings=settings, hooks=hooks)
    return document.data.decode(), document.diagnostics


def include(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    said = source.fault("shortcode-unknown", "included", hint="no")
    return source.text.replace("@@include", "**included words**"), (said,)


def test_a_construct_of_the_text_works_where_its_sign_stands() -> None:
    hooks = with_construct(Construct(place="text", code=f"{HERE}:include", signs=("@@",)))
    html, said = rendered("Some @@include here", hooks)
    assert "Some <strong>included words</strong> here" in html
    assert [(each.message, each.path) for each in said] == [("included", "a.md")]
    assert rendered("Nothing to include", hooks)[1] == ()


def test_a_construct_works_in_the_dialects_that_need_it() -> None:
    hooks = with_construct(Construct(place="text", code=f"{HERE}:include", dialects=("commonmark",)))
    assert "included words" in rendered("@@include", hooks, "commonmark")[0]
    assert "included words" not in rendered("@@include", hooks)[0]


def test_places_are_told_in_the_text_before_what_only_helps_the_dialect() -> None:
    text = "Words <!-- a long comment --> [gone](javascript:x)"
    (said,) = rendered(text, HOOKS)[1]
    assert (said.line, said.column) == (4, text.index("[") + 1)


class Marks(Extension):
    """``==words==``."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.inlinePatterns.register(SimpleTagInlineProcessor("(==)(.+?)==", "mark"), "marks", 60)


def test_a_construct_of_the_dialect() -> None:
    hooks = with_construct(Construct(place="dialect", code=f"{HERE}:Marks", dialects=("markdown",)))
    assert "<mark>words</mark>" in rendered("some ==words== here", hooks)[0]
    assert "==words==" in rendered("some ==words== here", HOOKS)[0]


def sign(page: Page) -> None:
    etree.SubElement(page.body, "p").text = "The end."


def test_a_pass() -> None:
    hooks = with_construct(Construct(place="tree", code=f"{HERE}:sign"))
    assert rendered("words", hooks)[0].index("words</p>") < rendered("words", hooks)[0].index("<p>The end.</p>")


def shout(tag: Tag, closing: Tag | None, _expansion: Expansion) -> tuple[str, str] | None:
    return (f"**{tag.value('word', 0).upper()}", "!**") if closing else None


WITH_SHOUT: dict[str, Shortcode] = {**SHORTCODES, "shout": shout}


def test_a_shortcode() -> None:
    hooks = replace(HOOKS, shortcodes=f"{HERE}:WITH_SHOUT")
    html, said = rendered('{{< shout "hear" >}} ye{{< /shout >}} and `{{< shout "x" >}}`', hooks)
    assert "<strong>HEAR ye!</strong> and <code>{{&lt; shout" in html
    assert said == ()
    assert [each.code for each in rendered('{{< shout "hear" >}}', hooks)[1]] == ["shortcode-unknown"]


def plain(text: str, _extensions: object, _syntax: object) -> str:
    return f"<pre>{text}</pre>"


def test_a_dialect() -> None:
    hooks = replace(HOOKS, dialects={**HOOKS.dialects, "plain": f"{HERE}:plain"})
    assert "*no* marks</pre>" in rendered("*no* marks", hooks, "plain")[0]


def black(_brief: CoverBrief) -> Image.Image:
    return Image.new("RGB", (40, 64))


def test_a_cover() -> None:
    hooks = replace(HOOKS, covers={**HOOKS.covers, "classic": f"{HERE}:black"})
    metadata = Metadata(title="T", language="en")
    assert (draw_cover(metadata, theme="classic", hooks=hooks).width) == 40


def book(hooks: Hooks) -> BookValues:
    return BookValues(
        metadata=Metadata(title="T", language="en"),
        settings=Settings(),
        items=(Chapter(title="A", text="words"),),
        files=GivenFiles({}),
        hooks=hooks,
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_is_given_them_and_keeps_no_document_of_unknown_code(tmp_path: Path, jobs: int) -> None:
    hooks = with_construct(Construct(place="tree", code=f"{HERE}:sign"))
    options = BuildOptions(cache=Cache(tmp_path), jobs=jobs, fork=jobs > 1)
    with Spool() as spool:
        for given, is_signed in ((hooks, True), (HOOKS, False), (hooks, True)):
            publication = build_publication(book(given), options, spool).publication
            assert publication is not None
            (data,) = (each.data for each in publication.resources if each.name.startswith("text/"))
            assert isinstance(data, Deflated)
            assert (b"The end." in data.content()) == is_signed


def test_everything_is_where_it_is_named_and_can_be_sent() -> None:
    assert pickle.loads(pickle.dumps(HOOKS)) == HOOKS
    codes = [each.code for each in HOOKS.constructs] + [*HOOKS.dialects.values(), HOOKS.shortcodes]
    codes += [*HOOKS.covers.values(), HOOKS.plain_cover]
    assert all(load(code).__name__ in str(code) for code in codes if code != HOOKS.shortcodes)
    assert HOOKS.is_own()
    assert not with_construct(Construct(place="tree", code="elsewhere:sign")).is_own()
    helping = [each.for_dialect for each in HOOKS.at("text", "markdown")]
    assert helping == sorted(helping), "what only helps the dialect comes last"
    assert import_module("chapbook.source.hugo").load is load
