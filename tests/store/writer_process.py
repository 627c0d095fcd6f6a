"""A process that writes to a project, for tests with several of them: PATH NAME COUNT.

Prints the id of each span, one a line, after the store has said that it is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from annotator.core.annotation import Span
from annotator.core.edits import create
from annotator.core.ids import new_id
from annotator.store.sqlite.project import open_project


def main(path: str, name: str, count: int) -> None:
    with open_project(Path(path)) as store:
        annotator = store.annotator(name, create=True)
        session = store.start_session(annotator.id)
        document = store.find_document("raqqa.txt")
        text = store.document(document).text
        for n in range(count):
            start = n % (len(text) - 1)
            span = Span(
                *(new_id(), document, annotator.id, "entity", "PERSON", ((start, start + 1),)),
                text[start],
            )
            store.apply(session, document, "label", (create(span),))
            if n % 5 == 4:
                store.undo(session, document)
                store.redo(session, document)
            sys.stdout.write(f"{span.id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
