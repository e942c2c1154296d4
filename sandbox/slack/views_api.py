"""views.*: modals and the Home tab, as the bot asks for them."""

from .errors import SlackError, invalid_arguments


def open_modal(slack, args):
    return {"view": slack.views.open(_trigger(args), args["view"]).json()}


def push(slack, args):
    return {"view": slack.views.push(_trigger(args), args["view"]).json()}


def update(slack, args):
    if not ("view_id" in args or "external_id" in args):
        raise invalid_arguments("missing required field: view_id or external_id")
    view = slack.views.find(args.get("view_id"), args.get("external_id"))
    return {"view": slack.views.update(view, args["view"], args.get("hash")).json()}


def publish(slack, args):
    if not slack.manifest.home:
        raise SlackError("not_enabled")
    if args["user_id"] not in slack.workspace.users:
        raise invalid_arguments("invalid user [json-pointer:/user_id]")
    return {"view": slack.views.publish(args["user_id"], args["view"], args.get("hash")).json()}


def _trigger(args):
    if "trigger_id" not in args:
        raise invalid_arguments("missing required field: trigger_id")
    return args["trigger_id"]


METHODS = {"views.open": open_modal, "views.push": push, "views.update": update, "views.publish": publish}
