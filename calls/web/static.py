"""Style sheets, scripts and pictures, read once at the start and served from memory.

Their addresses hold a digest of their bytes, so a browser may keep each for ever; a new release has new addresses.
"""

import hashlib
from mimetypes import guess_type
from pathlib import Path

from calls.web.answers import Answer, Prepared

FOLDER = Path(__file__).parent / "static"
SHEETS = ("reset", "tokens", "elements", "layout", "parts", "print")
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Static:
    """Every static file by its address, and the address by the file's name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._addresses: dict[str, str] = {}
        self._answers: dict[str, Prepared] = {}
        self._add("app.css", _joined(_sheets(folder / "css")))
        self._add("app.js", _joined(sorted((folder / "js").glob("*.js"))))
        for picture in sorted((folder / "img").glob("*.*")):
            self._add(f"img/{picture.name}", picture.read_bytes())

    def address(self, name: str) -> str:
        """Where a file is served. An unknown name is a fault in a template."""
        return self._addresses[name]

    def find(self, path: str) -> Prepared | None:
        return self._answers.get(path)

    def _add(self, name: str, body: bytes) -> None:
        address = f"/static/{hashlib.sha256(body).hexdigest()[:16]}/{name}"
        answer = Answer(body, _type(name), cache_control=FOR_EVER)
        self._addresses[name] = address
        self._answers[address] = Prepared(answer, "/static/{name}")


def _sheets(folder: Path) -> list[Path]:
    """The sheets in the order in which later ones may overrule earlier ones."""
    return sorted(folder.glob("*.css"), key=lambda sheet: (_rank(sheet.stem), sheet.stem))


def _rank(name: str) -> int:
    return SHEETS.index(name) if name in SHEETS else len(SHEETS)


def _joined(files: list[Path]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)


def _type(name: str) -> str:
    return TYPES.get(Path(name).suffix) or guess_type(name)[0] or "application/octet-stream"
