"""Every message has an example that causes it, which the docs show; what is said of it names a place and a way out."""

from __future__ import annotations

import pytest

from chapbook.command.explain import said
from chapbook.command.message_examples import EXAMPLES, WITHOUT
from chapbook.model.codes import CODES, Severity
from support.generated_docs import CACHE

_WITHOUT_A_HINT = {"css-invalid", "css-reference-missing", "settings-doubled", "value-invalid", "value-type"}
"""Those whose words are the way out: what a key takes, which file is not there."""


def test_every_code_has_an_example_or_says_what_it_takes() -> None:
    assert set(EXAMPLES) | set(WITHOUT) == set(CODES)
    assert not set(EXAMPLES) & set(WITHOUT)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_causes_it(code: str) -> None:
    found = said(code, CACHE)
    assert found is not None, "not said"
    assert found.severity == CODES[code].severity
    assert found.message[:1] == found.message[:1].lower()
    assert not found.message.endswith(".")
    assert found.hint or code in _WITHOUT_A_HINT or found.severity is Severity.NOTE
    assert found.path or code == "no-chapters"
