"""What stands before a service that is not spoken to over HTTP: the record, the faults, the bot's sudden death."""


class Edge:
    """HTTP meets these as middlewares; whoever speaks another protocol asks here."""

    def __init__(self, record, faults, kill):
        self._record, self._faults, self._kill = record, faults, kill

    def note(self, method, path, body, status, response):
        self._record.note(path.split("/")[1], method, path, body, status, response)

    async def meet(self, path):
        """The fault that this request meets, or None; a delay has passed by then."""
        return await self._faults.meet(path.split("/")[1], path)

    def moment(self, path):
        """Counts the request: before, between or after it the bot shall die, or None."""
        return self._kill.moment(path)

    def kill(self):
        self._kill.now()
