"""The control API of a screen: elements touched by their ids, forms, the Home tab. For a page in a browser."""

from aiohttp import web

from .slack.workspace import Impossible


class Touch:
    """`shown(answer)`: the JSON of what the bot did at one deed."""

    def __init__(self, slack, shown):
        self._slack, self._screen, self._shown = slack, slack.people.screen, shown
        self.deeds = {
            "act": self._act,
            "options": self._options,
            "submit_view": self._submit,
            "close_view": self._close,
            "home": self._home,
        }

    def routes(self):
        return [web.get("/control/views", self._views)]

    async def _act(self, given):
        """{as, channel + ts | view_id | home: true, block_id, action_id, value?, state?}; see Screen.act."""
        who, place = _who(given), _place(given)
        wanted = given["block_id"], given["action_id"], given.get("value"), given.get("state")
        return self._shown(await self._screen.act(who, place, *wanted)) | {"views": self._stack(who)}

    async def _options(self, given):
        """{as, channel + ts | view_id | home: true, block_id, action_id, query}; answers as Screen.options."""
        wanted = given["block_id"], given["action_id"], given.get("query", "")
        return await self._screen.options(_who(given), _place(given), *wanted)

    async def _submit(self, given):
        """{as, view_id, values} -> {errors, timeout, error?, views: the modals that are open after it}."""
        outcome = await self._screen.submit(_who(given), given["view_id"], given.get("values", {}))
        result = {"errors": outcome.errors, "timeout": outcome.timeout, "views": self._stack(_who(given))}
        return result | ({"error": outcome.trouble} if outcome.trouble else {})

    async def _close(self, given):
        """{as, view_id?, everything?} -> {views}. A form that is not in front any more was closed elsewhere."""
        await self._screen.close(_who(given), given.get("view_id"), bool(given.get("everything")))
        return {"views": self._stack(_who(given))}

    async def _home(self, given):
        """{as, tab?} -> {view}: what App Home shows so far; what the bot makes of it comes later, as a change."""
        view = self._screen.open_home(_who(given), given.get("tab", "home"))
        return {"view": view.json() if view else None}

    async def _views(self, request):
        try:
            return web.json_response(self._stack(request.query.get("who", "ana")))
        except Impossible as error:
            return web.json_response({"error": str(error)}, status=400)

    def _stack(self, who):
        return [view.json() for view in self._slack.views.stack(self._slack.workspace.user(who).id)]


def _who(given):
    return given.get("as", "ana")


def _place(given):
    return {key: given[key] for key in ("channel", "ts", "view_id", "home") if key in given}
