"""The figures that Muster shows of itself. Names are promised in docs/operations.md."""

from prometheus_client import Counter, Gauge, Histogram

INCIDENTS = Counter("muster_incidents_total", "Incidents declared", ["severity"])
OUTBOX_DEPTH = Gauge("muster_outbox_depth", "Effects owed and not delivered", ["lane"])
DELIVERY = Histogram("muster_delivery_seconds", "One call to a vendor", ["lane", "kind"])
TIME_TO_PAGE = Histogram("muster_time_to_page_seconds", "From the declaration's commit to the accepted page")
SCHEDULER_LAG = Gauge("muster_scheduler_lag_seconds", "How late the most overdue timer is")
LAST_FRAME = Gauge("muster_slack_last_frame_age_seconds", "Since Slack's socket was last heard")
SCHEDULER_REBUILT = Counter("muster_scheduler_rebuilt_total", "Times that the scheduler was built anew")
UNAUTHORIZED = Counter("muster_unauthorized_total", "Requests without the dashboard's token")
FORGED = Counter("muster_forged_callbacks_total", "Callbacks with a wrong signature", ["vendor"])
REPLAYED = Counter("muster_replayed_callbacks_total", "Callbacks that had been taken before", ["vendor"])
PAGER_BLIND = Gauge("muster_pager_blind_seconds", "For how long a pager could not be asked who answered", ["lane"])
STRANGERS = Counter("muster_texts_from_strangers_total", "SMS from numbers that nobody in config.yaml has", ["vendor"])
