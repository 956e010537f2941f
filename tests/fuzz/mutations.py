"""Documents damaged on purpose: bytes flipped, ends cut off, objects repeated, numbers made absurd, streams garbled."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.DOTALL)
NUMBER = re.compile(rb"(?<=[\s/\[<(])-?\d+(?=[\s\]>/)])")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
ABSURD = (b"0", b"-1", b"1", b"2147483647", b"-2147483648", b"4294967296", b"99999999999999999999", b"1e400", b"null")

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    result = bytearray(data)
    for _ in range(chance.choice((1, 4, 16, 64, 256))):
        if result:
            result[chance.randrange(len(result))] ^= 1 << chance.randrange(8)
    return bytes(result)


def cut_end(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def cut_middle(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice((1, 10, 1000, 10_000)) :]


def repeat_piece(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((1, 20, 500, 5000))]
    return data[:start] + piece * chance.choice((2, 10, 100)) + data[start:]


def repeat_objects(data: bytes, chance: random.Random) -> bytes:
    """Objects once more elsewhere, under their own number or another's."""
    objects = [match.group() for match in OBJECT.finditer(data)]
    if not objects:
        return repeat_piece(data, chance)
    for _ in range(chance.choice((1, 3, 10))):
        piece = chance.choice(objects)
        if chance.random() < 0.5:
            piece = re.sub(rb"^\d+", chance.choice(objects).split(b" ", 1)[0], piece)
        at = chance.choice([match.end() for match in re.finditer(rb"endobj\s", data)] or [len(data)])
        data = data[:at] + piece * chance.choice((1, 2, 50)) + b"\n" + data[at:]
    return data


def absurd_numbers(data: bytes, chance: random.Random) -> bytes:
    """Lengths, counts and references that cannot be."""
    places = [match.span() for match in NUMBER.finditer(data)]
    for start, end in sorted(chance.sample(places, min(len(places), chance.choice((1, 3, 10)))), reverse=True):
        number = chance.choice(ABSURD) if chance.random() < 0.5 else str(chance.randrange(40)).encode()
        data = data[:start] + number + data[end:]
    return data


def garble_stream(data: bytes, chance: random.Random) -> bytes:
    """A compressed stream unpacked, damaged by another mutation and packed again."""
    places = [match.span(1) for match in STREAM.finditer(data)]
    if not places:
        return flip_bytes(data, chance)
    start, end = chance.choice(places)
    try:
        content = zlib.decompress(data[start:end])
    except zlib.error:
        return flip_bytes(data[:start], chance) + data[start:]
    garbled = chance.choice((flip_bytes, cut_middle, repeat_piece, absurd_numbers))(content, chance)
    return data[:start] + zlib.compress(garbled) + data[end:]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, cut_end, cut_middle, repeat_piece, repeat_objects, absurd_numbers, garble_stream
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """The bytes after one to three mutations that the seed chooses."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(MUTATIONS)(data, chance)
    return data


def make_mutants(sources: list[Path], folder: Path, count: int) -> Iterator[Path]:
    """So many damaged documents in a folder, from the sources in turn; their names tell source and seed."""
    folder.mkdir(parents=True)
    for seed in range(count):
        source = sources[seed % len(sources)]
        path = folder / f"{source.stem}-{seed:05}{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), seed))
        yield path
