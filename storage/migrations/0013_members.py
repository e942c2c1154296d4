"""What Slack has said of people and of user groups, and when: nobody waits for Slack to be told it again."""

from peewee import BigIntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Member(Table):
        slack = TextField(primary_key=True)
        standing = TextField()
        learned_at = BigIntegerField()

    class UserGroup(Table):
        slack = TextField(primary_key=True)
        people = TextField()
        learned_at = BigIntegerField()

    db.create_tables([Member, UserGroup], safe=False)
