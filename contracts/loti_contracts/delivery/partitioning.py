"""Which partition a key belongs to: as all of Kafka's own clients choose, by murmur2 (`org.apache.kafka.common.utils.Utils`).

aiokafka has the same function at three times the cost, which was a fifth of the relay's work. That both give the same is
tested.
"""

from functools import cache
from struct import Struct

_SEED, _M, _32 = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """From 0, of so many."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """32 bits, unsigned."""
    length = len(data)
    found = _SEED ^ length
    for word in _words(length // 4).unpack_from(data):
        word = word * _M & _32
        found = found * _M & _32 ^ (word ^ word >> 24) * _M & _32
    if rest := data[length & ~3 :]:
        found = (found ^ int.from_bytes(rest, "little")) * _M & _32
    found = (found ^ found >> 13) * _M & _32
    return found ^ found >> 15


@cache
def _words(number: int) -> Struct:
    """So many unsigned words of 32 bits, little-endian."""
    return Struct(f"<{number}I")
