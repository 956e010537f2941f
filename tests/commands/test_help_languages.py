"""Help in Polish and English: nothing is left untranslated, and the user's settings choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from textmine.commands.app import app
from textmine.commands.words import POLISH, help_language


def walk(command: Any, name: str = "textmine") -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, child in getattr(command, "commands", {}).items():
        yield from walk(child, f"{name} {word}")


def texts(command: Any) -> set[str]:
    """The paragraphs of help and the texts of options, each on one line, but for examples."""
    found = [command.help or ""] + [param.help or "" for param in command.params]
    parts = {" ".join(part.split()) for text in found for part in text.split("\n\n")}
    return {part for part in parts if part and not part.startswith("Example: ")}


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TEXTMINE_LANG", "en")
    return get_command(app)


@pytest.fixture
def polish(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TEXTMINE_LANG", "pl")
    return get_command(app)


def test_every_option_has_help(english: Any) -> None:
    for name, command in walk(english):
        assert command.help, name
        assert not [param.name for param in command.params if not param.help], name


def test_every_text_has_its_polish_and_none_is_left_over(english: Any) -> None:
    asked = {text for _, command in walk(english) for text in texts(command)}
    missing = sorted(asked - set(POLISH))
    assert not missing, f"add to textmine/commands/words.py: {missing}"
    left_over = sorted(set(POLISH) - asked)
    assert not left_over, f"no command says this: take it out of textmine/commands/words.py: {left_over}"


def test_the_polish_program_speaks_polish_throughout(polish: Any) -> None:
    words = set(POLISH.values())
    for name, command in walk(polish):
        spoken = {text for text in texts(command) if not text.startswith("Przykład: ")}
        assert spoken <= words, name


def test_examples_are_the_same_calls_in_both_languages(english: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTMINE_LANG", "pl")
    in_polish = dict(walk(get_command(app)))
    for name, command in walk(english):
        for part in (command.help or "").split("\n\n"):
            if part.startswith("Example: "):
                assert part.replace("Example: ", "Przykład: ") in in_polish[name].help


@pytest.mark.parametrize(
    ("call", "english_words", "polish_words"),
    [
        (("--help",), ("Usage:", "Commands", "Show this message"), ("Użycie:", "Polecenia", "Pokaż tę pomoc")),
        (("ingest", "--help"), ("Arguments", "[required]"), ("Argumenty", "[wymagane]", "Przykład: textmine ingest")),
        (("query", "--help"), ("Options", "[default: 5]"), ("Opcje", "[domyślnie: 5]")),
        (("topics", "fit", "--help"), ("Number of topics",), ("Liczba tematów",)),
    ],
)
def test_both_languages_show(command, monkeypatch, call, english_words, polish_words):
    monkeypatch.setenv("COLUMNS", "200")
    shown = {}
    for language in ("pl", "en"):  # English last: Polish must leave nothing behind
        monkeypatch.setenv("TEXTMINE_LANG", language)
        shown[language] = command(*call).stdout
    for language, words, others in (("en", english_words, polish_words), ("pl", polish_words, english_words)):
        assert all(word in shown[language] for word in words), shown[language]
        assert not any(word in shown[language] for word in others), shown[language]


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        pytest.param({"LANG": "pl_PL.UTF-8"}, "pl", id="locale"),
        pytest.param({"LANG": "pl_PL.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en", id="LC_ALL-wins"),
        pytest.param({"LANG": "en_US.UTF-8", "LC_MESSAGES": "pl_PL"}, "pl", id="LC_MESSAGES"),
        pytest.param({"LANG": "pl_PL.UTF-8", "TEXTMINE_LANG": "en"}, "en", id="TEXTMINE_LANG-wins-en"),
        pytest.param({"LANG": "C", "TEXTMINE_LANG": "pl"}, "pl", id="TEXTMINE_LANG-wins-pl"),
        pytest.param({"LANG": "de_DE.UTF-8"}, "en", id="another-language"),
        pytest.param({}, "en", id="nothing"),
        pytest.param({"LANG": "pl_PL.UTF-8", "TEXTMINE_LANG": "fr"}, "pl", id="wrong-setting-falls-back"),
    ],
)
def test_settings_choose_the_language(monkeypatch, tmp_path, variables, language):
    monkeypatch.chdir(tmp_path)
    for name in ("TEXTMINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert help_language() == language


def test_textmine_toml_chooses_too(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEXTMINE_LANG", raising=False)
    (tmp_path / "textmine.toml").write_text('lang = "pl"\n', encoding="utf-8")
    assert help_language() == "pl"
