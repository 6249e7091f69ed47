"""Frames for `IdleClose`: one byte of kind, four of length, then the payload."""

import struct
from dataclasses import dataclass
from enum import IntEnum

LARGEST = 1 << 24
"""The longest payload that is read, in bytes; `FrameReader` can be told less."""

_HEAD = struct.Struct("!BI")


class Kind(IntEnum):
    """What a frame is."""

    REQUEST = 1
    ANSWER = 2
    NOTICE = 3
    """Server to client: idle for too long, about to close."""
    ACKNOWLEDGE = 4
    """Client to server: seen, no request follows on this connection."""
    GOODBYE = 5
    """Server to client, its last frame: payload = requests done, 8 bytes."""
    PING = 6
    PONG = 7


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: Kind
    payload: bytes = b""

    def encode(self) -> bytes:
        """The bytes of it.

        Raises:
            ValueError: the payload is longer than `LARGEST`.
        """
        if len(self.payload) > LARGEST:
            raise ValueError(f"a frame holds {LARGEST} bytes, not {len(self.payload)}")
        return _HEAD.pack(self.kind, len(self.payload)) + self.payload


class FrameReader:
    """Cuts a stream into frames, whatever the pieces it comes in."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._buffer = bytearray()
        self._largest = largest

    def feed(self, data: bytes) -> list[Frame]:
        """The frames which `data` completes.

        Raises:
            ValueError: an unknown kind, or a payload longer than the largest:
                the peer does not speak this protocol; abort the connection.
        """
        self._buffer += data
        frames = []
        start = 0
        while len(self._buffer) - start >= _HEAD.size:
            number, length = _HEAD.unpack_from(self._buffer, start)
            kind = Kind(number)  # before its payload is waited for
            if length > self._largest:
                raise ValueError(f"a frame of {length} bytes: at most {self._largest}")
            end = start + _HEAD.size + length
            if end > len(self._buffer):
                break
            payload = bytes(self._buffer[start + _HEAD.size : end])
            frames.append(Frame(kind, payload))
            start = end
        del self._buffer[:start]
        return frames

    @property
    def in_the_middle(self) -> bool:
        """Whether the stream's end here would cut a frame."""
        return bool(self._buffer)
