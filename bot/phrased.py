"""Whether answers are also put in an LLM's words: only where the settings name one."""

from __future__ import annotations

from dataclasses import replace

from bot.settings import Settings
from index.result import Answer


def phrased(answer: Answer, settings: Settings) -> Answer:
    """`answer`, with a checked phrasing where there is an LLM and it gives one. Blocking."""
    if not settings.llm_base_url:
        return answer
    from index.phrasing import Phraser

    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    phraser = Phraser(settings.llm_base_url, settings.llm_model, key, settings.llm_seconds)
    return replace(answer, phrased=phraser.phrase(answer))
