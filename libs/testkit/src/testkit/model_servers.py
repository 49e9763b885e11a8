"""Real model servers in front of a stand-in model: a LiteLLM proxy, and Llama Stack of both generations.

Each has an environment of its own, installed from the package index by whoever first wants it: together a gigabyte, so
they are no part of any lock, and tests on them run only with `--model-servers FOLDER`.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from embedded.identity import become

from testkit.chat_model import MODEL
from testkit.listening import eventually

KEY = "sk-testkit-0123456789abcdef0123456789abcdef"
"""What the LiteLLM proxy wants as a bearer token; Llama Stack asks for none."""
_WHOLE = ".whole"
_INSTALL_SECONDS, _START_SECONDS, _STOP_SECONDS = 900, 180.0, 30
_LITELLM = f"""
model_list:
  - model_name: {MODEL}
    litellm_params: {{model: openai/{MODEL}, api_base: "$model_url", api_key: fake, max_retries: 0}}
router_settings: {{disable_cooldowns: true, num_retries: 0}}
litellm_settings: {{num_retries: 0}}
"""
_STACK_07 = f"""
version: 2
distro_name: testkit
apis: [inference]
providers:
  inference:
    - provider_id: local
      provider_type: remote::vllm
      config: {{base_url: "$model_url", api_token: fake, network: {{tls: {{verify: false}}}}}}
storage:
  backends:
    kv_default: {{type: kv_sqlite, db_path: "$data/kv.db"}}
    sql_default: {{type: sql_sqlite, db_path: "$data/sql.db"}}
  stores:
    metadata: {{namespace: registry, backend: kv_default}}
    inference: {{table_name: inference_store, backend: sql_default}}
    conversations: {{table_name: openai_conversations, backend: sql_default}}
    prompts: {{namespace: prompts, backend: kv_default}}
    connectors: {{namespace: connectors, backend: kv_default}}
registered_resources:
  models: [{{model_id: {MODEL}, provider_id: local, provider_model_id: {MODEL}, model_type: llm}}]
server: {{port: $port, host: 127.0.0.1}}
"""
_STACK_02 = f"""
version: '2'
image_name: testkit
apis: [inference]
providers:
  inference:
    - provider_id: local
      provider_type: remote::vllm
      config: {{url: "$model_url", api_token: fake, tls_verify: false}}
metadata_store: {{type: sqlite, db_path: "$data/registry.db"}}
inference_store: {{type: sqlite, db_path: "$data/inference.db"}}
models: [{{model_id: {MODEL}, provider_id: local, provider_model_id: {MODEL}, model_type: llm, metadata: {{}}}}]
shields: []
vector_dbs: []
datasets: []
scoring_fns: []
benchmarks: []
tool_groups: []
server: {{port: $port, host: 127.0.0.1}}
"""


class CannotInstall(Exception):
    """The server cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class ModelServer:
    """A server to install and start. In `command` and `config` stand `$python`, `$port`, `$data` and `$model_url`."""

    name: str
    python: str
    packages: tuple[str, ...]
    command: tuple[str, ...]
    config: str
    ready: str
    speaks: str
    base: str
    """What follows the server's address in a model's endpoint."""
    model: str
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it is told besides; the same words are filled in."""


SERVERS = (
    ModelServer(
        name="litellm-1.106.2",
        python="3.11",
        packages=("litellm[proxy]==1.106.2",),
        command=("$bin/litellm", "--config", "$data/config.yaml", "--host", "127.0.0.1", "--port", "$port"),
        config=_LITELLM,
        ready="/health/liveliness",
        speaks="openai",
        base="/v1",
        model=MODEL,
    ),
    ModelServer(
        name="llama-stack-0.7.3",
        python="3.12",
        packages=("llama-stack==0.7.3", "llama-stack-client==0.7.5", "mcp<2", "faiss-cpu", "chardet", "pypdf"),
        command=("$bin/llama", "stack", "run", "$data/config.yaml", "--port", "$port"),
        config=_STACK_07,
        ready="/v1/health",
        speaks="llama_stack",
        base="",
        model=f"local/{MODEL}",
    ),
    ModelServer(
        name="llama-stack-0.2.12",
        python="3.11",
        packages=(
            "llama-stack==0.2.12",
            "llama-stack-client==0.2.12",
            "mcp<2",
            "aiosqlite",
            "chardet",
            "faiss-cpu",
            "opentelemetry-exporter-otlp-proto-http",
            "opentelemetry-sdk",
            "pypdf",
            "sqlalchemy[asyncio]",
        ),
        command=(
            "$bin/python", "-m", "llama_stack.distribution.server.server", "--config", "$data/config.yaml",
            "--port", "$port",
        ),
        config=_STACK_02,
        ready="/v1/health",
        speaks="llama_stack",
        base="",
        model=MODEL,
    ),
)  # fmt: skip


def installed(server: ModelServer, folder: Path) -> Path:
    """The server's environment below `folder`, installed if it is not there yet. Raises `CannotInstall`."""
    place = folder.resolve() / server.name
    if (place / _WHOLE).exists():
        return place
    uv = str(Path(sys.executable).parent / "uv")
    python = place / "bin" / "python"
    for command in (
        (uv, "venv", "--quiet", "--clear", "--python", server.python, "--no-python-downloads", str(place)),
        (uv, "pip", "install", "--quiet", "--python", str(python), *server.packages),
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
        except subprocess.CalledProcessError as error:
            raise CannotInstall(f"{server.name} on Python {server.python}: {error.stderr.strip()[-400:]}") from error
        except subprocess.TimeoutExpired as error:
            raise CannotInstall(f"{server.name} was not installed within {_INSTALL_SECONDS} s") from error
    (place / _WHOLE).touch()
    return place


@asynccontextmanager
async def running(server: ModelServer, place: Path, *, model_url: str, data: Path) -> AsyncIterator[str]:
    """`async with running(…) as url:` → the server's address, once it answers. Its model is the one at `model_url`."""
    port = str(_free_port())

    def filled(text: str) -> str:
        for name, value in {"bin": str(place / "bin"), "port": port, "data": str(data), "model_url": model_url}.items():
            text = text.replace(f"${name}", value)
        return text

    (data / "config.yaml").write_text(filled(server.config))
    log = data / "server.log"
    environment = {name: filled(value) for name, value in server.environment.items()} | {
        "PATH": f"{place / 'bin'}:/usr/bin:/bin",
        "HOME": str(data),
        "SQLITE_STORE_DIR": str(data),
        "LITELLM_MASTER_KEY": KEY,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        # Otherwise every exception of the server is drawn in colours for seconds, and nothing else is answered.
        "LLAMA_STACK_LOG_FORMAT": "json",
        "OTEL_SDK_DISABLED": "true",
        "HF_HUB_OFFLINE": "1",
    }
    process = _start([filled(word) for word in server.command], environment=environment, data=data, log=log)
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:

            async def is_ready() -> bool:
                if process.poll() is not None:
                    raise RuntimeError(f"{server.name} did not start:\n{log.read_text()[-3000:]}")
                try:
                    return (await client.get(server.ready)).is_success
                except httpx.HTTPError:
                    return False

            await eventually(is_ready, seconds=_START_SECONDS)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(command: list[str], *, environment: dict[str, str], data: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            # Whoever kills pytest ends its servers; the fixture is set up in pytest's main thread.
            become(command),
            stdout=output,
            stderr=output,
            env=environment,
            cwd=data,
            start_new_session=True,
        )


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
