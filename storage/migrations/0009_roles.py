"""Who had which role in an incident, from when to when. Until now an incident knew its commander only."""

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, IntegerField, Model, SqliteDatabase, TextField
from playhouse.sqlite_ext import AutoIncrementField


def up(migrator, db):
    Id = AutoIncrementField if isinstance(db, SqliteDatabase) else BigAutoField  # noqa: N806

    class Incident(Model):
        number = IntegerField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False

    class Role(Model):
        id = Id()
        incident = ForeignKeyField(Incident, column_name="incident")
        role = TextField()
        person = TextField()
        began_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        author = TextField()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([Role], safe=False)
    # Whatever happens, nobody shares a role.
    db.execute_sql("CREATE UNIQUE INDEX role_held ON role (incident, role) WHERE ended_at IS NULL")
    db.execute_sql(
        "INSERT INTO role (incident, role, person, began_at, author)"
        " SELECT number, 'commander', commander, detected_at, commander FROM incident WHERE commander IS NOT NULL"
    )
