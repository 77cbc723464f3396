from __future__ import annotations

import pytest

from chapbook.markup.page import Known
from chapbook.passes.figures import place_images
from chapbook.passes.picture_places import place_pictures
from support.pages import inner, page_of

PICTURE = '<img src="a.png" alt="x"/>'
SIZED = '<img src="a.png" alt="x" width="40"/>'
SVG = "http://www.w3.org/2000/svg"


def placed(markup: str, *looks: str) -> str:
    page = page_of(markup, known=Known(looks={"one/a.png": looks}) if looks else None)
    place_images(page)
    place_pictures(page)
    return inner(page).replace(' src="../../images/one/a.png" alt="x"', "")


def test_a_picture_has_the_looks_that_were_seen() -> None:
    assert placed(f"<p>{PICTURE}</p>", "on-white", "tall-2") == '<p class="image"><img class="on-white tall-2"/></p>'


@pytest.mark.parametrize(
    "text",
    [
        f"{PICTURE} Words.",
        f"<a href='x'>{PICTURE}</a> Words.",
        f" <em>{PICTURE}</em>\nWords.",
        f"{PICTURE} {PICTURE}",
        f"{PICTURE}<br/><em>A caption</em>",
    ],
)
def test_a_paragraph_that_begins_with_a_picture_is_not_indented(text: str) -> None:
    assert placed(f"<p>{text}</p>").startswith('<p class="image-first">')


@pytest.mark.parametrize("text", [f"Words {PICTURE}", f"<em>Words</em> {PICTURE} more", f"<b>a</b>{PICTURE}", "Words"])
def test_one_that_begins_with_words_is_left_alone(text: str) -> None:
    assert placed(f"<p>{text}</p>").startswith("<p>")


def test_a_small_picture_in_a_text_is_a_sign_of_its_height() -> None:
    assert placed(f"<p>Press {PICTURE} now.</p>", "small-picture") == '<p>Press <img class="icon"/> now.</p>'
    assert placed(f"<p>{PICTURE} Press.</p>", "small-picture") == '<p><img class="icon"/> Press.</p>'
    assert placed(f"<p><b>{PICTURE}</b> Press.</p>", "small-picture") == '<p><b><img class="icon"/></b> Press.</p>'
    assert placed(f"<ul><li>Press {PICTURE}</li></ul>", "small-picture", "on-white") == (
        '<ul><li>Press <img class="on-white icon"/></li></ul>'
    )


def test_one_that_stands_alone_or_has_a_size_is_none() -> None:
    assert placed(f"<p>{PICTURE}</p>", "small-picture") == '<p class="image"><img/></p>'
    assert placed(f"<p>{PICTURE} {PICTURE}</p>", "small-picture") == '<p class="image-first"><img/> <img/></p>'
    sized = placed(f"<p>Press {SIZED}</p>", "small-picture")
    assert "icon" not in sized
    assert "small-picture" not in sized


def test_long_captions_are_marked() -> None:
    short, long = (f"<figure>{PICTURE}<figcaption>{'word ' * n}</figcaption></figure>" for n in (10, 30))
    assert placed(short).startswith("<figure>")
    assert placed(long).startswith('<figure class="long-caption">')


def drawing(attributes: str, shapes: str, before: str = "") -> str:
    return placed(f'<p>{before}<svg xmlns="{SVG}" {attributes}><title>x</title>{shapes}</svg></p>')


def test_a_drawing_in_the_text_is_seen_to_at_once() -> None:
    assert 'class="on-white"' in drawing('viewBox="0 0 300 300"', '<path d="M0 0c1 1 2 2 3 3"/>')
    assert 'class="on-white tall-3"' in drawing('viewBox="0 0 300 900"', '<path d="M0 0c1 1 2 2 3 3"/>')
    assert "class" not in drawing('viewBox="0 0 300 300"', '<rect width="300" height="300" fill="#fff"/>', "Words ")
    assert 'class="icon"' in drawing(
        'viewBox="0 0 24 24"', '<path fill="currentColor" d="M0 0c1 1 2 2 3 3"/>', "Press "
    )
