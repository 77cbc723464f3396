from __future__ import annotations

import pytest
from lxml import etree

from chapbook.markup.page import ImageUse, Known, Page
from chapbook.model.settings import DialectName
from chapbook.passes.figures import place_images
from support.pages import DIALECTS, codes, inner, page_of, read


def placed(markup: str, *, known: Known | None = None, path: str = "one/arrival.md", text: str = "") -> Page:
    page = page_of(markup, known=known, path=path, text=text)
    place_images(page)
    return page


def only(page: Page) -> ImageUse:
    (use,) = page.images
    return use


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_picture_refers_to_its_file_in_the_publication(dialect: DialectName) -> None:
    page = read("Text ![What it shows](pics/a.png) here.\n", dialect)
    place_images(page)
    picture = page.body.find(".//img")
    assert picture is not None
    assert dict(picture.attrib) == {"src": "../../images/one/pics/a.png", "alt": "What it shows"}
    assert page.diagnostics == []
    assert only(page) == ImageUse(
        written="pics/a.png",
        candidates=(
            "one/pics/a.png",
            "pics/a.png",
            "static/one/pics/a.png",
            "static/pics/a.png",
            "assets/one/pics/a.png",
            "assets/pics/a.png",
            "one/arrival/pics/a.png",
        ),
    )


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("a.png", "one/a.png"),
        ("./a.png", "one/a.png"),
        ("../two/a.png", "two/a.png"),
        ("..\\two\\a.png", "two/a.png"),
        ("/images/a.png", "images/a.png"),
        ("a%20b.png", "one/a b.png"),
        ("a b.png?raw=true#x", "one/a b.png"),
        ("é.png", "one/é.png"),
        ("%C3%A9.png", "one/é.png"),
        ("a%23b.png", "one/a#b.png"),
        (" \n a.png ", "one/a.png"),
    ],
)
def test_paths_are_read_as_a_browser_reads_them(written: str, first: str) -> None:
    page = page_of('<p><img alt="x"/></p>')
    page.body[0][0].set("src", written)
    place_images(page)
    assert only(page).candidates[0] == first
    assert only(page).written == written


def test_a_path_from_the_root_is_looked_up_under_static_too() -> None:
    page = placed('<p><img src="/images/a.png" alt="x"/></p>')
    assert only(page).candidates == ("images/a.png", "static/images/a.png", "assets/images/a.png")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a.png", "images/a.png"),
        ("a.gif", "images/a.gif"),
        ("a.svg", "images/a.svg"),
        ("a.jpg", "images/a.jpg"),
        ("a.webp", ".jpg"),
        ("a.JPEG", ".jpg"),
        ("a.tiff", ".jpg"),
        ("a", ".jpg"),
    ],
)
def test_the_name_says_the_format_that_ships(written: str, name: str) -> None:
    page = placed(f'<p><img src="{written}" alt="x"/></p>', path="a.md")
    source = page.body[0][0].get("src", "")
    assert source.startswith("../../images/a")
    assert source.endswith(name)


def test_a_known_name_goes_before_the_rule() -> None:
    known = Known(images={"static/one/a.webp": "images/real.png"})
    page = placed('<p><img src="a.webp" alt="x"/></p>', known=known)
    assert page.body[0][0].get("src") == "../../images/real.png"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("https://example.com/a.png", "resource-remote"),
        ("//example.com/a.png", "resource-remote"),
        ("HTTP://example.com/a.png", "resource-remote"),
        ("ftp://example.com/a.png", "resource-remote"),
        ("../../../etc/passwd", "image-outside"),
        ("%2e%2e/%2e%2e/%2e%2e/a.png", "image-outside"),
        ("file:///etc/passwd", "image-outside"),
        ("C:\\a.png", "image-outside"),
        ("data:image/png;base64,A", "image-damaged"),
        ("", "image-missing"),
        ("#a", "image-missing"),
        ("pics/", "image-missing"),
    ],
)
def test_what_does_not_ship_is_warned_of_and_its_words_stay(written: str, code: str) -> None:
    page = placed(f'<p>A <img src="{written}" alt="What it shows"/> b</p>')
    assert [each.code for each in page.diagnostics] == [code]
    assert inner(page) == '<p>A <span class="image-missing">What it shows</span> b</p>'
    assert page.images == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_warning_says_where_the_picture_stands(dialect: DialectName) -> None:
    text = "One.\n\nTwo ![](a.png) and\n![x](http://h/a.png).\n\n![](a.png)\n"
    page = read(text, dialect)
    place_images(page)
    assert codes(page) == [("image-no-alt", 3, 5), ("resource-remote", 4, 1), ("image-no-alt", 6, 1)]


def test_a_picture_known_to_be_missing_is_reported_at_each_use() -> None:
    known = Known(missing_images={"a.png": ("image-missing", "picture not found: 'a.png'", "put it there")})
    page = read("![x](a.png)\n\n![y](a.png)\n\n![z](b.png)\n", "commonmark", known=known)
    place_images(page)
    assert codes(page) == [("image-missing", 1, 1), ("image-missing", 3, 1)]
    assert [each.written for each in page.images] == ["b.png"]
    assert page.diagnostics[0].hint == "put it there"


def test_a_picture_without_words_that_does_not_ship_leaves_nothing() -> None:
    assert inner(placed('<p><img src="http://h/a.png"/></p><p>A<img src="http://h/b.png"/>b</p>')) == "<p>Ab</p>"


def test_the_title_of_a_picture_that_does_not_ship_stays() -> None:
    alone = placed('<p><img src="http://h/a.png" alt="A" title="Caption"/></p>')
    assert inner(alone) == ('<figure><span class="image-missing">A</span><figcaption>Caption</figcaption></figure>')
    within = placed('<p>x <img src="http://h/a.png" title="Caption"/></p>')
    assert inner(within) == '<p>x <span class="image-missing">Caption</span></p>'


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_picture_alone_with_a_title_is_a_figure(dialect: DialectName) -> None:
    page = read('![Alt](a.png "The <caption>")\n', dialect)
    place_images(page)
    figure = page.body.find("figure")
    assert figure is not None
    assert [each.tag for each in figure] == ["img", "figcaption"]
    assert figure[1].text == "The <caption>"
    assert "title" not in figure[0].attrib


def test_a_linked_picture_alone_is_a_figure_too() -> None:
    page = placed('<p>\n<a href="x"><img src="a.png" alt="A" title="T"/></a>\n</p>')
    assert inner(page) == (
        '<figure><a href="x"><img src="../../images/one/a.png" alt="A"/></a><figcaption>T</figcaption></figure>'
    )


def test_a_picture_alone_without_a_title_stays_in_its_paragraph() -> None:
    page = placed('<p class="x"><img src="a.png" alt="A"/></p><p><img src="a.png" alt="A"/> b</p>')
    assert [each.get("class") for each in page.body] == ["x image", None]


def test_a_picture_within_text_keeps_its_title() -> None:
    page = placed('<p>x <img src="a.png" alt="A" title="T"/></p>')
    assert page.body[0][0].get("title") == "T"
    assert page.body[0].tag == "p"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_decoration_is_meant(dialect: DialectName) -> None:
    page = read("Text ![](a.png){.decorative}, ![](b.png) and ![c](c.png){#c .decorative .right}.\n", dialect)
    place_images(page)
    pictures = list(page.body.iter("img"))
    assert [each.get("alt") for each in pictures] == ["", "", "c"]
    assert [each.get("role") for each in pictures] == ["presentation", None, None]
    assert pictures[2].get("id") == "c"
    assert [each.alt for each in page.images] == ["decorative", "missing", "text"]
    assert [each.code for each in page.diagnostics] == ["image-no-alt"]
    assert "".join(str(each) for each in page.body.itertext()).strip() == "Text ,  and ."


def test_braces_that_are_no_attributes_stay_text() -> None:
    assert "{x}" in inner(placed('<p><img src="a.png" alt="A"/>{x}</p>'))


def test_sizes_are_whole_pixels_or_go() -> None:
    page = placed('<p>x<img src="a.png" alt="A" width="50%" height="120" loading="lazy" srcset="b.png 2x"/></p>')
    assert dict(page.body[0][0].attrib) == {"src": "../../images/one/a.png", "alt": "A", "height": "120"}


def test_of_a_choice_of_pictures_the_one_for_all_stays() -> None:
    page = placed('<p>x<picture><source srcset="a.webp"/><img src="a.png" alt="A"/></picture>y</p>')
    assert inner(page) == '<p>x<img src="../../images/one/a.png" alt="A"/>y</p>'


def svg(content: str, attributes: str = "") -> str:
    return f'<p><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"{attributes}>{content}</svg></p>'


@pytest.mark.parametrize(
    ("content", "attributes"),
    [("<title>Words</title>", ""), ("<g><text>Words</text></g>", ""), ("<path/>", ' aria-label="Words"')],
)
def test_a_drawing_is_a_picture_with_a_title(content: str, attributes: str) -> None:
    page = placed(svg(content, attributes))
    drawing = page.body[0][0]
    assert drawing.get("role") == "img"
    assert drawing[0].tag == "{http://www.w3.org/2000/svg}title"
    assert drawing[0].text == "Words"
    assert (page.diagnostics, page.undescribed_drawings) == ([], 0)


def test_a_drawing_without_words_is_warned_of() -> None:
    text = "A\n\n<svg><title>x</title></svg>\n\n<svg><path/></svg>\n"
    page = placed(svg("<title>x</title>") + svg("<path/>"), text=text)
    assert codes(page) == [("image-no-alt", 5, 1)]
    assert page.undescribed_drawings == 1
    assert page.body[1][0].get("aria-hidden") == "true"


def test_a_drawing_of_nothing_goes() -> None:
    page = page_of("<p>a<svg xmlns='http://www.w3.org/2000/svg'> </svg>b</p>")
    place_images(page)
    assert (inner(page), page.diagnostics, page.undescribed_drawings) == ("<p>ab</p>", [], 0)


def test_a_drawing_may_be_decoration() -> None:
    page = placed(svg("<path/>", ' class="decorative"'))
    assert (page.diagnostics, page.undescribed_drawings) == ([], 0)
    assert page.body[0][0].get("aria-hidden") == "true"


def test_pictures_within_a_drawing_refer_to_their_files() -> None:
    content = '<title>x</title><g><image href="a.png"/></g><image xlink:href="http://h/a.png"/>'
    page = placed(svg(content))
    images = page.body.findall(".//{http://www.w3.org/2000/svg}image")
    assert [dict(each.attrib) for each in images] == [{"{http://www.w3.org/1999/xlink}href": "../../images/one/a.png"}]
    assert [each.code for each in page.diagnostics] == ["resource-remote"]


def test_sounds_and_films_refer_to_their_files() -> None:
    page = placed(
        '<audio src="a.mp3" autoplay=""/><video poster="p.jpg"><source src="f.mp4"/><source src="http://h/f.webm"/>'
        '<track src="t.vtt"/>No film.</video>'
    )
    assert inner(page) == (
        '<audio src="../../images/one/a.mp3" controls="controls"/>'
        '<video poster="../../images/one/p.jpg" controls="controls"><source src="../../images/one/f.mp4"/>'
        "No film.</video>"
    )
    assert [each.kind for each in page.images] == ["audio", "video", "image"]
    assert [each.code for each in page.diagnostics] == ["resource-remote"]


def test_a_remote_film_becomes_a_link_and_what_was_written_in_its_place() -> None:
    page = placed('<p>A <video src="https://h/f.mp4" title="The film">No <b>film</b>.</video> b</p>')
    assert inner(page) == '<p>A <a href="https://h/f.mp4">The film</a> No <b>film</b>. b</p>'


def test_a_sound_that_is_not_there_leaves_its_words() -> None:
    known = Known(missing_images={"a.mp3": ("image-missing", "there is no 'a.mp3'", "put it there")})
    assert inner(placed('<p><audio src="a.mp3" title="The song"/></p>', known=known)) == "<p>The song</p>"


def test_no_picture_reads_outside_the_folder() -> None:
    page = placed('<p><img src="a/../../x.png" alt="A"/></p>', path="one/two/three.md")
    assert all(".." not in candidate.split("/") for candidate in only(page).candidates)


def test_the_tree_stays_well_formed() -> None:
    page = placed('<p><img src="a&amp;b.png" alt="&lt;A&gt;" title="&quot;"/></p>')
    etree.fromstring(etree.tostring(page.body))


def test_a_picture_in_an_address_is_taken_in() -> None:
    page = placed('<p><img src="data:image/png;base64,QUJD" alt="a"/> <img src="data:image/png,%41BC" alt="b"/></p>')
    assert list(page.embedded.values()) == [b"ABC"]
    assert [use.candidates for use in page.images] == [tuple(page.embedded)] * 2
    assert page.diagnostics == []


def test_attributes_that_the_dialect_left_after_a_picture_are_taken() -> None:
    page = placed('<p><img src="a.png" alt="a"/>{width=40px .wide #one} b</p>')
    assert inner(page) == '<p><img src="../../images/one/a.png" alt="a" width="40" class="wide" id="one"/> b</p>'
