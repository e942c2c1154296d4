"""The vendors on localhost: strict stand-ins that know nothing of Muster, so that a mistake cannot be on both sides."""

from sandbox.vendors.base import Vendor
from sandbox.vendors.mail import Mail
from sandbox.vendors.opsgenie import Opsgenie
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.plane import Plane
from sandbox.vendors.statuspage import Statuspage
from sandbox.vendors.twilio import Twilio


def all(clock, post) -> list[Vendor]:
    """One of each, over one clock and one way to call the bot back."""
    return [vendor(clock, post) for vendor in (PagerDuty, Opsgenie, Twilio, Plane, Statuspage, Mail)]
