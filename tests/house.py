"""Reads the package as text: its modules, what each imports, how long everything is. It judges nothing."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef
DOORS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Door:
    """One import: the module it leads to (a house module by its full name, any other by its first name), and its line."""

    to: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of the package. Its `name` is the full one: `calls.shows.moving`."""

    name: str
    path: Path
    where: str
    is_package: bool

    @cached_property
    def source(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, str(self.path))

    @property
    def parts(self) -> tuple[str, ...]:
        """The name without `calls`: ("shows", "moving")."""
        return tuple(self.name.split(".")[1:])

    @property
    def lines(self) -> int:
        return filled(self.source.splitlines())

    @property
    def says_what_it_is(self) -> bool:
        return bool(ast.get_docstring(self.tree))

    def functions(self) -> Iterator[tuple[Definition, int]]:
        """Every function and method, however deep, with its length from `def` on."""
        rows = self.source.splitlines()
        for node in ast.walk(self.tree):
            if isinstance(node, Definition):
                yield node, filled(rows[node.lineno - 1 : node.end_lineno])

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def hidden_doors(self) -> Iterator[int]:
        """Lines of imports that open only when a function runs, or that are made from a string."""
        inside = {
            node.lineno
            for function in ast.walk(self.tree)
            if isinstance(function, Definition)
            for node in ast.walk(function)
            if isinstance(node, DOORS)
        }
        made = {node.lineno for node in ast.walk(self.tree) if isinstance(node, ast.Call) and _makes_an_import(node.func)}
        yield from sorted(inside | made)

    def broad_handlers(self) -> Iterator[int]:
        """Lines that catch everything: a bare except, Exception or BaseException, or suppress() of one of them."""
        for node in ast.walk(self.tree):
            match node:
                case ast.ExceptHandler(type=caught) if caught is None or _is_broad(caught):
                    yield node.lineno
                case ast.Call(func=called, args=caught) if _name(called) == "suppress" and any(map(_is_broad, caught)):
                    yield node.lineno


class House:
    """Every module under one folder that holds `calls/` (and `templates/`)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.modules = {module.name: module for module in _modules(root)}

    def doors(self, module: Module) -> Iterator[Door]:
        """Every import of a module, wherever it stands and whether it is only for types."""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Door(self._known(alias.name), node.lineno)
            elif isinstance(node, ast.ImportFrom):
                source = _source(module, node)
                for alias in node.names:
                    inner = f"{source}.{alias.name}"
                    yield Door(self._known(inner if inner in self.modules else source), node.lineno)

    def files(self, folder: str, *endings: str) -> Iterator[tuple[str, int]]:
        """Files below a folder with their lines, blank ones included."""
        for path in sorted((self.root / folder).rglob("*")):
            if path.suffix in endings:
                yield path.relative_to(self.root).as_posix(), len(path.read_text().splitlines())

    def circles(self) -> Iterator[list[str]]:
        """Circles of imports, each found once, as the names on the way round from the first by alphabet."""
        leads_to = {
            name: sorted({door.to for door in self.doors(module)} & self.modules.keys() - {name})
            for name, module in self.modules.items()
        }
        finished: set[str] = set()
        for start in sorted(leads_to):
            yield from _circles_from(start, leads_to, finished, [])

    @staticmethod
    def _known(name: str) -> str:
        first = name.partition(".")[0]
        return name if first == "calls" else first


def filled(rows: list[str]) -> int:
    """How many rows say something."""
    return sum(1 for row in rows if row.strip())


def _modules(root: Path) -> Iterator[Module]:
    for path in sorted((root / "calls").rglob("*.py")):
        where = path.relative_to(root)
        parts = where.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield Module(".".join(parts[:-1] if is_package else parts), path, where.as_posix(), is_package)


def _source(module: Module, node: ast.ImportFrom) -> str:
    """What stands between `from` and `import`, made absolute."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    package = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*package, *([node.module] if node.module else [])])


def _circles_from(name: str, leads_to: dict[str, list[str]], finished: set[str], way: list[str]) -> Iterator[list[str]]:
    if name in way:
        circle = way[way.index(name) :]
        first = circle.index(min(circle))
        yield [*circle[first:], *circle[:first], circle[first]]
    elif name not in finished:
        for following in leads_to[name]:
            yield from _circles_from(following, leads_to, finished, [*way, name])
        finished.add(name)


def _makes_an_import(function: ast.expr) -> bool:
    return _name(function) in {"__import__", "import_module"}


def _is_broad(caught: ast.expr) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_is_broad, caught.elts))
    return _name(caught) in {"Exception", "BaseException"}


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
