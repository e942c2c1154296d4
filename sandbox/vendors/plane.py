"""Plane on localhost: the REST API of one workspace with one project. What it holds is plane_project.py's."""

import json

from aiohttp import web

from sandbox.vendors import words
from sandbox.vendors.base import RefusedError, Vendor
from sandbox.vendors.plane_app import WEBHOOK_SECRET, App
from sandbox.vendors.plane_project import (
    ANA,
    COMMENT_FIELDS,
    IDENTIFIER,
    ITEM_FIELDS,
    LABEL_FIELDS,
    LINK_FIELDS,
    MEMBERS,
    PROJECT_ID,
    STATE_FIELDS,
    WORKSPACE,
    ConflictError,
    InvalidError,
    MissingError,
    Project,
    get,
)

API_KEY = "plane_api_5a4db0c5000000000000000000000001"
MOST_ROWS = 1000
LIST_PARAMETERS = {"cursor", "per_page", "fields", "order_by", "external_id", "external_source"}


class Plane(Vendor):
    """Work items with their comments and links, states and labels, under the paths of `work-items` and `issues`.

    `echoes`: whether what the bot did by the API comes back to it as a webhook too, as it does from Plane.
    """

    name = "plane"
    title = "Plane"

    def __init__(self, clock, post):
        super().__init__(clock, post)
        self.project = Project(clock, self.complain)
        self.app = app = App(self, self.project)
        self.echoes = False
        self.actions = {
            "close": app.close, "reopen": app.reopen, "comment": app.comment, "assign": app.assign,
            "redeliver": app.redeliver,
        }  # fmt: skip

    def routes(self):
        workspace = "/plane/api/v1/workspaces/{slug}"
        project = f"{workspace}/projects/{{project}}"
        routes = [
            web.get("/plane/api/v1/users/me/", self.door(self._me)),
            web.get(f"{project}/", self.door(self._get_project)),
            web.get(f"{project}/members/", self.door(self._members)),
            web.get(f"{project}/states/", self.door(self._list_states)),
            web.post(f"{project}/states/", self.door(self._create_state)),
            web.get(f"{project}/states/{{id}}/", self.door(self._get_state)),
            web.get(f"{project}/labels/", self.door(self._list_labels)),
            web.post(f"{project}/labels/", self.door(self._create_label)),
            web.get(f"{project}/labels/{{id}}/", self.door(self._get_label)),
        ]
        for word in ("work-items", "issues"):
            routes += self._item_routes(f"{workspace}/{word}", f"{project}/{word}")
        return [*routes, web.route("*", "/plane/{tail:.*}", self.door(self._unknown))]

    def _item_routes(self, lookup, items):
        item = f"{items}/{{item}}"
        return [
            web.get(f"{lookup}/{{identifier}}-{{sequence}}/", self.door(self._look_up)),
            web.get(f"{items}/", self.door(self._list_items)),
            web.post(f"{items}/", self.door(self._create_item)),
            web.get(f"{item}/", self.door(self._get_item)),
            web.patch(f"{item}/", self.door(self._update_item)),
            web.get(f"{item}/comments/", self.door(self._list_comments)),
            web.post(f"{item}/comments/", self.door(self._create_comment)),
            web.get(f"{item}/comments/{{id}}/", self.door(self._get_comment)),
            web.patch(f"{item}/comments/{{id}}/", self.door(self._update_comment)),
            web.get(f"{item}/links/", self.door(self._list_links)),
            web.post(f"{item}/links/", self.door(self._create_link)),
        ]

    def environment(self, base_url):
        self.base_url = base_url
        return {
            "PLANE_API_KEY": API_KEY,
            "PLANE_PROJECT_ID": PROJECT_ID,
            "PLANE_WORKSPACE": WORKSPACE,
            "PLANE_API_URL": f"{base_url}/plane",
            "PLANE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def state(self):
        return self.project.told() | {"webhooks": self.app.webhooks}

    def story(self):
        return words.plane(self.state())

    def offers(self):
        return [words.action("Send the last webhook again", "redeliver")] if self.app.last else []

    def refusal(self, kind, retry_after=None, path=""):
        if kind == "ratelimit":
            headers = {"Retry-After": str(retry_after)} if retry_after is not None else None
            body = {"error_code": 5900, "error_message": "RATE_LIMIT_EXCEEDED"}
            return web.json_response(body, status=429, headers=headers)
        if kind == "refuse_token":
            return web.json_response({"detail": "Given API token is not valid"}, status=403)
        return web.json_response({"error": "Something went wrong please try again later"}, status=500)

    def authenticate(self, request):
        key = request.headers.get("X-API-Key")
        if key is None:
            body = {"detail": "Authentication credentials were not provided."}
            raise RefusedError(web.json_response(body, status=401))
        if key != API_KEY:
            raise RefusedError(self.refusal("refuse_token"))
        asked = request.match_info
        if asked.get("slug", WORKSPACE) != WORKSPACE or asked.get("project", PROJECT_ID) != PROJECT_ID:
            raise _not_found()

    def door(self, handler):
        """What the project refuses, in the words of Plane's serializers."""

        async def handle(request):
            try:
                return await handler(request)
            except InvalidError as invalid:
                return web.json_response(invalid.body, status=400)
            except ConflictError as conflict:
                return web.json_response({"error": str(conflict), "id": conflict.id}, status=409)
            except MissingError:
                return _not_found().response

        return super().door(handle)

    # work items

    async def _list_items(self, request):
        query = request.query
        if "external_id" in query and "external_source" in query:  # one object then, not a page
            item = self.project.external(self.project.items, query["external_id"], query["external_source"])
            if item is None:
                raise _not_found()
            return web.json_response(item)
        return self._page(request, self.project.items.values())

    async def _create_item(self, request):
        given = await self._body(request, "work item", ITEM_FIELDS)
        item = self.project.create_item(given)
        self._echo("issue", "created", self.app.written_out(item))
        return web.json_response(item, status=201)

    async def _get_item(self, request):
        return web.json_response(self._item(request))

    async def _update_item(self, request):
        item = self._item(request)
        given = await self._body(request, "work item", ITEM_FIELDS)
        before = dict(item)
        self.project.update_item(item, given)
        for field in given:
            if item[field] != before[field]:
                changed = {"field": field, "old_value": before[field], "new_value": item[field]}
                self._echo("issue", "updated", self.app.written_out(item), **changed)
        return web.json_response(item)

    async def _look_up(self, request):
        item = self.project.numbered(request.match_info["sequence"])
        if item is None or request.match_info["identifier"].upper() != IDENTIFIER:
            raise _not_found()
        return web.json_response(item)

    # comments and links

    async def _list_comments(self, request):
        return self._page(request, self.project.comments[self._item(request)["id"]].values())

    async def _create_comment(self, request):
        item = self._item(request)
        given = await self._body(request, "comment", COMMENT_FIELDS)
        comment = self.project.create_comment(item, given)
        self._echo("issue_comment", "created", comment)
        return web.json_response(comment, status=201)

    async def _get_comment(self, request):
        return web.json_response(get(self.project.comments[self._item(request)["id"]], request.match_info["id"]))

    async def _update_comment(self, request):
        comment = get(self.project.comments[self._item(request)["id"]], request.match_info["id"])
        given = await self._body(request, "comment", COMMENT_FIELDS)
        return web.json_response(self.project.update_comment(comment, given))

    async def _list_links(self, request):
        return self._page(request, self.project.links[self._item(request)["id"]])

    async def _create_link(self, request):
        item = self._item(request)
        given = await self._body(request, "link", LINK_FIELDS)
        return web.json_response(self.project.create_link(item, given), status=201)

    # states and labels

    async def _list_states(self, request):
        return self._page(request, self.project.states.values(), order="sequence")

    async def _create_state(self, request):
        given = await self._body(request, "state", STATE_FIELDS)
        return web.json_response(self.project.create_state(given), status=200)  # Plane answers 200 here, not 201

    async def _get_state(self, request):
        return web.json_response(get(self.project.states, request.match_info["id"]))

    async def _list_labels(self, request):
        return self._page(request, self.project.labels.values())

    async def _create_label(self, request):
        given = await self._body(request, "label", LABEL_FIELDS)
        return web.json_response(self.project.create_label(given), status=201)

    async def _get_label(self, request):
        return web.json_response(get(self.project.labels, request.match_info["id"]))

    # the rest

    def _echo(self, event, action, data, **changed):
        if self.echoes:
            self.soon(self.app.tell(event, action, data, "Ana", **changed))

    async def _me(self, _request):
        return web.json_response(MEMBERS[ANA])

    async def _get_project(self, _request):
        return web.json_response(self.project.to_json())

    async def _members(self, _request):
        return web.json_response(list(MEMBERS.values()))

    async def _unknown(self, request):
        if not request.path.endswith("/"):
            self.complain(f"{request.path} lacks its last slash and leads nowhere")
        raise _not_found()

    def _item(self, request):
        return get(self.project.items, request.match_info["item"])

    async def _body(self, request, what, known):
        try:
            given = json.loads(await request.read())
        except ValueError as error:
            raise InvalidError({"detail": f"JSON parse error - {error}"}) from None
        if not isinstance(given, dict):
            raise InvalidError({"non_field_errors": ["Invalid data. Expected a dictionary."]})
        self.complain_of_unknown(what, given, known)
        return {field: value for field, value in given.items() if field in known}

    def _page(self, request, rows, order="-created_at"):
        self.complain_of_unknown("a list", request.query, LIST_PARAMETERS)
        order = request.query.get("order_by", order)
        key = order.removeprefix("-")
        rows = sorted(rows, key=lambda row: (row.get(key) is not None, row.get(key)), reverse=order.startswith("-"))
        size, page = _cursor(request.query)
        part = rows[page * size : (page + 1) * size]
        if "fields" in request.query:
            wanted = request.query["fields"].split(",")
            part = [{name: row[name] for name in wanted if name in row} for row in part]
        pages = -(-len(rows) // size)
        return web.json_response({
            "grouped_by": None, "sub_grouped_by": None, "extra_stats": None, "results": part, "count": len(part),
            "total_count": len(rows), "total_results": len(rows), "total_pages": pages,
            "next_cursor": f"{size}:{page + 1}:0", "prev_cursor": f"{size}:{page - 1}:1",
            "next_page_results": page + 1 < pages, "prev_page_results": page > 0,
        })  # fmt: skip


def _cursor(query) -> tuple[int, int]:
    """Rows a page and the page, from per_page and the cursor `value:page:is_prev`."""
    try:
        size = int(query.get("per_page", MOST_ROWS))
    except ValueError:
        raise InvalidError({"detail": "Invalid per_page parameter."}) from None
    if not 1 <= size <= MOST_ROWS:
        raise InvalidError({"detail": f"Invalid per_page value. Cannot exceed {MOST_ROWS}."})
    try:
        _value, page, _is_prev = (int(part) for part in query.get("cursor", f"{size}:0:0").split(":"))
    except ValueError:
        raise InvalidError({"detail": "Invalid cursor parameter."}) from None
    return size, max(page, 0)


def _not_found() -> RefusedError:
    body = {"error": "The requested resource does not exist."}
    return RefusedError(web.json_response(body, status=404))
