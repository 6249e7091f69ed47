"""A scenario's programs: real processes whose calls the director commands.

Run as a script and without anything of ours, so that it starts fast and forks
cheaply. It makes a process namespace and forks one program for each that it is
asked for; when its control socket ends, for whatever reason, the kernel kills
all of them.
"""

# The methods are the calls that the director names, with its arguments.
# ruff: noqa: D102, PLR0917, S606

import array
import contextlib
import ctypes
import errno
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, Final

Message = dict[str, Any]
_CLONE_NEWPID: Final = 0x20000000
_CLONE_NEWNET: Final = 0x40000000
_LARGEST: Final = 65536
_PATIENCE: Final = 100
# Of linux/tcp.h, where Python's socket has no name for it.
_NUMBERS: Final = {"TCP_REPAIR": 19, "TCP_LINGER2": 8, "IP_BIND_ADDRESS_NO_PORT": 24}
# Long enough for one send(), and made before any: a call is to begin at once.
_TEXT: Final = memoryview(
    b"All happy connections are alike; each reset one is reset in its own way. " * 14365
)
_libc = ctypes.CDLL(None, use_errno=True)


def receive_message(control: socket.socket) -> tuple[Message | None, list[int]]:
    """Return the next message and its descriptors; None when the other end is gone."""
    room = array.array("i")
    try:
        data, ancillary, _, _ = control.recvmsg(
            _LARGEST, socket.CMSG_SPACE(4 * room.itemsize)
        )
    except ConnectionResetError:  # it went before it had read all that we said
        return None, []
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            room.frombytes(content[: len(content) - len(content) % room.itemsize])
    return (json.loads(data) if data else None), list(room)


def send_message(control: socket.socket, message: Message) -> None:
    """Send one message; end at once when there is nobody to read it."""
    try:
        control.send(json.dumps(message).encode())
    except ConnectionError:
        os._exit(0)


def option_of(sock: socket.socket, name: str, value: int) -> None:
    """Set the option `name`; O_NONBLOCK and SO_LINGER have forms of their own."""
    if name == "O_NONBLOCK":
        sock.setblocking(not value)
    elif name == "SO_LINGER":
        pair = struct.pack("ii", int(value >= 0), max(value, 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pair)
    else:
        if sock.family == socket.AF_INET6 and name == "IP_TTL":
            name = "IPV6_UNICAST_HOPS"
        if sock.family == socket.AF_INET6 and name == "IP_TOS":
            name = "IPV6_TCLASS"
        level = {
            "TCP": socket.IPPROTO_TCP,
            "IP": socket.IPPROTO_IP,
            "IPV6": socket.IPPROTO_IPV6,
        }.get(name.partition("_")[0], socket.SOL_SOCKET)
        number = _NUMBERS.get(name)
        sock.setsockopt(
            level, getattr(socket, name) if number is None else number, value
        )


class Program:
    """One process and its sockets by name."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.sockets: dict[str, socket.socket] = {}

    def serve(self) -> None:
        """Do what the director commands until it goes away."""
        while True:
            message, descriptors = receive_message(self.control)
            if message is None:
                os._exit(0)
            name = message.pop("call")
            before = time.time_ns()
            if name == "fork":
                result = self.fork(descriptors[0])
                if not result:
                    continue
            else:
                try:
                    result = str(getattr(self, name)(**message))
                except OSError as error:
                    result = "-" + errno.errorcode.get(error.errno or 0, "EIO")
                except Exception as error:
                    result = f"-{type(error).__name__}: {error}"
            after = time.time_ns()
            send_message(
                self.control, {"result": result, "start": before, "end": after}
            )

    def fork(self, control: int) -> str:
        """Start a process that shares every descriptor and has its own control.

        Returns its number, and in the child nothing.
        """
        child = os.fork()
        if child == 0:
            self.control.close()
            self.control = socket.socket(fileno=control)
            return ""
        os.close(control)
        return str(child)

    def _socket(self, name: str, address: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if name in self.sockets:
            self.sockets.pop(name).detach()  # the old descriptor stays open
        self.sockets[name] = made
        return made

    def listen(
        self, name: str, address: str, port: int, backlog: int, options: list[Any]
    ) -> int:
        made = self._socket(name, address)
        for option, value in options:
            option_of(made, option, value)
        made.bind((address, port))
        made.listen(backlog)
        return 0

    def bind(self, name: str, address: str, port: int) -> int:
        self._socket(name, address).bind((address, port))
        return 0

    def connect(
        self,
        name: str,
        address: str,
        local_port: int,
        peer: str,
        port: int,
        options: list[Any],
    ) -> int:
        made = self._socket(name, address)
        for option, value in options:
            option_of(made, option, value)
        made.bind((address, local_port))
        made.connect((peer, port))
        return 0

    def accept(self, name: str, listener: str) -> int:
        accepted, _ = self.sockets[listener].accept()
        # accept() of Python makes a blocking socket of it, as accept(2) does.
        self.sockets[name] = accepted
        return accepted.fileno()

    def send(self, name: str, count: int, everything: bool, out_of_band: bool) -> int:
        sock = self.sockets[name]
        flags = socket.MSG_OOB if out_of_band else 0
        done = 0
        while done < count:
            try:
                done += sock.send(_TEXT[: count - done], flags)
            except BlockingIOError:
                if done:
                    return done
                raise
            if not everything:
                break
        return done

    def receive(
        self,
        name: str,
        count: int,
        everything: bool,
        peek: bool,
        out_of_band: bool,
        wait: bool,
    ) -> int:
        sock = self.sockets[name]
        flags = (
            (socket.MSG_PEEK if peek else 0)
            | (socket.MSG_OOB if out_of_band else 0)
            | (0 if wait else socket.MSG_DONTWAIT)
        )
        done = 0
        while done < count:
            data = sock.recv(min(count - done, 1 << 20), flags)
            done += len(data)
            if not data or not everything:
                break
        return done

    def shutdown(self, name: str, how: str) -> int:
        self.sockets[name].shutdown(getattr(socket, f"SHUT_{how}"))
        return 0

    def close(self, name: str) -> int:
        self.sockets.pop(name).close()
        return 0

    def disconnect(self, name: str) -> int:
        unspecified = struct.pack("H14x", socket.AF_UNSPEC)
        number = self.sockets[name].fileno()
        if _libc.connect(number, unspecified, len(unspecified)) != 0:
            raise OSError(ctypes.get_errno(), "connect(AF_UNSPEC)")
        return 0

    def option(self, name: str, option: str, value: int) -> int:
        option_of(self.sockets[name], option, value)
        return 0

    def error(self, name: str) -> str:
        number = self.sockets[name].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return f"-{errno.errorcode[number]}" if number else "0"

    def poll(self, name: str) -> str:
        poller = select.poll()
        names = ("POLLIN", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP")
        poller.register(self.sockets[name], sum(getattr(select, n) for n in names))
        for _, events in poller.poll(0):
            return "|".join(n for n in names if events & getattr(select, n))
        return "0"

    def exit(self) -> int:
        os._exit(0)

    def run(self, command: list[str], typed: str) -> int:
        read, write = os.pipe()
        os.write(write, typed.encode())
        os.dup2(read, 0)
        # Its input stays open unless the typed text ends with end of file.
        if typed.endswith("\x04"):
            os.close(write)
        else:
            os.set_inheritable(write, True)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvp(command[0], command)


def remove_trace(tracefs: int, name: str) -> None:
    """Remove the kernel's trace of a director that was killed and could not.

    `tracefs` is a descriptor of its root, `name` the instance's directory, which
    is busy until the director's last descriptor of it is closed.
    """
    for _ in range(_PATIENCE):
        try:
            os.rmdir(name, dir_fd=tracefs)
        except FileNotFoundError:
            return  # the director did it
        except OSError:
            time.sleep(0.02)


class Nursery:
    """Process 1 of the process namespace: forks, signals and reaps the programs."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def serve(self) -> None:
        """Serve the director until its end is closed."""
        awake, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(awake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        poller.register(awake, select.POLLIN)
        while True:
            ready = {number for number, _ in poller.poll()}
            if awake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(awake, 4096)
                self.reap()
            if self.control.fileno() in ready:
                message, descriptors = receive_message(self.control)
                if message is None:
                    return
                if message["do"] == "spawn":
                    self.spawn(*descriptors)
                else:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(message["pid"], message["signal"])

    def reap(self) -> None:
        """Tell the director who has ended."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                code = os.waitstatus_to_exitcode(status)
                send_message(self.control, {"ended": pid, "code": code})

    def spawn(self, namespace: int, control: int) -> None:
        """Fork a program into the network `namespace`."""
        pid = os.fork()
        if pid:
            os.close(namespace)
            os.close(control)
            send_message(self.control, {"spawned": pid})
            return
        for number in sys.argv[2:3]:
            os.close(int(number))  # of tracefs, which is none of a program's
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.control.close()
        if _libc.setns(namespace, _CLONE_NEWNET) != 0:
            os._exit(111)
        os.close(namespace)
        Program(socket.socket(fileno=control)).serve()


def main() -> None:
    """Become the nursery on the control socket that the first argument names.

    Two more, where there are, name the trace to remove at the end.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    for number in sys.argv[1:3]:
        os.set_inheritable(int(number), False)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _libc.unshare(_CLONE_NEWPID) != 0:
        sys.exit(f"unshare(CLONE_NEWPID): {os.strerror(ctypes.get_errno())}")
    if os.fork() == 0:
        Nursery(control).serve()
        if len(sys.argv) > 2:
            remove_trace(int(sys.argv[2]), sys.argv[3])
    os._exit(0)


if __name__ == "__main__":
    main()
