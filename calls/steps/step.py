"""What every step looks like."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from calls.history.models import Change

Step = Callable[[Session, Change, str | None, datetime], str | None]
