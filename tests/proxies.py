"""Real proxies on loopback, HTTP and SOCKS5, for what must reach Telegram through one.

Whatever host they are asked for, they connect to `upstream`: so a name that exists nowhere can only
have been reached through them.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Proxy:
    """`asked`: each host:port wanted of it. `login`: the name:password it insists on; "" for none."""

    upstream: tuple[str, int] | None  # None: it reaches nobody
    login: str = ""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def connect(self, wanted: str) -> socket.socket:
        """A connection for whoever asks for `wanted`; raises OSError where there is no way."""
        self.asked.append(wanted)
        if self.upstream is None:
            raise OSError("no way")
        return socket.create_connection(self.upstream)

    def serve_http(self, client: socket.socket) -> None:
        """One CONNECT, or one request in absolute form (RFC 9112, section 3.2.2), then the end."""
        head, body = _head(client)
        first, *rest = head.split("\r\n")
        method, target, version = first.split(" ")
        login = f"proxy-authorization: basic {b64encode(self.login.encode()).decode()}".lower()
        if self.login and login not in [line.lower() for line in rest]:
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
            )
            return
        host, slash, path = target.removeprefix("http://").partition("/")
        try:
            server = self.connect(host if ":" in host else f"{host}:80")
        except OSError:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            kept = [line for line in rest if not line.lower().startswith(("proxy-", "connection:"))]
            lines = (f"{method} {slash}{path} {version}", *kept, "Connection: close", "", "")
            server.sendall("\r\n".join(lines).encode() + body)
        _pipe(client, server)

    def serve_socks(self, client: socket.socket) -> None:
        """SOCKS5 (RFC 1928) with names and IPv4, and a name and password (RFC 1929)."""
        version, count = _exactly(client, 2)
        methods = _exactly(client, count)
        method = 2 if self.login else 0
        if version != 5 or method not in methods:
            client.sendall(b"\x05\xff")
            return
        client.sendall(bytes((5, method)))
        if self.login:
            name = _exactly(client, _exactly(client, 2)[1])
            password = _exactly(client, _exactly(client, 1)[0])
            good = f"{name.decode()}:{password.decode()}" == self.login
            client.sendall(b"\x01\x00" if good else b"\x01\x01")
            if not good:
                return
        kind = _exactly(client, 4)[3]
        if kind == 3:
            host = _exactly(client, _exactly(client, 1)[0]).decode()
        else:
            host = socket.inet_ntoa(_exactly(client, 4))
        port = int.from_bytes(_exactly(client, 2), "big")
        try:
            server = self.connect(f"{host}:{port}")
        except OSError:
            client.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        _pipe(client, server)

    def serve_nothing(self, client: socket.socket) -> None:
        """Takes a connection and holds its peace until the other side has had enough."""
        while client.recv(4096):
            pass


@contextlib.contextmanager
def listening(proxy: Proxy, kind: str = "http", certificate: Path | None = None) -> Iterator[Proxy]:
    """The proxy at a port of its own; `kind`: http, socks or nothing; TLS where it has a certificate."""
    serve = getattr(proxy, f"serve_{kind}")
    context = _server_context(certificate) if certificate else None

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):  # whoever asked has gone
                client = self.request
                serve(context.wrap_socket(client, server_side=True) if context else client)

    with _server(Handler) as port:
        proxy.port = port
        yield proxy


@contextlib.contextmanager
def tls(upstream: tuple[str, int], certificate: Path) -> Iterator[tuple[str, int]]:
    """The address of a TLS end before a server that speaks none."""
    context = _server_context(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                client = context.wrap_socket(self.request, server_side=True)
                _pipe(client, socket.create_connection(upstream))

    with _server(Handler) as port:
        yield ("127.0.0.1", port)


def make_certificate(folder: Path, *names: str) -> Path:
    """A certificate for `names` and its key in one file; skips the test where openssl is missing."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: no certificate for a proxy or a server with TLS")
    file = folder / "certificate.pem"
    subjects = ",".join(f"IP:{name}" if name[0].isdigit() else f"DNS:{name}" for name in names)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName={subjects}",
         "-keyout", str(folder / "key.pem"), "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    with file.open("ab") as joined:
        joined.write((folder / "key.pem").read_bytes())
    return file


@contextlib.contextmanager
def _server(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def _exactly(client: socket.socket, count: int) -> bytes:
    read = b""
    while len(read) < count:
        some = client.recv(count - len(read))
        if not some:
            raise OSError("closed")
        read += some
    return read


def _head(client: socket.socket) -> tuple[str, bytes]:
    """A request's head without the empty line, and what of its body came along."""
    read = b""
    while b"\r\n\r\n" not in read:
        some = client.recv(65536)
        if not some:
            raise OSError("closed")
        read += some
    head, _, body = read.partition(b"\r\n\r\n")
    return head.decode(), body


def _pipe(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until either side ends."""

    def copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while some := source.recv(65536):
                target.sendall(some)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=copy, args=(other, one), daemon=True)
    back.start()
    copy(one, other)
    back.join()
    other.close()
