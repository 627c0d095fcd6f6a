BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'annotator','create_project_schema_annotator_session','2026-11-25 20:29:39.135547+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'annotator','create_document_sentence_position','2026-11-25 20:29:39.135992+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'annotator','create_annotations_actors_suggestions','2026-11-25 20:29:39.137558+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'annotator','create_edit_change_history','2026-11-25 20:29:39.138008+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'annotator','create_views','2026-11-25 20:29:39.138465+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'annotator','version_schema','2026-11-25 20:29:39.139787+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'annotator','create_setting','2026-11-25 20:29:39.139963+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'annotator','create_clock_conflict','2026-11-25 20:29:39.141175+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'annotator','index_flags_count_keys','2026-11-25 20:29:39.141935+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'annotator','create_model','2026-11-25 20:29:39.142126+00:00');
CREATE TABLE actor (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  note TEXT,
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "actor" VALUES('019ab698-2a68-7017-8000-000000000018','Ann','person','a note',1);
CREATE TABLE actor_alias (
  actor_id TEXT NOT NULL REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  alias TEXT NOT NULL,
  PRIMARY KEY (actor_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "actor_alias" VALUES('019ab698-2a68-7017-8000-000000000018',0,'A.');
INSERT INTO "actor_alias" VALUES('019ab698-2a68-7017-8000-000000000018',1,'Annie');
CREATE TABLE actor_link (
  actor_id TEXT NOT NULL REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (actor_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "actor_link" VALUES('019ab698-2a68-7017-8000-000000000018',0,'wikidata','Q1');
CREATE TABLE annotator (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('person', 'engine')),
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "annotator" VALUES('019ab698-0b28-700f-8000-000000000010','alice','person','2025-11-24T16:00:10.000Z');
INSERT INTO "annotator" VALUES('019ab698-12f8-7011-8000-000000000012','bob','person','2025-11-24T16:00:12.000Z');
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
INSERT INTO "argument" VALUES('019ab698-45c0-7023-8000-000000000024',0,'one','019ab698-2e50-7019-8000-00000000001a',NULL,NULL);
INSERT INTO "argument" VALUES('019ab698-45c0-7023-8000-000000000024',1,'one','019ab698-3238-701b-8000-00000000001c',NULL,NULL);
INSERT INTO "argument" VALUES('019ab698-45c0-7023-8000-000000000024',2,'one',NULL,NULL,'019ab698-2a68-7017-8000-000000000018');
INSERT INTO "argument" VALUES('019ab698-5178-7027-8000-000000000028',0,'one',NULL,'019ab698-45c0-7023-8000-000000000024',NULL);
INSERT INTO "argument" VALUES('019ab698-5178-7027-8000-000000000028',1,'one','019ab698-3620-701d-8000-00000000001e',NULL,NULL);
CREATE TABLE attribute (  -- one row per value; a row without a value where there is none
  span_id TEXT REFERENCES span DEFERRABLE INITIALLY DEFERRED,
  relation_id TEXT REFERENCES relation DEFERRABLE INITIALLY DEFERRED,
  unit_label_id TEXT REFERENCES unit_label DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  value_position INTEGER NOT NULL,
  value TEXT,
  uncertain INTEGER NOT NULL CHECK (uncertain IN (0, 1)),
  CHECK ((span_id IS NOT NULL) + (relation_id IS NOT NULL) + (unit_label_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO "attribute" VALUES('019ab698-3238-701b-8000-00000000001c',NULL,NULL,0,'mode',0,'x',1);
INSERT INTO "attribute" VALUES('019ab698-3238-701b-8000-00000000001c',NULL,NULL,0,'mode',1,'y',1);
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
INSERT INTO "change" VALUES('019ab698-3df0-7021-8000-000000000022',0,'actor','019ab698-2a68-7017-8000-000000000018',NULL,'{"record":"actor","id":"019ab698-2a68-7017-8000-000000000018","name":"Ann","kind":"person","aliases":["A.","Annie"],"links":[["wikidata","Q1"]],"note":"a note","revision":1}');
INSERT INTO "change" VALUES('019ab698-3df0-7021-8000-000000000022',1,'span','019ab698-2e50-7019-8000-00000000001a',NULL,'{"record":"span","id":"019ab698-2e50-7019-8000-00000000001a","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":"019ab698-2a68-7017-8000-000000000018","note":"sure?","flagged":true,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-3df0-7021-8000-000000000022',2,'span','019ab698-3238-701b-8000-00000000001c',NULL,'{"record":"span","id":"019ab698-3238-701b-8000-00000000001c","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"B","fragments":[[9,11],[22,24]],"text":"it It","attributes":[{"name":"mode","values":["x","y"],"uncertain":true}],"actor":null,"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-3df0-7021-8000-000000000022',3,'span','019ab698-3620-701d-8000-00000000001e',NULL,'{"record":"span","id":"019ab698-3620-701d-8000-00000000001e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-3df0-7021-8000-000000000022',4,'span','019ab698-3a08-701f-8000-000000000020',NULL,'{"record":"span","id":"019ab698-3a08-701f-8000-000000000020","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[51,55]],"text":"dy e","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-49a8-7025-8000-000000000026',0,'relation','019ab698-45c0-7023-8000-000000000024',NULL,'{"record":"relation","id":"019ab698-45c0-7023-8000-000000000024","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","type":"tie","arguments":[{"role":"one","kind":"span","target":"019ab698-2e50-7019-8000-00000000001a"},{"role":"one","kind":"span","target":"019ab698-3238-701b-8000-00000000001c"},{"role":"one","kind":"actor","target":"019ab698-2a68-7017-8000-000000000018"}],"attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-5560-7029-8000-00000000002a',0,'relation','019ab698-5178-7027-8000-000000000028',NULL,'{"record":"relation","id":"019ab698-5178-7027-8000-000000000028","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","type":"tie","arguments":[{"role":"one","kind":"relation","target":"019ab698-45c0-7023-8000-000000000024"},{"role":"one","kind":"span","target":"019ab698-3620-701d-8000-00000000001e"}],"attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-5d30-702b-8000-00000000002c',0,'span','019ab698-3a08-701f-8000-000000000020','{"record":"span","id":"019ab698-3a08-701f-8000-000000000020","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[51,55]],"text":"dy e","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-6cd0-7031-8000-000000000032',0,'unit_label','019ab698-6500-702d-8000-00000000002e',NULL,'{"record":"unit_label","id":"019ab698-6500-702d-8000-00000000002e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"genre","label":"NEWS","sentence":null,"attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-6cd0-7031-8000-000000000032',1,'unit_label','019ab698-68e8-702f-8000-000000000030',NULL,'{"record":"unit_label","id":"019ab698-68e8-702f-8000-000000000030","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"worth","label":"CHECK","sentence":"019ab697-ff70-700b-8000-00000000000c","attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}');
INSERT INTO "change" VALUES('019ab698-6cd0-7031-8000-000000000032',2,'sentence_mark','019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010',NULL,'{"record":"sentence_mark","id":"019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","sentence":"019ab697-fb88-7009-8000-00000000000a","done":true,"revision":1}');
INSERT INTO "change" VALUES('019ab698-6cd0-7031-8000-000000000032',3,'document_mark','019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010',NULL,'{"record":"document_mark","id":"019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","status":"done","revision":1}');
INSERT INTO "change" VALUES('019ab698-74a0-7033-8000-000000000034',0,'span','019ab698-3620-701d-8000-00000000001e','{"record":"span","id":"019ab698-3620-701d-8000-00000000001e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":1}','{"record":"span","id":"019ab698-3620-701d-8000-00000000001e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"B","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":2}');
INSERT INTO "change" VALUES('019ab698-8440-7039-8000-00000000003a',0,'suggestion','019ab698-8058-7037-8000-000000000038',NULL,'{"record":"suggestion","id":"019ab698-8058-7037-8000-000000000038","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-12f8-7011-8000-000000000012","proposed":{"record":"span","id":"019ab698-7c70-7035-8000-000000000036","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-12f8-7011-8000-000000000012","layer":"thing","label":"A","fragments":[[26,33]],"text":"‍👩‍👧 di","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{"engine":"crf","version":"1.0","score":0.5},"revision":1},"state":"open","result":null,"revision":1}');
INSERT INTO "change" VALUES('019ab698-8ff8-703d-8000-00000000003e',0,'sentence','019ab698-0358-700d-8000-00000000000e','{"record":"sentence","id":"019ab698-0358-700d-8000-00000000000e","document":"019ab697-f7a0-7007-8000-000000000008","start":46,"end":67,"revision":1}','{"record":"sentence","id":"019ab698-0358-700d-8000-00000000000e","document":"019ab697-f7a0-7007-8000-000000000008","start":46,"end":60,"revision":2}');
INSERT INTO "change" VALUES('019ab698-8ff8-703d-8000-00000000003e',1,'sentence','019ab698-8c10-703b-8000-00000000003c',NULL,'{"record":"sentence","id":"019ab698-8c10-703b-8000-00000000003c","document":"019ab697-f7a0-7007-8000-000000000008","start":60,"end":67,"revision":1}');
INSERT INTO "change" VALUES('019ab698-97c8-703f-8000-000000000040',0,'span','019ab698-3620-701d-8000-00000000001e','{"record":"span","id":"019ab698-3620-701d-8000-00000000001e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"B","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":2}','{"record":"span","id":"019ab698-3620-701d-8000-00000000001e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"thing","label":"A","fragments":[[0,3]],"text":"Ann","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{},"revision":3}');
INSERT INTO "change" VALUES('019ab698-9f98-7041-8000-000000000042',0,'document_mark','019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010','{"record":"document_mark","id":"019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","status":"done","revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-9f98-7041-8000-000000000042',1,'sentence_mark','019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010','{"record":"sentence_mark","id":"019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","sentence":"019ab697-fb88-7009-8000-00000000000a","done":true,"revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-9f98-7041-8000-000000000042',2,'unit_label','019ab698-68e8-702f-8000-000000000030','{"record":"unit_label","id":"019ab698-68e8-702f-8000-000000000030","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"worth","label":"CHECK","sentence":"019ab697-ff70-700b-8000-00000000000c","attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-9f98-7041-8000-000000000042',3,'unit_label','019ab698-6500-702d-8000-00000000002e','{"record":"unit_label","id":"019ab698-6500-702d-8000-00000000002e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"genre","label":"NEWS","sentence":null,"attributes":[],"note":null,"flagged":false,"origin":{},"revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-a768-7043-8000-000000000044',0,'unit_label','019ab698-6500-702d-8000-00000000002e',NULL,'{"record":"unit_label","id":"019ab698-6500-702d-8000-00000000002e","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"genre","label":"NEWS","sentence":null,"attributes":[],"note":null,"flagged":false,"origin":{},"revision":2}');
INSERT INTO "change" VALUES('019ab698-a768-7043-8000-000000000044',1,'unit_label','019ab698-68e8-702f-8000-000000000030',NULL,'{"record":"unit_label","id":"019ab698-68e8-702f-8000-000000000030","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","layer":"worth","label":"CHECK","sentence":"019ab697-ff70-700b-8000-00000000000c","attributes":[],"note":null,"flagged":false,"origin":{},"revision":2}');
INSERT INTO "change" VALUES('019ab698-a768-7043-8000-000000000044',2,'sentence_mark','019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010',NULL,'{"record":"sentence_mark","id":"019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","sentence":"019ab697-fb88-7009-8000-00000000000a","done":true,"revision":2}');
INSERT INTO "change" VALUES('019ab698-a768-7043-8000-000000000044',3,'document_mark','019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010',NULL,'{"record":"document_mark","id":"019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-0b28-700f-8000-000000000010","status":"done","revision":2}');
INSERT INTO "change" VALUES('019ab698-af38-7045-8000-000000000046',0,'sentence','019ab698-8c10-703b-8000-00000000003c','{"record":"sentence","id":"019ab698-8c10-703b-8000-00000000003c","document":"019ab697-f7a0-7007-8000-000000000008","start":60,"end":67,"revision":1}',NULL);
INSERT INTO "change" VALUES('019ab698-af38-7045-8000-000000000046',1,'sentence','019ab698-0358-700d-8000-00000000000e','{"record":"sentence","id":"019ab698-0358-700d-8000-00000000000e","document":"019ab697-f7a0-7007-8000-000000000008","start":46,"end":60,"revision":2}','{"record":"sentence","id":"019ab698-0358-700d-8000-00000000000e","document":"019ab697-f7a0-7007-8000-000000000008","start":46,"end":67,"revision":3}');
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
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z'),
  text TEXT NOT NULL
, clock INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "document" VALUES(1,'019ab697-f7a0-7007-8000-000000000008','rain.txt',70,'a78a495d4066109c8534714cface08ffca379d7f755b50e3acd5fdf9c41a0d27','a78a495d4066109c8534714cface08ffca379d7f755b50e3acd5fdf9c41a0d27','utf-8',NULL,'{"ü": [1, null]}','sentencex','1','2025-11-24T16:00:08.000Z','Ann says it rained.
“It 👩‍👩‍👧 did,“ said Bob. Nobody else é saw it.
',1);
CREATE TABLE document_mark (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  status TEXT NOT NULL CHECK (status IN ('open', 'done')),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  UNIQUE (annotator_id, document_id)
) STRICT;
INSERT INTO "document_mark" VALUES('019ab697-f7a0-7007-8000-000000000008:019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','done',2);
CREATE TABLE edit (
  number INTEGER PRIMARY KEY,  -- the order of commits
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES session,
  annotator_id TEXT NOT NULL REFERENCES annotator,
  document_id TEXT REFERENCES document (id),
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z'),
  verb TEXT NOT NULL CHECK (verb <> ''),
  target_id TEXT REFERENCES edit (id),  -- the edit undone or redone
  undoable INTEGER NOT NULL CHECK (undoable IN (0, 1)),
  previous_id TEXT REFERENCES edit (id)  -- below it on its stack: redos for an undo, else undos
, clock INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "edit" VALUES(1,'019ab698-3df0-7021-8000-000000000022','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:23.000Z','label',NULL,1,NULL,1);
INSERT INTO "edit" VALUES(2,'019ab698-49a8-7025-8000-000000000026','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:26.000Z','tie',NULL,1,'019ab698-3df0-7021-8000-000000000022',2);
INSERT INTO "edit" VALUES(3,'019ab698-5560-7029-8000-00000000002a','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:29.000Z','tie',NULL,1,'019ab698-49a8-7025-8000-000000000026',3);
INSERT INTO "edit" VALUES(4,'019ab698-5d30-702b-8000-00000000002c','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:31.000Z','delete',NULL,1,'019ab698-5560-7029-8000-00000000002a',4);
INSERT INTO "edit" VALUES(5,'019ab698-6cd0-7031-8000-000000000032','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:35.000Z','label',NULL,1,'019ab698-5d30-702b-8000-00000000002c',5);
INSERT INTO "edit" VALUES(6,'019ab698-74a0-7033-8000-000000000034','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:37.000Z','relabel',NULL,1,'019ab698-6cd0-7031-8000-000000000032',6);
INSERT INTO "edit" VALUES(7,'019ab698-8440-7039-8000-00000000003a','019ab698-2298-7015-8000-000000000016','019ab698-12f8-7011-8000-000000000012','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:41.000Z','suggest',NULL,0,NULL,7);
INSERT INTO "edit" VALUES(8,'019ab698-8ff8-703d-8000-00000000003e','019ab698-2298-7015-8000-000000000016','019ab698-12f8-7011-8000-000000000012','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:44.000Z','split',NULL,1,NULL,8);
INSERT INTO "edit" VALUES(9,'019ab698-97c8-703f-8000-000000000040','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:46.000Z','undo','019ab698-74a0-7033-8000-000000000034',0,NULL,9);
INSERT INTO "edit" VALUES(10,'019ab698-9f98-7041-8000-000000000042','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:48.000Z','undo','019ab698-6cd0-7031-8000-000000000032',0,'019ab698-97c8-703f-8000-000000000040',10);
INSERT INTO "edit" VALUES(11,'019ab698-a768-7043-8000-000000000044','019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:50.000Z','redo','019ab698-6cd0-7031-8000-000000000032',1,'019ab698-5d30-702b-8000-00000000002c',11);
INSERT INTO "edit" VALUES(12,'019ab698-af38-7045-8000-000000000046','019ab698-2298-7015-8000-000000000016','019ab698-12f8-7011-8000-000000000012','019ab697-f7a0-7007-8000-000000000008','2025-11-24T16:00:52.000Z','undo','019ab698-8ff8-703d-8000-00000000003e',0,NULL,12);
CREATE TABLE fragment (
  span_id TEXT NOT NULL REFERENCES span DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL CHECK (position >= 0),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  PRIMARY KEY (span_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "fragment" VALUES('019ab698-2e50-7019-8000-00000000001a',0,0,3);
INSERT INTO "fragment" VALUES('019ab698-3238-701b-8000-00000000001c',0,9,11);
INSERT INTO "fragment" VALUES('019ab698-3238-701b-8000-00000000001c',1,22,24);
INSERT INTO "fragment" VALUES('019ab698-3620-701d-8000-00000000001e',0,0,3);
CREATE TABLE history (  -- the tops of an annotator's two stacks in a document
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  undo_id TEXT REFERENCES edit (id),
  redo_id TEXT REFERENCES edit (id),
  PRIMARY KEY (annotator_id, document_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "history" VALUES('019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','019ab698-a768-7043-8000-000000000044','019ab698-97c8-703f-8000-000000000040');
INSERT INTO "history" VALUES('019ab697-f7a0-7007-8000-000000000008','019ab698-12f8-7011-8000-000000000012',NULL,'019ab698-af38-7045-8000-000000000046');
CREATE TABLE model (  -- what an engine learned of an annotator's work; made again at any time
  annotator_id TEXT NOT NULL REFERENCES annotator DEFERRABLE INITIALLY DEFERRED,
  engine TEXT NOT NULL CHECK (engine <> ''),
  layer TEXT NOT NULL CHECK (layer <> ''),
  version TEXT NOT NULL,
  fingerprint TEXT NOT NULL,  -- of what it was made of
  sentences INTEGER NOT NULL CHECK (sentences >= 0),
  checksum TEXT NOT NULL,  -- SHA-256 of data
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z'),
  data BLOB NOT NULL,
  PRIMARY KEY (annotator_id, engine, layer)
) STRICT;
INSERT INTO "model" VALUES('019ab698-0b28-700f-8000-000000000010','crf','thing','1','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',1,'1b3d17857bde0171e3a421b849e9caefd16808ac48de653e8ddf5e10015356b6','2025-11-24T16:00:54.000Z',X'6C6561726E656400FF');
CREATE TABLE position (  -- where an annotator's cursor was last
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  "offset" INTEGER NOT NULL CHECK ("offset" >= 0),
  visit INTEGER NOT NULL,  -- the greatest is the document open last
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (annotator_id, document_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "position" VALUES('019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010',9,1,'2025-11-24T16:00:53.000Z');
CREATE TABLE project (
  id TEXT PRIMARY KEY NOT NULL,
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "project" VALUES('019ab697-efd0-7003-8000-000000000004','2025-11-24T16:00:01.000Z');
CREATE TABLE relation (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  type TEXT NOT NULL CHECK (type <> ''),
  
  note TEXT,
  flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
  engine TEXT, engine_version TEXT, score REAL,
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "relation" VALUES('019ab698-45c0-7023-8000-000000000024','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','tie',NULL,0,NULL,NULL,NULL,1);
INSERT INTO "relation" VALUES('019ab698-5178-7027-8000-000000000028','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','tie',NULL,0,NULL,NULL,NULL,1);
CREATE TABLE schema (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  source TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z')
, edit_id TEXT REFERENCES edit (id), previous_id TEXT REFERENCES schema (id), undone_id TEXT REFERENCES edit (id)) STRICT;
INSERT INTO "schema" VALUES('019ab697-f3b8-7005-8000-000000000006','small',1,'name = "small"
version = 1
[layer.thing]
title = "thing"
scope = "span"
overlap = "any"
[layer.thing.labels.A]
key = "1"
[layer.thing.labels.B]
key = "2"
[layer.thing.attributes.mode]
title = "mode"
multi = true
[layer.thing.attributes.mode.values.x]
[layer.thing.attributes.mode.values.y]
[layer.worth]
title = "worth"
scope = "sentence"
[layer.worth.labels.CHECK]
key = "3"
[layer.genre]
title = "genre"
scope = "document"
[layer.genre.labels.NEWS]
key = "4"
[relation.tie]
title = "tie"
[relation.tie.roles.one]
title = "one"
layers = ["thing"]
relations = ["tie"]
actors = true
',1,'2025-11-24T16:00:01.000Z',NULL,NULL,NULL);
CREATE TABLE sentence (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "sentence" VALUES('019ab697-fb88-7009-8000-00000000000a','019ab697-f7a0-7007-8000-000000000008',0,19,1);
INSERT INTO "sentence" VALUES('019ab697-ff70-700b-8000-00000000000c','019ab697-f7a0-7007-8000-000000000008',21,45,1);
INSERT INTO "sentence" VALUES('019ab698-0358-700d-8000-00000000000e','019ab697-f7a0-7007-8000-000000000008',46,67,3);
CREATE TABLE sentence_mark (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  sentence_id TEXT NOT NULL REFERENCES sentence DEFERRABLE INITIALLY DEFERRED,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "sentence_mark" VALUES('019ab697-fb88-7009-8000-00000000000a:019ab698-0b28-700f-8000-000000000010','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','019ab697-fb88-7009-8000-00000000000a',1,2);
CREATE TABLE session (
  id TEXT PRIMARY KEY NOT NULL,
  annotator_id TEXT NOT NULL REFERENCES annotator,
  time TEXT NOT NULL CHECK (time GLOB '????-??-??T??:??:??.???Z')
, keys INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "session" VALUES('019ab698-1ac8-7013-8000-000000000014','019ab698-0b28-700f-8000-000000000010','2025-11-24T16:00:14.000Z',0);
INSERT INTO "session" VALUES('019ab698-2298-7015-8000-000000000016','019ab698-12f8-7011-8000-000000000012','2025-11-24T16:00:16.000Z',0);
CREATE TABLE setting (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE span (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  layer TEXT NOT NULL CHECK (layer <> ''),
  label TEXT NOT NULL CHECK (label <> ''),
  start INTEGER NOT NULL CHECK (start >= 0),
  "end" INTEGER NOT NULL CHECK ("end" > start),
  pieces INTEGER NOT NULL CHECK (pieces >= 1),  -- how many rows of fragment
  text TEXT NOT NULL,
  actor_id TEXT REFERENCES actor DEFERRABLE INITIALLY DEFERRED,
  attributes INTEGER NOT NULL CHECK (attributes >= 0),  -- how many, in attribute
  
  note TEXT,
  flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
  engine TEXT, engine_version TEXT, score REAL,
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "span" VALUES('019ab698-2e50-7019-8000-00000000001a','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','thing','A',0,3,1,'Ann','019ab698-2a68-7017-8000-000000000018',0,'sure?',1,NULL,NULL,NULL,1);
INSERT INTO "span" VALUES('019ab698-3238-701b-8000-00000000001c','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','thing','B',9,24,2,'it It',NULL,1,NULL,0,NULL,NULL,NULL,1);
INSERT INTO "span" VALUES('019ab698-3620-701d-8000-00000000001e','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','thing','A',0,3,1,'Ann',NULL,0,NULL,0,NULL,NULL,NULL,3);
CREATE TABLE suggestion (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
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
INSERT INTO "suggestion" VALUES('019ab698-8058-7037-8000-000000000038','019ab697-f7a0-7007-8000-000000000008','019ab698-12f8-7011-8000-000000000012','span','thing','A',26,33,'‍👩‍👧 di','crf','1.0',0.5,'open',NULL,'{"record":"span","id":"019ab698-7c70-7035-8000-000000000036","document":"019ab697-f7a0-7007-8000-000000000008","annotator":"019ab698-12f8-7011-8000-000000000012","layer":"thing","label":"A","fragments":[[26,33]],"text":"‍👩‍👧 di","attributes":[],"actor":null,"note":null,"flagged":false,"origin":{"engine":"crf","version":"1.0","score":0.5},"revision":1}',1);
CREATE TABLE unit_label (
  id TEXT PRIMARY KEY NOT NULL,
  document_id TEXT NOT NULL REFERENCES document (id),
  annotator_id TEXT NOT NULL REFERENCES annotator,
  layer TEXT NOT NULL CHECK (layer <> ''),
  label TEXT NOT NULL CHECK (label <> ''),
  sentence_id TEXT REFERENCES sentence DEFERRABLE INITIALLY DEFERRED,  -- none: the whole document
  
  note TEXT,
  flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
  engine TEXT, engine_version TEXT, score REAL,
  revision INTEGER NOT NULL CHECK (revision >= 1)
) STRICT;
INSERT INTO "unit_label" VALUES('019ab698-6500-702d-8000-00000000002e','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','genre','NEWS',NULL,NULL,0,NULL,NULL,NULL,2);
INSERT INTO "unit_label" VALUES('019ab698-68e8-702f-8000-000000000030','019ab697-f7a0-7007-8000-000000000008','019ab698-0b28-700f-8000-000000000010','worth','CHECK','019ab697-ff70-700b-8000-00000000000c',NULL,0,NULL,NULL,NULL,2);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX project_is_one ON project ((1));
CREATE UNIQUE INDEX schema_in_force ON schema (active) WHERE active = 1;
CREATE INDEX session_of_annotator ON session (annotator_id);
CREATE INDEX document_list ON document (number, id, name, length);
CREATE INDEX document_by_hash ON document (sha256);
CREATE INDEX document_by_text ON document (text_sha256);
CREATE INDEX sentence_by_place ON sentence (document_id, start, "end", id, revision);
CREATE INDEX position_by_visit ON position (annotator_id, visit);
CREATE INDEX actor_by_name ON actor (name);
CREATE INDEX span_by_place ON span (annotator_id, document_id, start, "end");
CREATE INDEX span_that_is_long ON span (annotator_id, document_id, start, "end")
  WHERE "end" - start > 2000;
CREATE INDEX span_by_label ON span (annotator_id, layer, label);
CREATE INDEX span_of_actor ON span (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX relation_of_document ON relation (annotator_id, document_id, type);
CREATE INDEX argument_of_span ON argument (span_id) WHERE span_id IS NOT NULL;
CREATE INDEX argument_of_relation ON argument (relation_argument_id)
  WHERE relation_argument_id IS NOT NULL;
CREATE INDEX argument_of_actor ON argument (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX unit_label_of_document ON unit_label (annotator_id, document_id, layer, label);
CREATE INDEX unit_label_of_sentence ON unit_label (sentence_id) WHERE sentence_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_of_span ON attribute (span_id, position, value_position)
  WHERE span_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_of_relation ON attribute (relation_id, position, value_position)
  WHERE relation_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_of_unit_label ON attribute (unit_label_id, position, value_position)
  WHERE unit_label_id IS NOT NULL;
CREATE INDEX attribute_by_value ON attribute (name, value);
CREATE INDEX sentence_mark_of_document ON sentence_mark (annotator_id, document_id, done);
CREATE INDEX sentence_mark_of_sentence ON sentence_mark (sentence_id);
CREATE INDEX suggestion_of_document ON suggestion (annotator_id, document_id, state);
CREATE INDEX edit_of_document ON edit (document_id, number);
CREATE INDEX change_of_record ON change (record_id);
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
CREATE INDEX span_flagged ON span (annotator_id, document_id) WHERE flagged = 1;
CREATE INDEX relation_flagged ON relation (annotator_id, document_id) WHERE flagged = 1;
CREATE INDEX unit_label_flagged ON unit_label (annotator_id, document_id) WHERE flagged = 1;
COMMIT;
PRAGMA application_id = 1097756271;
PRAGMA user_version = 10;
