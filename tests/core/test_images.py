"""A picture that comes in leaves as dots only, and what is none is refused in words."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from roedtraad.core import images
from roedtraad.core.images import PictureRefused, remade

SECRET = b"hemmelig-adresse"


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **how: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new(mode, size, "blue")
    made.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def shown(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_dots_stay_and_the_format_too(kind: str) -> None:
    made = remade(io.BytesIO(picture(kind)))
    again = shown(made.content)
    assert (again.format, again.size, (made.width, made.height)) == (kind, (40, 20), (40, 20))
    assert made.media_type == f"image/{kind.lower()}"
    red, _green, blue = again.convert("RGB").getpixel((2, 10))  # type: ignore[misc]  # three numbers in RGB
    assert red > 200
    assert blue < 60


def test_where_it_was_taken_and_who_wrote_in_it_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    for raw in (
        picture("JPEG", exif=exif, comment=SECRET),
        picture("PNG", exif=exif, pnginfo=notes),
        picture("WEBP", exif=exif, xmp=SECRET),
        picture("JPEG") + b"<script>" + SECRET,
        picture("PNG") + SECRET,
    ):
        assert SECRET in raw
        made = remade(io.BytesIO(raw))
        assert SECRET not in made.content
        assert not shown(made.content).getexif()
        assert not set(shown(made.content).info) & {"exif", "xmp", "comment", "Comment", "icc_profile"}


def test_a_picture_taken_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert shown(remade(io.BytesIO(picture("JPEG", exif=exif))).content).size == (20, 40)


def test_a_large_one_is_made_smaller_and_a_transparent_one_stays_so() -> None:
    assert remade(io.BytesIO(picture("PNG", (4800, 1200)))).width == images.LONGEST_SIDE
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    clear.seek(0)
    assert shown(remade(clear).content).mode == "RGBA"


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def enormous() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 dots square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99_999))
        + chunk(b"IEND", b"")
    )


def gif() -> bytes:
    return picture("GIF", mode="P")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "ikke et billede"),
        (b"hej", "ikke et billede"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "ikke et billede"),
        (b"%PDF-1.7", "ikke et billede"),
        (gif(), "ikke et billede"),
        (picture("BMP"), "ikke et billede"),
        (picture("TIFF"), "ikke et billede"),
        (picture("PNG")[:60], "ikke et billede"),
        (picture("JPEG")[:300], "ikke et billede"),
        (moving(), "bevæger sig"),
        (enormous(), "for mange punkter"),
        (b"\x89PNG" + b"\0" * images.LARGEST, "fylder mere end 15 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(PictureRefused, match=words) as refused:
        remade(io.BytesIO(raw))
    assert str(refused.value).endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_refused_or_drawn_and_never_breaks(data: st.DataObject) -> None:
    raw = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for _change in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = remade(io.BytesIO(bytes(raw)))
    except PictureRefused:
        return
    assert shown(made.content).size == (made.width, made.height)
