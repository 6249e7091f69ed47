"""Starts servers, right or wrong, for the tests of the probes."""

import socket
from collections.abc import Callable, Iterator

import pytest
from tests.check.servers import SETTINGS, Behaviour, RunningServer

from lastack.check.http import Http
from lastack.check.server import Server, Settings


@pytest.fixture
def start() -> Iterator[Callable[[Behaviour], RunningServer]]:
    """Start servers; they are stopped after the test."""
    running: list[RunningServer] = []

    def start_one(behaviour: Behaviour) -> RunningServer:
        running.append(RunningServer(behaviour))
        return running[-1]

    yield start_one
    for server in running:
        server.stop()


@pytest.fixture
def under_test(
    start: Callable[[Behaviour], RunningServer],
) -> Callable[..., Server]:
    """Start a behaviour and return it as probes see it, one exchange learnt."""

    def make(wrong: Behaviour, settings: Settings = SETTINGS) -> Server:
        port = start(wrong).port
        speech = Http(f"127.0.0.1:{port}")
        server = Server(socket.AF_INET, ("127.0.0.1", port), speech, settings)
        server.learn()
        return server

    return make
