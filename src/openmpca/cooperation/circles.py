"""Circles of what rests on what: each thing with those that it rests on."""

from collections.abc import Mapping, Sequence


def circle(start: str, grounds: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a thing through its grounds back to itself; empty where there is none.

    >>> circle("a", {"a": ["b", "c"], "b": ["c"], "c": ["a"]}), circle("a", {"a": ["a"]}), circle("a", {"a": ["b"]})
    (['a', 'c', 'a'], ['a', 'a'], [])
    """
    came: dict[str, str] = {}
    waiting = [start]
    for at in waiting:
        for ground in grounds.get(at, ()):
            if ground == start:
                return _way(start, at, came)
            if ground not in came:
                came[ground] = at
                waiting.append(ground)
    return []


def _way(start: str, last: str, came: Mapping[str, str]) -> list[str]:
    way = [start, last]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
