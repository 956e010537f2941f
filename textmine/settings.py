"""One frozen Settings: defaults < textmine.toml < TEXTMINE_* in the environment < flags of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from textmine.errors import SettingsError

__all__ = ["PACKAGE", "Settings", "load_settings", "models_folder", "sample_corpus"]

PACKAGE = Path(__file__).parent


class Settings(BaseSettings):
    """All that a user may tune. Immutable; `load_settings` makes one."""

    model_config = SettingsConfigDict(env_prefix="TEXTMINE_", toml_file="textmine.toml", frozen=True, extra="forbid")

    corpus: Path = Field(Path("textmine.db"), description="The store: one SQLite file.")
    codebook: Path | None = Field(None, description="A codebook file or folder of your own.")
    model: str = Field("auto", description="Coder: keyword, auto (the shipped model if there is one) or a folder.")
    lang: Literal["", "pl", "en"] = Field("", description="Language of messages and reports.")
    seed: int = Field(20, description="Seed of everything random.")
    workers: int = Field(0, ge=0, description="Worker processes; 0: one a core.")
    ocr: Literal["auto", "never", "always"] = Field("auto", description="When pages go to Tesseract.")
    engine: Literal["auto", "pdfium", "pdfplumber"] = Field("auto", description="Which PDF engine reads.")
    max_seconds: float = Field(300.0, gt=0, description="Limit of time for one document.")
    max_memory_mb: int = Field(3000, gt=0, description="Limit of memory for one worker.")
    max_pages: int = Field(5000, gt=0, description="Pages read of one document; the rest is flagged.")
    max_file_mb: int = Field(500, gt=0, description="Largest file that is opened.")
    draws: int = Field(2000, ge=200, description="Bootstrap draws behind an interval.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then textmine.toml in the working folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """The settings in force; flags that are None count as not given.

    Raises:
        SettingsError: a value is wrong, or textmine.toml is not TOML; names key, found and expected.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        raise SettingsError(
            f"setting {key}: found {fault['input']!r}, but {fault['msg'].lower()}. "
            f"Mend it in textmine.toml, TEXTMINE_{key.upper()} or the flag."
        ) from error
    except ValueError as error:
        raise SettingsError(f"textmine.toml cannot be read: {error}. Mend or remove it.") from error


def sample_corpus() -> Path:
    """Folder with the sample corpus: inside the installed package, else at the top of the checkout.

    Raises:
        SettingsError: neither is there.
    """
    return _carried("corpus", "manifest.csv")


def models_folder() -> Path:
    """Folder with the shipped models, found like `sample_corpus`."""
    return _carried("models", "README.md")


def _carried(folder: str, landmark: str) -> Path:
    for place in (PACKAGE / "_carried" / folder, PACKAGE.parent / folder):
        if (place / landmark).is_file():
            return place
    raise SettingsError(f"the folder {folder} is missing from this installation of textmine. Install it again.")
