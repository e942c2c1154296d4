"""The Web API's door: token, method, arguments, scope, rate; then one function per method, kept in its family."""

from email.utils import format_datetime

from aiohttp import web

from sandbox.record import ENTRY

from . import bookmarks, chat, conversations, directory, pins, reactions, rooms, views_api
from .arguments import typed
from .errors import SlackError, invalid_arguments
from .methods import COMMON_ERRORS, METHODS
from .socket import check_app_token

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
MINDED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "not_allowed_token_type",
        "missing_scope",
        "missing_args",
        "missing_argument",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "invalid_arguments",
        "view_too_large",
    }
)
FAMILIES = (chat, conversations, rooms, directory, pins, bookmarks, reactions, views_api)


class WebApi:
    """`slack` is the composition: workspace, views, socket, manifest, rates."""

    def __init__(self, slack, record, faults):
        self._slack, self._record, self._faults = slack, record, faults
        self._functions = {name: function for family in FAMILIES for name, function in family.METHODS.items()}
        self._functions["apps.connections.open"] = self._open_connection

    async def handler(self, request):
        name = request.match_info["method"]
        try:
            body = {"ok": True, **self._call(request, name)}
        except SlackError as error:
            self._mind(name, error)
            body = error.body
        headers = self._scope_headers(request, name) | {
            "Date": format_datetime(self._slack.workspace.clock.now(), True)
        }
        if body.get("error") == "ratelimited":
            headers["Retry-After"] = str(body.pop("retry_after"))
        return web.json_response(body, status=429 if "Retry-After" in headers else 200, headers=headers)

    def _scope_headers(self, request, name):
        """Slack tells every caller what its token may do, and what the method asks for."""
        if _token(request) != BOT_TOKEN:
            return {}
        asked = METHODS[name].scopes if name in METHODS else ()
        granted = ",".join(sorted(self._slack.manifest.scopes))
        return {"X-OAuth-Scopes": granted} | ({"X-Accepted-OAuth-Scopes": ",".join(asked)} if asked else {})

    def _call(self, request, name):
        method = METHODS.get(name)
        if method is None:
            self._record.violate(f"{name}: unknown method")
            raise SlackError("unknown_method", req_method=name)
        self._check_token(request, name)
        args = typed(name, method, self._given(request, name, method), self._record.violate)
        request[ENTRY].body = args
        channel = self._channel(args)
        self._check_scope(name, method, args, channel)
        self._check_rate(name, args)
        return self._functions[name](self._slack, args)

    def _given(self, request, name, method):
        given = request[ENTRY].body
        if "raw" in given:
            raise invalid_arguments("the body could not be read")
        if method.form_only and "json" in request.content_type and given:
            self._record.violate(f"{name}: takes a form or a query, and ignores a JSON body")
            return dict(request.query)
        return given

    def _check_token(self, request, name):
        token = _token(request)
        if name == "apps.connections.open":
            if "token" in request[ENTRY].body:
                raise SlackError("missing_args")
            check_app_token(token or None, APP_TOKEN)
        elif not token:
            raise SlackError("not_authed")
        elif token.startswith("xapp-"):
            raise SlackError("not_allowed_token_type")
        elif token != BOT_TOKEN:
            raise SlackError("invalid_auth")

    def _channel(self, args):
        where = args.get("channel") or args.get("channel_id")
        return self._slack.workspace.find_channel(where) if where else None

    def _check_scope(self, name, method, args, channel):
        granted = frozenset(self._slack.manifest.scopes)
        for kind in _kinds(name, args, channel):
            needed = method.scopes_for(kind)
            if needed and not granted.intersection(needed):
                raise missing_scope(needed[0], granted)

    def _check_rate(self, name, args):
        if self._faults.tiers and (seconds := self._slack.rates.refuse(name, args.get("channel"))):
            raise SlackError("ratelimited", retry_after=seconds)

    def _mind(self, name, error):
        method = METHODS.get(name)
        if method and error.code not in method.errors | COMMON_ERRORS:
            self._record.violate(f"{name}: the sandbox answered {error.code}, which Slack does not document there")
        if error.code in MINDED:
            messages = error.body.get("response_metadata", {}).get("messages", ())
            self._record.violate(f"{name}: {error.code} {error.body.get('needed') or '; '.join(messages)}".strip())

    def _open_connection(self, slack, _args):
        return {"url": f"{slack.base_url.replace('http', 'ws', 1)}/slack/socket?ticket={slack.socket.ticket()}"}


def _token(request):
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") or request[ENTRY].body.get("token")


def _kinds(name, args, channel):
    """The kinds of channel that a call is about."""
    if name == "conversations.create":
        return ("private" if args.get("is_private") else "public",)
    if name == "conversations.open":
        return ("im",)
    if name in ("conversations.list", "users.conversations"):
        wanted = args.get("types", "public_channel").split(",")
        return tuple({"public_channel": "public", "private_channel": "private", "im": "im"}.get(t, "") for t in wanted)
    return (channel.kind if channel else "",)


def missing_scope(needed, granted):
    return SlackError(
        "missing_scope",
        needed=needed,
        provided=",".join(sorted(granted)),
        response_metadata={"acceptedScopes": [needed]},
    )


def refusal(kind, retry_after=None, _path=""):
    """Slack's shape for trouble from outside."""
    if kind == "ratelimit":
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": str(retry_after)})
    if kind == "refuse_token":
        return web.json_response({"ok": False, "error": "invalid_auth"})
    return web.json_response({"ok": False, "error": "internal_error"}, status=500)
