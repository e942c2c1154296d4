"""Slack's published rate limits, by real time. Counts only while they are switched on."""

import math
import time
from collections import defaultdict, deque

from .methods import METHODS, TIERS

POST_BURST = 5  # messages into one channel before the pace of one a second holds
WORKSPACE_POSTS = 300  # a minute, over all channels; Slack publishes no number
SPECIAL = 300  # a minute, for auth.test and chat.getPermalink: "several hundred"


class Rates:
    def __init__(self, monotonic=time.monotonic):
        self._monotonic = monotonic
        self._calls = defaultdict(deque)  # method -> moments within the last minute
        self._buckets = {}  # channel -> (messages that may still go, at what moment)

    def refuse(self, method, channel):
        """Seconds to wait, None when the call may pass. A refused call counts for nothing."""
        if method == "chat.postMessage":
            return self._pace(channel) or self._window(method, WORKSPACE_POSTS)
        return self._window(method, TIERS.get(METHODS[method].tier, SPECIAL))

    def _window(self, method, limit):
        now, calls = self._monotonic(), self._calls[method]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= limit:
            return math.ceil(calls[0] + 60 - now)
        calls.append(now)
        return None

    def _pace(self, channel):
        now = self._monotonic()
        left, since = self._buckets.get(channel, (POST_BURST, now))
        left = min(POST_BURST, left + now - since)
        if left < 1:
            return math.ceil(1 - left)
        self._buckets[channel] = (left - 1, now)
        return None
