"""Check and summarise the JSON payload of a webhook."""
import json

PAYLOADS = [
    '{"event": "push", "repo": "tools", "commits": [{"id": "a1", "author": "ann"}, {"id": "b2", "author": "bob"}, {"id": "c3", "author": "ann"}]}',
    '{"event": "release", "repo": "tools", "tag": "v1.2"}',
    '{"event": "push", "repo": "tools"}',
    '{"event": "push", ',
    '["not", "an", "object"]',
]


class BadPayload(Exception):
    pass


def handle(text):
    try:
        data = json.loads(text)
    except ValueError:
        raise BadPayload("not JSON")
    match data:
        case {"event": "push", "repo": repo, "commits": [*commits]}:
            authors = sorted({c["author"] for c in commits})
            return {"repo": repo, "commits": len(commits), "authors": authors}
        case {"event": "release", "repo": repo, "tag": str(tag)}:
            return {"repo": repo, "released": tag}
        case {"event": event}:
            raise BadPayload(f"incomplete {event} event")
    raise BadPayload("not an event")


for payload in PAYLOADS:
    try:
        print(200, json.dumps(handle(payload)))
    except BadPayload as error:
        print(400, error)
# expect: 200 {"repo": "tools", "commits": 3, "authors": ["ann", "bob"]}
# expect: 200 {"repo": "tools", "released": "v1.2"}
# expect: 400 incomplete push event
# expect: 400 not JSON
# expect: 400 not an event
