"""cdsbot from reindex to a question in Telegram, in processes of its own, and all that it connects to.

python -m tests.silence FOLDER prints what was seen as JSON. Three watchers, since none sees all: an
audit hook sees Python's own sockets, a proxy whoever honours HTTPS_PROXY (libcurl in onnxruntime),
and a network namespace with nothing but loopback counts what any code at all sent elsewhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.local_api import Limits, StandIn
from tests.running_bot import GOAL, free_port, write_library

ROOT = Path(__file__).parents[1]
_LATE = 14.0  # seconds a process lives at least: onnxruntime's telemetry first writes after nine
_HOOK = """\
import os, sys
_log = os.open(os.environ["CONNECTIONS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def _hook(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        os.write(_log, f"{event} {args[1]!r}\\n".encode())
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        os.write(_log, f"{event} {args[0]!r}\\n".encode())
sys.addaudithook(_hook)
"""
_PAGE = (
    "<html><body><h1>Tổ công nghệ số</h1>"
    "<p>Mỗi xóm có một tổ công nghệ số cộng đồng gồm bảy thành viên.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the watchers saw; `elsewhere` is None, and `why` says why, where there is no namespace."""

    python: list[str]
    proxied: list[str]
    home: list[str]
    elsewhere: dict[str, int] | None
    why: str


def watch(folder: Path) -> Seen:
    """Index, ask and serve in `folder`. Call from a process with one thread, which then is cut off."""
    why = _cut_off()
    for name in ("home", "hook"):
        (folder / name).mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    (write_library(folder / "library") / "to.html").write_text(_PAGE, encoding="utf-8")
    with _logging_proxy() as (proxy, proxied):
        _live(folder, _environment(folder, proxy))
    return Seen(
        (folder / "connections").read_text(encoding="utf-8").splitlines(),
        proxied,
        sorted(str(path.relative_to(folder / "home")) for path in (folder / "home").rglob("*")),
        None if why else _sent(),
        why,
    )


def _environment(folder: Path, proxy: str) -> dict[str, str]:
    """Nothing of ours that would keep a library quiet: they are where they know that they are tested."""
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), proxy)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "PYTHONPATH": os.pathsep.join((str(folder / "hook"), str(ROOT))),
        "CONNECTIONS": str(folder / "connections"),
        "CDSBOT_DATA": str(folder / "data"),
        "CDSBOT_LIBRARY": str(folder / "library"),
        "CDSBOT_WEBHOOK_PORT": str(free_port()),
        **proxies,
    }


def _live(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bot.cli"]
    for arguments in (["reindex"], ["ask", GOAL]):
        subprocess.run(
            [*command, *arguments], cwd=folder, env=environment, check=True, stdout=sys.stderr
        )
    with StandIn.running(limits=Limits.none()) as standin:
        telegram = {
            "CDSBOT_TELEGRAM_TOKEN": standin.token,
            "CDSBOT_TELEGRAM_BASE_URL": standin.base_url,
        }
        bot = subprocess.Popen([*command, "run"], cwd=folder, env=environment | telegram)
        began = time.monotonic()
        person = standin.person("An")
        chat = standin.private(person, begun=True)
        standin.send_text(chat, person, GOAL)
        assert standin.wait_until(
            lambda: any(seen.from_bot for seen in standin.visible(chat)), 60
        ), "the bot did not answer"
        time.sleep(max(0.0, began + _LATE - time.monotonic()))
        bot.terminate()
        assert bot.wait(40) == 0


@contextlib.contextmanager
def _logging_proxy() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the first line of each request; it lets nothing through."""
    asked: list[str] = []

    def serve() -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    with contextlib.suppress(OSError):
                        asked.append(connection.recv(4096).partition(b"\r\n")[0].decode())
                        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)


# The namespace (Linux)


def _cut_off() -> str:
    """Leave this process and its children nothing but loopback; says why where that cannot be."""
    if sys.platform != "linux":
        return "no network namespaces on this system"
    new_user, new_net = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(new_net if os.geteuid() == 0 else new_user | new_net):
        return f"no network namespace may be made here: {os.strerror(ctypes.get_errno())}"
    set_flags, up = 0x8914, 1  # SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, set_flags, struct.pack("16sh22x", b"lo", up))
    return ""


def _sent() -> dict[str, int]:
    """Packets for which there was no way, and datagrams: nothing of ours sends any, but a look-up of
    a name does, though it may be to loopback."""
    old = [line.split() for line in Path("/proc/net/snmp").read_text("utf-8").splitlines()]
    counts = {
        f"{names[0]}{name}": int(value)
        for names, values in zip(old[::2], old[1::2], strict=True)
        for name, value in zip(names[1:], values[1:], strict=True)
    }
    for line in Path("/proc/net/snmp6").read_text("utf-8").splitlines():
        name, value = line.split()
        counts[name] = int(value)
    wanted = ("Ip:OutNoRoutes", "Ip6OutNoRoutes", "Udp:OutDatagrams", "Udp6OutDatagrams")
    return {name: counts[name] for name in wanted}


if __name__ == "__main__":
    print(json.dumps(asdict(watch(Path(sys.argv[1])))))
