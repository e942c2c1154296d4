"""Incidents, their timeline, what is owed, what the clock will call."""

import secrets

from peewee import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.sqlite_ext import AutoIncrementField


def up(migrator, db):
    # SQLite gives the number of a deleted last row out again, and somebody may still hold it: a frozen process that of
    # a timer, a message in Slack that of an outbox row.
    sqlite = isinstance(db, SqliteDatabase)
    Number = AutoIncrementField if sqlite else AutoField  # noqa: N806
    Id = AutoIncrementField if sqlite else BigAutoField  # noqa: N806

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Incident(Table):
        number = Number()
        title = TextField()
        description = TextField()
        impact = TextField()
        severity = TextField()
        rank = IntegerField()
        status = TextField()
        private = BooleanField()
        drill = BooleanField()
        reporter = TextField()
        commander = TextField(null=True)
        detected_at = BigIntegerField()
        acknowledged_at = BigIntegerField(null=True)
        acknowledged_by = TextField(null=True)
        acknowledged_means = TextField(null=True)
        mitigated_at = BigIntegerField(null=True)
        resolved_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        sla_due_at = BigIntegerField(null=True)
        sla_breached = BooleanField()
        root_cause = TextField()
        resolution = TextField()

        class Meta:
            indexes = ((("reporter", "detected_at"), False), (("status", "number"), False))

    class Timeline(Table):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        at = BigIntegerField()
        recorded_at = BigIntegerField()
        kind = TextField()
        author = TextField()
        public = BooleanField()
        data = TextField()
        permalink = TextField(null=True)
        corrects = BigIntegerField(null=True)

    class AffectedService(Table):
        incident = ForeignKeyField(Incident, column_name="incident")
        service = TextField()

        class Meta:
            indexes = ((("incident", "service"), True),)

    class Outbox(Table):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        lane = TextField()
        kind = TextField()
        target = TextField()
        data = TextField()
        after = BigIntegerField(null=True, index=True)
        refresh = BooleanField()
        state = TextField()
        due_at = BigIntegerField()
        next_at = BigIntegerField()
        claimed_until = BigIntegerField(null=True)
        owner = TextField(null=True)
        attempts = IntegerField()
        sent_at = BigIntegerField(null=True)
        vendor_id = TextField()
        result = TextField()
        error = TextField()

        class Meta:
            indexes = ((("lane", "state", "next_at"), False), (("state", "sent_at"), False))

    class Timer(Table):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        kind = TextField()
        data = TextField()
        due_at = BigIntegerField(index=True)
        claimed_until = BigIntegerField(null=True)
        owner = TextField(null=True)

    class ExternalRef(Table):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        kind = TextField()
        name = TextField()
        value = TextField()
        url = TextField()
        data = TextField()

        class Meta:
            indexes = ((("incident", "kind", "name", "value"), True), (("kind", "value"), False))

    class Seen(Table):
        key = TextField(primary_key=True)
        at = BigIntegerField(index=True)
        incident = IntegerField(null=True)

    class Postmortem(Table):
        incident = ForeignKeyField(Incident, column_name="incident", primary_key=True)
        data = TextField()
        author = TextField()
        updated_at = BigIntegerField()

    class Process(Table):
        owner = TextField(primary_key=True)
        host = TextField()
        pid = IntegerField()
        pid_started_at = BigIntegerField()
        seen_at = BigIntegerField()

    class Installation(Table):
        id = TextField(primary_key=True)

    models = [
        Incident, Timeline, AffectedService, Outbox, Timer, ExternalRef, Seen, Postmortem, Process, Installation,
    ]  # fmt: skip
    db.create_tables(models, safe=False)
    # However many ask for a refresh of the same thing, one waits.
    db.execute_sql(
        "CREATE UNIQUE INDEX outbox_one_refresh ON outbox (incident, kind, target) WHERE refresh AND state = 'waiting'"
    )
    Installation.insert(id=secrets.token_hex(4)).execute()
