"""Writes `docs/reference/settings.md` from the settings themselves: `.venv/bin/python -m tools.settings_page`."""

from pydantic.fields import FieldInfo

from phaseout.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "reference" / "settings.md"
HEAD = """\
# Settings

Every setting is read from the environment when a command or a flow run starts.
The defaults suit a first look on one machine: nothing is sent, and everything lies in one folder.
Prefect's own settings are its own; `phaseout serve` sets those that it needs.

| variable | default | meaning |
|---|---|---|
"""
FOOT = """
This page is made from `src/phaseout/settings.py` by `.venv/bin/python -m tools.settings_page`; a test holds it to that.
"""


def variable(name: str) -> str:
    """Return the environment's name of a setting."""
    return f"{Settings.model_config['env_prefix']}{name}".upper()


def page() -> str:
    """Return the page's text."""
    rows = (
        f"| `{variable(name)}` | {_default(field)} | {_cell(field.description or '')} |\n"
        for name, field in Settings.model_fields.items()
    )
    return HEAD + "".join(rows) + FOOT


def default_of(field: FieldInfo) -> str | None:
    """Return a setting's default as one writes it; None if it is not set."""
    if field.default is None:
        return None
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def _default(field: FieldInfo) -> str:
    if field.default == PROJECT:
        return "the checkout"
    written = default_of(field)
    return "not set" if written is None else f"`{written}`"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
