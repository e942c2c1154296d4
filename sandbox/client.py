"""The terminal client: one person's hands in the sandbox, over its control API."""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from . import options, render

FOLLOW_UP_SECONDS = 3


class Failed(Exception):
    """A sentence for the person at the terminal."""


def address():
    return os.environ.get("MUSTER_SANDBOX_URL", "http://127.0.0.1:8400").rstrip("/")


def call(path, given=None, **query):
    """The control API's answer: POST with `given`, GET without. Raises Failed."""
    url = f"{address()}/control/{path}?{urllib.parse.urlencode(query)}"
    if not url.startswith("http://"):
        raise Failed(f"MUSTER_SANDBOX_URL is {address()!r}; it should begin with http://")
    data = None if given is None else json.dumps({k: v for k, v in given.items() if v is not None}).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 (checked above)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Failed(json.load(error)["error"]) from None
    except OSError:
        raise Failed(f"no sandbox listens at {address()}; start one with: make run") from None


def names():
    state = call("state")
    return render.Names(state["users"], state["channels"])


# deeds


def say(args):
    _perform("say", {"as": args.who, "text": args.text, "channel": args.channel})


def click(args):
    given = {"as": args.who, "label": args.label, "channel": args.channel, "action_id": args.action_id}
    _perform("click", given)


def select(args):
    given = {"as": args.who, "menu": args.menu, "option": args.option, "channel": args.channel}
    _perform("select", given)


def shortcut(args):
    _perform("shortcut", {"as": args.who, "callback_id": args.callback_id})


def submit(args):
    values = dict(field.partition("=")[::2] for field in args.fields)
    answer = call("submit", {"as": args.who, "values": values})
    for field, words in answer["errors"].items():
        print(f"{field}: {words}")
    if answer["errors"] or answer["modal"]:
        _show_modal(answer["modal"], names())
        return 1 if answer["errors"] else 0
    _tell(call("seen"), None)
    return 0


def _perform(deed, given):
    before = call("state")["modals"].get(given["as"])
    _tell(call(deed, given), before)


def _tell(answer, before):
    """What the person sees now, and what follows within three seconds; the form only if it was not there `before`."""
    if "ack_ms" not in answer:
        return
    if answer["timeout"]:
        print("Slack: the app did not respond in time.")
        return
    known, until = 0, time.monotonic() + FOLLOW_UP_SECONDS
    while True:
        who = names()  # what is said may name a room that has only just been opened
        shown = sorted(answer["ephemerals"] + answer["messages"], key=lambda said: said["ts"])
        for said in shown[known:]:
            print("\n".join(render.message(said, who)))
        left = until - time.monotonic()
        opened = answer["modal"] and answer["modal"] != before
        if opened or left <= 0 or (known and len(shown) > known):
            break
        known = len(shown)
        answer = call("seen", known=known, seconds=left)
    if not known and not shown and not opened:
        print("Taken without a word; `python bot.py show` tells what has changed.")
    _show_modal(answer["modal"] if opened else None, who)


def _show_modal(view, who):
    if view:
        print("\n".join(render.modal(view, who)))
        print("(fill it in with: python bot.py submit 'Label=value' ...)")


def phone(args):
    if args.do is None:
        return _list_phones(call("twilio/phones", {}))
    given = {"to": args.who}
    if args.what is not None:
        given["text" if args.do == "reply" else "digits"] = args.what
    answer = call(f"twilio/{args.do}", given)
    for words in answer.get("said") or answer.get("answers") or ():
        print(words)
    if answer.get("ok") is False:
        raise Failed(answer.get("error", "that cannot be done"))
    return 0


def _list_phones(answer):
    for number, phone in answer["phones"].items():
        print(f"{phone['name'] or number} ({number}){': RINGING' if phone['ringing'] else ''}")
        for ring in phone["calls"]:
            print(f"  call {ring.get('status')} {' '.join(ring.get('said', ()))}".rstrip())
        for text in phone["texts"]:
            print(f"  text {text.get('direction')}: {text.get('body')}")
    return 0


def clock(args):
    answer = call("clock", {"move": args.move})
    print(f"{render.clock(answer['now'])} (moved by {render.span(answer['offset'])})")
    if seen := answer["seen_before"]:
        print(
            f"It was {render.clock(seen)} already: what was begun or planned by then stands still until it is so again."
        )


def trouble(args):
    given = {"service": args.service, "kind": args.kind, "match": args.match, "times": args.times}
    given |= {"seconds": args.seconds, "ms": args.ms, "code": args.code, "retry_after": args.retry_after}
    match args.service, args.kind:
        case None, _:
            given = {}
        case "clear", service:
            given = {"clear": True, "service": service}
        case "tiers", wanted:
            given = {"tiers": wanted == "on"}
        case "socket", do:
            print(f"open connections: {call('socket', {'do': do})['connections']}")
            return
    active = call("faults", given)["active"]
    print("\n".join(active) or "no trouble")


def kill(args):
    call("kill", {} if args.n is None else {"n": args.n, "moment": args.moment})
    print("killed" if args.n is None else f"the bot dies at request {args.n}, {args.moment}")


def log(args):
    lines = call("violations") if args.violations else call("log", since=args.since)
    print("\n".join(lines) or ("no violations" if args.violations else "no requests"))


# looking


def show(args):
    state = call("state")
    who = render.Names(state["users"], state["channels"])
    match args.what:
        case None:
            _show_channels(state, who)
        case "dm":
            for said in state["dms"].get(args.who, ()):
                print("\n".join(render.message(said, who)))
        case "modal" | "home":
            view = call("view", what=args.what, who=args.who)
            _show_modal(view, who) if args.what == "modal" else print("\n".join(render.blocks(view["blocks"], who)))
        case vendor if vendor in state["vendors"]:
            print(json.dumps(state["vendors"][vendor], indent=2, ensure_ascii=False))
        case name:
            _show_channel(call("channel", name=name), who)


def _show_channels(state, who):
    bot = f"the bot's connections: {state['connections']}, its requests: {state['requests']}"
    print(f"{render.clock(state['clock']['now'])}  {bot}")
    for channel in state["channels"]:
        archived = " (archived)" if channel["is_archived"] else ""
        topic = who.plain(channel["topic"]["value"])
        print(f"#{channel['name']}{archived}  {channel['messages']} messages  {topic}".rstrip())


def _show_channel(room, who):
    channel = room["channel"]
    print(f"#{channel['name']}{' (archived)' if channel['is_archived'] else ''}  with {', '.join(room['members'])}")
    print(f"Topic: {who.plain(channel['topic']['value'])}")
    for bookmark in room["bookmarks"]:
        print(f"Bookmark: {bookmark['title']} {bookmark['link']}")
    for said in room["messages"]:
        lines = render.message(said, who)
        lines[0] += "  (pinned)" if said["ts"] in room["pins"] else ""
        print("\n".join(lines))


DEEDS = {
    "say": say,
    "click": click,
    "select": select,
    "submit": submit,
    "shortcut": shortcut,
    "phone": phone,
    "clock": clock,
    "show": show,
    "trouble": trouble,
    "kill": kill,
    "log": log,
}


def main(argv):
    """The exit code: 0, or 1 with a sentence."""
    args = options.parser().parse_args(argv)
    try:
        code = DEEDS[args.verb](args) or 0
        sys.stdout.flush()
        return code
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    except BrokenPipeError:  # who reads along, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
