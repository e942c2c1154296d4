"""docs/commands.md out of the verbs themselves: `python -m tests.commands_page` writes it anew."""

from pathlib import Path

from domain.verbs import ALIASES, Verb, by_subject, verbs

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """\
# Commands

Everything begins with `/incident`. Square brackets mean what may be left out. In Slack, `/incident help all` and
`/incident help <verb>` say the same.

* **Which incident**: `INC-42` and `#42` always name one. A bare number does where nothing else could be meant:
  `show 42`. In a war room the incident may be left out; elsewhere a picker asks.
* **Which severity**: `SEV-1`, `sev1`, `"SEV 1"` or `s1`; a bare digit only before a quoted title: `start 1 "db down"`.
* **Who**: `@ben`, a name or a key of `config.yaml`, a member id, or `me`. Where several may be meant, name them one
  after the other: `page @ben @chris`.
* **How long, until when**: `30m`, `1h 30m`, `30 minutes`, `half an hour`; `until 18:00`, `until sat 09:00`.
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    known = verbs(["SEV-1"])
    for subject, names in by_subject(known).items():
        parts.append(f"## {subject}\n")
        parts += [_verb(name, known[name]) for name in names]
    return "\n".join(parts)


def _verb(name: str, verb: Verb) -> str:
    known_as = sorted(alias for alias, meant in ALIASES.items() if meant == name)
    also = f" Also: {', '.join(f'`{alias}`' for alias in known_as)}." if known_as else ""
    examples = "\n".join(f"/incident {example}" for example in verb.examples)
    return f"### {name}\n\n`/incident {verb.usage}`\n\n{verb.summary}{also}\n\n```\n{examples}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
