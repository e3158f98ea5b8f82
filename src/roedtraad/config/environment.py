"""Every setting of the running system, read from the environment in one place.

Settings come from the environment only. `SETTINGS` is the table that docs/operators.md prints; a test
keeps the two in step. Nothing else in the project reads `os.environ` for configuration.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it means when unset, and what it does (Danish, for operators)."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("ROEDTRAAD_MODE", "demo", "Hvilken drift: `demo`, `production` eller `test`."),
    Setting(
        "ROEDTRAAD_DATA", "`var/` i projektmappen", "Datamappe: databasen, nøgler, statiske filer og udtræk."
    ),
    Setting(
        "ROEDTRAAD_SECRET_KEY",
        "demo laver sin egen",
        "Djangos hemmelige nøgle. Kræves i produktion, mindst 50 tegn.",
    ),
    Setting(
        "ROEDTRAAD_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "Værtsnavne, som serveren svarer på, adskilt af komma.",
    ),
    Setting("ROEDTRAAD_HTTPS", "1 i produktion", "Sikre cookies og omstilling til https."),
    Setting("ROEDTRAAD_LOG_LEVEL", "INFO", "Mindste niveau, der skrives i loggen."),
    Setting("ROEDTRAAD_TODAY", "dags dato", "Lås systemets dato (ÅÅÅÅ-MM-DD). Kun til demo og test."),
    Setting("ROEDTRAAD_DEMO_TOKEN", "laves og vises af demoen", "Fast API-nøgle til demoen."),
    Setting(
        "ROEDTRAAD_FIELD_KEYS",
        "demo laver sin egen",
        "Nøgler til krypterede felter: `id:base64,…`; den første bruges til at skrive.",
    ),
    Setting("ROEDTRAAD_FIELD_KEYS_FILE", "", "Fil (rettighed 0600) med nøglerne i stedet for variablen."),
    Setting(
        "ROEDTRAAD_INDEX_KEY",
        "demo laver sin egen",
        "Nøgle (base64) til opslag i krypterede felter. Må ikke skiftes.",
    ),
    Setting(
        "DATABASE_URL",
        "indbygget PostgreSQL",
        "En rigtig PostgreSQL-server (≥ 15). Appens rolle, som ikke ejer tabeller.",
    ),
    Setting(
        "DATABASE_OWNER_URL",
        "samme som DATABASE_URL",
        "Rollen, der ejer tabellerne; bruges kun til `manage migrate`.",
    ),
    Setting("ROEDTRAAD_DB_AS", "app", "Hvilken rolle processen forbinder som: `app` eller `owner`."),
    Setting(
        "ROEDTRAAD_PG_BIN", "findes selv", "Mappe med PostgreSQL-programmerne til den indbyggede server."
    ),
    Setting(
        "ROEDTRAAD_PG_USER",
        "postgres, ellers nobody",
        "Den upriviligerede bruger, som serveren kører som, når root starter den.",
    ),
    Setting("ROEDTRAAD_DB_POOL", "1 ved `serve`", "Brug forbindelsespulje (0 slår fra)."),
    Setting("ROEDTRAAD_API_RATE", "600/m", "Største antal API-kald pr. nøgle."),
)
_NAMES = {setting.name for setting in SETTINGS}


def read(name: str, default: str = "") -> str:
    """The value of a declared setting, or `default`. KeyError if the setting is not in the table."""
    if name not in _NAMES:
        raise KeyError(f"{name} is not declared in SETTINGS")
    return os.environ.get(name, default)


def read_bool(name: str, default: bool) -> bool:
    """A declared setting as yes/no: 1, true, ja, yes count as yes."""
    value = read(name)
    return default if value == "" else value.strip().lower() in {"1", "true", "ja", "yes", "on"}


def project_folder() -> Path:
    """The checkout (where pyproject.toml lies), or the working folder when installed as a package."""
    candidate = Path(__file__).resolve().parents[3]
    return candidate if (candidate / "pyproject.toml").exists() else Path.cwd()


def data_folder() -> Path:
    """The project's data folder; it is not created here."""
    given = read("ROEDTRAAD_DATA")
    return Path(given).expanduser().resolve() if given else project_folder() / "var"
