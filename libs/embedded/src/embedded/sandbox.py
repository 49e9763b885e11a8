"""The sandbox of vendors beside a stack: its process, and what the services are told so that they talk to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from common.contracts.values import PLATFORM_TENANT

from embedded.secrets import StackSecrets
from embedded.settings import inherited_environment

PORT = 8090
"""Where it listens when nobody else does."""
NAME = "sandbox"
_CLIPS = {
    "openai_videos": "/openai/v1",
    "openrouter_videos": "/openrouter/api/v1",
    "pexels": "/pexels",
    "pixabay": "/pixabay",
}
_SPEECH = {"elevenlabs": "/elevenlabs", "openai_speech": "/openai/v1"}
_MODELS = {"llama_stack": "/llama_stack", "openai": "/openrouter/api/v1"}
_MODEL = "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"
_CALLERS = {"sora": "openai", "openrouter": "openrouter"}
"""The name of a vendor's webhook → its name in the sandbox."""


@dataclass(frozen=True)
class SandboxSite:
    """Where the sandbox is, and its secrets. `wanted` is what the operator's own environment says of vendors."""

    url: str
    key: str
    secret: str
    wanted: Mapping[str, str]

    @classmethod
    def at(cls, url: str, secrets: StackSecrets) -> Self:
        """The sandbox of the stack with these secrets, at this address."""
        key, secret = secrets.derive("sandbox", "key"), secrets.derive("sandbox", "webhooks")
        return cls(url, key, secret, wanted=inherited_environment())

    def tell(self, service: str) -> dict[str, str]:
        """The variables by which a service talks to the sandbox. A vendor that the operator chose stays chosen."""
        return self._guards() | self._vendors(service)

    def _vendors(self, service: str) -> dict[str, str]:
        if service == "orchestrator":
            return {"GREENLIGHT_WEBHOOK_SECRETS": json.dumps(self._signers())}
        if service == "ideation":
            return self._writes()
        if service != "producer":
            return {}
        clips = self._chosen("GREENLIGHT_CLIPS", _CLIPS)
        speech = self._chosen("GREENLIGHT_SPEECH", _SPEECH)
        told = {
            "GREENLIGHT_CLIPS": clips,
            "GREENLIGHT_CLIPS_MODE": "sandbox",
            "GREENLIGHT_CLIPS_URL": f"{self.url}{_CLIPS[clips]}",
            "GREENLIGHT_CLIPS_KEY": self.key,
            "GREENLIGHT_CLIPS_WEBHOOK": "openrouter" if clips == "openrouter_videos" else "sora",
            "GREENLIGHT_CLIPS_MODEL": "sandbox/reef-1" if clips == "openrouter_videos" else "sora-2",
            "GREENLIGHT_CLIPS_LENGTHS": "[4, 6, 8]",
            "GREENLIGHT_SPEECH": speech,
            "GREENLIGHT_SPEECH_MODE": "sandbox",
            "GREENLIGHT_SPEECH_URL": f"{self.url}{_SPEECH[speech]}",
            "GREENLIGHT_SPEECH_KEY": self.key,
            "GREENLIGHT_DESIGN": "canva",
            "GREENLIGHT_DESIGN_MODE": "sandbox",
            "GREENLIGHT_DESIGN_URL": f"{self.url}/canva/rest",
            "GREENLIGHT_DESIGN_CLIENT_ID": "greenlight",
            "GREENLIGHT_DESIGN_CLIENT_SECRET": self.key,
            "GREENLIGHT_DESIGN_REFRESH_TOKEN": f"{self.key}-of-this-stack",
            "GREENLIGHT_DESIGN_TEMPLATE": "sandbox-poster",
            "GREENLIGHT_VIDEO": "descript",
            "GREENLIGHT_VIDEO_MODE": "sandbox",
            "GREENLIGHT_VIDEO_URL": f"{self.url}/descript/v1",
            "GREENLIGHT_VIDEO_KEY": self.key,
            "GREENLIGHT_VIDEO_POLL_SECONDS": "5",
        }
        # The sandbox takes seconds where a vendor takes minutes.
        told["GREENLIGHT_CLIPS_POLL_SECONDS"] = self.wanted.get("GREENLIGHT_CLIPS_POLL_SECONDS", "5")
        return told | self._writes()

    def _guards(self) -> dict[str, str]:
        """Who looks at text besides the rules: the Llama Guard of the sandbox's Llama Stack."""
        if self.wanted.get("GREENLIGHT_SAFETY_MODE"):
            return {}
        return {
            "GREENLIGHT_SAFETY_MODE": "llama_stack",
            "GREENLIGHT_SAFETY_URL": f"{self.url}{_MODELS['llama_stack']}",
            "GREENLIGHT_SAFETY_SHIELD": "llama-guard",
            "GREENLIGHT_SAFETY_KEY": self.key,
        }

    def _writes(self) -> dict[str, str]:
        """Who writes: the sandbox's Llama Stack, or its OpenRouter for who wants OpenAI's chat completions."""
        if self.wanted.get("GREENLIGHT_TEXT_MODEL") or self.wanted.get("GREENLIGHT_MODELS_FILE"):
            return {}
        speaks = self._chosen("GREENLIGHT_TEXT_MODEL_SPEAKS", _MODELS)
        return {
            "GREENLIGHT_TEXT_MODEL": "sandbox",
            "GREENLIGHT_TEXT_MODEL_SPEAKS": speaks,
            "GREENLIGHT_TEXT_MODEL_URL": f"{self.url}{_MODELS[speaks]}",
            "GREENLIGHT_TEXT_MODEL_NAME": _MODEL,
            "GREENLIGHT_TEXT_MODEL_KEY": self.key,
        }

    def environment(self, *, orchestrator_url: str) -> dict[str, str]:
        """The sandbox's own variables: it calls the orchestrator when a job ends."""
        listeners = {
            vendor: {"url": f"{orchestrator_url}/v1/webhooks/{name}", "secret": self._signed_with(name)}
            for name, vendor in _CALLERS.items()
        }
        return {
            "GREENLIGHT_SANDBOX_PORT": self.url.rpartition(":")[2],
            "GREENLIGHT_SANDBOX_KEY": self.key,
            "GREENLIGHT_SANDBOX_LISTENERS": json.dumps(listeners),
        }

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows `python` to start it."""
        return ("-m", "sandbox")

    def _chosen(self, name: str, known: Mapping[str, str]) -> str:
        wanted = self.wanted.get(name, "")
        return wanted if wanted in known else next(iter(known))

    def _signed_with(self, name: str) -> str:
        if name == "sora":
            return "whsec_" + base64.b64encode(self.secret.encode()).decode()
        return self.secret

    def _signers(self) -> dict[str, dict[str, object]]:
        """How each vendor signs; they belong to the tenant that a local stack has."""
        signers: dict[str, dict[str, object]] = {
            name: {"secrets": [self._signed_with(name)], "id_field": "data.id", "tenant": PLATFORM_TENANT}
            for name in _CALLERS
        }
        signers["openrouter"] |= {
            "scheme": "timestamped",
            "header": "x-openrouter-signature",
            "separator": ",",
            "delivery_header": "x-openrouter-idempotency-key",
        }
        return signers
