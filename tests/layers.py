"""Which module may import what. Reads source only; imports nothing of what it judges."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PARTS = {"handlers", "service", "integrations", "storage", "views", "domain"}
MAY_IMPORT = {
    "bot.py": {"application", "composition", *PARTS, "sandbox"},
    "application.py": {"composition", *PARTS},
    "composition.py": {"service", "integrations", "views", "domain"},
    "handlers": {"handlers", "service", "views", "domain"},
    "service": {"service", "storage", "domain"},
    "integrations": {"integrations", "views", "domain"},
    "storage": {"storage", "domain"},
    "views": {"views", "domain"},
    "domain": {"domain"},
    "sandbox": {"sandbox"},
}
LAYERS = {name.removesuffix(".py") for name in MAY_IMPORT}

# Where a library may be known; a folder ends with a slash, a name without one is a prefix.
HOME_OF = {
    "slack_bolt": ("handlers/slack/",),
    "slack_sdk": ("integrations/slack",),
    "peewee": ("storage/",),
    "playhouse": ("storage/",),
    "psycopg": ("storage/",),
    "apscheduler": ("storage/jobstore.py", "service/scheduler.py"),
}
# What would let the outside world, chance or the hour into the rules.
IMPURE = {
    *("asyncio", "concurrent", "multiprocessing", "select", "signal", "threading", "time"),
    *("http", "io", "logging", "os", "pathlib", "shutil", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile"),
    *("random", "secrets", "urllib.request", "uuid"),
}
CLOCK_READS = {"now", "utcnow", "today"}


@dataclass(frozen=True)
class Import:
    line: int
    module: str

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def violations(path: str, source: str) -> list[str]:
    """Every breach in one file, as `file:line imports X: why not`."""
    tree = ast.parse(source, filename=path)
    found = [
        f"{path}:{each.line} imports {each.module}: {why}" for each in imports(path, tree) for why in judge(path, each)
    ]
    if layer_of(path) in {"domain", "views"}:
        found += [f"{path}:{line} {what}" for line, what in impurities(tree)]
    return found


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Every Python file of Muster and of the sandbox, as a path from the root and its text."""
    files = [*root.glob("*.py"), *(file for layer in LAYERS for file in (root / layer).rglob("*.py"))]
    for file in sorted(files):
        yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")


def layer_of(path: str) -> str:
    return PurePosixPath(path).parts[0]


def imports(path: str, tree: ast.AST) -> Iterator[Import]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield Import(node.lineno, absolute(path, module or "", level))
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield Import(node.lineno, module)


def absolute(path: str, module: str, level: int) -> str:
    if level == 0:
        return module
    package = PurePosixPath(path).parts[:-level]
    return ".".join(part for part in (*package, module) if part)


def judge(path: str, imported: Import) -> Iterator[str]:
    layer, top = layer_of(path), imported.top
    if layer not in MAY_IMPORT:
        yield f"{layer} is on no layer of the map"
    elif top in LAYERS and top not in MAY_IMPORT[layer]:
        yield f"{layer} may import {' and '.join(sorted(MAY_IMPORT[layer]))} only"
    elif top in HOME_OF and not path.startswith(HOME_OF[top]):
        yield f"{top} belongs to {' and '.join(HOME_OF[top])}"
    elif layer == "domain" and not IMPURE.isdisjoint({top, imported.module}):
        yield "domain is pure: no I/O, no clock, no chance"
    elif layer == "domain" and top not in {*LAYERS, "pydantic"} and top not in sys.stdlib_module_names:
        yield "pydantic is the only library that domain knows"


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attribute)) if attribute in CLOCK_READS:
                if ast.unparse(owner).split(".")[-1] in {"datetime", "date"}:
                    yield node.lineno, f"calls {ast.unparse(node.func)}: the time is a parameter"
            case ast.Call(func=ast.Name(id="open" | "input" | "print" as name)):
                yield node.lineno, f"calls {name}: no I/O here"
            case ast.AsyncFunctionDef(name=name):
                yield node.lineno, f"makes {name} async: nothing here may wait"
