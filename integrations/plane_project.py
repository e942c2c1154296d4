"""What Plane calls our project, its states and our labels. Reads them, and makes the labels that are missing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from integrations.http import Answer

MOST_PAGES = 50
"""Of one list. A cursor that never ends must not be followed for ever."""

LABEL_COLOR = "#d92d20"

Send = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Project:
    """`states` gives the id of a state by its group, `labels` the id of a label by its name."""

    identifier: str
    states: Mapping[str, str]
    labels: Mapping[str, str]

    def without(self, labels: Sequence[str]) -> list[str]:
        """Those of these labels that the project lacks."""
        return [name for name in labels if name not in self.labels]


async def read(send: Send) -> Project:
    """The project as Plane has it now. `send(method, path, **options)` speaks to the project's own address."""
    identifier = (await send("GET", "")).get("identifier")
    states = _by_group(await _all(send, "states/"))
    labels = {str(label.get("name")): str(label.get("id")) for label in await _all(send, "labels/")}
    return Project(identifier, states, labels)


async def with_label(send: Send, project: Project, name: str) -> Project:
    """The project with this label made, also where somebody was faster: the refusal then names what exists."""
    answer = await send("POST", "labels/", json={"name": name, "color": LABEL_COLOR}, known=(409,))
    return replace(project, labels={**project.labels, name: answer.get("id")})


def _by_group(states: list[dict[str, Any]]) -> dict[str, str]:
    """One state for each group: the default, else the first in the project's own order."""
    ordered = sorted(states, key=lambda state: (not state.get("default"), state.get("sequence") or 0), reverse=True)
    return {str(state.get("group")): str(state.get("id")) for state in ordered}


async def _all(send: Send, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        answer = await send("GET", path, params={"per_page": "100", **cursor})
        found += answer.items("results")
        if not answer.find("next_page_results"):
            break
        cursor = {"cursor": answer.get("next_cursor")}
    return found
