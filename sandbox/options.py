"""The terminal client's command line: verbs, options, examples. Does nothing itself."""

import argparse

VERBS = {
    "say": (
        "say something in a channel, or give a command",
        """say '/incident start SEV-1 "db down"'
  say --as ben --channel '#inc-1-db-down' '/incident ack'
  say 'an ordinary message'""",
    ),
    "click": (
        "press a button",
        """click Acknowledge --as ben --channel '#inc-1-db-down'
  click Acknowledge --channel dm""",
    ),
    "select": ("choose from a menu", "select severity SEV-1 --channel '#inc-1-db-down'"),
    "submit": ("fill in the open form and send it", "submit Title='db down' Severity=SEV-1"),
    "shortcut": ("use one of the app's shortcuts", "shortcut declare_incident"),
    "phone": (
        "see who was called and texted, answer, reply",
        """phone
  phone answer ana 1
  phone reply ana ack""",
    ),
    "clock": (
        "see the sandbox's time, or move it",
        """clock
  clock +24h""",
    ),
    "show": (
        "look at channels, messages, forms and vendors",
        """show
  show '#inc-1-db-down'
  show dm --as ana
  show modal
  show plane""",
    ),
    "trouble": (
        "make a service misbehave, or stop that",
        """trouble slack hang --match chat.postMessage --seconds 60
  trouble pagerduty status --code 500 --times 3
  trouble slack ratelimit --retry-after 30
  trouble socket cut
  trouble tiers on
  trouble clear""",
    ),
    "kill": (
        "kill the bot, now or at a chosen request",
        """kill
  kill 5 between""",
    ),
    "log": (
        "what the bot asked of every service",
        """log
  log --violations""",
    ),
}


def parser():
    top = argparse.ArgumentParser(prog="python bot.py", description="Act in the sandbox.")
    verbs = top.add_subparsers(dest="verb", required=True)
    made = {verb: _verb(verbs, verb) for verb in VERBS}
    for verb in ("say", "click", "select", "submit", "shortcut", "show"):
        made[verb].add_argument("--as", dest="who", default="ana", help="ana, ben or chris (default: ana)")
    for verb in ("say", "click", "select"):
        made[verb].add_argument("--channel", help="#name; for buttons also dm (default for say: the last one used)")
    made["say"].add_argument("text", help="a command such as /incident help, or any words; in quotes")
    made["click"].add_argument("label", nargs="?", help="what stands on the button")
    made["click"].add_argument("--action-id", help="instead of the label")
    made["select"].add_argument("menu", help="its action_id or placeholder")
    made["select"].add_argument("option", help="its words or its value")
    made["submit"].add_argument("fields", nargs="*", metavar="label=value", help="a field, each by its label")
    made["shortcut"].add_argument("callback_id", help="declare_incident")
    made["clock"].add_argument("move", nargs="?", help="such as +24h")
    made["show"].add_argument("what", nargs="?", help="a channel, dm, modal, home or a vendor; nothing: all channels")
    _phone(made["phone"])
    _trouble(made["trouble"])
    made["kill"].add_argument("n", nargs="?", type=int, help="at the n-th request from now on; nothing: at once")
    made["kill"].add_argument("moment", nargs="?", default="between", choices=("before", "between", "after"))
    made["log"].add_argument("--since", type=int, default=0, help="leave out the first so many")
    made["log"].add_argument("--violations", action="store_true", help="what the real services would mind")
    return top


def _verb(verbs, verb):
    words, examples = VERBS[verb]
    lines = (f"  python bot.py {line.strip()}" for line in examples.splitlines())
    epilog = "\n".join(("examples:", *lines))
    return verbs.add_parser(verb, help=words, description=words, epilog=epilog, formatter_class=Examples)


class Examples(argparse.RawDescriptionHelpFormatter):
    """Leaves the examples on their own lines."""


def _phone(verb):
    deeds = ("answer", "pick_up", "hang_up", "busy", "voicemail", "reply")
    verb.add_argument("do", nargs="?", choices=deeds, help="nothing: list all phones")
    verb.add_argument("who", nargs="?", default="ana", help="whose phone: ana, ben or chris (default: ana)")
    verb.add_argument("what", nargs="?", help="keys to press, or the text of the reply")


def _trouble(verb):
    verb.add_argument("service", nargs="?", help="slack, a vendor, *, socket, tiers or clear")
    verb.add_argument("kind", nargs="?", help="hang, latency, status, ratelimit, reset_before, reset_after, ...")
    verb.add_argument("--match", help="a Slack method, or part of a path")
    verb.add_argument("--times", type=int, help="for so many requests")
    verb.add_argument("--seconds", type=float, help="for so many real seconds")
    verb.add_argument("--ms", type=float, help="latency")
    verb.add_argument("--code", type=int, help="HTTP status")
    verb.add_argument("--retry-after", type=int, help="seconds")
