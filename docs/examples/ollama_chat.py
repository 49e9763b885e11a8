"""A model's adapter of your own: Ollama by its own `/api/chat`, instead of its OpenAI-compatible address.

In the models' file, once this module is installed beside Greenlight (docs/models.md says how):

    endpoints:
      home: {speaks: "ollama_chat:OllamaChat", url: "http://localhost:11434"}

The contract is https://github.com/ollama/ollama/blob/main/docs/api.md, "Generate a chat completion".
"""

from __future__ import annotations

import httpx
from common.contracts.values import JsonObject
from vendors.text_model.adapters.openai_compatible import Named, find_model, within
from vendors.text_model.chat import Answer, Finish, Hear, Question, Usage
from vendors.text_model.wire import document_in, error_of

_LIMITS = {"max_output_tokens": "num_predict", "temperature": "temperature", "top_p": "top_p", "seed": "seed"}


class OllamaChat:
    """One model of an Ollama server, for tasks without tools. It is made once and asked many things at once."""

    def __init__(self, client: httpx.AsyncClient, named: Named) -> None:
        self.name = named.name
        self._client = client
        self._named = named

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """The model's answer, told to `hear` when it is whole. Errors are those that `ChatModel` promises."""
        asked: JsonObject = {
            "model": self._named.model,
            "messages": [{"role": message.role, "content": message.content} for message in question.messages],
            "options": {
                theirs: value for ours, theirs in _LIMITS.items() if (value := getattr(question, ours)) is not None
            },
            "stream": False,
        }
        if question.answer is not None:
            asked["format"] = question.answer.document
        said = await self._ask("POST", "/api/chat", asked)
        text = str((said.get("message") or {}).get("content") or "")
        if hear is not None:
            await hear(text)
        return Answer(
            text=text,
            finish=Finish.LENGTH if said.get("done_reason") == "length" else Finish.STOP,
            model=str(said.get("model") or ""),
            usage=Usage(
                input_tokens=int(said.get("prompt_eval_count") or 0), output_tokens=int(said.get("eval_count") or 0)
            ),
        )

    async def verify(self) -> None:
        """Raises unless the server lists the model."""
        found = await self._ask("GET", "/api/tags")
        names = [{"id": model.get("model")} for model in found.get("models") or ()]
        find_model({"data": names}, self._named)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        async with within(self._named):
            response = await self._client.request(method, path, json=body)
        if not response.is_success:
            raise error_of(response.status_code, response.headers, response.content)
        return document_in(response.content)
