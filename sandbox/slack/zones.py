"""Time zones as Slack tells them of a person: the IANA name, its everyday name and the offset of the moment."""

from zoneinfo import ZoneInfo

LABELS = {
    "Europe/London": ("Greenwich Mean Time", "British Summer Time"),
    "Europe/Amsterdam": ("Central European Time", "Central European Summer Time"),
    "America/New_York": ("Eastern Standard Time", "Eastern Daylight Time"),
    "Asia/Kolkata": ("India Standard Time", "India Standard Time"),
}


def of(name, now):
    """`tz`, `tz_label` and `tz_offset` (seconds east of Greenwich) at the aware time `now`."""
    local = now.astimezone(ZoneInfo(name))
    label = LABELS[name][bool(local.dst())] if name in LABELS else local.tzname()
    return {"tz": name, "tz_label": label, "tz_offset": int(local.utcoffset().total_seconds())}
