"""What a program may use of its surroundings: `inputs()` and `result(value)`; files come in /box/in and leave by /box/out."""

import json
import os
import sys


def inputs():
    """The JSON value that the program was given, or None."""
    text = sys.stdin.read()
    return json.loads(text) if text.strip() else None


def result(value):
    """Answers with a JSON value. The first call counts; a second one is an error."""
    data = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    while data:
        data = data[os.write(3, data) :]
    os.close(3)
