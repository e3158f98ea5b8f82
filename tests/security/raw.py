"""What no browser and no library would send: bytes on the wire, for the real server (tests/e2e/test_raw_requests.py).

`$host` is the server's own name. Whatever comes, the server answers the next visitor as if nothing had been.
"""

from __future__ import annotations

from dataclasses import dataclass

#: The server may also close without a word.
CLOSED = 0


@dataclass(frozen=True)
class Raw:
    """Bytes, what they try, the statuses that may come, and how many answers may come to them."""

    id: str
    tries: str
    sent: bytes
    must: tuple[int, ...]
    answers: int = 1


def request(*lines: str, body: bytes = b"") -> bytes:
    """A request of those lines."""
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


SMUGGLED = request("GET /zzsmuggled HTTP/1.1", "Host: $host")
RAW = (
    Raw(
        "length-and-chunks",
        "two lengths: the proxy reads one, the server the other",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Content-Length: 6",
            "Transfer-Encoding: chunked",
            "Connection: close",
            body=b"0\r\n\r\n" + SMUGGLED,
        ),
        (400, 403),
    ),
    Raw(
        "chunks-twice",
        "chunks said twice",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Connection: close",
            body=b"0\r\n\r\n" + SMUGGLED,
        ),
        (400, 403, 501),
    ),
    Raw(
        "chunks-hidden",
        "chunks with a sign before them",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Transfer-Encoding: \x0bchunked",
            "Connection: close",
            body=SMUGGLED,
        ),
        (400, 403, 501),
    ),
    Raw(
        "two-lengths",
        "two different lengths",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Content-Length: 0",
            "Content-Length: 44",
            "Connection: close",
            body=SMUGGLED,
        ),
        (400,),
    ),
    Raw(
        "length-sign",
        "a length with a sign",
        request("POST /konto/login/ HTTP/1.1", "Host: $host", "Content-Length: +5", body=b"hello"),
        (400,),
    ),
    Raw(
        "length-negative",
        "a length below zero",
        request("POST /konto/login/ HTTP/1.1", "Host: $host", "Content-Length: -1"),
        (400,),
    ),
    Raw(
        "length-terabyte",
        "a terabyte announced",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Content-Length: 1099511627776",
            "Connection: close",
            body=b"a",
        ),
        (413,),
    ),
    Raw(
        "length-too-long",
        "less sent than announced, and gone",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Content-Length: 500",
            "Connection: close",
            body=b"login=a",
        ),
        (400, 403),
    ),
    Raw(
        "chunk-garbage",
        "a chunk whose size is no number",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Transfer-Encoding: chunked",
            "Connection: close",
            body=b"zz\r\nhej\r\n0\r\n\r\n",
        ),
        (400, 403),
    ),
    Raw(
        "chunk-overflow",
        "a chunk whose size is beyond all numbers",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Transfer-Encoding: chunked",
            "Connection: close",
            body=b"f" * 40 + b"\r\n",
        ),
        (400, 403),
    ),
    Raw("no-host", "no host", request("GET / HTTP/1.1", "Connection: close"), (400,)),
    Raw(
        "foreign-host",
        "another host",
        request("GET / HTTP/1.1", "Host: attacker.invalid", "Connection: close"),
        (400,),
    ),
    Raw(
        "two-hosts",
        "two hosts",
        request("GET / HTTP/1.1", "Host: $host", "Host: attacker.invalid", "Connection: close"),
        (302, 400),
    ),
    Raw(
        "absolute",
        "another server's page, as from a proxy",
        request("GET http://attacker.invalid/ HTTP/1.1", "Host: attacker.invalid", "Connection: close"),
        (400, 404),
    ),
    Raw(
        "connect",
        "a tunnel to somewhere else",
        request("CONNECT attacker.invalid:443 HTTP/1.1", "Host: attacker.invalid:443", "Connection: close"),
        (400, 404, 405),
    ),
    Raw(
        "trace",
        "its own headers back",
        request("TRACE / HTTP/1.1", "Host: $host", "X-Probe: zzsmuggled", "Connection: close"),
        (302, 400, 405),
    ),
    Raw("old", "no version at all", b"GET /\r\n", (CLOSED, 400)),
    Raw("version", "a version that is none", request("GET / HTTP/9.9", "Host: $host"), (400, 505)),
    Raw(
        "nul-path",
        "a NUL in the address, uncoded",
        b"GET /kapacitet/\x00/ HTTP/1.1\r\nHost: $host\r\n\r\n",
        (400,),
    ),
    Raw(
        "high-bytes",
        "bytes that are no letters",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n",
        (400, 404),
    ),
    Raw(
        "bare-lf",
        "lines ended otherwise",
        b"GET /konto/login/ HTTP/1.1\nHost: $host\nConnection: close\n\n",
        (200, 400),
    ),
    Raw(
        "folded",
        "a header over two lines",
        b"GET /konto/login/ HTTP/1.1\r\nHost: $host\r\nX-A: b\r\n c\r\nConnection: close\r\n\r\n",
        (200, 400),
    ),
    Raw(
        "space-before-colon",
        "a header with a space before its colon",
        request("GET /konto/login/ HTTP/1.1", "Host : $host", "Connection: close"),
        (400,),
    ),
    Raw(
        "nul-header",
        "a NUL in a header",
        request("GET /konto/login/ HTTP/1.1", "Host: $host", "X-A: a\x00b", "Connection: close"),
        (400,),
    ),
    Raw(
        "underscores",
        "a header that pretends to be another",
        request(
            "GET /konto/login/ HTTP/1.1",
            "Host: $host",
            "X_Forwarded_Host: zzsmuggled",
            "Content_Length: 5",
            "Connection: close",
        ),
        (200, 400),
    ),
    Raw(
        "huge-header",
        "a header of a megabyte",
        request("GET / HTTP/1.1", "Host: $host", "X-A: " + "a" * 1_000_000),
        (CLOSED, 400, 431),
    ),
    Raw(
        "many-headers",
        "ten thousand headers",
        request("GET / HTTP/1.1", "Host: $host", *[f"X-{n}: a" for n in range(10_000)]),
        (CLOSED, 400, 431),
    ),
    Raw(
        "huge-address",
        "an address of a megabyte",
        request("GET /" + "a" * 1_000_000 + " HTTP/1.1", "Host: $host"),
        (CLOSED, 400, 414, 431),
    ),
    Raw(
        "tls",
        "another protocol",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        (CLOSED, 400),
    ),
    Raw(
        "http2",
        "the beginning of HTTP/2, and garbage",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 200,
        (CLOSED, 400),
    ),
    Raw(
        "websocket",
        "another protocol after the first",
        request(
            "GET / HTTP/1.1",
            "Host: $host",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ),
        (302, 400, 426),
    ),
    Raw(
        "expect",
        "waits to be asked for a terabyte",
        request(
            "POST /konto/login/ HTTP/1.1",
            "Host: $host",
            "Content-Length: 1099511627776",
            "Expect: 100-continue",
            "Connection: close",
        ),
        (413, 417),
    ),
    Raw(
        "dots",
        "out of the house, uncoded",
        request("GET /static/../../../../../../etc/passwd HTTP/1.1", "Host: $host", "Connection: close"),
        (400, 404),
    ),
    Raw(
        "coded-dots",
        "out of the house, coded",
        request("GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "Host: $host", "Connection: close"),
        (400, 404),
    ),
    Raw(
        "random",
        "noise",
        bytes(
            range(
                256,
            )
        )
        * 8,
        (CLOSED, 400),
    ),
)
