"""A YAML file as plain data, and every key that stands in it twice. Makes no objects but text, numbers, lists, maps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Trail = tuple[str | int, ...]

DEEPEST = 100
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Written in C where PyYAML was built with it: a tenth of the time, which a start has to wait for. Its recursion has no
limit and would end the process."""


class Unreadable(Exception):
    """The file is not there or not YAML; the text says where and why."""


def read(path: Path) -> tuple[Any, list[tuple[Trail, str]]]:
    """The data, and a complaint for each repeated key, of which YAML would keep the last without a word."""
    try:
        written = path.read_bytes()
        _measure(path, written)
        loader = _LOADER(written)
        node = loader.get_single_node()
        if node is None:
            return {}, []
        repeated = list(_repeated(node, ()))
        return loader.construct_document(node), repeated
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}); name another file with --config") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"{path}:{line}: is not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(f"{path}: is not YAML: {str(error).splitlines()[0]}") from None


def _measure(path: Path, written: bytes) -> None:
    depth = 0
    for event in yaml.parse(written, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise Unreadable(f"{path}:{line}: is not YAML: more than {DEEPEST} levels stand in each other")


def _repeated(node: yaml.Node, trail: Trail, above: tuple[yaml.Node, ...] = ()) -> Iterator[tuple[Trail, str]]:
    if node in above:
        raise yaml.constructor.ConstructorError(None, None, "something holds itself", node.start_mark)
    above = (*above, node)
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _repeated(item, (*trail, place), above)
    elif isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in lines:
                yield (*trail, name), f"stands twice, in lines {lines[name]} and {line}; keep one"
            lines.setdefault(name, line)
            yield from _repeated(value, (*trail, name), above)
