"""The web server's port."""

from __future__ import annotations

import socket

from roedtraad.config.postgres import free_port


def test_the_preferred_port_is_taken_when_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as somewhere:
        free_soon = somewhere.getsockname()[1]
    assert free_port(free_soon) == free_soon


def test_a_busy_port_gives_the_next_free_one() -> None:
    preferred = free_port(18000)
    with socket.create_server(("127.0.0.1", preferred)):
        chosen = free_port(preferred)
        assert preferred < chosen <= preferred + 100
        socket.create_server(("127.0.0.1", chosen)).close()


def test_a_program_listening_on_all_addresses_also_counts() -> None:
    preferred = free_port(18200)
    with socket.create_server(("0.0.0.0", preferred)):
        assert free_port(preferred) != preferred


def test_a_port_beyond_the_last_gives_any_free_one() -> None:
    assert 0 < free_port(70000) < 65536
