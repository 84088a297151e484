"""Deletes deployments and schedules that have left `prefect.yaml`: deploying never does, and they would keep firing."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client


def wanted(path: Path) -> dict[str, frozenset[str]]:
    """Return the deployments of the file, each with the slugs of its schedules."""
    deployments = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    return {
        deployment["name"]: frozenset(schedule["slug"] for schedule in deployment["schedules"])
        for deployment in deployments
    }


def prune(client: SyncPrefectClient, keep: Mapping[str, frozenset[str]]) -> None:
    """Delete what is not in *keep* (deployment to slugs)."""
    for deployment in client.read_deployments():
        if deployment.name not in keep:
            client.delete_deployment(deployment.id)
            continue
        for schedule in deployment.schedules:
            if schedule.slug not in keep[deployment.name]:
                client.delete_deployment_schedule(deployment.id, schedule.id)


def main() -> None:
    """Prune the server that the environment names by the file in the current folder."""
    with get_client(sync_client=True) as client:
        prune(client, wanted(Path("prefect.yaml")))


if __name__ == "__main__":
    main()
