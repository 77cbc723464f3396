"""Ctrl-C: one line and exit code 130, whenever it comes; and no process that outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.corpus import write_corpus

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")

STOPPED = (130, "", "chapbook: stopped\n")
INTERRUPT = "os.kill(os.getpid(), signal.SIGINT)"
INTERRUPT_ALL = "os.killpg(0, signal.SIGINT)"
"""As a terminal sends it: to the workers too."""
AT_IMPORT = """
class Finder:
    names = os.environ["INTERRUPT_AT"].split()
    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            self.names.remove(name)
            interrupt()
sys.meta_path.insert(0, Finder())
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("small"), chapters=3, size=500)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), chapters=120)


def another(folder: Path) -> Path:
    write_corpus(folder / "another", chapters=1)
    (folder / "another" / "book.yaml").write_text("title: Another\nauthor: A\nlanguage: en\n")
    return folder / "another"


def start(
    tmp_path: Path, corpus: Path, begins_with: str, *words: str, at: str = "", pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[str]:
    """The command, in a Python that runs `begins_with` before anything of chapbook."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(f"import atexit, os, signal, sys\n{begins_with}\n")
    command = Path(sys.executable).with_name("chapbook")
    return subprocess.Popen(
        [str(command), "build", str(corpus), "-o", str(tmp_path / "x.epub"), "--no-cache", *words],
        env={**os.environ, "PYTHONPATH": _path(hooks), "INTERRUPT_AT": at},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=pass_fds,
        start_new_session=True,
    )


def _path(first: Path) -> str:
    """Where Python looks for modules: in the folder `first`, then where it does already."""
    return os.pathsep.join(filter(None, (str(first), os.environ.get("PYTHONPATH"))))


def ended(building: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = building.communicate(timeout=120)
    return building.returncode, out, error


@pytest.mark.parametrize(
    "module",
    [
        *(
            "chapbook.command.process",
            "chapbook.command.process",
            "chapbook.command.cli",
            "click",
            "msgspec",
            "chapbook.command.running",
            "yaml",
        ),
        *("lxml", "lxml.etree", "markdown", "ebooklib", "PIL", "PIL.Image"),
    ],
)
def test_while_a_module_is_imported(tmp_path: Path, small: Path, module: str) -> None:
    hook = f"def interrupt(): {INTERRUPT_ALL}\n{AT_IMPORT}"
    assert ended(start(tmp_path, small, hook, "-j", "1", at=module)) == STOPPED
    assert not (tmp_path / "x.epub").exists()


@pytest.mark.parametrize(("module", "code"), [("multiprocessing.connection", 130), ("PIL.ImageDraw", 0)])
def test_a_worker_leaves_it_to_the_first_process(tmp_path: Path, small: Path, module: str, code: int) -> None:
    """The one module is imported by the first process, the other by the workers."""
    hook = f"def interrupt(): {INTERRUPT}\n{AT_IMPORT}"
    assert ended(start(tmp_path, small, hook, "-j", "2", at=module))[::2] == (code, STOPPED[2] if code else "")


@pytest.mark.parametrize("module", ["click", "lxml.etree"])
def test_while_an_object_is_freed(tmp_path: Path, small: Path, module: str) -> None:
    """Python drops the exception there, and prints it."""
    freed = f"class Freed:\n    def __del__(self): {INTERRUPT}\ndef interrupt(): Freed()\n"
    assert ended(start(tmp_path, small, freed + AT_IMPORT, at=module)) == STOPPED


def test_while_a_library_catches_everything(tmp_path: Path, small: Path) -> None:
    caught = f"def interrupt():\n    try: {INTERRUPT}\n    except BaseException: pass\n"
    code, _, error = ended(start(tmp_path, small, caught + AT_IMPORT, at="lxml.etree"))
    assert (code, error) == STOPPED[::2]


def test_while_a_module_catches_everything_that_is_imported(tmp_path: Path, small: Path) -> None:
    """A module of Cython passes over whatever comes while it registers its views of memory."""
    hook = (
        "import abc\n"
        "def register(of, kind, real=abc.ABCMeta.register):\n"
        f"    if kind.__name__ == '_memoryviewslice': {INTERRUPT}\n"
        "    return real(of, kind)\n"
        "abc.ABCMeta.register = register\n"
    )
    assert ended(start(tmp_path, small, hook, "-j", "1")) == STOPPED
    assert not (tmp_path / "x.epub").exists()


def test_a_terminal_is_left_as_it_was(tmp_path: Path, small: Path) -> None:
    """A progress bar is taken away."""
    ours, theirs = os.openpty()
    hook = f"os.environ['TERM'] = 'xterm'\nos.dup2({theirs}, 2)\ndef interrupt(): {INTERRUPT_ALL}\n{AT_IMPORT}"
    building = start(tmp_path, small, hook, "-j", "1", at="PIL.Image", pass_fds=(theirs,))
    assert ended(building)[0] == 130
    os.close(theirs)
    assert os.read(ours, 100_000).endswith(b"\r\x1b[Kchapbook: stopped\r\n")
    os.close(ours)


def test_a_second_one_while_the_first_is_answered(tmp_path: Path, small: Path) -> None:
    hook = f"def interrupt():\n    try: {INTERRUPT}\n    finally: {INTERRUPT}\n{AT_IMPORT}"
    assert ended(start(tmp_path, small, hook, at="lxml.etree")) == STOPPED


def test_in_the_background_it_is_ignored(tmp_path: Path, small: Path) -> None:
    hook = f"signal.signal(signal.SIGINT, signal.SIG_IGN)\ndef interrupt(): {INTERRUPT}\n{AT_IMPORT}"
    assert ended(start(tmp_path, small, hook, at="click lxml.etree")) == (0, f"{tmp_path}/x.epub\n", "")


@pytest.mark.parametrize("books", [1, 2], ids=["chapters", "books"])
def test_in_a_worker_that_was_just_forked(tmp_path: Path, small: Path, books: int) -> None:
    hook = f"os.register_at_fork(after_in_child=lambda: {INTERRUPT})"
    others = [] if books == 1 else [str(another(tmp_path)), "-q", "-o", f"{tmp_path}/out/"]
    code, _, error = ended(start(tmp_path, small, hook, "-j", "2", *others))
    assert (code, error) == (0, "")


SPAWNED = f"""
if any("spawn_main" in word for word in sys.orig_argv):
    {INTERRUPT}
"""
LIBRARY = """
import sys, threading
from chapbook import Book, Choices, build_many

def main():
    threading.Thread(target=threading.Event().wait, daemon=True).start()  # so that nothing is forked
    for report in build_many([corpus, other], "out", choices=Choices(jobs=2)):
        assert report.ok
    Book.from_folder(corpus).write("x.epub", jobs=2)

corpus, other = sys.argv[1:]
if __name__ == "__main__":
    main()
"""


def test_in_a_worker_that_is_starting_up(tmp_path: Path, small: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import os, signal, sys\n{SPAWNED}")
    (tmp_path / "program.py").write_text(LIBRARY)
    done = subprocess.run(
        [sys.executable, "program.py", str(small), str(another(tmp_path))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": _path(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
@pytest.mark.parametrize("books", [1, 2], ids=["chapters", "books"])
def test_workers_end_with_a_process_that_is_killed(
    tmp_path: Path, corpus: Path, number: signal.Signals, books: int
) -> None:
    others = [] if books == 1 else [str(another(tmp_path)), "-o", f"{tmp_path}/out/"]
    hook = "os.register_at_fork(after_in_child=lambda: os.write(2, b'.'))"
    building = start(tmp_path, corpus, hook, "-j", "2", *others)
    assert building.stderr is not None
    assert building.stderr.read(1) == "."
    building.send_signal(number)
    code, _, error = ended(building)  # the ends of the pipes are closed when the last process is gone
    assert (code, error.strip(".")) == (-number, "")
