"""Writing to any binary file object: a pipe, a socket, one that takes parts, one that does not seek."""

from __future__ import annotations

import contextlib
import io
import os
import random
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from chapbook.model.diagnostics import ChapbookError
from chapbook.packaging.output import write_file, write_stream

posix_only = pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX's")


def writing(content: bytes) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        file.write(content)

    return write


def failing(file: IO[bytes]) -> None:
    file.write(b"half")
    raise RuntimeError("stopped")


def test_a_pipe_and_a_socket_get_every_byte() -> None:
    content = random.Random(1).randbytes(3_000_000)
    reading, sending = socket.socketpair()
    with reading, sending, sending.makefile("wb", buffering=0) as sink:
        received = bytearray()
        thread = threading.Thread(target=lambda: received.extend(_all(reading)))
        thread.start()
        write_stream(sink, writing(content))
        sending.shutdown(socket.SHUT_WR)
        thread.join()
    assert received == content


def test_a_sink_that_takes_parts_gets_all_parts() -> None:
    class Narrow(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes, /) -> int:  # type: ignore[override]
            self.taken += data[:1000]
            return len(data[:1000])

    sink = Narrow()
    write_stream(sink, writing(bytes(range(256)) * 50))
    assert sink.taken == bytes(range(256)) * 50


def test_a_sink_that_takes_nothing_ends() -> None:
    class Full:
        def write(self, _: bytes, /) -> int:
            return 0

    with pytest.raises(ChapbookError, match="output-unwritable"):
        write_stream(Full(), writing(b"new"))


def test_a_sink_is_left_open_where_it_stands() -> None:
    sink = io.BytesIO()
    sink.write(b"before ")
    write_stream(sink, writing(b"new"))
    assert sink.getvalue() == b"before new"


def test_nothing_reaches_a_sink_before_the_whole_is_made() -> None:
    sink = io.BytesIO()
    with pytest.raises(RuntimeError):
        write_stream(sink, failing)
    assert sink.getvalue() == b""


@posix_only
def test_a_reader_that_has_gone_is_said_in_words() -> None:
    reading, sending = os.pipe()
    os.close(reading)
    with (
        pytest.raises(ChapbookError, match="reads it has ended"),
        os.fdopen(sending, "wb", buffering=0) as sink,
    ):
        write_stream(sink, writing(b"new"))


@posix_only
def test_a_named_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received: list[bytes] = []
    thread = threading.Thread(target=lambda: received.append(path.read_bytes()))
    thread.start()
    write_file(path, writing(b"new" * 100_000))
    thread.join()
    assert received == [b"new" * 100_000]
    assert path.is_fifo()


def _all(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(OSError):
        while part := connection.recv(1 << 16):
            parts.append(part)
    return b"".join(parts)


def test_a_sink_is_flushed_once_all_is_there() -> None:
    class Buffered(io.BytesIO):
        flushed: tuple[bytes, ...] = ()

        def flush(self) -> None:
            self.flushed += (self.getvalue(),)

    sink = Buffered()
    write_stream(sink, writing(b"new"))
    assert sink.flushed == (b"new",)
