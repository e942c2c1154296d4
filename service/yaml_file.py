"""A YAML file as plain data, and every key that stands in it twice. Makes no objects but text, numbers, lists, maps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Trail = tuple[str | int, ...]


class Unreadable(Exception):
    """The file is not there or not YAML; the text says where and why."""


def read(path: Path) -> tuple[Any, list[tuple[Trail, str]]]:
    """The data, and a complaint for each repeated key, of which YAML would keep the last without a word."""
    try:
        loader = yaml.SafeLoader(path.read_bytes())
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
