"""What each direct comparison contributes to a comparison of a network, in shares that sum to 1."""

from __future__ import annotations

from collections import deque

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Integers

NEGLIGIBLE = 1e-12  # of a flow of 1: rounding


def random_walk(flow: Array, edges: Integers, source: int, sink: int, n: int) -> Array:
    """Return the shares of the edges (e,) as a random walk along the flow takes them, one path as likely as it is.

    Davies et al. 2022, doi:10.1002/sim.9346. A path of l comparisons gives each the l-th part of its probability. The flow is
    acyclic, so that the probabilities of all paths by their length are sums over the treatments in the order of the flow.
    """
    tails, heads, amounts, places = directed(flow, edges)
    order = by_flow(tails, heads, n)
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    outgoing = np.bincount(tails, amounts, n)
    chance = amounts / outgoing[tails]
    longest = n
    reached = np.zeros((n, longest))  # by treatment and number of steps from the source
    reached[source, 0] = 1.0
    for place in np.argsort(rank[tails], kind="stable"):
        reached[heads[place], 1:] += chance[place] * reached[tails[place], :-1]
    ahead = np.zeros((n, longest))  # by treatment and number of steps to the sink
    ahead[sink, 0] = 1.0
    for place in np.argsort(-rank[tails], kind="stable"):
        ahead[tails[place], 1:] += chance[place] * ahead[heads[place], :-1]
    steps = np.arange(longest)
    lengths = 1.0 / (steps[:, None] + steps[None, :] + 1)
    shares = np.zeros(len(edges))
    weighted = ahead @ lengths.T  # by treatment and steps before: the sum over the steps after
    shares[places] = chance * np.sum(reached[tails] * weighted[heads], axis=1)
    return shares


def shortest_paths(flow: Array, edges: Integers, source: int, sink: int, n: int) -> Array:
    """Return the shares of the edges (e,) by taking the shortest path of the flow again and again.

    Papakonstantinou et al. 2018, doi:10.12688/f1000research.14770.3: the least flow along a path is taken off, and each of its
    comparisons has an equal part of it.
    """
    tails, heads, amounts, places = directed(flow, edges)
    left = amounts.copy()
    outgoing: list[list[int]] = [[] for _ in range(n)]
    for place in np.argsort(heads, kind="stable").tolist():
        outgoing[tails[place]].append(place)
    shares = np.zeros(len(edges))
    while path := shortest(outgoing, heads, left, source, sink):
        least = float(left[path].min())
        shares[places[path]] += least / len(path)
        left[path] -= least
    return shares


def directed(flow: Array, edges: Integers) -> tuple[Integers, Integers, Array, Integers]:
    """Return the edges that carry flow, in its direction: tails, heads, amounts, and their places among all."""
    places = np.flatnonzero(np.abs(flow) > NEGLIGIBLE)
    ahead = flow[places] > 0
    tails = np.where(ahead, edges[places, 0], edges[places, 1])
    heads = np.where(ahead, edges[places, 1], edges[places, 0])
    return tails, heads, np.abs(flow[places]), places


def by_flow(tails: Integers, heads: Integers, n: int) -> Integers:
    """Return the treatments so that each comes after those from which flow reaches it."""
    waiting = np.bincount(heads, minlength=n)
    after: list[list[int]] = [[] for _ in range(n)]
    for tail, head in zip(tails.tolist(), heads.tolist(), strict=True):
        after[tail].append(head)
    ready = deque(np.flatnonzero(waiting == 0).tolist())
    order = []
    while ready:
        treatment = ready.popleft()
        order.append(treatment)
        for head in after[treatment]:
            waiting[head] -= 1
            if waiting[head] == 0:
                ready.append(head)
    return np.array(order, dtype=np.int64)


def shortest(outgoing: list[list[int]], heads: Integers, left: Array, source: int, sink: int) -> list[int]:
    """Return the edges of a path with the fewest comparisons that still carries flow; empty without one."""
    came: dict[int, tuple[int, int]] = {source: (-1, -1)}
    waiting = deque([source])
    while waiting and sink not in came:
        treatment = waiting.popleft()
        for place in outgoing[treatment]:
            head = int(heads[place])
            if left[place] > NEGLIGIBLE and head not in came:
                came[head] = (treatment, place)
                waiting.append(head)
    if sink not in came:
        return []
    path, treatment = [], sink
    while treatment != source:
        treatment, place = came[treatment]
        path.append(place)
    return path[::-1]


METHODS = {"randomwalk": random_walk, "shortestpath": shortest_paths}
