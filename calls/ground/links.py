"""Every address of the product, in one place: pages, feeds and the links that mails carry."""

from urllib.parse import quote, urlsplit
from uuid import UUID

from calls.ground.tokens import Keys

REGISTRATION = "registration"
PASS = "pass"
JOIN = "join"
FEED = "feed"
UNSUBSCRIBE = "unsubscribe"
GUEST = "guest"
PREP = "prep"
VOTE = "vote"
GUEST_SILENCE = "guest silence"
# One purpose for each answer to an invitation, so that a link for Yes can be made into no other.
ANSWERS = {"accepted": "answer yes", "tentative": "answer maybe", "declined": "answer no"}


class Links:
    """Builds addresses under one public address (`CALLS_URL`), as mails and calendars need them."""

    __slots__ = ("domain", "keys", "url")

    def __init__(self, url: str, keys: Keys) -> None:
        self.url = url.rstrip("/")
        self.keys = keys
        self.domain = urlsplit(url).hostname or "localhost"

    @property
    def here(self) -> "Links":
        """The same addresses without the host, for pages: they stay on the host that was opened."""
        here = Links("", self.keys)
        here.domain = self.domain
        return here

    def front(self) -> str:
        return f"{self.url}/"

    def show(self, slug: str) -> str:
        return f"{self.url}/{_part(slug)}"

    def call(self, slug: str, address: str) -> str:
        return f"{self.url}/{_part(slug)}/{_part(address)}"

    def public_feed(self, slug: str) -> str:
        return f"{self.url}/{_part(slug)}/calendar.ics"

    def wishes(self, slug: str) -> str:
        """Whom the show's listeners would like to hear."""
        return f"{self.url}/{_part(slug)}/wishes"

    def poster(self, slug: str, address: str) -> str:
        """The picture of a call for previews of its link."""
        return f"{self.url}/{_part(slug)}/{_part(address)}/picture.png"

    def registration(self, id: UUID, generation: int = 0) -> str:
        return f"{self.url}/r/{self.keys.token(REGISTRATION, id, generation)}"

    def passes(self, id: UUID, generation: int = 0) -> str:
        return f"{self.url}/r/{self.keys.token(PASS, id, generation)}"

    def join(self, id: UUID, generation: int = 0) -> str:
        return f"{self.url}/j/{self.keys.token(JOIN, id, generation)}"

    def answer(self, answer: str, id: UUID, generation: int = 0) -> str:
        """The page that asks somebody registered whether she can come, with this answer chosen."""
        return f"{self.url}/a/{self.keys.token(ANSWERS[answer], id, generation)}"

    def feed(self, id: UUID, generation: int = 0, name: str = "calls") -> str:
        """A person's own feed; `name` is what calendar programs show until they have read it."""
        return f"{self.url}/feeds/{self.keys.token(FEED, id, generation)}/{_part(name)}.ics"

    def unsubscribe(self, attendee_id: UUID, generation: int = 0) -> str:
        return f"{self.url}/unsubscribe/{self.keys.token(UNSUBSCRIBE, attendee_id, generation)}"

    def guest(self, invitation_id: UUID, generation: int = 0) -> str:
        """A guest's own page: dates to choose, booking, prep, run sheet, kit."""
        return f"{self.url}/g/{self.keys.token(GUEST, invitation_id, generation)}"

    def prep(self, booking_id: UUID, generation: int = 0) -> str:
        """The prep of one booking and nothing else, for a guest's assistant."""
        return f"{self.url}/p/{self.keys.token(PREP, booking_id, generation)}"

    def vote(self, vote_id: UUID) -> str:
        """The page on which somebody confirms the vote that was given with her address."""
        return f"{self.url}/w/{self.keys.token(VOTE, vote_id)}"

    def guest_silence(self, guest_id: UUID) -> str:
        """The page on which a guest says that she wants no more mail of this account."""
        return f"{self.url}/unsubscribe/{self.keys.token(GUEST_SILENCE, guest_id)}"

    def share(self, code: str) -> str:
        """Somebody's short link to a call."""
        return f"{self.url}/v/{_part(code)}"

    def picture(self, id: UUID, digest: str, shape: str) -> str:
        """A guest's picture, `square` or `wide`; its address changes when it does."""
        return f"{self.url}/pictures/{id}-{digest[:16]}/{shape}.jpg"

    def host_guest(self, id: UUID) -> str:
        return f"{self.url}/host/guests/{id}"

    def find(self) -> str:
        return f"{self.url}/find"

    def sign_in(self, token: str = "") -> str:
        """The page that asks for an e-mail address, or, with a secret, the one with the button."""
        return f"{self.url}/sign-in/{_part(token)}" if token else f"{self.url}/sign-in"

    def board(self) -> str:
        return f"{self.url}/host"

    def calendar_test(self) -> str:
        return f"{self.url}/host/calendar-test"

    def host_call(self, id: UUID) -> str:
        return f"{self.url}/host/calls/{id}"


def _part(text: str) -> str:
    return quote(text, safe="")
