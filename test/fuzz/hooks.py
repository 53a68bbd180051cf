"""What the OpenAPI document says in words or in `x-` fields, told to schemathesis, so that what it calls valid is valid."""

import base64
import binascii
import datetime
import json
import re
import uuid
import zoneinfo
from urllib.parse import quote, unquote_plus

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
    return data if isinstance(data, bytes) else str(data).encode()


# What follows is changed on the wire only. Were the case itself changed, schemathesis would judge it anew: it cannot tell
# whether a value has a format of ours, and forgets which header it meant to leave out.

KEY = re.compile(r'"[ !#-\[\]-~]{1,255}"|[!#-~][ -~]{0,254}')


def give_key_of_its_own(request):
    """A key belongs to one request, as the document says; schemathesis sends the same one with different bodies."""
    key = request.headers.get("Idempotency-Key")
    if isinstance(key, bytes):
        key = key.decode("latin-1")
    if key is not None and KEY.fullmatch(key):
        request.headers["Idempotency-Key"] = str(uuid.uuid4())


def instant(text):
    """Of a civil date or an instant; None for anything else."""
    try:
        value = datetime.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)


def text_like(value, model):
    return value.date().isoformat() if len(model) == 10 else value.isoformat(timespec="milliseconds")


def within_span(span, values):
    """The two values brought to where the document's `x-span` has them; none for what is no time."""
    names = (span["first"], span["last"])
    first, last = (instant(values.get(name)) for name in names)
    if first is None or last is None:
        return {}
    least, greatest = (instant(bound) for bound in span.get("within", ("1970-01-01", "9998-12-31")))
    if "within" in span:
        first, last = (min(max(value, least), greatest) for value in (first, last))
    if not datetime.timedelta(0) <= last - first <= datetime.timedelta(days=span["mostDays"]):
        days = abs((last - first).days) % (span["mostDays"] + 1)
        last = first + min(datetime.timedelta(days=days), max(greatest - first, datetime.timedelta(0)))
    return {name: text_like(value, values[name]) for name, value in zip(names, (first, last))}


def change_query(request, change):
    """`change` gets the parameters that are there once, and returns those to replace."""
    address, mark, query = request.url.partition("?")
    pairs = [part.partition("=") for part in query.split("&")]
    names = [unquote_plus(name) for name, _, _ in pairs]
    once = {
        name: unquote_plus(value)
        for name, (_, _, value) in zip(names, pairs)
        if names.count(name) == 1
    }
    changed = change(once)
    parts = (
        f"{raw}={quote(changed[name])}" if name in changed else raw + sign + value
        for name, (raw, sign, value) in zip(names, pairs)
    )
    request.url = address + mark + "&".join(parts)


def change_body(request, change):
    try:
        body = json.loads(request.body)
    except (TypeError, ValueError):
        return
    changed = change(body) if isinstance(body, dict) else {}
    if changed:
        request.body = json.dumps({**body, **changed}).encode()


def valid_book(body):
    """"A book that does not hold together is a 422": `checkRules` has those, and judges them."""
    return {"book": {}} if isinstance(body.get("book"), dict) else {}


@schemathesis.hook
def before_call(context, case, kwargs):
    definition = case.operation.definition.raw
    span = definition.get("x-span")

    def on_the_wire(request):
        give_key_of_its_own(request)
        if definition["operationId"] == "previewRules":
            change_body(request, valid_book)
        if span is not None:
            change_query(request, lambda values: within_span(span, values))
            change_body(request, lambda values: within_span(span, values))
        return request

    kwargs["auth"] = on_the_wire
