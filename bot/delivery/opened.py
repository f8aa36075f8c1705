"""The memory that the settings name."""

from __future__ import annotations

from bot.database.connection import MemoryFailed
from bot.database.naming import Key
from bot.delivery.state import State
from bot.settings import NO_PSYCOPG, Settings
from knowledge.errors import SettingsInvalid, StorageFailed

MEMORY = "bot.sqlite3"  # in the data folder, unless the settings name a database


def open_memory(settings: Settings) -> State:
    """Raises StorageFailed or SettingsInvalid where it cannot be opened."""
    key, days = Key(settings.data), settings.keep_days
    if settings.database:
        try:
            return State(settings.database.get_secret_value(), key=key, keep_days=days)
        except ImportError as error:
            raise SettingsInvalid(NO_PSYCOPG) from error
        except MemoryFailed as error:
            raise StorageFailed(
                f"Không dùng được PostgreSQL ở CDSBOT_DATABASE ({error}). Hãy xem máy chủ có chạy không, "
                "tên, mật khẩu và quyền tạo bảng có đúng không."
            ) from error
    path = settings.data / MEMORY
    try:
        return State(path, key=key, keep_days=days)
    except MemoryFailed as error:
        raise StorageFailed(
            f"Không mở được bộ nhớ của bot, {path} ({error}). Nếu tệp hỏng, hãy chép lại bản sao lưu; "
            f"không có thì chuyển tệp này cùng {path.name}-wal và {path.name}-shm đi nơi khác, bot sẽ "
            "bắt đầu lại mà không còn câu trả lời và góp ý cũ."
        ) from error
