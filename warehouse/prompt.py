"""Prompt: ask a warehouse again and again, with a history and completion of names."""

import os
import pathlib
from collections.abc import Callable

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from warehouse.session import Answer, Session, Unanswerable

_HELP = """\
A statement ends with a semicolon and may take several lines; it sees the files that are there when it starts.
.views        the views and their columns
.help         this
.quit         leave; so does Ctrl-D. Ctrl-C drops what was typed, or stops what runs
Arrow keys bring back earlier statements, Ctrl-R searches them, Tab completes names.
For example: SELECT date, kind, action FROM latest_commitments WHERE kind = 'threat' ORDER BY date DESC LIMIT 10;"""


def run_prompt(session: Session, show: Callable[[Answer], None], history: pathlib.Path | None = None) -> None:
    """Ask until the user leaves.

    Args:
        session: What answers.
        show: Shows an answer.
        history: The file of earlier statements; by default in the user's state folder.
    """
    columns = session.columns()
    names = sorted({*columns, *(name for of_view in columns.values() for name in of_view)})
    prompt: PromptSession[str] = PromptSession(
        "pledgeline> ",
        history=FileHistory(str(history or _history_file())),
        lexer=PygmentsLexer(SqlLexer),
        completer=WordCompleter(names, ignore_case=True),
        complete_while_typing=False,
        multiline=True,
        prompt_continuation="        ... ",
        key_bindings=_bindings(),
    )
    print_formatted_text(f"{len(columns)} views; .help says more")
    while True:
        try:
            text = prompt.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text == ".quit":
            return
        _answer(session, text, show)


def _answer(session: Session, text: str, show: Callable[[Answer], None]) -> None:
    if text == ".views":
        for view, names in session.columns().items():
            print_formatted_text(f"{view}: {', '.join(names)}")
    elif text.startswith("."):
        print_formatted_text(_HELP)
    elif text:
        try:
            show(session.ask(text))
        except Unanswerable as error:
            print_formatted_text(str(error))
        except KeyboardInterrupt:
            print_formatted_text("stopped")


def is_complete(text: str) -> bool:
    """Say whether Enter ends a text: a dot command, nothing, or what ends with a semicolon."""
    stripped = text.strip()
    return not stripped or stripped.startswith(".") or stripped.endswith(";")


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return bindings


def _history_file() -> pathlib.Path:
    state = os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local/state"
    folder = pathlib.Path(state) / "pledgeline"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "history"
