"""The director's side of the programs: starting, commanding and ending them."""

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from lastack.lab.namespaces import Namespace
from lastack.lab.tracing import KernelTrace

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Returned:
    """What a call returned, and when it began and ended, in nanoseconds."""

    result: str
    start: int
    end: int


class EndedError(Exception):
    """The program ended before its call returned."""


class Process:
    """A program that runs in a namespace and does one call after the other."""

    def __init__(self, nursery: "Nursery", pid: int, control: socket.socket) -> None:
        self._nursery = nursery
        self.pid = pid
        self._control = control
        self._waiting: deque[asyncio.Future[Returned]] = deque()
        self.ended = asyncio.Event()
        self.code = 0
        control.setblocking(False)
        asyncio.get_running_loop().add_reader(control, self._readable)

    def call(self, name: str, /, **arguments: object) -> asyncio.Future[Returned]:
        """Command a call; the future is its result, or EndedError.

        Further calls wait in the control socket until this one has returned.
        """
        return self._command({"call": name, **arguments}, [])

    def fork(self) -> tuple[asyncio.Future[Returned], socket.socket]:
        """Command a fork; the socket is the child's control."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            return self._command({"call": "fork"}, [theirs.fileno()]), ours

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._nursery.order({"do": "signal", "pid": self.pid, "signal": number})

    async def kill(self) -> None:
        """SIGKILL, and wait until the kernel has closed all that it had open."""
        if not self.ended.is_set():
            self.signal(signal.SIGKILL)
            await self.ended.wait()

    def _command(
        self, message: Message, descriptors: list[int]
    ) -> asyncio.Future[Returned]:
        future: asyncio.Future[Returned] = asyncio.get_running_loop().create_future()
        if self.ended.is_set():
            future.set_exception(EndedError())
            return future
        self._waiting.append(future)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)
        return future

    def _readable(self) -> None:
        while True:
            try:
                data = self._control.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.close()
                return
            answer = json.loads(data)
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(
                    Returned(answer["result"], answer["start"], answer["end"])
                )

    def has_ended(self, code: int) -> None:
        """Be told by the nursery."""
        self.code = code
        self.ended.set()
        self.close()

    def close(self) -> None:
        """Let go of the control socket; a living program then ends by itself."""
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(EndedError())
                future.exception()  # nobody may be waiting for it


class Nursery:
    """The process that forks the programs; when we end, all of them do.

    Then it removes the `trace`, in case that we were killed.
    """

    def __init__(self, trace: KernelTrace | None = None) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        script = str(Path(__file__).with_name("program.py"))
        with theirs:
            descriptors = [theirs.fileno()]
            arguments = [str(theirs.fileno())]
            if trace is not None:
                descriptors.append(trace.tracefs)
                arguments += [str(trace.tracefs), trace.name]
            # The first process forks process 1 of its namespace and ends.
            subprocess.run(
                [sys.executable, "-ISB", script, *arguments],
                pass_fds=descriptors,
                check=True,
            )
        self._control = ours
        self._spawning: deque[asyncio.Future[int]] = deque()
        self._living: dict[int, Process] = {}
        ours.setblocking(False)
        asyncio.get_running_loop().add_reader(ours, self._readable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        for process in self._living.values():
            process.close()

    async def spawn(self, namespace: Namespace) -> Process:
        """Fork a program into `namespace`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._spawning.append(future)
        with theirs:
            socket.send_fds(
                self._control,
                [json.dumps({"do": "spawn"}).encode()],
                [namespace.descriptor, theirs.fileno()],
            )
        return self.adopt(await future, ours)

    def adopt(self, pid: int, control: socket.socket) -> Process:
        """Know the process `pid`, which somebody else forked."""
        process = self._living[pid] = Process(self, pid, control)
        return process

    def order(self, message: Message) -> None:
        """Send a message that has no answer."""
        self._control.send(json.dumps(message).encode())

    def _readable(self) -> None:
        while True:
            try:
                data = self._control.recv(65536)
            except BlockingIOError:
                return
            if not data:
                raise RuntimeError("the lab's programs were killed by somebody else")
            message = json.loads(data)
            if "spawned" in message:
                future = self._spawning.popleft()
                if not future.done():  # ^C may have cancelled it
                    future.set_result(message["spawned"])
            elif process := self._living.pop(message["ended"], None):
                process.has_ended(message["code"])
