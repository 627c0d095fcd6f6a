"""The tables and views of a project file, as the migrations make them.

A released text here never changes: a later format is a further migration. Offsets are code points,
half-open. Columns that only a query needs say so.
"""

from __future__ import annotations

from typing import Final

_TIME: Final = "TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z')"
"""UTC, ISO 8601 with milliseconds."""

_ONE_TARGET: Final = (
    "(span_id IS NOT NULL) + (relation_id IS NOT NULL) + (unit_label_id IS NOT NULL)"
)

_MADE: Final = """
  note TEXT,
  flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
  engine TEXT, engine_version TEXT, score REAL,
  revision INTEGER NOT NULL CHECK (revision >= 1)"""
"""What every annotation carries; engine is empty where a person made it by hand."""

_OWNED: Final = """
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,"""

PROJECT: Final = f"""
CREATE TABLE project (
  id TEXT PRIMARY KEY NOT NULL,
  time {_TIME}
) STRICT;
CREATE UNIQUE INDEX project_is_one ON project ((1));

CREATE TABLE schema (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  source TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  time {_TIME}
) STRICT;
CREATE UNIQUE INDEX schema_in_force ON schema (active) WHERE active = 1;

CREATE TABLE annotator (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('person', 'engine')),
  time {_TIME}
) STRICT;

CREATE TABLE session (
  id TEXT PRIMARY KEY NOT NULL,
  annotator_id TEXT NOT NULL REFERENCES annotator,
  time {_TIME}
) STRICT;
CREATE INDEX session_of_annotator ON session (annotator_id);
"""

DOCUMENTS: Final = f"""
CREATE TABLE document (
  number INTEGER PRIMARY KEY,  -- the order of import
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  length INTEGER NOT NULL CHECK (length >= 0),
  sha256 TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,  -- of the text as UTF-8: finds equal texts
  encoding TEXT NOT NULL,
  source TEXT,
  meta TEXT NOT NULL CHECK (json_valid(meta)),
  segmenter TEXT NOT NULL,
  segmenter_version TEXT NOT NULL,
  time {_TIME},
  text TEXT NOT NULL
) STRICT;
CREATE INDEX document_list ON document (number, id, name, length);
CREATE INDEX document_by_hash ON document (sha256);
CREATE INDEX document_by_text ON document (text_sha256);

CREATE TABLE sentence (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
CREATE INDEX sentence_by_place ON sentence (document_id, start, "end", id, revision);

CREATE TABLE position (  -- where an annotator's cursor was last
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  "offset" INTEGER NOT NULL CHECK ("offset" >= 0),
  visit INTEGER NOT NULL,  -- the greatest is the document open last
  time {_TIME},
  PRIMARY KEY (annotator_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX position_by_visit ON position (annotator_id, visit);
"""

ANNOTATIONS: Final = f"""
CREATE TABLE actor (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  note TEXT,
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
CREATE INDEX actor_by_name ON actor (name);
CREATE TABLE actor_alias (
  actor_id TEXT NOT NULL REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  alias TEXT NOT NULL,
  PRIMARY KEY (actor_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE actor_link (
  actor_id TEXT NOT NULL REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (actor_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE span ({_OWNED}
  layer TEXT NOT NULL CHECK (layer <> ''),
  label TEXT NOT NULL CHECK (label <> ''),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  pieces INTEGER NOT NULL CHECK (pieces >= 1),  -- how many rows of fragment
  text TEXT NOT NULL,
  actor_id TEXT REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  attributes INTEGER NOT NULL CHECK (attributes >= 0),  -- how many, in attribute
  {_MADE}
) STRICT;
CREATE INDEX span_by_place ON span (annotator_id, document_id, start, "end");
CREATE INDEX span_that_is_long ON span (annotator_id, document_id, start, "end")
  WHERE "end" - start > 2000;
CREATE INDEX span_by_label ON span (annotator_id, layer, label);
CREATE INDEX span_of_actor ON span (actor_id) WHERE actor_id IS NOT NULL;

CREATE TABLE fragment (
  span_id TEXT NOT NULL REFERENCES span DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL CHECK (position >= 0),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  PRIMARY KEY (span_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation ({_OWNED}
  type TEXT NOT NULL CHECK (type <> ''),
  {_MADE}
) STRICT;
CREATE INDEX relation_of_document ON relation (annotator_id, document_id, type);

CREATE TABLE argument (
  relation_id TEXT NOT NULL REFERENCES relation DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL CHECK (position >= 0),
  role TEXT NOT NULL CHECK (role <> ''),
  span_id TEXT REFERENCES span DEFERRABLE INITIALLY DEFERRED,
  relation_argument_id TEXT REFERENCES relation DEFERRABLE INITIALLY DEFERRED,
  actor_id TEXT REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (relation_id, position),
  CHECK ((span_id IS NOT NULL) + (relation_argument_id IS NOT NULL) + (actor_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX argument_of_span ON argument (span_id) WHERE span_id IS NOT NULL;
CREATE INDEX argument_of_relation ON argument (relation_argument_id)
  WHERE relation_argument_id IS NOT NULL;
CREATE INDEX argument_of_actor ON argument (actor_id) WHERE actor_id IS NOT NULL;

CREATE TABLE unit_label ({_OWNED}
  layer TEXT NOT NULL CHECK (layer <> ''),
  label TEXT NOT NULL CHECK (label <> ''),
  sentence_id TEXT REFERENCES sentence DEFERRABLE INITIALLY DEFERRED,  -- none: the whole document
  {_MADE}
) STRICT;
CREATE INDEX unit_label_of_document ON unit_label (annotator_id, document_id, layer, label);
CREATE INDEX unit_label_of_sentence ON unit_label (sentence_id) WHERE sentence_id IS NOT NULL;

CREATE TABLE attribute (  -- one row per value; a row without a value where there is none
  span_id TEXT REFERENCES span DEFERRABLE INITIALLY DEFERRED,
  relation_id TEXT REFERENCES relation DEFERRABLE INITIALLY DEFERRED,
  unit_label_id TEXT REFERENCES unit_label DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  value_position INTEGER NOT NULL,
  value TEXT,
  uncertain INTEGER NOT NULL CHECK (uncertain IN (0, 1)),
  CHECK ({_ONE_TARGET} = 1)
) STRICT;
CREATE UNIQUE INDEX attribute_of_span ON attribute (span_id, position, value_position)
  WHERE span_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_of_relation ON attribute (relation_id, position, value_position)
  WHERE relation_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_of_unit_label ON attribute (unit_label_id, position, value_position)
  WHERE unit_label_id IS NOT NULL;
CREATE INDEX attribute_by_value ON attribute (name, value);

CREATE TABLE sentence_mark ({_OWNED}
  sentence_id TEXT NOT NULL REFERENCES sentence DEFERRABLE INITIALLY DEFERRED,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
CREATE INDEX sentence_mark_of_document ON sentence_mark (annotator_id, document_id, done);
CREATE INDEX sentence_mark_of_sentence ON sentence_mark (sentence_id);

CREATE TABLE document_mark ({_OWNED}
  status TEXT NOT NULL CHECK (status IN ('open', 'done')),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  UNIQUE (annotator_id, document_id)
) STRICT;

CREATE TABLE suggestion ({_OWNED}
  kind TEXT NOT NULL CHECK (kind IN ('span', 'relation', 'unit_label')),
  layer TEXT,  -- from here to score: what is proposed, for queries
  label TEXT NOT NULL,
  start INTEGER, "end" INTEGER,
  text TEXT,
  engine TEXT, engine_version TEXT, score REAL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'corrected', 'rejected')),
  result TEXT,  -- the id of the annotation made of it
  proposed TEXT NOT NULL CHECK (json_valid(proposed)),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
CREATE INDEX suggestion_of_document ON suggestion (annotator_id, document_id, state);
"""

HISTORY: Final = f"""
CREATE TABLE edit (
  number INTEGER PRIMARY KEY,  -- the order of commits
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session,
  annotator_id TEXT NOT NULL REFERENCES annotator,
  document_id TEXT REFERENCES document (id),
  time {_TIME},
  verb TEXT NOT NULL CHECK (verb <> ''),
  target_id TEXT REFERENCES edit (id),  -- the edit undone or redone
  undoable INTEGER NOT NULL CHECK (undoable IN (0, 1)),
  previous_id TEXT REFERENCES edit (id)  -- below it on its stack: redos for an undo, else undos
) STRICT;
CREATE INDEX edit_of_document ON edit (document_id, number);

CREATE TABLE change (
  edit_id TEXT NOT NULL REFERENCES edit (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  kind TEXT NOT NULL,
  record_id TEXT NOT NULL,
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  after TEXT CHECK (after IS NULL OR json_valid(after)),
  PRIMARY KEY (edit_id, position),
  CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_of_record ON change (record_id);

CREATE TABLE history (  -- the tops of an annotator's two stacks in a document
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  undo_id TEXT REFERENCES edit (id),
  redo_id TEXT REFERENCES edit (id),
  PRIMARY KEY (annotator_id, document_id)
) STRICT, WITHOUT ROWID;
"""

VIEWS: Final = """
CREATE VIEW annotation AS
SELECT span.id, document.name AS document, annotator.name AS annotator, span.layer, span.label,
  span.start, span."end", span.text, actor.name AS actor,
  (SELECT group_concat(attribute.name || '=' || coalesce(attribute.value, ''), '; ')
     FROM attribute WHERE attribute.span_id = span.id) AS attributes,
  span.pieces, span.note, span.flagged, span.engine, span.score
FROM span
JOIN document ON document.id = span.document_id
JOIN annotator ON annotator.id = span.annotator_id
LEFT JOIN actor ON actor.id = span.actor_id;

CREATE VIEW progress AS
SELECT document.name AS document, annotator.name AS annotator,
  coalesce((SELECT status FROM document_mark AS m WHERE m.annotator_id = annotator.id
     AND m.document_id = document.id), 'open') AS status,
  (SELECT count(*) FROM sentence AS s WHERE s.document_id = document.id) AS sentences,
  (SELECT count(*) FROM sentence_mark AS m WHERE m.annotator_id = annotator.id
     AND m.document_id = document.id AND m.done = 1) AS done,
  (SELECT count(*) FROM span AS s WHERE s.annotator_id = annotator.id
     AND s.document_id = document.id) AS spans,
  (SELECT count(*) FROM relation AS r WHERE r.annotator_id = annotator.id
     AND r.document_id = document.id) AS relations
FROM document CROSS JOIN annotator
WHERE annotator.kind = 'person'
ORDER BY document.number, annotator.name;

CREATE VIEW attribution AS
SELECT relation.id, document.name AS document, annotator.name AS annotator,
  claim.text AS claim, claim.start AS claim_start, claim."end" AS claim_end,
  coalesce(source.text, named.name) AS source,
  coalesce(who.name, named.name) AS source_actor,
  cue.text AS cue
FROM relation
JOIN document ON document.id = relation.document_id
JOIN annotator ON annotator.id = relation.annotator_id
LEFT JOIN argument AS c ON c.relation_id = relation.id AND c.role = 'claim'
LEFT JOIN span AS claim ON claim.id = c.span_id
LEFT JOIN argument AS s ON s.relation_id = relation.id AND s.role = 'source'
LEFT JOIN span AS source ON source.id = s.span_id
LEFT JOIN actor AS who ON who.id = source.actor_id
LEFT JOIN actor AS named ON named.id = s.actor_id
LEFT JOIN argument AS q ON q.relation_id = relation.id AND q.role = 'cue'
LEFT JOIN span AS cue ON cue.id = q.span_id
WHERE relation.type = 'attribution';
"""

SCHEMA_VERSIONS: Final = """
ALTER TABLE schema ADD COLUMN edit_id TEXT REFERENCES edit (id);
ALTER TABLE schema ADD COLUMN previous_id TEXT REFERENCES schema (id);
ALTER TABLE schema ADD COLUMN undone_id TEXT REFERENCES edit (id);
"""
"""``edit_id``: the edit that last put it in force, none for the schema the project was made with;
``previous_id``: the schema before it; ``undone_id``: the edit that took it back, while that may be
redone."""

SETTINGS: Final = """
CREATE TABLE setting (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

MERGING: Final = """
ALTER TABLE document ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edit ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
UPDATE document SET clock = number;
UPDATE edit SET clock = number;

CREATE TABLE conflict (  -- versions of records that a merge kept without putting them in force
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,  -- the table of the record, and target_id its id there
  target_id TEXT NOT NULL,
  edit_id TEXT NOT NULL REFERENCES edit (id) DEFERRABLE INITIALLY DEFERRED,  -- which made it
  other TEXT CHECK (other IS NULL OR json_valid(other)),  -- none: the record deleted
  state TEXT NOT NULL CHECK (state IN ('open', 'settled')),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
CREATE INDEX conflict_of_document ON conflict (document_id, state);
CREATE INDEX conflict_of_target ON conflict (target_id);

CREATE VIEW open_conflict AS
SELECT conflict.id, document.name AS document, conflict.kind,
  coalesce(span.label, relation.type, unit_label.label, actor.name) AS in_force,
  coalesce(span.text, json_extract(other, '$.text')) AS text,
  coalesce(json_extract(other, '$.label'), json_extract(other, '$.type'),
    json_extract(other, '$.name')) AS other,
  other IS NULL AS other_is_deleted,
  annotator.name AS annotator, edit.verb, edit.time, conflict.other AS other_record
FROM conflict
JOIN edit ON edit.id = conflict.edit_id
JOIN annotator ON annotator.id = edit.annotator_id
LEFT JOIN document ON document.id = conflict.document_id
LEFT JOIN span ON conflict.kind = 'span' AND span.id = conflict.target_id
LEFT JOIN relation ON conflict.kind = 'relation' AND relation.id = conflict.target_id
LEFT JOIN unit_label ON conflict.kind = 'unit_label' AND unit_label.id = conflict.target_id
LEFT JOIN actor ON conflict.kind = 'actor' AND actor.id = conflict.target_id
WHERE conflict.state = 'open' AND (other IS NOT NULL OR
  coalesce(span.id, relation.id, unit_label.id, actor.id) IS NOT NULL
  OR conflict.kind NOT IN ('span', 'relation', 'unit_label', 'actor'))
ORDER BY document.number, conflict.id;
"""
"""``clock`` orders documents and edits alike in all files: one more than the greatest in the file
when it was made. ``number`` follows it; of one clock, the lesser id comes first."""

FLAGS_AND_KEYS: Final = """
CREATE INDEX span_flagged ON span (annotator_id, document_id) WHERE flagged = 1;
CREATE INDEX relation_flagged ON relation (annotator_id, document_id) WHERE flagged = 1;
CREATE INDEX unit_label_flagged ON unit_label (annotator_id, document_id) WHERE flagged = 1;
ALTER TABLE session ADD COLUMN keys INTEGER NOT NULL DEFAULT 0;
"""
"""``keys``: how many were pressed. Flags are few, and looked for among all annotations."""

MODELS: Final = f"""
CREATE TABLE model (  -- what an engine learned of an annotator's work; made again at any time
  annotator_id TEXT NOT NULL REFERENCES annotator DEFERRABLE INITIALLY DEFERRED,
  engine TEXT NOT NULL CHECK (engine <> ''),
  layer TEXT NOT NULL CHECK (layer <> ''),
  version TEXT NOT NULL,
  fingerprint TEXT NOT NULL,  -- of what it was made of
  sentences INTEGER NOT NULL CHECK (sentences >= 0),
  checksum TEXT NOT NULL,  -- SHA-256 of data
  time {_TIME},
  data BLOB NOT NULL,
  PRIMARY KEY (annotator_id, engine, layer)
) STRICT;
"""
