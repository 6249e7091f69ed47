"""`lastack sim tun`: a simulated host on a TUN device, for real programs to talk to."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lastack.cli._sim_played import Said, explain
from lastack.sim import personalities
from lastack.sim.program import Program, Server, connects, parse_calls
from lastack.sim.trace import pcap
from lastack.tcp.segment import Address

if TYPE_CHECKING:
    import argparse

    from lastack.lab.simulated_host import SimulatedHost

_START: Final = 5.0
"""For so long a command may take until it listens, in seconds."""
_GRACE: Final = 2.0


def run_on_tun(arguments: "argparse.Namespace") -> int:
    """Be a host until its programs and COMMAND are done; COMMAND's exit code."""
    from lastack.lab.simulated_host import KERNEL, SIMULATED, SimulatedHost

    words = parse_calls(arguments.calls)
    port = arguments.connect if arguments.listen is None else arguments.listen
    if not 0 < port < 65536 or arguments.seconds <= 0:
        raise ValueError("a port is 1 to 65535, and --seconds is above 0")
    personality = personalities.load(arguments.os)
    command = arguments.beside[arguments.beside[:1] == ["--"] :]
    role = "server" if arguments.listen else "client"
    try:
        on_tun = SimulatedHost(
            personality, role=role, alone=bool(command), seed=arguments.seed
        )
    except PermissionError:
        raise ValueError("sim tun needs root (CAP_NET_ADMIN)") from None
    with on_tun:
        print(f"{personality.title} at {SIMULATED}, the kernel at {KERNEL}", flush=True)
        play = _Play(on_tun, command)
        with suppress(KeyboardInterrupt):
            if arguments.listen:
                server = Server(on_tun.host.spawn(role), port, words)
                play.start()
                play.run(server.advance, arguments.seconds, lambda: _served(server))
            else:
                play.start()
                if command:
                    on_tun.run([], seconds=_START, over=lambda: on_tun.listens(port))
                on_tun.catch_up()
                process = on_tun.host.spawn(role)
                program = connects(process, Address(KERNEL, port), words)
                play.run(program.advance, arguments.seconds, lambda: program.is_over)
        code = play.stop()
        _show(on_tun, arguments.pcap, client=KERNEL if arguments.listen else SIMULATED)
    return code


def _served(server: Server) -> bool:
    programs: list[Program] = server.programs
    return bool(programs) and all(it.is_over for it in programs)


class _Play:
    """The command beside the simulated host, and the end of it all."""

    def __init__(self, on_tun: "SimulatedHost", command: list[str]) -> None:
        self.on_tun = on_tun
        self.command = command
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the command, if there is one."""
        if self.command:
            try:
                self.child = self.on_tun.start(self.command)
            except OSError as error:
                raise ValueError(f"{self.command[0]}: {error.strerror}") from None

    def ended(self) -> bool:
        """Whether the command has ended by itself."""
        return self.child is not None and self.child.poll() is not None

    def run(
        self, advance: Callable[[], None], seconds: float, done: Callable[[], bool]
    ) -> None:
        """Go on until the programs are done, the command ended and all is quiet."""

        def over() -> bool:
            ended = self.ended() if self.child else done()
            return ended and self.on_tun.is_quiet

        self.on_tun.run([advance], seconds=seconds, over=over)

    def stop(self) -> int:
        """End the command, if it goes on; return its exit code."""
        if self.child is None:
            return 0
        try:
            return self.child.wait(0 if self.ended() else _GRACE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            print(f"lastack: {self.command[0]} was stopped", file=sys.stderr)
            return 1


def _show(on_tun: "SimulatedHost", path: Path | None, *, client: str) -> None:
    from lastack.render.timeline import timeline_lines

    events = sorted(on_tun.world.timeline, key=lambda it: it.time)
    for line in timeline_lines(events):
        print(line)
    octets = pcap(events, where=on_tun.host.role, client=client)
    if path is not None:
        path.write_bytes(octets)
    for judgement in explain(octets).judgements:
        first = judgement.first
        print(f"explain: {Said(first.slug, first.by, first.probability)}")
