"""A connection in one line, where others that ended so are told in full."""

from lastack.connections.connection import Connection
from lastack.diagnosis.diagnosis import CONFIDENT
from lastack.diagnosis.judge import Judgement
from lastack.render.claim import percent
from lastack.render.clock import time_of_day
from lastack.render.ends import ends_text


def one_line(connection: Connection, judgement: Judgement) -> str:
    """Return its stream, its first frame's time in UTC, its ends; how sure, if not."""
    when = time_of_day(connection.first_time)
    line = f"stream {connection.stream}  {when}  {ends_text(connection)}"
    probability = judgement.first.probability
    return line if probability >= CONFIDENT else f"{line}  ({percent(probability)})"
