from __future__ import annotations

import pytest

from chapbook.markup.page import RenderSettings
from chapbook.model.settings import DialectName
from chapbook.passes.block_signs import mark_tasks
from support.pages import DIALECTS, inner, page_of, read

DONE = '<span class="task-box" role="img" aria-label="Done">☑</span>'
TO_DO = '<span class="task-box" role="img" aria-label="To do">☐</span>'


def marked(text: str, dialect: DialectName) -> str:
    page = read(text, dialect)
    mark_tasks(page)
    return inner(page)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_boxes_become_signs_with_names(dialect: DialectName) -> None:
    assert marked("- [x] Done *now*\n- [ ] Open\n- Plain\n", dialect) == (
        f'<ul><li class="task">{DONE} Done <em>now</em></li><li class="task">{TO_DO} Open</li><li>Plain</li></ul>'
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_boxes_of_loose_lists_stand_in_the_first_paragraph(dialect: DialectName) -> None:
    written = marked("- [X] One\n\n- [ ] Two\n\n    More.\n", dialect)
    assert f'<li class="task"><p>{DONE} One</p></li><li class="task"><p>{TO_DO} Two</p><p>More.</p></li>' in written


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tasks_nest(dialect: DialectName) -> None:
    written = marked("- [ ] Outer\n    - [x] Inner\n", dialect)
    assert written.count('<li class="task">') == 2


def test_a_box_within_text_is_a_sign_and_no_task() -> None:
    page = page_of('<ul><li>Tick <input type="checkbox" checked=""/> here</li></ul><p><input type="CHECKBOX"/></p>')
    mark_tasks(page)
    assert inner(page) == f"<ul><li>Tick {DONE} here</li></ul><p>{TO_DO}</p>"


def test_any_other_input_goes_and_the_text_beside_it_stays() -> None:
    page = page_of('<p>Name <input type="text" value="x"/> here<input/></p>')
    mark_tasks(page)
    assert inner(page) == "<p>Name  here</p>"


def test_the_class_of_an_item_stays() -> None:
    page = page_of('<ul><li class="big"><label><input type="checkbox"/> Words</label></li></ul>')
    mark_tasks(page)
    assert inner(page) == f'<ul><li class="big task"><label>{TO_DO} Words</label></li></ul>'


def test_the_name_is_in_the_language_of_the_book() -> None:
    page = page_of('<p><input type="checkbox" checked=""/></p>', settings=RenderSettings(language="de"))
    mark_tasks(page)
    assert 'aria-label="Erledigt"' in inner(page)
