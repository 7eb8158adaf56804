"""What the same calls are with four ways of running machines, as commands and files to be filled in.
TEMPLATES: written from the documentation of each and run on none; a supplier's own people try them.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from lasalle.institution.metering.provisioning import Asked

HOUR = 3_600


def _hours(asked: Asked) -> int:
    return -(-(asked.end_s - asked.start_s) // HOUR)


def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def slurm(asked: Asked) -> dict[str, str]:
    """A reservation: the closest there is to a delivered block. Its maker is the root user or
    SlurmUser."""
    name = f"lasalle_{asked.contract}"
    span = f"starttime={_when(asked.start_s)} duration={_hours(asked)}:00:00"
    return {
        "reserve": f"scontrol create reservation reservationname={name} {span} "
                   f"nodecnt={asked.nodes} partition={asked.grade} users=BUYER flags=PURGE_COMP",
        "activate": f"scontrol show reservation {name} --oneliner",
        "probe": f"srun --reservation={name} --nodelist=NODE --gpus={asked.accelerators} "
                 "lasalle-probe NONCE",
        "revoke": f"scontrol delete reservationname={name}",
    }  # fmt: skip


def kueue(asked: Asked) -> dict[str, str]:
    """A queue of its own with the whole quota, so that nobody else is admitted to it."""
    total = asked.nodes * asked.accelerators
    name = f"lasalle-{asked.contract}"
    manifest = f"""apiVersion: kueue.x-k8s.io/v1beta1
kind: ClusterQueue
metadata: {{name: {name}}}
spec:
  namespaceSelector: {{matchLabels: {{lasalle-contract: "{asked.contract}"}}}}
  resourceGroups:
  - coveredResources: ["nvidia.com/gpu"]
    flavors:
    - name: {asked.grade}
      resources: [{{name: nvidia.com/gpu, nominalQuota: {total}, borrowingLimit: 0}}]
"""
    return {
        "reserve": manifest,
        "activate": f"kubectl label namespace BUYER lasalle-contract={asked.contract}",
        "probe": "kubectl create job probe-NONCE --image=lasalle-probe -- lasalle-probe NONCE",
        "revoke": f"kubectl delete clusterqueue {name}",
    }


def skypilot(asked: Asked) -> dict[str, str]:
    """A cluster on a reservation of the cloud, named in the configuration."""
    name = f"lasalle-{asked.contract}"
    task = f"""name: {name}
num_nodes: {asked.nodes}
resources:
  accelerators: {asked.grade}:{asked.accelerators}
  use_spot: false
"""
    return {
        "reserve": "aws:\n  specific_reservations: [CAPACITY_BLOCK]\n",
        "activate": task,
        "probe": f"sky exec {name} lasalle-probe NONCE",
        "revoke": f"sky down --yes {name}",
    }


def dstack(asked: Asked) -> dict[str, str]:
    """A fleet of nodes placed together."""
    name = f"lasalle-{asked.contract}"
    fleet = f"""type: fleet
name: {name}
nodes: {asked.nodes}
placement: cluster
resources:
  gpu: {asked.grade}:{asked.accelerators}
"""
    return {
        "reserve": fleet,
        "activate": f"dstack apply -f {name}.dstack.yml --yes",
        "probe": f"dstack attach {name}-probe-NONCE",
        "revoke": f"dstack fleet delete {name} --yes",
    }


TEMPLATES: dict[str, Callable[[Asked], dict[str, str]]] = {
    "slurm": slurm, "kueue": kueue, "skypilot": skypilot, "dstack": dstack
}  # fmt: skip
