"""Reads topics as any company's program would: librdkafka, read committed, each record decoded with the registry's schema
of its id by fastavro. Prints one JSON object: {topic: {record name: count}}.

usage: read_topics.py BOOTSTRAP REGISTRY TOPIC...
"""

import collections
import io
import json
import struct
import sys
import urllib.request

import fastavro
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

bootstrap, registry, *topics = sys.argv[1:]
schemas = {}


def schema_of(schema_id):
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}", timeout=30) as answer:
            schemas[schema_id] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
    return schemas[schema_id]


consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": "verify",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    }
)
counts = {}
for topic in topics:
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, each, OFFSET_BEGINNING) for each in partitions])
    names = collections.Counter()
    left = set(partitions)
    while left:
        message = consumer.poll(60)
        if message is None:
            sys.exit(f"{topic}: no end of partitions {sorted(left)} within 60 s")
        if message.error() is not None:
            if message.error().name() != "_PARTITION_EOF":
                sys.exit(str(message.error()))
            left.discard(message.partition())
            continue
        magic, schema_id = struct.unpack(">bI", message.value()[:5])
        if magic != 0:
            sys.exit(f"{topic}: a record does not begin with 0")
        schema = schema_of(schema_id)
        body = io.BytesIO(message.value()[5:])
        record = fastavro.schemaless_reader(body, schema)
        if body.read() != b"":
            sys.exit(f"{topic}: bytes behind a record of {schema['name']}")
        metadata = record["eventMetadata"]
        headers = dict(message.headers())
        if headers["ce_id"].decode() != metadata["eventId"]:
            sys.exit(f"{topic}: the headers of {metadata['eventId']} are of another event")
        names[schema["name"].rsplit(".", 1)[-1]] += 1
    counts[topic] = names
print(json.dumps(counts))
