"""A reader played by libosdp: `python osdp-foreign-reader.py PORT ADDRESS KEY|-`.

One JSON object a line. In: {"card": hex, "bits": n}, {"keys": text}, {"stop": true}.
Out: {"ready": true}, {"secure": true} once the channel stands, {"command": {...}} for every command that reached us.
"""
import json
import sys
import threading
import time

import osdp
import serial


class SerialChannel(osdp.Channel):
    def __init__(self, path):
        super().__init__()
        self.port = serial.Serial(path, 9600, timeout=0)

    def read(self, max_bytes):
        return self.port.read(max_bytes)

    def write(self, data):
        return self.port.write(data)

    def flush(self):
        self.port.flush()


def say(message):
    print(json.dumps(message), flush=True)


def on_command(command):
    say({"command": {k: v.hex() if isinstance(v, bytes) else v for k, v in command.items()}})
    return 0, None


def main():
    path, address, key = sys.argv[1:4]
    secured = key != "-"
    info = osdp.PDInfo(
        int(address),
        SerialChannel(path),
        scbk=bytes.fromhex(key) if secured else None,
        flags=[osdp.LibFlag.EnforceSecure] if secured else [],
    )
    capabilities = osdp.PDCapabilities([
        (osdp.Capability.CardDataFormat, 1, 1),
        (osdp.Capability.LEDControl, 1, 1),
        (osdp.Capability.AudibleControl, 1, 1),
        (osdp.Capability.TextOutput, 1, 1),
        (osdp.Capability.CommunicationSecurity, 1, 1),
    ])
    reader = osdp.PeripheralDevice(info, capabilities, log_level=osdp.LogLevel.Error)
    reader.set_command_handler(on_command)
    reader.start()
    say({"ready": True})
    threading.Thread(target=tell_when_secure, args=(reader,), daemon=True).start()
    for line in sys.stdin:
        order = json.loads(line)
        if "card" in order:
            reader.submit_event({
                "event": osdp.Event.CardRead,
                "reader_no": 0,
                "format": osdp.CardFormat.Wiegand,
                "direction": 0,
                "length": order["bits"],
                "data": bytes.fromhex(order["card"]),
            })
        if "keys" in order:
            reader.submit_event({
                "event": osdp.Event.KeyPress,
                "reader_no": 0,
                "data": bytes(0x0D if c == "#" else 0x7F if c == "*" else ord(c) for c in order["keys"]),
            })
        if "stop" in order:
            break
    reader.teardown()


def tell_when_secure(reader):
    while not reader.is_sc_active():
        time.sleep(0.05)
    say({"secure": True})


main()
