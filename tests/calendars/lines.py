"""iCalendar text taken apart line by line, by RFC 5545 section 3.1 alone: nothing of the house and no library is used here."""

import re
from dataclasses import dataclass, field

_NAME = r"[A-Z][A-Z0-9-]*"
_VALUE = r'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^",;:\x00-\x08\x0a-\x1f\x7f]*)'
_PARAMETER = re.compile(rf";({_NAME})=({_VALUE}(?:,{_VALUE})*)")
_LINE = re.compile(rf"({_NAME})((?:;{_NAME}={_VALUE}(?:,{_VALUE})*)*):(.*)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LONGEST_LINE = 75


@dataclass(frozen=True)
class Property:
    """One content line: its name, its parameters as they stand (quotes included), its value as it stands."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]

    def value(self, name: str) -> str:
        """The value of the first property of that name, or nothing."""
        return next((each.value for each in self.properties if each.name == name), "")

    def walk(self) -> list["Component"]:
        """This component and all inside it."""
        return [self, *(inner for component in self.components for inner in component.walk())]


def unfolded(ics: bytes) -> tuple[list[str], list[str]]:
    """The content lines, and what is wrong with how they were cut, ended and encoded (RFC 5545 3.1)."""
    faults = []
    if not ics.endswith(b"\r\n"):
        faults.append("the text does not end with CRLF")
    rest = ics.replace(b"\r\n", b"")
    if b"\r" in rest or b"\n" in rest:
        faults.append("a line ends with something else than CRLF")

    lines: list[str] = []
    for number, raw in enumerate(ics.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if len(raw) > _LONGEST_LINE:
            faults.append(f"line {number} has {len(raw)} octets")
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            faults.append(f"line {number} is not UTF-8, or is folded inside a character")
            line = raw.decode(errors="replace")
        if not line.startswith((" ", "\t")):
            lines.append(line)
        elif not lines:
            faults.append("the text begins with a folded line")
        else:
            if _ends_inside_an_escape(lines[-1]):
                faults.append(f"line {number} is folded inside an escape")
            lines[-1] += line[1:]
    return lines, faults


def parsed(lines: list[str]) -> tuple[Component | None, list[str]]:
    """The one object in the lines, None if there is no telling, and what is wrong with their grammar."""
    faults: list[str] = []
    outside = Component("")
    open_ones = [outside]
    for number, line in enumerate(lines, 1):
        each = _property(line)
        if each is None or _CONTROL.search(line):
            faults.append(f"content line {number} breaks the grammar: {line[:40]!r}")
        elif each.name == "BEGIN":
            component = Component(each.value)
            open_ones[-1].components.append(component)
            open_ones.append(component)
        elif each.name == "END":
            if len(open_ones) == 1 or open_ones.pop().name != each.value:
                return None, [*faults, f"END:{each.value} closes nothing that is open"]
        elif open_ones[-1].components:
            faults.append(f"{each.name} stands after a component")
        else:
            open_ones[-1].properties.append(each)
    if len(open_ones) > 1:
        return None, [*faults, f"{open_ones[-1].name} is not closed"]
    if len(outside.components) != 1 or outside.properties or outside.components[0].name != "VCALENDAR":
        return None, [*faults, "the text is not exactly one VCALENDAR"]
    return outside.components[0], faults


def unescaped(value: str) -> str:
    """A TEXT value as it was meant (RFC 5545 3.3.11)."""
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value, flags=re.DOTALL)


def _property(line: str) -> Property | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    parameters = _PARAMETER.findall(match[2])
    if len({name for name, _ in parameters}) != len(parameters):
        return None
    return Property(match[1], dict(parameters), match[3])


def _ends_inside_an_escape(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1
