"""The register of lessons: each as every party states it, with the views of all; found by thing, sort and topic.

Rules kept here:

1. A lesson is each party's own: where two state one under the same code, both stand.
2. What a party thinks of it stands beside it, dissent as well as assent; nothing is counted into one verdict.
3. A lesson about a thing is found from the thing, and from a project that rests on it by its own words.
"""

from dataclasses import dataclass

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.lessons.statements import Lesson, LessonView
from openmpca.cooperation.projects.statements import Project


@dataclass(frozen=True)
class Learned:
    """A lesson with every claim of it and the last view of each party."""

    code: str
    told: tuple[Claim[Lesson], ...]
    views: dict[str, Claim[LessonView]]

    @property
    def about(self) -> list[str]:
        """The things that it is about."""
        return sorted({each for claim in self.told for each in claim.said.about})

    @property
    def topics(self) -> list[str]:
        """Its topics."""
        return sorted({each for claim in self.told for each in claim.said.topics})

    @property
    def contested(self) -> bool:
        """Whether somebody does not wholly agree."""
        return any(each.said.opinion != "agrees" for each in self.views.values())


def lessons(claims: Claims, about: str = "", sort: str = "", topic: str = "") -> list[Learned]:
    """The lessons by code: about a thing such as ``project:P-07``, of a sort, on a topic; all where nothing is said."""
    wanted = _with_what_it_rests_on(claims, about) if about else set()
    found = [
        Learned(thing.partition(":")[2], tuple(told), _views(claims, thing))
        for thing, told in sorted(claims.by_thing(Lesson).items())
    ]
    return [
        each
        for each in found
        if (not about or wanted & set(each.about))
        and (not sort or any(claim.said.sort == sort for claim in each.told))
        and (not topic or topic.casefold() in {every.casefold() for every in each.topics})
    ]


def _views(claims: Claims, thing: str) -> dict[str, Claim[LessonView]]:
    said = sorted(claims.about(LessonView, thing), key=lambda each: (each.said.day, each.known, each.number))
    return {each.party: each for each in said}


def _with_what_it_rests_on(claims: Claims, thing: str) -> set[str]:
    """A thing, and for a project its agreement and site too."""
    found = {thing}
    for each in claims.about(Project, thing):
        found |= {f"agreement:{each.said.agreement}", f"site:{each.said.site}"}
    return found
