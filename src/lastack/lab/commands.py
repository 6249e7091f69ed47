"""Calls on a socket that a program has: what its process is told to do."""

import asyncio

from lastack.lab.programs import Process, Returned
from lastack.lab.stage import StageError
from lastack.tcp import scenario as plot


def command(step: plot.Call, process: Process) -> asyncio.Future[Returned]:
    """Command `process` to make the call; raises StageError for an unknown one."""
    name = step.socket
    match step:
        case plot.Accept(listener=listener):
            return process.call("accept", name=name, listener=listener)
        case plot.Send(count=count, everything=everything, out_of_band=oob):
            return process.call(
                "send", name=name, count=count, everything=everything,
                out_of_band=oob,
            )  # fmt: skip
        case plot.Receive():
            return process.call(
                "receive", name=name, count=step.count, peek=step.peek,
                everything=step.everything, out_of_band=step.out_of_band,
                wait=step.wait,
            )  # fmt: skip
        case plot.Shutdown(how=how):
            return process.call("shutdown", name=name, how=how)
        case plot.Option():
            return process.call("option", name=name, option=step.name, value=step.value)
        case plot.Close() | plot.Disconnect() | plot.SocketError() | plot.Poll():
            verb = {"SocketError": "error"}.get(
                type(step).__name__, type(step).__name__.lower()
            )
            return process.call(verb, name=name)
        case _:
            raise StageError(f"the lab does not know the step {step}")
