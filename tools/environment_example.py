"""Writes `deployments/phaseout.env.example` from the settings: `.venv/bin/python -m tools.environment_example`."""

from textwrap import wrap

from phaseout.settings import PROJECT, Settings
from tools.settings_page import default_of, variable

FILE = PROJECT / "deployments" / "phaseout.env.example"
WIDTH = 118
# The units set these: one place says where the service lives.
OF_THE_UNITS = ("home", "project")
HEAD = """\
# What the services of one machine are set to; `tools/install-service` puts this file in its place, once.
# A line without # holds. The values shown are the defaults; where none is shown, give one when you take the # away.
# After a change: systemctl restart phaseout.target
# No quotes, no spaces around =, no $NAME. A password goes into a file of its own (…_FILE), readable by the service's
# user alone (chmod 600).
"""
FOOT = """
# Made from src/phaseout/settings.py by `.venv/bin/python -m tools.environment_example`; a test holds it to that.
"""


def example() -> str:
    """Return the file's text."""
    return HEAD + "".join(_lines(name) for name in Settings.model_fields if name not in OF_THE_UNITS) + FOOT


def _lines(name: str) -> str:
    field = Settings.model_fields[name]
    default = default_of(field)
    words = wrap(field.description or "", WIDTH)
    return "\n" + "".join(f"# {line}\n" for line in words) + f"#{variable(name)}={default or ''}\n"


if __name__ == "__main__":
    FILE.write_text(example(), encoding="utf-8")
