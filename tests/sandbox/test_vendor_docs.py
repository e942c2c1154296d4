"""The page about the sandbox's vendors names every action that people have there, and none that is gone."""

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sandbox-vendors.md").read_text(encoding="utf-8")


async def test_every_action_of_every_vendor_is_named(sandbox):
    rows = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", PAGE, re.MULTILINE)
    told = {vendor: re.findall(r"`(\w+)`", actions) for vendor, actions in rows}

    assert told == {name: list(vendor.actions) for name, vendor in sandbox.vendors.items()}


async def test_every_address_that_the_bot_is_called_at_is_named(sandbox):
    for name in ("pagerduty", "opsgenie", "plane"):
        assert f"`/callbacks/{name}/webhook`" in PAGE
    assert sandbox.vendors["twilio"].telephone.inbound_path in PAGE
