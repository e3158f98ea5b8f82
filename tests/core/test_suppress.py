import pytest

from roedtraad.core.suppress import Node, suppress


def leaves(*counts: int) -> Node[str]:
    """A root with children a, b, c … of these counts."""
    children = tuple(Node("abcdefgh"[i], n) for i, n in enumerate(counts))
    return Node("alle", sum(counts), children)


def shown(tree: Node[str]) -> str:
    return " ".join("–" if n is None else str(n) for n in suppress(tree).values())


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((20, 30, 0), "50 20 30 0"),
        ((3, 30, 20), "53 – 30 –"),
        ((3, 20, 20), "43 – – 20"),
        ((3, 0, 20), "23 – 0 –"),
        ((4, 4, 20), "28 – – 20"),
        ((2, 3, 20), "25 – – –"),
        ((1, 1, 1, 1, 1, 9, 30), "44 – – – – – – 30"),
        ((1, 1, 1, 1, 1), "5 – – – – –"),
        ((1, 1, 1, 1, 1, 0), "5 – – – – – –"),
        ((2, 3), "5 – –"),
        ((2, 2), "– – –"),
        ((0, 0), "0 0 0"),
        ((4,), "– –"),
        ((5,), "5 5"),
        ((3, 0), "– – –"),
        ((6, 0), "6 6 0"),
    ],
)
def test_small_groups_are_hidden_with_company(counts: tuple[int, ...], expected: str) -> None:
    assert shown(leaves(*counts)) == expected


def test_everything_under_a_hidden_node_is_hidden() -> None:
    big = Node("stor", 12, (Node("s1", 6), Node("s2", 6)))
    small = Node("lille", 3, (Node("l1", 3), Node("l2", 0)))
    rest = Node("rest", 40, (Node("r1", 0), Node("r2", 40)))
    published = suppress(Node("alle", 55, (big, small, rest)))
    assert published == {
        "alle": 55, "stor": None, "s1": None, "s2": None, "lille": None, "l1": None, "l2": None,
        "rest": 40, "r1": 0, "r2": 40,
    }  # fmt: skip


def test_a_chain_of_only_children_is_hidden_as_one() -> None:
    chain = Node("a", 4, (Node("b", 4, (Node("c", 4),)),))
    published = suppress(Node("alle", 24, (chain, Node("d", 20))))
    assert published == {"alle": 24, "a": None, "b": None, "c": None, "d": None}


def test_the_threshold_can_be_set() -> None:
    assert suppress(leaves(7, 20, 30), threshold=10) == {"alle": 57, "a": None, "b": None, "c": 30}


def test_trees_that_do_not_hold_together_are_refused() -> None:
    with pytest.raises(ValueError, match="giver ikke tilsammen"):
        Node("alle", 5, (Node("a", 4),))
    with pytest.raises(ValueError, match="negativt"):
        Node("alle", -1)
    with pytest.raises(ValueError, match="to gange"):
        suppress(Node("alle", 10, (Node("a", 5), Node("a", 5))))
