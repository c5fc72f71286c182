"""The terminal in which guides are followed, and what counts as printed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.guides.guide import Block, fits
from tests.guides.shell import NotAsWritten, Shell, environment

words = st.text(st.characters(categories=("L", "Nd", "P", "Zs"), exclude_characters="…"), max_size=20)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with contextlib.closing(Shell(tmp_path, environment())) as one:
        yield one


def run(text: str, **marks: str) -> Block:
    return Block("sh", marks, text, 7)


def test_a_terminal_keeps_its_settings_and_says_which_block_failed(shell: Shell, tmp_path: Path) -> None:
    """Folder and settings of one block hold in the next; any command of a block that fails is told with its line, unless the
    block says that it ends so."""
    shell.run(run("mkdir place\ncd place\nexport A='b c'"))
    assert shell.run(run('echo "$A" $(basename "$PWD")')) == "b c place"
    with pytest.raises(NotAsWritten, match=r"line 7: ended with 3, not 0:\n(?s:.*)was said"):
        shell.run(run("echo was said\n(exit 3)\ntrue"))
    assert shell.run(run("echo again; (exit 3)", status="3")) == "again"


def test_what_runs_on_is_awaited_and_stopped(shell: Shell, tmp_path: Path) -> None:
    """A block in the background has said what its mark says; one that ends before is told; closing ends what still runs."""
    said = shell.run(run("sh -c 'echo started; echo $$ > pid; sleep 600'", background="", until="started"))
    assert said == "started\n"
    with pytest.raises(NotAsWritten, match="never said “ready”"):
        shell.run(run("echo done", background="", until="ready"))
    shell.close()
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


@given(st.lists(words, max_size=5))
def test_what_was_printed_fits_itself(lines: list[str]) -> None:
    """Whatever was printed is what a guide may show of it, with any numbers, any of its lines left out."""
    printed = "\n".join(lines)
    assert fits(printed, printed)
    assert fits("\n".join(lines[::2]), printed)


@pytest.mark.parametrize(
    ("shown", "fitting"),
    [
        ("7 roles of Camden", True),
        ("12.5 roles…", True),
        ("…roles…", True),
        ("… of Camden", True),
        ("7 jobs", False),
        ("b\na", False),
    ],
)
def test_numbers_are_any_numbers_and_words_are_words(shown: str, fitting: bool) -> None:
    """`…` stands for anything; lines come in their order."""
    assert fits(shown, "a\nb\n1,234 roles of Camden") is fitting
