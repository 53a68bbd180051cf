"""What the OpenAPI document says in words only, told to schemathesis, so that what it calls valid is valid."""

import datetime
import uuid
import zoneinfo

import schemathesis
from hypothesis import strategies as st

# An empty cursor is the first page; no other can be made up, for they are signed.
schemathesis.openapi.format("cursor", st.just(""))
# Of an answer's Clockleaf-Version: a stream and a sequence that it has.
schemathesis.openapi.format("stream-version", st.integers(0, 3).map(lambda seq: f"EMPLOYEE:{seq}"))
schemathesis.openapi.format("iana-zone", st.sampled_from(sorted(zoneinfo.available_timezones())))

OFFSETS = st.integers(-12 * 60, 14 * 60).map(
    lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
)
# Instants lie between 1970 and the end of what four digits of a year can say.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(
        datetime.datetime(1970, 1, 2), datetime.datetime(9998, 12, 31), timezones=OFFSETS
    ).map(lambda instant: instant.isoformat(timespec="milliseconds")),
)


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key belongs to one request: each gets its own, as the document says, where it sends one that could be."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) <= 255 and key.isprintable():
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
