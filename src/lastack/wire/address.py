"""IP addresses as text: what `Packet` holds as two halves of 64 bits."""


def address_text(version: int, high: int, low: int) -> str:
    """Return the address in numbers: dotted, or as RFC 5952 writes IPv6.

    `high` and `low` are its two halves of 64 bits; of IPv4 only `low` counts.
    """
    if version == 4:
        return f"{low >> 24 & 255}.{low >> 16 & 255}.{low >> 8 & 255}.{low & 255}"
    if high == 0 and low >> 32 == 0xFFFF:
        # An IPv4 address in IPv6 (RFC 5952, 5).
        return "::ffff:" + address_text(4, 0, low & 0xFFFFFFFF)
    groups = [high >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
    groups += [low >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
    # The longest run of zeros, the first of equal ones, at least two groups.
    start, size = 0, 1
    at = 0
    while at < 8:
        end = at
        while end < 8 and groups[end] == 0:
            end += 1
        if end - at > size:
            start, size = at, end - at
        at = end + 1
    text = [f"{group:x}" for group in groups]
    if size < 2:
        return ":".join(text)
    return ":".join(text[:start]) + "::" + ":".join(text[start + size :])


def address_halves(text: str) -> tuple[int, int, int]:
    """Return the version, high and low half of the numeric address `text`.

    Raises ValueError where it is no address of IPv4 or IPv6.
    """
    from ipaddress import ip_address  # explain only writes addresses

    address = ip_address(text)
    number = int(address)
    return address.version, number >> 64, number & 0xFFFFFFFFFFFFFFFF
