"""Sets one PDF in a process of its own: `python -m roedtraad.design.typesetter`, told by JSON on standard input.

typst keeps what it has set for the life of the process, some 150 MB for each thousand rows of an archive; a process that
ends gives it back. Without Django, so that it starts at once. The pages go to standard output and never lie on the disk.
"""

from __future__ import annotations

import json
import sys

import typst

#: The exit status for a document that cannot be set; what typst said stands on standard error.
NOT_SET = 3


def typeset(template: str, root: str, fonts: str, inputs: dict[str, str]) -> bytes:
    """The template as PDF/UA-1, with the house's own letters alone. typst.TypstError when it cannot be set."""
    return typst.compile(
        template,
        root=root,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        format="pdf",
    )


def main() -> None:
    """Read {template, root, fonts, inputs}, write the PDF."""
    told = json.load(sys.stdin)
    try:
        pages = typeset(told["template"], told["root"], told["fonts"], told["inputs"])
    except typst.TypstError as error:
        sys.stderr.write(f"{error} {getattr(error, 'diagnostic', '')}")
        sys.exit(NOT_SET)
    sys.stdout.buffer.write(pages)


if __name__ == "__main__":
    main()
