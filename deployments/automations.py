"""Makes the server's automations (值守) those of `automations.yaml`: `.venv/bin/python -m deployments.automations`."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events.schemas.automations import Automation, AutomationCore

FILE = Path(__file__).with_suffix(".yaml")
PREFIX = "值守："
PAGE = 200


def declared(path: Path = FILE) -> list[dict[str, Any]]:
    """Return the automations of the file."""
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["automations"]
    return found


def deployments_of(automation: Mapping[str, Any]) -> set[str]:
    """Return the deployments that an automation starts."""
    return {action["deployment"] for action in automation["actions"] if "deployment" in action}


def apply(client: SyncPrefectClient, wanted: Iterable[Mapping[str, Any]]) -> list[str]:
    """Create, change and delete our automations until they are the wanted ones; return what was done.

    What a person switched off stays off; automations of other names are left alone.
    """
    ids = {one.name: one.id for one in client.read_deployments(limit=PAGE)}
    found: dict[str, list[Automation]] = {}
    for one in client.read_automations(limit=PAGE):
        if one.name.startswith(PREFIX):
            found.setdefault(one.name, []).append(one)
    done = []
    for automation in wanted:
        if missing := deployments_of(automation) - set(ids):
            done.append(f"left out {automation['name']}: no deployment {', '.join(sorted(missing))}")
            continue
        done += _settle(client, _resolved(automation, ids), found.pop(f"{PREFIX}{automation['name']}", []))
    for gone in (one for same in found.values() for one in same):
        client.delete_automation(gone.id)
        done.append(f"deleted {gone.name}")
    return done


def _settle(client: SyncPrefectClient, wanted: AutomationCore, found: list[Automation]) -> list[str]:
    """Let exactly one automation be as wanted; names are not unique, and two would act twice."""
    if not found:
        client.create_automation(wanted)
        return [f"created {wanted.name}"]
    first, *more = found
    for one in more:
        client.delete_automation(one.id)
    done = [f"deleted a second {wanted.name}"] if more else []
    if _content(first) == _content(wanted):  # an update would forget what the server has seen so far
        return done
    client.update_automation(first.id, wanted.model_copy(update={"enabled": first.enabled}))
    return [*done, f"changed {wanted.name}"]


def _resolved(automation: Mapping[str, Any], ids: Mapping[str, UUID]) -> AutomationCore:
    actions = [
        {"deployment_id": str(ids[action["deployment"]]), **{k: v for k, v in action.items() if k != "deployment"}}
        if "deployment" in action
        else action
        for action in automation["actions"]
    ]
    return AutomationCore.model_validate({**automation, "name": f"{PREFIX}{automation['name']}", "actions": actions})


def _content(automation: AutomationCore) -> dict[str, Any]:
    content = automation.model_dump(mode="json", include={"name", "description", "trigger", "actions"})
    for name in ("after", "expect", "for_each"):  # sets come back in any order
        content["trigger"][name] = sorted(content["trigger"][name])
    return content


def main() -> None:
    """Apply the file to the server that the environment names."""
    with get_client(sync_client=True) as client:
        for line in apply(client, declared()):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
