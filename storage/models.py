"""The tables as they are now. How they came to be is in migrations/."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from storage.db import database

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(BigIntegerField):  # type: ignore[misc]
    """An aware datetime, kept as whole milliseconds UTC."""

    def db_value(self, value: Any) -> Any:
        return (value - _EPOCH) // timedelta(milliseconds=1) if isinstance(value, datetime) else value

    def python_value(self, value: Any) -> Any:
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


class Json(TextField):  # type: ignore[misc]
    """A JSON value in a text column."""

    def db_value(self, value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: Any) -> Any:
        return None if value is None else json.loads(value)


class Names(Json):
    """The same of a few names, as a tuple."""

    def python_value(self, value: Any) -> Any:
        return tuple(json.loads(value or "[]"))


class Table(Model):  # type: ignore[misc]
    class Meta:
        database = database
        legacy_table_names = False


class Incident(Table):
    number = AutoField()
    title = TextField()
    description = TextField(default="")
    impact = TextField(default="")
    severity = TextField()
    rank = IntegerField(default=0)
    status = TextField()
    private = BooleanField(default=False)
    drill = BooleanField(default=False)
    test = BooleanField(default=False)
    announced = Names(default=())
    reporter = TextField()
    commander = TextField(null=True)
    detected_at = Moment()
    acknowledged_at = Moment(null=True)
    acknowledged_by = TextField(null=True)
    acknowledged_means = TextField(null=True)
    mitigated_at = Moment(null=True)
    resolved_at = Moment(null=True)
    closed_at = Moment(null=True)
    sla_due_at = Moment(null=True)
    sla_breached = BooleanField(default=False)
    root_cause = TextField(default="")
    resolution = TextField(default="")
    outcome = TextField(default="real")
    merged_into = IntegerField(null=True)


class Timeline(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    at = Moment()
    recorded_at = Moment()
    kind = TextField()
    author = TextField()
    public = BooleanField(default=False)
    data = Json()
    permalink = TextField(null=True)
    corrects = BigIntegerField(null=True)


class AffectedService(Table):
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    service = TextField()
    impact = TextField(default="")


class Outbox(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    lane = TextField()
    kind = TextField()
    target = TextField()
    data = Json()
    after = BigIntegerField(null=True)
    refresh = BooleanField(default=False)
    state = TextField()
    due_at = Moment()
    next_at = Moment()
    claimed_until = Moment(null=True)
    owner = TextField(null=True)
    attempts = IntegerField(default=0)
    sent_at = Moment(null=True)
    vendor_id = TextField(default="")
    result = TextField(default="")
    error = TextField(default="")
    whom = TextField(default="")


class Timer(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    kind = TextField()
    data = Json()
    due_at = Moment()
    claimed_until = Moment(null=True)
    owner = TextField(null=True)


class ExternalRef(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    kind = TextField()
    name = TextField(default="")
    value = TextField()
    url = TextField(default="")
    data = Json()


class Seen(Table):
    key = TextField(primary_key=True)
    at = Moment()
    incident = IntegerField(null=True)


class Postmortem(Table):
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False, primary_key=True)
    data = Json()
    author = TextField()
    updated_at = Moment()


class OnCallOverride(Table):
    id = BigAutoField()
    schedule = TextField()
    person = TextField()
    begins_at = Moment()
    ends_at = Moment()
    author = TextField()
    created_at = Moment()
    cancelled_at = Moment(null=True)
    cancelled_by = TextField(null=True)


class ActionItem(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    text = TextField()
    owner = TextField()
    due = TextField(null=True)
    state = TextField()
    permalink = TextField(default="")
    source = TextField(default="")
    created_at = Moment()
    created_by = TextField()
    done_at = Moment(null=True)
    done_by = TextField(default="")


class Member(Table):
    slack = TextField(primary_key=True)
    standing = TextField()
    learned_at = Moment()


class UserGroup(Table):
    slack = TextField(primary_key=True)
    people = Json()
    learned_at = Moment()


class Audit(Table):
    id = BigAutoField()
    at = Moment()
    incident = IntegerField(null=True)
    who = TextField()
    what = TextField()
    before = Json()
    after = Json()
    door = TextField()
    place = TextField()


class Role(Table):
    id = BigAutoField()
    incident = ForeignKeyField(Incident, column_name="incident", lazy_load=False)
    role = TextField()
    person = TextField()
    began_at = Moment()
    ended_at = Moment(null=True)
    author = TextField()


class Process(Table):
    owner = TextField(primary_key=True)
    host = TextField()
    pid = IntegerField()
    pid_started_at = Moment()
    seen_at = Moment()


class Installation(Table):
    id = TextField(primary_key=True)


MODELS = (
    *(Incident, Timeline, AffectedService, Outbox, Timer, ExternalRef, Seen, Postmortem, OnCallOverride, Role),
    *(ActionItem, Process, Installation, Member, UserGroup, Audit),
)
