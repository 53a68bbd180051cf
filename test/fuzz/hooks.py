"""What the OpenAPI document says in words or in `x-` fields, told to schemathesis, so that what it calls valid is valid."""

import base64
import binascii
import datetime
import re
import uuid
import zoneinfo

import schemathesis
from hypothesis import strategies as st

# An empty cursor is the first page; no other can be made up, for they are signed.
schemathesis.openapi.format("cursor", st.just(""))
# Of some version; whether it is that of the record is another question. 0 is that of what is not there yet.
schemathesis.openapi.format("etag", st.integers(0, 100).map(lambda version: f'"{version}"'))
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


def nkey(seed: bytes) -> str:
    """The prefix of a user's public key, the key, and CRC-16/XMODEM over both, little-endian, in base32."""
    payload = bytes([20 << 3]) + seed
    return base64.b32encode(payload + binascii.crc_hqx(payload, 0).to_bytes(2, "little")).decode()


schemathesis.openapi.format("nkey-user", st.binary(min_size=32, max_size=32).map(nkey))

@schemathesis.serializer("text/plain", "text/csv")
def file_of_text(ctx, value):
    """A file is its bytes. Left to itself, schemathesis (4.32.5) sends no body at all for what is text and `binary`."""
    data = getattr(value, "data", value)
    return {"data": data if isinstance(data, bytes) else str(data).encode()}


KEY = re.compile(r'"[ !#-\[\]-~]{1,255}"|[!#-~][ -~]{0,254}')


def with_key_of_its_own(request):
    """Only on the wire: a change of the case's headers would make schemathesis judge them anew, without Authorization."""
    key = request.headers.get("Idempotency-Key")
    if isinstance(key, bytes):
        key = key.decode("latin-1")
    if key is not None and KEY.fullmatch(key):
        request.headers["Idempotency-Key"] = str(uuid.uuid4())
    return request


def instant(text):
    """Of a civil date or an instant; None for anything else."""
    try:
        value = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)


def into_span(span, values):
    """Brings what lies outside of it to where the document's `x-span` has it; what is no time stays as it is."""
    first, last = instant(values.get(span["first"])), instant(values.get(span["last"]))
    if first is None or last is None:
        return
    for bound, pick in zip(span.get("within", []), (max, min)):
        first, last = pick(first, instant(bound)), pick(last, instant(bound))
    most = datetime.timedelta(days=span["mostDays"])
    if not first <= last <= first + most:
        room = (instant(span["within"][1]) if "within" in span else instant("9999-12-30")) - first
        last = first + min(room, abs(last - first) % (most + datetime.timedelta(days=1)), most)
    for name, value in ((span["first"], first), (span["last"], last)):
        values[name] = (
            value.date().isoformat() if len(values[name]) == 10 else value.isoformat(timespec="milliseconds")
        )


@schemathesis.hook
def before_call(context, case, kwargs):
    # A key belongs to one request, as the document says; schemathesis sends the same one with different bodies.
    kwargs["auth"] = with_key_of_its_own
    definition = case.operation.definition.raw
    # "A book that does not hold together is a 422": `checkRules` has the others.
    if definition["operationId"] == "previewRules" and isinstance(case.body, dict):
        if isinstance(case.body.get("book"), dict):
            case.body["book"] = {}
    span = definition.get("x-span")
    if span is None:
        return
    for values in (case.query, case.body):
        if isinstance(values, dict):
            into_span(span, values)
