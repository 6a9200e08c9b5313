"""What runs in containers: the image, and Kubernetes' CronJob."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.deployed import DEPLOY, MOST_LINES, PROGRAM
from tests.repo.project_files import PACKAGES, PROJECT

BUILDER = "PLUS360_IMAGE_BUILDER"


def test_every_file_is_short() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in DEPLOY.iterdir()}
    assert lengths.keys() == {"Containerfile", "crontab", "cronjob.yaml", "plus360.service", "plus360.timer"}
    assert not {name: lines for name, lines in lengths.items() if lines >= MOST_LINES}


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions in their order, each with the rest of its line."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def told(instruction: str) -> list[str]:
    return [rest for word, rest in instructions() if word == instruction]


def sources() -> set[str]:
    return {source for copy in told("COPY") for source in copy.split()[:-1] if not source.startswith("--")}


def test_the_image_runs_as_an_account_that_owns_only_the_data() -> None:
    assert told("USER") == ["10001:10001"]
    assert instructions()[-1] == ("CMD", '["night", "--all"]')
    assert json.loads(told("ENTRYPOINT")[0]) == [PROGRAM], "signals reach plus360, not a shell"
    assert json.loads(told("VOLUME")[0]) == ["/data"]
    assert [run.split("install --directory ")[1] for run in told("RUN") if "install --directory" in run] == [
        "--owner=10001 --group=10001 --mode=0700 /data"
    ]


def test_the_image_holds_the_program_and_the_locked_libraries_and_nothing_else() -> None:
    copied = {source for source in sources() if not source.startswith("/")}
    assert copied >= {*PACKAGES, "dbt_project", "notebooks", "requirements-extras.lock"}
    assert all((PROJECT / source).exists() for source in copied)
    libraries, program = (run for run in told("RUN") if "pip install" in run)
    assert "--require-hashes" in libraries
    assert "--no-deps" in program
    assert not [run for run in told("RUN") if re.search(r"curl|wget|chmod -R|sudo", run)]
    assert not told("ADD")
    assert not re.search(r"SECRET|PASSWORD|TOKEN", " ".join(told("ARG") + told("ENV")))


def test_what_an_image_is_built_from_leaves_out_data_and_settings() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "everything is left out but what is named"
    assert not {"!data", "!districts.toml", "!.git", "!."} & {*rules}
    copied = {source for source in sources() if not source.startswith("/")}
    assert copied - {"requirements-extras.lock"} <= {rule.removeprefix("!") for rule in rules}


@pytest.mark.skipif(BUILDER not in os.environ, reason=f"{BUILDER} names no builder, such as: podman build")
def test_the_image_can_be_built() -> None:
    """Asked for only: a build fetches the base image and the libraries, as no other test does."""
    build = [
        *shlex.split(os.environ[BUILDER]),
        "--file",
        DEPLOY / "Containerfile",
        "--tag",
        "plus360",
        PROJECT,
    ]
    built = subprocess.run(build, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]


@pytest.fixture(scope="module")
def cron_job() -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load((DEPLOY / "cronjob.yaml").read_text(encoding="utf-8"))
    return job


def test_kubernetes_accepts_the_job(cron_job: dict[str, Any]) -> None:
    kubernetes_validate.validate(cron_job, kubernetes_validate.latest_version(), strict=True)


def test_every_district_is_in_one_shard_of_one_job_at_a_time(cron_job: dict[str, Any]) -> None:
    spec = cron_job["spec"]
    job = spec["jobTemplate"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    command, *words = container["args"]
    assert command == "night"
    assert words[words.index("--shard") + 1] == f"/{job['completions']}"
    assert (job["completionMode"], job["template"]["spec"]["restartPolicy"]) == ("Indexed", "Never")
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["timeZone"]


def test_only_a_shard_that_a_retry_may_help_is_tried_again_also_hours_later(cron_job: dict[str, Any]) -> None:
    job = cron_job["spec"]["jobTemplate"]["spec"]
    assert job["backoffLimitPerIndex"] > 0
    (container,) = job["template"]["spec"]["containers"]
    assert "--unfinished" in container["args"], "what is finished is not run again at the next time"
    _, hours, *days = cron_job["spec"]["schedule"].split()
    assert len(hours.split(",")) > 1, "the retries of a pod follow within seconds"
    assert days == ["*", "*", "*"]
    rules = job["podFailurePolicy"]["rules"]
    assert {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [2, 3]}} in rules


def test_a_pod_can_write_only_its_data_and_finds_its_secrets_in_a_volume(cron_job: dict[str, Any]) -> None:
    pod = cron_job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsUser"] == int(told("USER")[0].split(":")[0])
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    environment = dict(word.split("=", 1) for word in shlex.split(" ".join(told("ENV"))))
    assert environment["PLUS360_DATA"].startswith(mounted["data"] + "/")
    assert environment["PLUS360_CONFIG"].startswith(mounted["settings"] + "/")
    given = {variable["name"]: variable["value"] for variable in container["env"]}
    assert given["CREDENTIALS_DIRECTORY"] == mounted["secrets"]
    assert given["TZ"] == cron_job["spec"]["timeZone"], "the night of a run is one of the schedule's clock"
    assert mounted.keys() == {volume["name"] for volume in pod["volumes"]}
