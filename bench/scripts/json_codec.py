# A JSON encoder and decoder in pure script: character loops, recursion, dispatch by type.
def encode(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return encode_text(value)
    if isinstance(value, list):
        return "[" + ",".join([encode(v) for v in value]) + "]"
    return "{" + ",".join([encode_text(k) + ":" + encode(v) for k, v in value.items()]) + "}"


def encode_text(text):
    out = ['"']
    for c in text:
        if c == '"' or c == "\\":
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        else:
            out.append(c)
    out.append('"')
    return "".join(out)


class Decoder:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def value(self):
        c = self.text[self.at]
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        for word, result in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return result
        return self.number()

    def object(self):
        result = {}
        self.at += 1
        while self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            key = self.string()
            self.at += 1
            result[key] = self.value()
        self.at += 1
        return result

    def array(self):
        result = []
        self.at += 1
        while self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
            result.append(self.value())
        self.at += 1
        return result

    def string(self):
        out = []
        self.at += 1
        while True:
            c = self.text[self.at]
            self.at += 1
            if c == '"':
                return "".join(out)
            if c == "\\":
                c = self.text[self.at]
                self.at += 1
                if c == "n":
                    c = "\n"
            out.append(c)

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-.0123456789e":
            self.at += 1
        word = self.text[start:self.at]
        return float(word) if "." in word else int(word)


record = {
    "id": 12345, "name": 'The "quick" fox', "price": 19.75, "tags": ["a", "bb", "ccc"], "ok": True, "none": None,
    "nested": {"list": [1, 2, 3, [4, 5, {"deep": "text\nwith lines"}]], "empty": {}, "also": []},
}
text = encode(record)
checksum = 0
for i in range(18000):
    record["id"] = i
    text = encode(record)
    back = Decoder(text).value()
    checksum += len(text) + back["id"]
    if back != record:
        raise ValueError("round trip failed")
print(checksum, text[:40])
