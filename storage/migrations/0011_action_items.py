"""What somebody will do after an incident, by when, and whether they did."""

from peewee import AutoField, BigAutoField, BigIntegerField, ForeignKeyField, Model, SqliteDatabase, TextField
from playhouse.sqlite_ext import AutoIncrementField


def up(migrator, db):
    Id = AutoIncrementField if isinstance(db, SqliteDatabase) else BigAutoField  # noqa: N806

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Incident(Table):
        number = AutoField()

    class ActionItem(Table):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        text = TextField()
        owner = TextField()
        due = TextField(null=True)
        state = TextField()
        permalink = TextField()
        source = TextField()
        created_at = BigIntegerField()
        created_by = TextField()
        done_at = BigIntegerField(null=True)
        done_by = TextField()

        class Meta:
            indexes = ((("incident", "source"), False), (("owner", "state"), False), (("state", "due"), False))

    db.create_tables([ActionItem], safe=False)
