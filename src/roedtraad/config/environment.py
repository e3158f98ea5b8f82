"""Every setting of the running system, read from the environment in one place.

Settings come from the environment only. `SETTINGS` is the table that docs/operators.md prints; a test
keeps the two in step. Nothing else in the project reads `os.environ` for configuration.
"""

from __future__ import annotations

import os
import re
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
        "ROEDTRAAD_BACKUP_RECIPIENTS",
        "demo laver sin egen",
        "Hvem sikkerhedskopier krypteres til: age-modtagere (`age1…`), adskilt af komma.",
    ),
    Setting(
        "ROEDTRAAD_BACKUP_IDENTITY_FILE",
        "demo laver sin egen",
        "Fil (rettighed 0600) med nøglen, der åbner sikkerhedskopier. Kræves for at genskabe.",
    ),
    Setting(
        "DATABASE_URL",
        "indbygget PostgreSQL",
        "En rigtig PostgreSQL-server (≥ 17). Appens rolle, som ikke ejer tabeller.",
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
    Setting(
        "ROEDTRAAD_PUSH_URL",
        "porten efter webserverens på samme vært",
        "Hvor browseren henter alarmer med det samme: en sti (`/strom`), som jeres proxy sender til push-serveren, eller en "
        "hel adresse. Kræves med https; ellers spørger siderne hvert 10. sekund.",
    ),
    Setting(
        "ROEDTRAAD_PUSH_PORT",
        "sættes af `serve`: webserverens + 1",
        "Porten, som push-serveren lytter på (127.0.0.1).",
    ),
    Setting(
        "ROEDTRAAD_PUSH_ORIGINS",
        "sættes af `serve`: webserverens egne adresser",
        "Sider, der må læse strømmen fra en anden port eller vært: hele adresser uden sti, adskilt af komma.",
    ),
    Setting(
        "ROEDTRAAD_API_RATE",
        "600/m",
        "Største antal API-kald pr. nøgle (`/s`, `/m` eller `/h`), talt på tværs af serverprocesser.",
    ),
    Setting("ROEDTRAAD_WRITE_RATE", "300/m", "Største antal ændringer pr. bruger."),
    Setting("ROEDTRAAD_EXPORT_RATE", "60/m", "Største antal udtræk pr. bruger."),
    Setting("ROEDTRAAD_SEARCH_RATE", "240/m", "Største antal søgninger efter personer pr. bruger."),
    Setting(
        "ROEDTRAAD_MFA",
        "`required` i produktion, ellers `offered`",
        "Om ansatte skal have en anden faktor (`required`) eller selv vælger (`offered`).",
    ),
    Setting(
        "ROEDTRAAD_IDLE_MINUTES", "30", "Så mange minutter uden brug, før man bliver logget ud. Højst 1440."
    ),
    Setting(
        "ROEDTRAAD_SESSION_HOURS", "12", "Så mange timer, før man bliver logget ud, også når man er i gang."
    ),
    Setting(
        "ROEDTRAAD_TABLET_HOURS",
        "12",
        "Så mange timer efter et fuldt login kan man skifte tilbage til sig selv med PIN-kode på en fælles tablet. Højst 24.",
    ),
    Setting(
        "ROEDTRAAD_TABLET_IDLE_MINUTES",
        "5",
        "Så mange minutter uden brug, før et login med PIN-kode på en fælles tablet slutter. Højst 60.",
    ),
    Setting(
        "ROEDTRAAD_OFFLINE_HOURS",
        "8",
        "Så mange timer en telefon uden net kan vise vagten, efter den sidst fik den læst ned. Højst 24.",
    ),
    Setting(
        "ROEDTRAAD_TRUSTED_PROXIES",
        "0",
        "Antal egne proxyer foran serveren, hvis `X-Forwarded-For` man kan stole på.",
    ),
    Setting(
        "ROEDTRAAD_FEDERATION_LEVEL",
        "substantial",
        "Mindste NSIS-niveau for ansatte, der logger ind gennem regionens login: `substantial` eller `high`.",
    ),
    Setting(
        "ROEDTRAAD_FEDERATION_ROLES",
        "",
        "Fil (TOML eller JSON), der siger, hvilke roller et login giver. Se login-integration.md.",
    ),
    Setting(
        "ROEDTRAAD_FEDERATION_CREATE",
        "0",
        "Om et ukendt, godkendt login får en ny konto (1) eller afvises (0).",
    ),
    Setting(
        "ROEDTRAAD_OIDC_ISSUER",
        "",
        "OIDC: udbyderens adresse (issuer). Sat: loginsiden får knappen »Log ind med regionens login«.",
    ),
    Setting(
        "ROEDTRAAD_OIDC_CLIENT_ID",
        "",
        "OIDC: vores navn hos udbyderen.",
    ),
    Setting(
        "ROEDTRAAD_OIDC_CLIENT_SECRET",
        "",
        "OIDC: vores hemmelighed hos udbyderen.",
    ),
    Setting(
        "ROEDTRAAD_OIDC_CLIENT_SECRET_FILE",
        "",
        "Fil (rettighed 0600) med hemmeligheden i stedet for variablen.",
    ),
    Setting(
        "ROEDTRAAD_OIDC_SCOPE",
        "openid profile",
        "OIDC: hvad udbyderen bliver spurgt om (scope).",
    ),
    Setting(
        "ROEDTRAAD_OIDC_CLAIMS",
        "id=sub,name=name,level=acr,cvr=cvr,organisation=org_name,privileges=privileges",
        "OIDC: hvad udbyderen kalder de oplysninger, der læses.",
    ),
    Setting(
        "ROEDTRAAD_SAML_IDP_METADATA",
        "",
        "SAML: fil med identitetsudbyderens metadata.",
    ),
    Setting(
        "ROEDTRAAD_SAML_ENTITY_ID",
        "",
        "SAML: vores navn (entityID).",
    ),
    Setting(
        "ROEDTRAAD_SAML_KEY_FILE",
        "",
        "SAML: fil (rettighed 0600) med vores private nøgle (PEM).",
    ),
    Setting(
        "ROEDTRAAD_SAML_CERT_FILE",
        "",
        "SAML: fil med vores certifikat (PEM).",
    ),
    Setting(
        "ROEDTRAAD_SAML_ENCRYPTED",
        "1",
        "SAML: kræv, at svaret er krypteret til os.",
    ),
    Setting(
        "ROEDTRAAD_SAML_IDP_INITIATED",
        "0",
        "SAML: tillad login, der begynder hos udbyderen. Svarer så ikke på vores eget spørgsmål.",
    ),
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


def read_count(name: str, default: int, least: int, most: int) -> int:
    """A declared setting as a whole number. SystemExit with a sentence when it is none, or outside the limits."""
    text = read(name).strip() or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SystemExit(f"{name} er sat til »{text}«. Det skal være et helt tal fra {least} til {most}.")
    return int(text)


def read_address(name: str) -> str:
    """A declared setting as a path of our own or a whole http address. SystemExit with a sentence when it is neither."""
    text = read(name).strip()
    if text and not re.fullmatch(r"(https?://[\w.-]+(:\d+)?)?/[\w/.-]*", text, re.ASCII):
        raise SystemExit(f"{name} er sat til »{text}«. Skriv en sti som /strom eller en hel adresse.")
    return text


def read_origins(name: str) -> list[str]:
    """A declared setting as origins. SystemExit with a sentence when one of them is none (with a path, or a star)."""
    found = [text.strip() for text in read(name).split(",") if text.strip()]
    for text in found:
        if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:]+\])(:\d+)?", text, re.ASCII):
            raise SystemExit(
                f"{name} nævner »{text}«. Skriv adresser som https://roedtraad.example, uden sti."
            )
    return found


def read_rate(name: str, default: str) -> str:
    """A declared setting as a rate: "600/m". SystemExit with a sentence when it is none."""
    text = read(name).strip() or default
    if not re.fullmatch(r"[1-9][0-9]{0,8}/[smh]", text):
        raise SystemExit(
            f"{name} er sat til »{text}«. Skriv et antal pr. sekund, minut eller time, fx 600/m."
        )
    return text


def project_folder() -> Path:
    """The checkout (where pyproject.toml lies), or the working folder when installed as a package."""
    candidate = Path(__file__).resolve().parents[3]
    return candidate if (candidate / "pyproject.toml").exists() else Path.cwd()


def data_folder() -> Path:
    """The project's data folder; it is not created here."""
    given = read("ROEDTRAAD_DATA")
    return Path(given).expanduser().resolve() if given else project_folder() / "var"
