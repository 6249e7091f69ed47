"""`lastack sim tun`: real programs and the real kernel talk to a simulated host."""

import select
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from lastack.cli import main
from lastack.lab.simulated_host import KERNEL, SimulatedHost
from lastack.sim.personalities import load, names
from lastack.sim.program import Server, connects, parse_calls, text_of
from lastack.tcp.flags import FIN, RST
from lastack.tcp.segment import Address
from lastack.tcp.states import State
from tests.judged import verdicts

_PORT = 8080


@pytest.mark.usefixtures("needs_root")
@pytest.mark.parametrize("system", names())
def test_curl_reads_a_page_from_each_system(
    system: str,
    tmp_path: Path,
    needs_tool: Callable[[str], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A real HTTP client is content, and explain finds an orderly close."""
    path = tmp_path / "a.pcap"
    answer = r"receive,send=HTTP/1.0 200 OK\r\n\r\nhello\n,close"
    url = f"http://192.0.2.129:{_PORT}/"
    words = ["--listen", str(_PORT), "--os", system, "--calls", answer]
    curl = [needs_tool("curl"), "-s", url]
    assert main(["sim", "tun", *words, "--pcap", str(path), *curl]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert "hello" in lines
    assert lines[-1].startswith("explain: orderly-close by server")
    assert verdicts(path.read_bytes())[0][0][0] == "orderly-close/server"


@pytest.mark.usefixtures("needs_root")
def test_a_simulated_client_is_killed_before_a_real_netcat(
    needs_tool: Callable[[str], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Windows resets for its dead program, and the real nc is gone."""
    words = ["--connect", str(_PORT), "--os", "windows", "--calls", "send=7,kill"]
    netcat = [needs_tool("nc"), "-l", str(_PORT)]
    assert main(["sim", "tun", *words, *netcat]) == 0
    out = capfd.readouterr().out
    assert "client  > Flags [R.], seq 8, ack 1" in out


@pytest.mark.usefixtures("needs_root")
@pytest.mark.parametrize(("system", "flag"), [("linux", RST), ("freebsd", FIN)])
def test_the_kernel_is_told_of_unread_data_as_by_that_system(
    system: str, flag: int
) -> None:
    """A real socket: ECONNRESET from a simulated Linux, end of file from FreeBSD."""
    with SimulatedHost(load(system), role="server", alone=True) as on_tun:
        words = parse_calls("wait=0.1,close")
        server = Server(on_tun.host.spawn("server"), _PORT, words)
        assert on_tun.namespace is not None
        with on_tun.namespace.entered():
            real = socket.socket()
        with real:
            real.setblocking(False)
            real.connect_ex((on_tun.host.address, _PORT))
            on_tun.run([server.advance], seconds=5, over=lambda: bool(server.programs))
            real.send(b"unread")
            on_tun.run(
                [server.advance], seconds=5, over=lambda: server.programs[0].is_over
            )
            if flag == RST:
                with pytest.raises(ConnectionResetError):
                    real.recv(1)
            else:
                assert real.recv(1) == b""


@pytest.mark.usefixtures("needs_root")
def test_a_closed_port_of_the_kernel_refuses_the_simulated_client() -> None:
    """The kernel's own RST answers a simulated SYN."""
    with SimulatedHost(load("linux"), role="client", alone=True) as on_tun:
        program = connects(
            on_tun.host.spawn("client"), Address(KERNEL, _PORT), parse_calls("")
        )
        on_tun.run([program.advance], seconds=5, over=lambda: program.is_over)
        moves = [move for _, move in on_tun.host.transitions]
        assert moves[-1].rule.name == "connection-refused"
        assert moves[-1].after is State.CLOSED


@pytest.mark.usefixtures("needs_root")
def test_the_kernel_acknowledges_octets_that_it_gets_in_order() -> None:
    """A million octets from a simulated client arrive at a real socket, all right."""
    count = 1_000_000
    with SimulatedHost(load("linux"), role="client", alone=True) as on_tun:
        assert on_tun.namespace is not None
        with on_tun.namespace.entered():
            listening = socket.create_server((KERNEL, _PORT))
        with listening:
            program = connects(
                on_tun.host.spawn("client"),
                Address(KERNEL, _PORT),
                parse_calls(f"send={count},close"),
            )
            listening.settimeout(0)
            on_tun.run([program.advance], seconds=5, over=lambda: _readable(listening))
            accepted, _ = listening.accept()
            got = bytearray()
            with accepted:
                accepted.setblocking(False)

                def read() -> None:
                    program.advance()
                    try:
                        while octets := accepted.recv(1 << 16):
                            got.extend(octets)
                    except BlockingIOError:
                        pass

                on_tun.run([read], seconds=20, over=lambda: len(got) >= count)
    assert bytes(got) == text_of(count)


def _readable(listening: socket.socket) -> bool:
    return bool(select.select([listening], [], [], 0)[0])


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_what_is_sent_is_a_text(count: int) -> None:
    """So many octets, printable, and a line's end at the end."""
    text = text_of(count)
    assert len(text) == count
    assert all(it == 10 or 32 <= it < 127 for it in text)
    assert not count or text.endswith(b"\n")


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_cannot_be_is_refused(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line."""
    assert main(["sim", "tun", "--listen", port]) == 2
    assert "a port is 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("calls", "complaint"),
    [
        ("frob", "no call 'frob'; there are send, receive"),
        ("close=1", "close takes no argument"),
        ("wait=long", "'wait=long': expected a number"),
        ("send=99999999999", "expected 0 to"),
    ],
)
def test_calls_that_cannot_be_read_are_refused(
    calls: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line, before any device is made."""
    words = ["--listen", str(_PORT), "--calls", calls]
    assert main(["sim", "tun", *words]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
