"""Which candidates enter where dependent effects may."""

from coppice.extract.choose import choose


def candidate(rank=10, use=None, population="A", route="effect"):
    return {"rank": rank, "use": use, "population": population, "route": route, "source": {"quality": "primary"}}


MARKED = [candidate(use="low dose"), candidate(rank=20, use="low dose"), candidate(use="high dose"), candidate(rank=1)]


def test_every_marked_figure_enters_by_its_best_route():
    found = choose(MARKED, population="A", several=[0, 0, 1, 2])
    assert found.chosen == (0, 2) and found.why.startswith("2 figures marked")


def test_without_leave_one_enters():
    assert choose(MARKED, population="A").chosen == (0,)


def test_one_mark_or_none_is_chosen_as_ever():
    assert choose(MARKED[:2], population="A", several=[0, 0]).chosen == (0,)
    assert choose([candidate(), candidate(rank=5)], population="A", several=[0, 1]).chosen == (1,)
