"""A small file of each format that is only read, for tests of every format."""

from __future__ import annotations

import json

TEXT = "Ada Lovelace said it rained. Nobody went out."
_QUOTATION = {
    "originalText": TEXT, "documentName": "one.txt", "sentences": [], "annotations": [
        {"type": "Indirect", "medium": "Speech", "quote": {"spans": [{"charBegin": 18,
         "charEnd": 27}], "text": "it rained"}},
    ],
}  # fmt: skip
EXAMPLES = {
    "csv-text": f"text,place\n{TEXT},here\n",
    "german-quotes": json.dumps(_QUOTATION),
    "html": f"<html><body><article><h1>Rain</h1><p>{TEXT} {TEXT}</p></article></body></html>",
    "jsonl-text": json.dumps({"text": TEXT}),
    "text": TEXT,
}
