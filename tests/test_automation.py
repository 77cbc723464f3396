"""What runs chapbook by itself: the hook for pre-commit, the GitHub Action, the Dockerfile, and the docs about them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.libraries import write_files
from support.tools import run_tool
from test_distribution import OFFLINE, ROOT, not_source

BOOK = {
    "book.yaml": "title: T\nauthor: A\nlanguage: en\nidentifier: urn:uuid:12345678-1234-4234-8234-123456789abc\n",
    "one.md": "# One\n\nText.\n",
}
BROKEN = {**BOOK, "one.md": "---\nweight: heavy\n---\nText.\n"}
DOCS = ROOT / "docs" / "automation.md"


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


# The hook


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a book in it, and the hook as an entry of its own, which needs no network."""
    (hook,) = loaded(ROOT / ".pre-commit-hooks.yaml")
    hook["language"] = "system"
    hook["entry"] = hook["entry"].replace("chapbook", f"'{sys.executable}' -m chapbook", 1)
    hook["args"] = ["my book", "--strict"]
    folder = write_files(tmp_path / "repository", {f"my book/{name}": text for name, text in BOOK.items()})
    config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]})
    write_files(folder, {".pre-commit-config.yaml": config, "other.py": "pass\n"})
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


def run_hook(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_tool("pre-commit", "run", *words, cwd=folder, PRE_COMMIT_HOME=str(folder.parent / "kept"))


def test_the_hook_stops_a_commit_of_a_broken_book(repository: Path) -> None:
    done = run_hook(repository)
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout + done.stderr
    git(repository, "commit", "-qm", "One")
    write_files(repository, {"my book/one.md": "# One\n\nSee [two](two.md).\n"})
    git(repository, "add", ".")
    done = run_hook(repository)
    assert done.returncode == 1
    assert "my book/one.md:3:5: warning: " in done.stdout
    assert "[link-target-missing]" in done.stdout


def test_the_hook_runs_for_what_a_book_is_made_of(repository: Path) -> None:
    git(repository, "commit", "-qm", "One")
    write_files(repository, {"other.py": "1\n"})
    git(repository, "add", ".")
    assert "Skipped" in run_hook(repository).stdout
    (hook,) = loaded(ROOT / ".pre-commit-hooks.yaml")
    names = ("one.md", "a/book.yaml", "x.JPEG", "x.woff2", "own.css", "hugo.toml", "x.webp", "x.qmd")
    assert all(re.search(hook["files"], name) for name in names)
    assert not re.search(hook["files"], "x.epub"), "a built book is no change"


def test_the_manifest_of_the_hook_is_valid(tmp_path: Path) -> None:
    done = run_tool("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


# The action


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = loaded(ROOT / "action.yml")["runs"]["steps"]
    return found


def run_action(folder: Path, installed: Path, **given: str) -> tuple[int, str, str]:
    """Runs the steps that are scripts as a runner does: the exit code, what is printed, what is put out."""
    inputs = {name: each["default"] for name, each in loaded(ROOT / "action.yml")["inputs"].items()} | given
    output = folder / "output"
    output.touch()
    runner = {
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(output),
        "RUNNER_TEMP": str(folder / "temporary"),
        "PATH": os.pathsep.join([str(installed / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(installed),
        "CHAPBOOK_CACHE_DIR": str(folder / "cache"),
    }
    printed = ""
    for step in (each for each in steps() if "run" in each and each["name"] != "Install chapbook"):
        own = {name: filled(value, inputs) for name, value in step.get("env", {}).items()}
        script = folder / "script.sh"
        script.write_text(step["run"], "utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=folder,
            env={**os.environ, **runner, **own},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        printed += done.stdout
        if done.returncode:
            return done.returncode, printed, output.read_text("utf-8")
    return 0, printed, output.read_text("utf-8")


def filled(value: str, inputs: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], value)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """chapbook as the action installs it, with the libraries of this environment."""
    copy, target = tmp_path_factory.mktemp("action") / "chapbook", tmp_path_factory.mktemp("installed")
    shutil.copytree(ROOT, copy, ignore=not_source)
    step = next(each for each in steps() if each["name"] == "Install chapbook")
    options = f"{' '.join(OFFLINE)} --target '{target}'"
    script = step["run"].replace("pip install", f"pip install {options}")
    assert script != step["run"]
    environment = {**os.environ, "GITHUB_ACTION_PATH": str(copy)}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(["bash", "-ec", script], check=True, env=environment, timeout=300, capture_output=True)
    return target


def test_the_action_is_valid(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-actions")
    done = run_tool("check-jsonschema", *schema, ROOT / "action.yml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_action_builds_a_book(installed: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {f"my book/{name}": text for name, text in BOOK.items()})
    code, printed, output = run_action(tmp_path, installed, book="my book", options="--theme modern -q")
    assert code == 0, printed
    folder = Path(output.removeprefix("folder=").strip())
    assert [each.name for each in folder.iterdir()] == ["t.epub"]


def test_the_action_stops_at_a_broken_book(installed: Path, tmp_path: Path) -> None:
    write_files(tmp_path, BROKEN)
    code, printed, output = run_action(tmp_path, installed)
    assert (code, output) == (1, "")
    assert "::error file=one.md,line=2,col=9,title=chapbook%3A weight-invalid::" in printed


@pytest.mark.parametrize(("strict", "expected"), [("false", 0), ("true", 1)])
def test_strict_is_for_warnings(installed: Path, tmp_path: Path, strict: str, expected: int) -> None:
    write_files(tmp_path, {**BOOK, "one.md": "# One\n\nSee [two](two.md).\n"})
    code, printed, _ = run_action(tmp_path, installed, strict=strict)
    assert code == expected
    assert "::warning file=one.md,line=3,col=5," in printed


def test_an_input_never_runs_as_code(installed: Path, tmp_path: Path) -> None:
    write_files(tmp_path, BOOK)
    run_action(
        tmp_path, installed, book="$(touch one)`touch two`'; touch three; '", options="$(touch four) ; touch five"
    )
    assert not {"one", "two", "three", "four", "five"} & {each.name for each in tmp_path.iterdir()}
    for step in steps():
        assert "${{" not in step.get("run", "")


# The image


def test_the_image_has_the_files_that_the_package_is_made_of() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE) for name in line.split()
    }
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert copied == {each.removeprefix("!") for each in ignored if each.startswith("!")}
    assert all((ROOT / name).exists() for name in copied)
    assert "USER 1000" in dockerfile, "nothing in it runs as root"


def test_the_image_has_the_extras_that_there_are() -> None:
    named = re.search(r"'\.\[([a-z,]+)\]'", (ROOT / "Dockerfile").read_text("utf-8"))
    assert named
    extras = re.findall(r"^([a-z]+) = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert set(named[1].split(",")) < set(extras)


# The docs


def shown(language: str) -> Iterator[str]:
    """The blocks of the page in a language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("first", "schema"),
    [("name: Book", "vendor.github-workflows"), ("book:\n  image", "vendor.gitlab-ci")],
)
def test_the_workflows_of_the_docs_are_valid(tmp_path: Path, first: str, schema: str) -> None:
    (text,) = [each for each in shown("yaml") if each.startswith(first)]
    write_files(tmp_path, {"shown.yml": text})
    done = run_tool("check-jsonschema", "--builtin-schema", schema, "shown.yml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_inputs_of_the_docs_are_those_of_the_action() -> None:
    inputs = loaded(ROOT / "action.yml")["inputs"]
    told = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", DOCS.read_text("utf-8"), re.MULTILINE))
    assert {name: each["default"] for name, each in inputs.items()} == {name: told[name].strip(" `") for name in inputs}


def test_the_configurations_for_pre_commit_are_valid(tmp_path: Path) -> None:
    texts = [each for each in shown("yaml") if each.startswith("repos:")]
    assert len(texts) == 2
    for text in texts:
        write_files(tmp_path, {".pre-commit-config.yaml": text})
        done = run_tool("pre-commit", "validate-config", ".pre-commit-config.yaml", cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        assert loaded(tmp_path / ".pre-commit-config.yaml")["repos"][0]["hooks"][0]["id"] == "chapbook-check"


def test_the_rule_for_make_builds_once(tmp_path: Path) -> None:
    (rule,) = shown("make")
    write_files(tmp_path, {"Makefile": rule, **{f"my-book/{name}": text for name, text in BOOK.items()}})
    path = write_files(tmp_path / "bin", {"chapbook": f'#!/bin/sh\nexec "{sys.executable}" -m chapbook "$@"\n'})
    (path / "chapbook").chmod(0o755)
    environment = {"PATH": os.pathsep.join([str(path), os.environ["PATH"]])}
    assert run_tool("make", cwd=tmp_path, **environment).returncode == 0
    assert (tmp_path / "book.epub").is_file()
    assert "up to date" in run_tool("make", cwd=tmp_path, **environment).stdout


def test_the_step_that_compares_editions(tmp_path: Path) -> None:
    """The script of the docs' last workflow, with the same edition, another, and one that can't be read."""
    (text,) = [each for each in shown("yaml") if "chapbook diff" in each]
    script = next(each["run"] for each in yaml.safe_load(text) if each.get("id") == "changes")
    write_files(tmp_path, {f"my-book/{name}": text for name, text in BOOK.items()})
    path = write_files(tmp_path / "bin", {"chapbook": f'#!/bin/sh\nexec "{sys.executable}" -m chapbook "$@"\n'})
    (path / "chapbook").chmod(0o755)
    environment = {
        "PATH": os.pathsep.join([str(path), os.environ["PATH"]]),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }

    def step() -> tuple[int, str]:
        (tmp_path / "output").write_text("")
        done = run_tool("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script, cwd=tmp_path, **environment)
        return done.returncode, (tmp_path / "output").read_text("utf-8").strip()

    built = run_tool("sh", "-c", "chapbook build my-book -o published.epub -q", cwd=tmp_path, **environment)
    assert built.returncode == 0, built.stderr
    assert step() == (0, "differs=false")
    write_files(tmp_path, {"my-book/one.md": "# One\n\nOther text.\n"})
    assert step() == (0, "differs=true")
    assert "[-Text.-] {+Other text.+}" in (tmp_path / "summary").read_text("utf-8")
    (tmp_path / "published.epub").write_bytes(b"nothing")
    assert step()[0] == 1
