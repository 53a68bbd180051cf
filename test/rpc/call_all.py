"""A foreign gRPC client: knows the services by reflection alone, and calls each method it is told to.

argv: target, key, JSON list of {"method": "package.Service/Method", "request": {...}, "take": N of a stream}.
stdout: JSON {"services": [...], "answers": [{"messages": [...], "code": "OK", "problem": {...} | null}]}
"""

import json
import sys

import grpc
from google.protobuf import any_pb2, json_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha import reflection_pb2 as messages

# The package knows v1alpha; the messages of v1 are the same on the wire.
SERVICE = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"


def main() -> None:
    target, key, calls = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    channel = grpc.insecure_channel(target)
    reflect = channel.stream_stream(
        SERVICE,
        request_serializer=messages.ServerReflectionRequest.SerializeToString,
        response_deserializer=messages.ServerReflectionResponse.FromString,
    )

    def ask(**request):
        [response] = list(reflect(iter([messages.ServerReflectionRequest(**request)])))
        return response

    services = [one.name for one in ask(list_services="").list_services_response.service]
    pool, known = DescriptorPool(), set()

    def learn(symbol: str) -> None:
        files = ask(file_containing_symbol=symbol).file_descriptor_response.file_descriptor_proto
        parsed = [FileDescriptorProto.FromString(one) for one in files]
        # The file itself comes first, what it rests on after it.
        for one in reversed(parsed):
            if one.name not in known:
                known.add(one.name)
                pool.Add(one)

    for symbol in [*services, "clockleaf.v1.Problem"]:
        learn(symbol)
    answers = [call(channel, pool, key, one) for one in calls]
    print(json.dumps({"services": services, "answers": answers}))


def call(channel, pool, key, wanted):
    service, name = wanted["method"].split("/")
    method = pool.FindServiceByName(service).FindMethodByName(name)
    request = json_format.ParseDict(wanted["request"], GetMessageClass(method.input_type)())
    kind = channel.unary_stream if method.server_streaming else channel.unary_unary
    stub = kind(
        f"/{service}/{name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    metadata = [("authorization", f"Bearer {key}")] if key else []
    received = []
    try:
        answer = stub(request, metadata=metadata, timeout=30)
        for message in answer if method.server_streaming else [answer]:
            received.append(json_format.MessageToDict(message, descriptor_pool=pool))
            if len(received) == wanted.get("take"):
                answer.cancel()
                break
    except grpc.RpcError as error:
        return {"messages": received, "code": error.code().name, "problem": problem_of(error, pool)}
    return {"messages": received, "code": "OK", "problem": None}


def problem_of(error, pool):
    """The detail of an error, which travels as google.rpc.Status in a trailer."""
    raw = dict(error.trailing_metadata() or []).get("grpc-status-details-bin")
    if raw is None:
        return None
    # Field 3 of it holds google.protobuf.Any; the package that knows the message is another one.
    for number, value in fields_of(raw):
        if number == 3:
            detail = any_pb2.Any.FromString(value)
            message = GetMessageClass(pool.FindMessageTypeByName("clockleaf.v1.Problem"))()
            message.ParseFromString(detail.value)
            return json_format.MessageToDict(message)
    return None


def fields_of(raw: bytes):
    """Number and bytes of each length-delimited field; others are passed over."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = raw[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(raw):
        tag = varint()
        if tag & 7 == 2:
            length = varint()
            yield tag >> 3, raw[at : at + length]
            at += length
        else:
            varint()


main()
