"""Records and configurations as YAML that people read and edit: short mappings in one line, each number with its digits."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.printed_number import PrintedNumber
from coppice.review.strict_yaml import scalar

WIDTH = 118
PLAIN = re.compile(r"\w[\w ()/.;%+*=<>'–-]*")  # needs no quotes, in a flow mapping either
BLOCKS = frozenset({"characteristics", "reports", "outcomes", "domains"})  # keep a line per entry
Comments = Mapping[str, str]


def escaped(sign: str) -> str:
    """Return a character as double quotes hold it."""
    if sign.isprintable():
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"


def text_of(value: object) -> str:
    """Return a scalar: texts with quotes only where they need them, numbers with the digits that they were read with."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, PrintedNumber):
        return value.text
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    if PLAIN.fullmatch(text) and text == text.strip() and scalar(text) == text:
        return text
    return "".join(map(escaped, json.dumps(text, ensure_ascii=False)))


def flow(value: Any) -> str:
    """Return a value in one line, a collection with its brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text_of(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return text_of(value)


def broken(value: Mapping[str, Any], indent: int) -> str:
    """Return a figure in braces, with line breaks between its fields where it is too long for a line."""
    lines = [""]
    for key, item in value.items():
        field = f"{text_of(str(key))}: {flow(item)}"
        if lines[-1] and indent + len(lines[-1]) + len(field) + 4 > WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + field + ","
    return "{" + ("\n" + " " * (indent + 1)).join(lines).removesuffix(",") + "}"


def is_flat(value: object) -> bool:
    """Return whether a value holds no collection of collections."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return not any(isinstance(item, Mapping | list | tuple) and item for item in inner)


def folded(text: str, indent: int) -> str | None:
    """Return a long text as a folded block; None where that would change it."""
    if text != " ".join(text.split(" ")).strip() or "  " in text or not all(map(str.isprintable, text)):
        return None
    lines = textwrap.wrap(text, max(40, WIDTH - indent), break_long_words=False, break_on_hyphens=False)
    return ">-" + "".join(f"\n{' ' * indent}{line}" for line in lines) if " ".join(lines) == text else None


def entry(key: str, value: Any, indent: int, place: str, comments: Comments) -> Iterator[str]:
    """Yield the lines of one key with its value."""
    head = f"{' ' * indent}{text_of(key)}:"
    if place in comments:
        yield from textwrap.wrap(
            " ".join(comments[place].split()),
            WIDTH,
            initial_indent=f"{' ' * indent}# ",
            subsequent_indent=f"{' ' * indent}# ",
        )
    one_line = f"{head} {flow(value)}"
    is_commented = any(other.startswith(f"{place}.") for other in comments)
    if isinstance(value, Mapping) and value:
        if is_flat(value) and key not in BLOCKS and indent and len(one_line) <= WIDTH and not is_commented:
            yield one_line
        else:
            yield head
            yield from block(value, indent + 2, place, comments)
    elif isinstance(value, list | tuple) and value and (len(one_line) > WIDTH or not is_flat(value)):
        yield head
        for item in value:
            inner = broken(item, indent + 4) if isinstance(item, Mapping) else flow(item)
            if isinstance(item, str) and len(item) + indent + 4 > WIDTH:
                inner = folded(item, indent + 4) or inner
            yield f"{' ' * (indent + 2)}- {inner}"
    elif isinstance(value, str) and len(one_line) > WIDTH:
        yield f"{head} {folded(value, indent + 2) or text_of(value)}"
    else:
        yield one_line


def block(value: Mapping[str, Any], indent: int, place: str, comments: Comments) -> Iterator[str]:
    """Yield the lines of a mapping."""
    for key, item in value.items():
        yield from entry(str(key), item, indent, f"{place}.{key}" if place else str(key), comments)


def dump(value: Mapping[str, Any], comments: Comments | None = None) -> str:
    """Return a mapping as YAML; `comments` are printed above the keys whose places they name, such as `analyses.os.measure`."""
    return "\n".join(block(value, 0, "", comments or {})) + "\n"
