"""auth, team, users.*, usergroups.*: who is who."""

from . import shapes
from .errors import SlackError
from .workspace import APP, BOT, BOT_USER, TEAM


def auth_test(slack, _args):
    return {
        "url": f"{slack.base_url}/",
        "team": "Example",
        "user": "muster",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


def team_info(_slack, args):
    if args.get("team", TEAM) != TEAM:
        raise SlackError("team_not_found")
    return {"team": {"id": TEAM, "name": "Example", "domain": "example"}}


def user_info(slack, args):
    found = slack.workspace.users.get(args["user"])
    if found is None:
        raise SlackError("user_not_found")
    return {"user": shapes.user(found, with_email="users:read.email" in slack.manifest.scopes)}


def lookup_by_email(slack, args):
    found = slack.workspace.user_by_email(args["email"])
    if found is None:
        raise SlackError("users_not_found")
    return {"user": shapes.user(found, with_email=True)}


def usergroups(slack, args):
    groups = slack.workspace.usergroups.values()
    shown = [
        {"id": g["id"], "team_id": TEAM, "is_usergroup": True, "name": g["handle"], "handle": g["handle"]}
        | ({"users": g["users"]} if args.get("include_users") else {})
        for g in groups
    ]
    return {"usergroups": shown}


def usergroup_users(slack, args):
    group = slack.workspace.usergroups.get(args["usergroup"])
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group["users"]}


METHODS = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": user_info,
    "users.lookupByEmail": lookup_by_email,
    "usergroups.list": usergroups,
    "usergroups.users.list": usergroup_users,
}
