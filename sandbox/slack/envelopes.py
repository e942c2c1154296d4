"""The payloads that Slack sends over Socket Mode. Pure: from the workspace's objects to JSON."""

from . import shapes
from .objects import APP, BOT_USER, TEAM, Ephemeral
from .views import View

TEAM_SHAPE = {"id": TEAM, "domain": "example"}
TOKEN = "placeholder"


def _common(type, person, trigger_id):
    return {
        "type": type,
        "user": shapes.person(person),
        "api_app_id": APP,
        "token": TOKEN,
        "trigger_id": trigger_id,
        "team": TEAM_SHAPE,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(person, channel, name, text, trigger_id, response_url):
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": "example",
        "channel_id": channel.id,
        "channel_name": shapes.place(channel)["name"],
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def message_action(person, action, words, state, trigger_id, response_url, ephemeral):
    """A button or menu in a message."""
    place = {"message_ts": words.ts, "channel_id": words.channel.id, "is_ephemeral": ephemeral}
    payload = _common("block_actions", person, trigger_id) | {
        "container": {"type": "message", **place},
        "channel": shapes.place(words.channel),
        "state": {"values": state},
        "response_url": response_url,
        "actions": [action],
    }
    return payload if ephemeral else payload | {"message": shapes.message(words)}


def view_action(person, action, view, values, trigger_id):
    """A button or menu in a modal or on the Home tab."""
    return _common("block_actions", person, trigger_id) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.json(values),
        "actions": [action],
    }


def suggestion(person, holder, block_id, action_id, query):
    """What an external menu asks for: the options that fit what was typed so far."""
    payload = _common("block_suggestion", person, None) | {
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
    }
    del payload["trigger_id"]
    if isinstance(holder, View):
        return payload | {"container": {"type": "view", "view_id": holder.id}, "view": holder.json()}
    ephemeral = isinstance(holder, Ephemeral)
    place = {"message_ts": holder.ts, "channel_id": holder.channel.id, "is_ephemeral": ephemeral}
    payload |= {"container": {"type": "message", **place}, "channel": shapes.place(holder.channel)}
    return payload if ephemeral else payload | {"message": shapes.message(holder)}


def submission(person, view, values, trigger_id, response_urls):
    return _common("view_submission", person, trigger_id) | {"view": view.json(values), "response_urls": response_urls}


def closed(person, view, cleared):
    payload = _common("view_closed", person, None) | {"view": view.json(), "is_cleared": cleared}
    del payload["trigger_id"]
    return payload


def shortcut(person, callback_id, trigger_id, action_ts):
    return _common("shortcut", person, trigger_id) | {"callback_id": callback_id, "action_ts": action_ts}


def message_shortcut(person, callback_id, message, trigger_id, response_url, action_ts):
    return _common("message_action", person, trigger_id) | {
        "callback_id": callback_id,
        "action_ts": action_ts,
        "message_ts": message.ts,
        "channel": shapes.place(message.channel),
        "message": shapes.message(message),
        "response_url": response_url,
    }


def event(content, event_id, seconds):
    installed = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": content,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": seconds,
        "authorizations": [installed | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
