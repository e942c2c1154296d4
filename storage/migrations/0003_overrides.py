"""Who stands in on which schedule, from when to when."""

from peewee import BigAutoField, BigIntegerField, Model, SqliteDatabase, TextField
from playhouse.sqlite_ext import AutoIncrementField


def up(migrator, db):
    Id = AutoIncrementField if isinstance(db, SqliteDatabase) else BigAutoField  # noqa: N806

    class OnCallOverride(Model):
        id = Id()
        schedule = TextField()
        person = TextField()
        begins_at = BigIntegerField()
        ends_at = BigIntegerField(index=True)
        author = TextField()
        created_at = BigIntegerField()
        cancelled_at = BigIntegerField(null=True)
        cancelled_by = TextField(null=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([OnCallOverride], safe=False)
