"""Times and durations in words. Slack shows each reader their own clock; the words in UTC are for everything else."""

from datetime import UTC, datetime, timedelta

from views.markup import Mrkdwn, said


def utc(at: datetime) -> str:
    """A moment in plain text: 2026-11-20 14:02 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def utc_seconds(at: datetime) -> str:
    """A moment in plain text, where steps are compared: 2026-11-20 14:02:05 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def iso(at: datetime) -> str:
    """A moment for machines, in ISO 8601: 2026-11-20T14:02:05.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def slack_date(at: datetime) -> Mrkdwn:
    """A moment as the reader's own date and time."""
    return said("<!date^{epoch}^{{date_short_pretty}} {{time}}|{words}>", epoch=int(at.timestamp()), words=utc(at))


def slack_time(at: datetime) -> Mrkdwn:
    """A moment as the reader's own time of day, where the date is clear."""
    return said("<!date^{epoch}^{{time}}|{words}>", epoch=int(at.timestamp()), words=f"{at.astimezone(UTC):%H:%M} UTC")


def slack_day(at: datetime) -> Mrkdwn:
    """A moment as the reader's own date and time, short: at most 75 characters together with whoever did it."""
    words = f"{at.astimezone(UTC):%m-%d %H:%M} UTC"
    return said("<!date^{epoch}^{{date_short}} {{time}}|{words}>", epoch=int(at.timestamp()), words=words)


def slack_seconds(at: datetime) -> Mrkdwn:
    """A moment to the second, where steps are compared."""
    return said("<!date^{epoch}^{{time_secs}}|{words}>", epoch=int(at.timestamp()), words=utc_seconds(at))


def duration(span: timedelta) -> str:
    """A span in words, in its two largest units: 45 s, 12 min, 1 h, 1 h 05 min, 2 d 03 h."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours == 0:
        return f"{minutes} min"
    if days == 0:
        return f"{hours} h {minutes % 60:02d} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24:02d} h" if hours % 24 else f"{days} d"
