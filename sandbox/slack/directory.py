"""auth, team, users.*, usergroups.*: who is who."""

from . import shapes
from .access import page
from .errors import SlackError
from .objects import BOT, BOT_USER, TEAM


def auth_test(slack, _args):
    return {
        "url": f"{slack.base_url}/",
        "team": "Example",
        "user": "muster",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def team_info(slack, args):
    if args.get("team", TEAM) != TEAM:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": TEAM,
            "name": "Example",
            "url": f"{slack.base_url}/",
            "domain": "example",
            "email_domain": "example.com",
            "icon": {"image_default": True},
        }
    }


def user_info(slack, args):
    found = slack.workspace.users.get(args["user"])
    if found is None:
        raise SlackError("user_not_found")
    return {"user": _shown(slack, found)}


def list_users(slack, args):
    known = [person for person in slack.workspace.users.values() if not person.stranger]
    some, metadata = page(known, args, default=999, strict=False)
    shown = [_shown(slack, each) for each in some]
    return {"members": shown, "cache_ts": slack.workspace.seconds(), "response_metadata": metadata}


def lookup_by_email(slack, args):
    found = slack.workspace.user_by_email(args["email"])
    if found is None or found.deactivated or found.stranger:
        raise SlackError("users_not_found")
    return {"user": _shown(slack, found)}


def usergroups(slack, args):
    groups = [g for g in slack.workspace.usergroups.values() if args.get("include_disabled") or not g.disabled]
    users, count = args.get("include_users", False), args.get("include_count", False)
    return {"usergroups": [shapes.usergroup(group, users, count) for group in groups]}


def usergroup_users(slack, args):
    group = slack.workspace.usergroups.get(args["usergroup"])
    if group is None or (group.disabled and not args.get("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": group.users}


def _shown(slack, person):
    return shapes.user(person, slack.workspace.clock.now(), "users:read.email" in slack.manifest.scopes)


METHODS = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "usergroups.list": usergroups,
    "usergroups.users.list": usergroup_users,
}
