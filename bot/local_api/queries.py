"""Answers to pressed buttons and to inline questions."""

from __future__ import annotations

from typing import Any

from bot.local_api.errors import bad_request
from bot.local_api.keyboards import checked_markup
from bot.local_api.markup import units
from bot.local_api.messages import text_content
from bot.local_api.world import Bot, Query, World

Json = dict[str, Any]

_MOST_RESULTS = 50
_ARTICLE_FIELDS = {
    "type",
    "id",
    "title",
    "input_message_content",
    "reply_markup",
    "url",
    "description",
    "thumbnail_url",
    "thumbnail_width",
    "thumbnail_height",
}


def _open_query(world: World, bot: Bot, number: str | None) -> Query:
    query = bot.queries.get(number or "")
    late = query is None or query.time < world.clock() - world.query_seconds
    if query is None or late or query.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


def answer_callback_query(world: World, bot: Bot, params: Json) -> bool:
    query = _open_query(world, bot, params.get("callback_query_id"))
    if units(params.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.get("url") and not params["url"].startswith(f"https://t.me/{bot.user.username}?"):
        raise bad_request("URL_INVALID")
    query.answer = {"text": "", "show_alert": False} | {
        name: params[name] for name in ("text", "show_alert", "url") if name in params
    }
    world.bell.ring()
    return True


def answer_inline_query(world: World, bot: Bot, params: Json) -> bool:
    results = params.get("results", [])
    if len(results) > _MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    numbers = [str(one.get("id", "")) for one in results]
    if not all(1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(numbers)) < len(numbers):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    shown = [_article(one) for one in results]
    query = _open_query(world, bot, params.get("inline_query_id"))
    names = ("cache_time", "is_personal", "next_offset", "button")
    chosen = {name: params[name] for name in names if name in params}
    query.answer = {"cache_time": 300, "is_personal": False, **chosen, "results": shown}
    world.bell.ring()
    return True


def _article(result: Json) -> Json:
    """A result and, under `message`, what is sent where a person picks it."""
    if result.get("type") != "article":
        raise bad_request("the stand-in offers inline results of type article only")
    if strange := set(result) - _ARTICLE_FIELDS:
        raise bad_request(f"can't parse inline query result: unknown fields {sorted(strange)}")
    if not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = dict(result.get("input_message_content") or {})
    if "message_text" not in content:
        raise bad_request("can't parse inline query result: message_text is missing")
    message = text_content({"text": content.pop("message_text"), **content})
    if markup := checked_markup(result.get("reply_markup"), private=False):
        message["reply_markup"] = markup
    return {**result, "message": message}
