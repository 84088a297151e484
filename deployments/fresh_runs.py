"""Asks for one run of each flow of the open campaigns: what days without this machine owed is done now."""

import sys
from collections.abc import Collection

from prefect.client.orchestration import SyncPrefectClient, get_client


def ask(client: SyncPrefectClient, campaigns: Collection[str]) -> list[str]:
    """Ask for a run of every deployment of *campaigns* and return their names; each does what is due now."""
    wanted = [one for one in client.read_deployments() if one.parameters.get("campaign") in campaigns]
    for deployment in wanted:
        client.create_flow_run_from_deployment(deployment.id)
    return [deployment.name for deployment in wanted]


def main() -> None:
    """Ask the server that the environment names."""
    with get_client(sync_client=True) as client:
        ask(client, sys.argv[1:])


if __name__ == "__main__":
    main()
