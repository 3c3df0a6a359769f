"""An HTTP request and its answer, as values."""

from attrs import frozen

from rbbn_sdk.io.rest.headers import Headers

__all__ = ["Answer", "HttpRequest"]


@frozen(kw_only=True)
class HttpRequest:
    method: str
    url: str
    headers: Headers
    """They hold credentials: never in a text."""
    body: bytes | None = None
    private: bool = False
    """The application's own: nobody knows what it holds, so the log tells its method and path only."""
    subject: str
    """What is asked, for error texts; they never quote the URL or a header."""

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method} {self.subject}>"


@frozen(kw_only=True)
class Answer:
    status: int
    reason: str
    headers: Headers
    content: bytes
    broken: bool = False
    """The body broke off, is too large or cannot be decoded; `content` is what could be read."""

    def header(self, name: str) -> str:
        """The first value of a header; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.content)} bytes>"
