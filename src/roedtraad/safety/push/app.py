"""The push server as ASGI: one address with a stream of Server-Sent Events, and one that says the server is well."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError

from roedtraad.safety.address import STREAM
from roedtraad.safety.push import house
from roedtraad.safety.push.hub import Hub, Stream
from roedtraad.safety.services import CHANNEL

log = structlog.get_logger("roedtraad.push")

#: Seconds between two signs of life on a stream that has nothing to tell.
HEARTBEAT = 15.0
#: Seconds after which a page must connect anew, with a new ticket, so that a login or an access that ended ends it.
LONGEST = 300.0
#: Seconds between two looks at what is due.
TICK = 1.0
#: Seconds before the listening connection is tried again.
AGAIN = 1.0

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Application:
    """Holds the streams and the two tasks that feed them."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._pass_on())]
                for task in self._tasks:
                    task.add_done_callback(_leave_when_broken)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for task in self._tasks:
                    task.cancel()
                self.hub.end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _answer(send, 405, [])
        elif scope["path"] == "/healthz":
            words = json.dumps({"ok": self._listening, "streams": len(self.hub)}).encode()
            await _answer(
                send, 200 if self._listening else 503, [(b"content-type", b"application/json")], words
            )
        elif scope["path"] == STREAM or scope["path"] == settings.PUSH_URL:
            await self._stream(scope, receive, send)
        else:
            await _answer(send, 404, [])

    async def _stream(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin", "")
        if origin and origin not in settings.PUSH_ORIGINS:
            await _answer(send, 403, [])
            return
        cors = [(b"vary", b"Origin")]
        cors += [(b"access-control-allow-origin", origin.encode())] if origin else []
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        try:
            who = await house.ask(house.listener, asked.get("billet", [""])[0])
            if who is None:
                await _answer(send, 401, cors)
                return
            stream = self.hub.open(who)
            if stream is None:
                await _answer(send, 429, [*cors, (b"retry-after", b"30")])
                return
            try:
                last = headers.get(b"last-event-id") or asked.get("efter", [""])[0]
                missed = await house.ask(house.missed, who, int(last) if _is_number(last) else None)
                for news in missed:
                    await self._told(news, self.hub.send([stream], news))
                await self._run(stream, cors, receive, send)
            finally:
                self.hub.close(stream)
        except DatabaseError:
            await _answer(send, 503, [*cors, (b"retry-after", b"5")])

    async def _run(
        self, stream: Stream, cors: list[tuple[bytes, bytes]], receive: Receive, send: Send
    ) -> None:
        """Send what waits, and a sign of life, until the page goes, its time is up or the server stops."""
        kind = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": [*_ALWAYS, *kind, *cors]})
        gone = asyncio.create_task(_gone(receive))
        # Not all at the same moment, when they began at the same moment.
        ends = time.monotonic() + LONGEST * random.uniform(0.8, 1.0)  # noqa: S311  no secret
        try:
            text: bytes | None = b": her\n\n"
            while text is not None and not gone.done() and not stream.is_given_up and time.monotonic() < ends:
                await send({"type": "http.response.body", "body": text, "more_body": True})
                text = await _next(stream, gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    async def _told(self, news: house.News, users: set[int]) -> None:
        if users:
            await house.ask(house.delivered, news.alarm, users)

    async def _listen(self) -> None:
        """Hear of each new line and tell it. A lost connection is made again, and every page looks again."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    house.address(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listening = True
                    self.hub.look_again()
                    async for told in connection.notifies():
                        await self._heard(told.payload)
            except (psycopg.Error, DatabaseError, OSError) as error:
                log.warning("push_lost_database", error=type(error).__name__)
            self._listening = False
            await asyncio.sleep(AGAIN)

    async def _heard(self, payload: str) -> None:
        """A line was written. Whoever may connect to the database may say anything on the channel."""
        try:
            step = int(json.loads(payload)["step"])
        except (ValueError, KeyError, TypeError):
            log.warning("push_heard_nonsense")
            return
        news = await house.ask(house.news, step)
        if news is not None:
            await self._told(news, self.hub.tell(news))

    async def _pass_on(self) -> None:
        """The clock of the alarms. What fails is tried again a moment later."""
        while True:
            try:
                done = await house.ask(house.pass_on)
                if done:
                    log.info("alarms_passed_on", lines=done)
            except DatabaseError as error:
                log.warning("push_lost_database", error=type(error).__name__)
            await asyncio.sleep(TICK)


_ALWAYS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"server", b"roedtraad"),
]


def _leave_when_broken(task: asyncio.Task[None]) -> None:
    """A server that no longer listens would look well and tell nothing; the supervisor starts another."""
    if not task.cancelled() and task.exception() is not None:
        log.error("push_broken", exc_info=task.exception())
        os._exit(1)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*_ALWAYS, *headers]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _next(stream: Stream, gone: asyncio.Task[None]) -> bytes | None:
    """What is to be sent next; a sign of life when nothing comes, or the page goes."""
    waiting = asyncio.create_task(stream.waiting.get())
    done, _pending = await asyncio.wait(
        {waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
    )
    if waiting in done:
        return waiting.result()
    waiting.cancel()
    return b": her\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


application = Application()
