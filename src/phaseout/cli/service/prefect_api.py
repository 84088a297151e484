"""Asks the Prefect server over HTTP, with nothing but the standard library: serving stays light."""

import base64
import http.client
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from phaseout.errors import TransientError

TIMEOUT = 10
PAGE = 200
FORBIDDEN = 403


class PrefectSilent(TransientError):
    """The Prefect server does not answer, or not as it should."""

    def __init__(self, *, question: str, words: str) -> None:
        super().__init__(f"the Prefect server did not answer {question}: {words}")


class PrefectApi:
    """The API of the server on this machine."""

    def __init__(self, url: str, *, auth: str | None = None, timeout: float = TIMEOUT) -> None:
        self.url = url
        self._timeout = timeout
        self._client = str(uuid.uuid4())
        self._token: str | None = None
        self._auth = {"Authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"} if auth else {}

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "PrefectApi":
        """Return the API that an environment names."""
        return cls(env["PREFECT_API_URL"], auth=env.get("PREFECT_API_AUTH_STRING"))

    def is_healthy(self) -> bool:
        """Say whether the server answers."""
        try:
            return self.get("health") is True
        except PrefectSilent:
            return False

    def get(self, path: str) -> Any:  # noqa: ANN401  what JSON holds
        """Return what the server says.

        Raises:
            PrefectSilent: it does not answer.
        """
        return self._ask("GET", path, None)

    def post(self, path: str, body: object, *, method: str = "POST") -> Any:  # noqa: ANN401  what JSON holds
        """Ask with a body, or change something.

        Raises:
            PrefectSilent: it does not answer.
        """
        try:
            return self._ask(method, path, body)
        except _Refused as refused:
            if refused.code != FORBIDDEN:
                raise
            self._token = None  # it lapses after an hour, and with the server's database
            return self._ask(method, path, body)

    def every(self, path: str, body: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """Yield all that a filter finds, page by page."""
        offset = 0
        while page := self.post(path, {**body, "limit": PAGE, "offset": offset}):
            yield from page
            offset += PAGE

    def _ask(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401
        headers = {"content-type": "application/json", **self._auth}
        if method != "GET":
            headers |= self._proof_against_forgery()
        request = urllib.request.Request(  # noqa: S310  our own loopback address
            f"{self.url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                words = answer.read()
        except urllib.error.HTTPError as error:
            raise _Refused(path, error) from error
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            raise PrefectSilent(question=path, words=str(error)) from error
        return json.loads(words) if words else None

    def _proof_against_forgery(self) -> dict[str, str]:
        if self._token is None:
            try:
                self._token = str(self.get(f"csrf-token?client={self._client}")["token"])
            except _Refused as refused:
                if refused.code != http.client.UNPROCESSABLE_ENTITY:
                    raise
                self._token = ""  # this server asks for none
        return {"Prefect-Csrf-Token": self._token, "Prefect-Csrf-Client": self._client} if self._token else {}


class _Refused(PrefectSilent):
    """The server answered, with a refusal."""

    def __init__(self, path: str, error: urllib.error.HTTPError) -> None:
        self.code = error.code
        super().__init__(question=path, words=f"{error.code} {error.read(300).decode('utf-8', 'replace')}")
