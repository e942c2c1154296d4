"""What each vendor received, in words for people. Pure: each story is told from what a stand-in's `state()` holds.

A story is a list of items, the newest first. An item is plain data:

    {"id", "at", "title", "state", "lines": [{"at", "text"}], "actions": [action]}

`at` is ISO 8601 in UTC, or None where the vendor keeps no time. An action is what a person may do about the item now:

    {"label", "action", "given", "asks": [{"name", "label"}], "by"}

It is done by POST /control/<vendor>/<action> with `given`, with what the person typed under each name in `asks`, and,
where `by` is true, with the person's first name under `by`. Texts are plain: whoever shows them escapes them.
"""

import html
import re
from datetime import UTC
from email.utils import parsedate_to_datetime

WHO = {"Events API": "over the Events API", None: "by itself"}
CALL_STATES = {
    "ringing": "ringing", "in-progress": "somebody is on the line", "completed": "ended", "busy": "busy",
    "failed": "failed", "no-answer": "nobody answered", "canceled": "called off", "queued": "waiting to be dialled",
}  # fmt: skip
ANSWERED_BY = {
    "human": "A person answered", "machine_start": "A machine answered", "machine_end_beep": "A machine answered",
    "machine_end_silence": "A machine answered", "machine_end_other": "A machine answered", "fax": "A fax answered",
    "unknown": "Somebody or something answered",
}  # fmt: skip


def action(label, name, *, asks=(), by=False, **given) -> dict:
    """One thing that a person may do; `asks` are (name, label) of what is typed."""
    typed = [{"name": each, "label": words} for each, words in asks]
    return {"label": label, "action": name, "given": given, "asks": typed, "by": by}


def item(identifier, at, title, state, lines, actions=()) -> dict:
    return {"id": identifier, "at": at, "title": title, "state": state, "lines": lines, "actions": list(actions)}


def line(at, text) -> dict:
    return {"at": at, "text": text}


# PagerDuty


def pagerduty(state) -> list[dict]:
    """One item for each alert."""
    return [_alert(alert, state["webhooks"]) for alert in reversed(state["alerts"])]


def _alert(alert, webhooks):
    lines = [line(each["at"], _by(each["what"], each["by"])) for each in alert["history"]]
    if alert["triggers"] > 1:
        lines.append(line(None, f"Triggered {alert['triggers']} times, all of them this one alert"))
    lines += [
        line(each["at"], _told(each.get("event_type", "a webhook"), each["status"]))
        for each in webhooks
        if each.get("alert") == alert["number"]
    ]
    title = f"#{alert['number']} {alert['payload']['summary']}"
    actions = _alert_actions(alert["status"], alert["number"])
    return item(str(alert["number"]), alert["created_at"], title, alert["status"], _sorted(lines), actions)


def _alert_actions(status, number):
    if status == "resolved":
        return []
    take = ("Acknowledge", "acknowledge") if status == "triggered" else ("Give it back", "unacknowledge")
    return [
        *(action(label, name, by=True, number=number) for label, name in (take, ("Resolve", "resolve"))),
        action("Escalate", "escalate", by=True, number=number),
        action("Reassign", "reassign", asks=(("to", "To whom"),), by=True, number=number),
        action("Add a note", "annotate", asks=(("content", "Note"),), by=True, number=number),
        action("Set the priority", "prioritize", asks=(("priority", "P1, P2 or P3"),), by=True, number=number),
        action("Ask somebody to help", "add_responder", asks=(("to", "Whom"),), by=True, number=number),
    ]


def _by(what, who):
    return f"{_capital(what)} {WHO.get(who, f'by {who}')}"


def _told(what, status):
    answer = f"it answered {status}" if status else "it did not answer"
    return f"Told the bot ({what}): {answer}"


# Opsgenie


def opsgenie(state) -> list[dict]:
    """One item for each alert, and one for each request that came to nothing."""
    alerts = [_genie(alert, state["webhooks"]) for alert in state["alerts"]]
    failed = [
        item(f"failed-{number}", each["processedAt"], f"{each['action']} came to nothing", "failed",
             [line(each["processedAt"], each["status"])])
        for number, each in enumerate(state["requests"], 1) if not each["success"]
    ]  # fmt: skip
    return sorted((*alerts, *failed), key=lambda each: each["at"], reverse=True)


def _genie(alert, webhooks):
    lines = [line(each["at"], f"{each['text']} by {each['by']}") for each in alert["log"]]
    lines += [
        line(each["at"], _told(each["action"], each["status"])) for each in webhooks if each["alert"] == alert["tinyId"]
    ]
    state = "acknowledged" if alert["acknowledged"] and alert["status"] == "open" else alert["status"]
    title = f"#{alert['tinyId']} {alert['priority']} {alert['message']}"
    actions = _genie_actions(state, alert["tinyId"])
    return item(alert["id"], alert["createdAt"], title, state, _sorted(lines), actions)


def _genie_actions(state, tiny):
    if state == "closed":
        return []
    take = ("Acknowledge", "acknowledge") if state == "open" else ("Give it back", "unacknowledge")
    return [
        *(action(label, name, by=True, tiny=tiny) for label, name in (take, ("Close", "close"))),
        action("Add a note", "add_note", asks=(("text", "Note"),), by=True, tiny=tiny),
    ]


# Twilio


def twilio(state, names) -> list[dict]:
    """One item for each call and for each phone that was texted. `names`: number -> the person's name."""
    calls = [_call(call, names) for call in state["calls"]]
    numbers = dict.fromkeys(_other_end(message) for message in state["messages"])
    threads = [_thread(number, state["messages"], names) for number in numbers]
    return sorted((*calls, *threads), key=lambda each: each["at"], reverse=True)


def _call(call, names):
    began, answered, ended = (_iso(call[name]) for name in ("date_created", "date_answered", "end_time"))
    lines = [line(began, f"Rings for up to {call['timeout']} seconds")]
    if answered:
        lines.append(line(answered, ANSWERED_BY.get(call["who"], "Answered")))
    spoken = [(place, 1, f"Says: {words}") for place, words in enumerate(call["said"])]
    keys = [
        (after, 0, f"Key {keys} pressed") for keys, after in zip(call["pressed"], call["pressed_after"], strict=True)
    ]
    lines += [line(answered, words) for _, _, words in sorted(spoken + keys, key=lambda each: each[:2])]
    lines += [line(ended or answered or began, f"Twilio's error {error}") for error in call["errors"]]
    state = CALL_STATES.get(call["status"], call["status"])
    if ended:
        lines.append(line(ended, _capital(state) + (f" (error {call['error_code']})" if call["error_code"] else "")))
    return item(call["sid"], began, f"Call to {_name(call['to'], names)}", state, lines, _call_actions(call))


def _call_actions(call):
    to = call["to"]
    if call["status"] == "in-progress":
        return [action("Press 1", "answer", to=to, digits="1"), action("Hang up", "hang_up", to=to)]
    if call["status"] != "ringing":
        return []
    return [
        action("Answer and press 1", "answer", to=to, digits="1"),
        action("Answer, press nothing", "answer", to=to),
        action("Let voicemail answer", "voicemail", to=to),
        action("Let a fax answer", "fax", to=to),
        action("Decline", "busy", to=to),
    ]


def twilio_offers(names) -> list[dict]:
    """Whose line can be spoiled, and whose is. `names`: name -> whether something is wrong with the line."""
    bad = ("calls", "voicemail"), ("texts", "undelivered")
    offers = []
    for name, spoiled in names.items():
        if spoiled:
            offers.append(action(f"{name.capitalize()}'s line works again", "mend", to=name))
            continue
        offers += [
            action(f"{name.capitalize()}'s {what} {end}", "spoil", to=name, **{what: how})
            for (what, how), end in zip(bad, ("go to voicemail", "do not arrive"), strict=True)
        ]
    return offers


def _thread(number, messages, names):
    mine = [message for message in messages if _other_end(message) == number]
    lines = [line(_iso(message["date_created"]), _text(message)) for message in mine]
    reply = action("Reply", "reply", asks=(("text", "Text message"),), to=number)
    state = mine[-1]["status"]
    return item(number, lines[-1]["at"], f"Texts with {_name(number, names)}", state, lines, [reply])


def _text(message):
    if message["direction"] == "inbound":
        return f"They wrote: {message['body']}"
    failed = f" ({message['status']}, error {message['error_code']})" if message["error_code"] else ""
    return f"The bot wrote{failed}: {message['body']}"


def _other_end(message):
    return message["from"] if message["direction"] == "inbound" else message["to"]


def _name(number, names):
    return f"{names[number].capitalize()} ({number})" if names.get(number) else number


def _iso(rfc2822):
    """Twilio's own dates as everybody else's."""
    if rfc2822 is None:
        return None
    return parsedate_to_datetime(rfc2822).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# Plane


def plane(state) -> list[dict]:
    """One item for each work item."""
    names = {member["id"]: member["first_name"] for member in state["members"]}
    labels = {label["id"]: label["name"] for label in state["labels"]}
    return [_work_item(each, names, labels, state["webhooks"]) for each in reversed(state["items"])]


def _work_item(work, names, labels, webhooks):
    lines = [line(work["created_at"], f"Created with priority {work['priority']}")]
    for change in work["history"][1:]:
        told = [_change(name, value, names, labels) for name, value in change["changed"].items()]
        lines += [line(change["at"], text) for text in told]
    lines += [line(link["created_at"], f"Link {link['title'] or ''} {link['url']}") for link in work["links"]]
    for comment in work["comments"]:
        who = "the bot" if comment["external_source"] else names.get(comment["actor"], "somebody")
        lines.append(line(comment["created_at"], f"Comment by {who}: {plain(comment['comment_html'])}"))
    lines += [line(each["at"], _told(each["event"], each["status"])) for each in webhooks if each["item"] == work["id"]]
    title = f"{work['identifier']} {work['name']}"
    actions = _work_item_actions(work)
    return item(work["identifier"], work["created_at"], title, work["state_name"], _sorted(lines), actions)


def _change(name, value, names, labels):
    match name:
        case "assignees":
            return f"Assigned to {', '.join(names[each] for each in value) or 'nobody'}"
        case "labels":
            return f"Labels: {', '.join(labels[each] for each in value) or 'none'}"
        case "state":
            return f"Moved to {value}"
        case "description_html":
            return f"Description: {plain(value)}"
        case _:
            return f"{name.replace('_', ' ').capitalize()}: {value}"


def _work_item_actions(work):
    number, done = work["sequence_id"], work["group"] in ("completed", "cancelled")
    return [
        action("Reopen" if done else "Close", "reopen" if done else "close", by=True, sequence_id=number),
        action("Comment", "comment", asks=(("text", "Comment"),), by=True, sequence_id=number),
        action("Assign", "assign", asks=(("to", "To whom"),), by=True, sequence_id=number),
    ]


def plain(text: str) -> str:
    """HTML as a person reads it, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# Statuspage


def statuspage(state) -> list[dict]:
    """One item for each incident, with everything that the public was shown."""
    return [_public(incident, state["sent"]) for incident in reversed(state["incidents"])]


def _public(incident, sent):
    lines = [_update(update, sent.get(update["id"], 0)) for update in reversed(incident["incident_updates"])]
    title, status = f"{incident['name']} (impact {incident['impact']})", incident["status"]
    by_hand = action("Resolve by hand", "resolve", asks=(("body", "What the public reads"),), incident=incident["id"])
    actions = [] if status in ("resolved", "completed") else [by_hand]
    return item(incident["id"], incident["created_at"], title, status.replace("_", " "), lines, actions)


def _update(update, sent):
    states = [
        f"{each['name']}: {each['new_status'].replace('_', ' ') or 'operational'}"
        for each in update["affected_components"]
    ]
    text = ". ".join((update["status"].replace("_", " ").capitalize(), *([update["body"]] if update["body"] else [])))
    text = f"{text} [{'; '.join(states)}]" if states else text
    return line(update["created_at"], f"{text} (sent to {sent} who subscribed)" if sent else text)


# e-mail


def mail(state) -> list[dict]:
    """One item for each message, one for each refusal."""
    messages = [_message(number, each) for number, each in enumerate(state["messages"], 1)]
    refused = [
        item(f"refused-{number}", each["at"], "A message was refused", "refused", [line(each["at"], each["reply"])])
        for number, each in enumerate(state["refused"], 1)
    ]
    return sorted((*messages, *refused), key=lambda each: each["at"], reverse=True)


def _message(number, message):
    told = [f"From {message['from']}", f"To {', '.join(message['to'])}"]
    told += [text for text in (message["text"] or plain(message["html"])).splitlines() if text.strip()]
    lines = [line(message["at"], text) for text in told]
    return item(str(number), message["at"], message["subject"] or "(no subject)", "delivered", lines)


def mail_offers(refusals) -> list[dict]:
    """Mailboxes can be told to refuse, and those that do to take mail again."""
    asks = (("recipient", "Address"),)
    offers = [
        action("A mailbox refuses", "refuse", asks=asks),
        action("A mailbox is full", "refuse", asks=asks, code=452),
    ]
    return offers + [action(f"{address} takes mail again", "accept", recipient=address) for address in refusals]


def _capital(text):
    return text[:1].upper() + text[1:]


def _sorted(lines):
    """By time; what has none stands last."""
    return sorted(lines, key=lambda each: each["at"] or "~")
