"""The pages of members: each begins with `visitors.member` and is stored by nobody."""

from calls.web.host import account, board, changes, sign_in, way_in

PAGES = (
    *sign_in.PAGES,
    *account.PAGES,
    *board.PAGES,
    *way_in.PAGES,
    *changes.PAGES,
)
