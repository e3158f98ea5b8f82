"""Who listens, and what they are told. One event loop; nothing here waits for the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from roedtraad.safety import rules
from roedtraad.safety.push.house import Listener, News

#: Streams one account may hold: some windows on some devices.
MOST_OF_ONE = 12
#: News a stream may have waiting. One that takes none is given up; its page comes again and asks how things stand.
MOST_WAITING = 200


class Stream:
    """One open page."""

    def __init__(self, who: Listener) -> None:
        self.who = who
        self.waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        self.is_given_up = False

    def put(self, text: bytes | None) -> None:
        """Send it when the page can take it; None ends the stream."""
        try:
            self.waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.is_given_up = True


class Hub:
    """All open pages."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()

    def __len__(self) -> int:
        return len(self._streams)

    def open(self, who: Listener) -> Stream | None:
        """A new stream; None when this account has too many already."""
        if sum(stream.who.user == who.user for stream in self._streams) >= MOST_OF_ONE:
            return None
        stream = Stream(who)
        self._streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """The page is gone."""
        self._streams.discard(stream)

    def tell(self, news: News) -> set[int]:
        """Tell the pages of those on shift. Gives the users who were called by it."""
        called = rules.on_shift({stream: stream.who.units for stream in self._streams}, news.units)
        return self.send(called, news)

    def send(self, streams: Iterable[Stream], news: News) -> set[int]:
        """Tell these pages. Gives the users who were called by it: not the one who called, and not by other news."""
        users = set()
        for stream in streams:
            stream.put(written(news))
            users.add(stream.who.user)
        return users - {news.raised_by} if news.kind in rules.CALLS else set()

    def look_again(self) -> None:
        """Tell every page that something may have happened which was not told."""
        for stream in self._streams:
            stream.put(b"event: look\ndata: {}\n\n")

    def end(self) -> None:
        """End all streams: the server stops."""
        for stream in self._streams:
            stream.put(None)


def written(news: News) -> bytes:
    """The news as a Server-Sent Event: the alarm's key and what happened. Who and where the page asks for itself."""
    data = json.dumps({"alarm": news.key, "kind": news.kind.value, "calls": news.kind in rules.CALLS})
    return f"id: {news.step}\nevent: alarm\ndata: {data}\n\n".encode()
