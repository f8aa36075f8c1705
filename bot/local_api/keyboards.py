"""Reply markups as the server accepts them."""

from __future__ import annotations

from typing import Any

from bot.local_api.errors import bad_request
from bot.local_api.markup import units, valid_link

Json = dict[str, Any]

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_LOOKS = {"text", "style", "icon_custom_emoji_id"}
_OTHERS = ("keyboard", "remove_keyboard", "force_reply")
_MAX_BUTTONS = 100
_MAX_IN_ROW = 8


def checked_markup(markup: Any, private: bool) -> Json | None:
    """The inline keyboard to show, None where there is none to show."""
    if markup is None:
        return None
    if any(name in markup for name in _OTHERS):
        return None
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if sum(map(len, rows)) > _MAX_BUTTONS or any(len(row) > _MAX_IN_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    shown = [[_button(button, private) for button in row] for row in rows if row]
    return {"inline_keyboard": shown} if shown else None


def _button(button: Any, private: bool) -> Json:
    if not isinstance(button, dict):
        raise _broken("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _broken('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if strange := set(button) - set(_ACTIONS) - _LOOKS:
        raise _broken(f"unknown fields {sorted(strange)}")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions or button.get("callback_data") == "":
        raise _broken("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _broken(f"exactly one action expected, found {actions}")
    _check_action(actions[0], button[actions[0]], private)
    return dict(button)


def _check_action(action: str, value: Any, private: bool) -> None:
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not valid_link(str(value)):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action in {"copy_text", "web_app"} and not isinstance(value, dict):
        raise _broken(f'Field "{action}" must be of type Object')
    if action == "copy_text" and not 1 <= units(value.get("text", "")) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "web_app":
        if not private:
            raise bad_request("BUTTON_TYPE_INVALID")
        if not str(value.get("url", "")).startswith("https://"):
            raise bad_request("inline keyboard button Web App URL is invalid: Only HTTPS links")
    if action in {"login_url", "callback_game", "pay"}:
        raise bad_request("BUTTON_TYPE_INVALID")


def _broken(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
