"""The bytes of a text file as text, or what is wrong with them."""

from __future__ import annotations

from chapbook.diagnostics import ChapbookError, Diagnostic, Position

__all__ = ["decode_text"]

_BYTE_ORDER_MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def decode_text(data: bytes, path: str) -> str:
    """`data` as UTF-8. Raises ChapbookError (``not-utf8``) with the line and column of the first wrong byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChapbookError(_fault(data, error.start, path)) from error


def _fault(data: bytes, index: int, path: str) -> Diagnostic:
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Diagnostic.of(
                "not-utf8", f"the file is {name}, not UTF-8", path=path, at=Position(1), hint="save it as UTF-8"
            )
    before = data[:index].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    message = f"the byte 0x{data[index]:02X} is no UTF-8"
    hint = "save the file as UTF-8; it may be in Windows-1252 or Latin-1 now"
    return Diagnostic.of("not-utf8", message, path=path, at=Position(line, column), hint=hint)
