"""How Twilio's lists are filtered and paged. It knows neither calls nor messages."""

from datetime import UTC, date, datetime

from aiohttp import web

PAGING = ("PageSize", "Page", "PageToken")
CALL_FILTERS = {
    "To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>",
    *PAGING,
}  # fmt: skip
MESSAGE_FILTERS = {"To", "From", "DateSent", "DateSent<", "DateSent>", *PAGING}
MOST_ROWS = 1000


class Lists:
    """`refused(code, message)` makes the error to raise; `complain` hears of what Twilio would swallow."""

    def __init__(self, refused, complain):
        self._refused, self._complain = refused, complain

    def matches(self, request, to, from_) -> bool:
        for name, number in (("To", to), ("From", from_)):
            asked = request.query.get(name)
            if asked is not None and asked != number:
                if asked.startswith(" "):
                    self._complain(f"{name}={asked!r}: a + in a query is a space unless it is written %2B")
                return False
        return True

    def between(self, request, name, items, moment, before):
        """Filters by `Name`, `Name<` and `Name>`: whole days as Twilio documents them, or exact moments."""
        for sign, days in (("", date.__eq__), ("<", before), (">", date.__ge__)):
            text = request.query.get(name + sign)
            if text is None:
                continue
            bound = self._bound(name, text)
            if isinstance(bound, datetime):
                compare = {"": datetime.__eq__, "<": datetime.__le__, ">": datetime.__ge__}[sign]
                items = [item for item in items if moment(item) and compare(moment(item), bound)]
            else:
                items = [item for item in items if moment(item) and days(moment(item).date(), bound)]
        return items

    def _bound(self, name, text) -> date | datetime:
        try:
            return date.fromisoformat(text) if len(text) == len("2026-01-31") else _moment(text)
        except ValueError:
            raise self._refused(20001, f"{name} is neither YYYY-MM-DD nor an ISO 8601 time: {text}") from None

    def page(self, request, key, items):
        """The newest first, with the addresses of the pages around."""
        size, page = min(max(self._whole(request, "PageSize", 50), 1), MOST_ROWS), self._whole(request, "Page", 0)
        newest = items[::-1][page * size : (page + 1) * size]

        def uri(number):
            query = {**request.query, "PageSize": size, "Page": number}
            return str(request.rel_url.with_query(query)).removeprefix("/twilio")

        more = (page + 1) * size < len(items)
        return web.json_response({
            key: [item.to_json() for item in newest], "page": page, "page_size": size, "uri": uri(page),
            "start": page * size, "end": page * size + max(len(newest) - 1, 0), "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if more else None, "previous_page_uri": uri(page - 1) if page else None,
        })  # fmt: skip

    def _whole(self, request, name, default) -> int:
        text = request.query.get(name, str(default))
        if not text.isascii() or not text.isdigit():
            raise self._refused(20001, f"{name} must be a whole number, not {text!r}.")
        return int(text)


def _moment(text) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
