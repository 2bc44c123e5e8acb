"""Ports of this machine: whether the asked-for one is free, and which others are."""

import errno
import socket

from agent.errors import StackError

LOOPBACK = "127.0.0.1"


def require_free(port: int) -> None:
    """Raises: StackError when something listens on `port` of either loopback address.

    Both are tried because browsers resolve `localhost` to `::1` first and would reach that program.
    """
    for family, address in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")):
        if not _can_bind(family, address, port):
            raise StackError(f"port {port} is in use by another program: choose one with --port")


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """`count` different loopback ports that nothing used a moment ago."""
    probes = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _can_bind(family: socket.AddressFamily, address: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise StackError(
                    f"port {port} may not be opened by this user: choose one with --port"
                ) from error
            return error.errno != errno.EADDRINUSE  # a machine without IPv6 says EADDRNOTAVAIL
        return True
