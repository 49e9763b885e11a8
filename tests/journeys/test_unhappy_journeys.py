"""What must not be lost or done twice, whatever dies in the middle."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from testkit.studio import Studio, running_studio, until

pytestmark = pytest.mark.journey
BRIEF = "How a sourdough starter works"
KILLED = ("orchestrator", "ideation", "producer", "editor", "compliance", "publisher", "knowledge")


@pytest.fixture(scope="module")
def undisturbed(studio: Studio) -> dict[str, set[str]]:
    """What the brief's film is made of when nothing goes wrong."""
    studio.forget_films()
    run_id = studio.start(BRIEF)
    studio.approve_all(run_id)
    return studio.artifacts(run_id)


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A stack that is harmed again and again, and heals each time."""
    with running_studio(tmp_path_factory.mktemp("battered")) as running:
        yield running


def same_film(studio: Studio, run_id: str, expected: dict[str, set[str]]) -> None:
    """The run made exactly the artifacts of an undisturbed one, and published once."""
    made = studio.artifacts(run_id)
    receipt = "published_url"
    assert {kind: made[kind] for kind in made if kind != receipt} == {
        kind: expected[kind] for kind in expected if kind != receipt
    }
    (post,) = studio.posts(run_id)
    assert post["state"] == "public"


@pytest.mark.feature("M26")
def test_every_service_killed_before_and_after_it_publishes_what_it_committed(
    own_data: Path, undisturbed: dict[str, set[str]]
) -> None:
    points = [f"{service}.{point}" for service in KILLED for point in ("after_commit", "published")]
    environment = {"GREENLIGHT_TESTING_POINTS": ",".join(points)}
    with running_studio(own_data, processes="each", environment=environment) as studio:
        run_id = studio.start(BRIEF)
        studio.approve_all(run_id, seconds=240)
        same_film(studio, run_id, undisturbed)
        assert killed(own_data) == set(points)


@pytest.mark.feature("M24")
def test_a_worker_killed_after_it_acted_does_not_act_twice(own_data: Path, undisturbed: dict[str, set[str]]) -> None:
    points = ("producer.make_clip.acted", "publisher.finished", "publisher.publish.acted")
    with running_studio(own_data, environment={"GREENLIGHT_TESTING_POINTS": ",".join(points)}) as studio:
        run_id = studio.start(BRIEF)
        studio.approve_all(run_id, seconds=240)
        same_film(studio, run_id, undisturbed)
        assert killed(own_data) == set(points)


def killed(data: Path) -> set[str]:
    """The points at which somebody died."""
    return {path.name.removeprefix("killed-at-") for path in data.glob("killed-at-*")}


def kill(name: str) -> Callable[[Studio], None]:
    def act(studio: Studio) -> None:
        # What was killed before may not run again yet, though the run has gone on without it.
        pid = until(lambda: studio.state.processes[name].pid, seconds=60, what=f"{name} to run")
        os.kill(pid, signal.SIGKILL)

    return act


def delete_streams(studio: Studio) -> None:
    """Kill NATS and remove all it had stored before it can come back."""
    studio.process.send_signal(signal.SIGSTOP)
    os.kill(studio.pid("nats"), signal.SIGKILL)
    shutil.rmtree(studio.data / "nats" / "jetstream")
    studio.process.send_signal(signal.SIGCONT)


def flush_redis(studio: Studio) -> None:
    redis.Redis.from_url(studio.site.redis_url).flushall()


@pytest.mark.parametrize(
    "harm",
    [kill("apps"), kill("nats"), kill("postgres"), kill("redis"), delete_streams, flush_redis],
    ids=["apps", "nats", "postgres", "redis", "streams-deleted", "redis-flushed"],
)
def test_a_run_finishes_by_itself_after(
    battered: Studio, undisturbed: dict[str, set[str]], harm: Callable[[Studio], None]
) -> None:
    battered.forget_films()
    run_id = battered.start(BRIEF)
    battered.wait(run_id, "awaiting_ideation_approval")
    battered.approve(run_id)
    battered.wait(run_id, "awaiting_video_generation", "awaiting_render", "running")
    harm(battered)
    battered.wait(run_id, "awaiting_publish_approval", seconds=240)
    harm(battered)
    battered.approve(run_id)
    battered.wait(run_id, seconds=240)
    same_film(battered, run_id, undisturbed)


def test_a_run_goes_on_after_its_supervisor_was_killed_and_its_studio_stopped(
    own_data: Path, undisturbed: dict[str, set[str]]
) -> None:
    with running_studio(own_data) as studio:
        run_id = studio.start(BRIEF)
        studio.wait(run_id, "awaiting_ideation_approval")
        studio.approve(run_id)
        pids = [process.pid for process in studio.state.processes.values() if process.pid]
        studio.process.kill()
        until(
            lambda: True if not any(Path(f"/proc/{pid}").exists() for pid in pids) else None,
            seconds=20,
            what="all to end",
        )
    with running_studio(own_data) as studio:
        studio.wait(run_id, "awaiting_video_generation", "awaiting_render")
    with running_studio(own_data) as studio:
        studio.wait(run_id, "awaiting_publish_approval", seconds=240)
        studio.approve(run_id)
        studio.wait(run_id, seconds=240)
        same_film(studio, run_id, undisturbed)
