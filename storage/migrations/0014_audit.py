"""What people did, which nobody changes afterwards: the database refuses it."""

from peewee import BigAutoField, BigIntegerField, IntegerField, Model, SqliteDatabase, TextField
from playhouse.sqlite_ext import AutoIncrementField

REFUSED = "the audit is append-only"


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    Id = AutoIncrementField if sqlite else BigAutoField  # noqa: N806

    class Audit(Model):
        id = Id()
        at = BigIntegerField()
        incident = IntegerField(null=True, index=True)
        who = TextField()
        what = TextField()
        before = TextField()
        after = TextField()
        door = TextField()
        place = TextField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([Audit], safe=False)
    for statement in _sqlite() if sqlite else _postgres():
        db.execute_sql(statement)


def _sqlite():
    for what in ("UPDATE", "DELETE"):
        name = f"audit_refuses_{what.lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"


def _postgres():
    yield (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    yield (
        "CREATE TRIGGER audit_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )
