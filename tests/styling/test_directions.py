"""Sheets for vertical text, and for passages that run against their book."""

from chapbook.styling.book_sheets import VERTICAL, book_sheets, by_direction, turned
from chapbook.styling.themes import Theme


def test_the_sides_of_vertical_text_are_turned() -> None:
    css = (
        "p { margin: 1em 2em; padding: 1em 2em 3em; border-width: 1px 2px 3px 4px; border-left: 0; max-width: 90vh }\n"
        "@media print { q { margin: 0; padding-top: 1em; text-align: left; float: left } }\n"
    )
    assert turned(css) == (
        "p { margin: 2em 1em 2em 1em; padding: 2em 1em 2em 3em; border-width: 4px 1px 2px 3px; border-top: 0;"
        " max-height: 90vw }\n"
        "@media print { q { margin: 0; padding-right: 1em; text-align: left; float: left } }\n"
    )


def test_formulas_and_an_author_s_own_rules_are_not_turned() -> None:
    css = "mtd.a { width: 50%; border-left: 1px solid; }\n"
    own = "u { margin-left: 1em }"
    theme = Theme(plain=css + own, modern="", own=(own, ""))
    [(_, plain), _, (_, modern)] = book_sheets(theme, vertical=True)
    assert plain == f"{VERTICAL}mtd.a {{ border-left: 1px solid; }}\n{own}"
    assert modern == ""


def test_what_is_mirrored_goes_by_the_direction_of_its_passage() -> None:
    css = (
        "/* { */ p { margin: 0 }\n"
        '[dir="rtl"] ul, p, [dir="rtl"] li.left, [dir="rtl"] [dir] b { margin: 1em 2em 3em 4em; padding: 0 1em }\n'
        '[dir="rtl"] i { text-align: right; float: left; border-right-width: 1px; margin-left: 0 }\n'
    )
    assert by_direction(css).splitlines()[1:] == [
        "[dir] ul { margin-block: 1em 3em; margin-inline: 2em 4em; padding: 0 1em; }",
        "[dir] i { text-align: start; float: inline-end; border-inline-start-width: 1px; margin-inline-end: 0; }",
    ]
    assert by_direction("p { margin: 0 }") == ""
