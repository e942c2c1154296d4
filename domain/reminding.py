"""What the organisation's policy says of roles and reminders, read from the settings. It decides nothing itself."""

from datetime import datetime, timedelta

from domain.duties import Role
from domain.settings import Reminders, Settings


class Reminding:
    """A part of the Policy."""

    _settings: Settings

    @property
    def roles(self) -> tuple[Role, ...]:
        """What people can be in an incident."""
        return tuple(self._settings.organization.roles.values())

    @property
    def reminders(self) -> Reminders:
        """When people are reminded."""
        return self._settings.reminders

    def in_hours(self, at: datetime) -> datetime:
        """That moment, or the next one at which the organization works."""
        organization = self._settings.organization
        return organization.working_hours.after(at, timedelta(0), organization.timezone)
