"""Projects as SQLite files; ``project`` opens and makes them. Importing this imports nothing.

``store`` is put together of a part for each family of tables (``store_part``): ``document_table``,
``people``, ``schema_table``, ``setting_table``, ``model_table``, ``annotation_reader``,
``conflict_reader``; ``history`` (all writing), ``log_reader`` and ``schema_history``.

Below them: ``connection`` runs all SQL, ``failures`` makes its errors ours, ``record_store`` and
``record_rows`` know how records lie in tables, ``checks`` what must hold of them.

The file: ``file_format``, ``tables`` and ``migrations``; ``publishing`` and ``holders`` (whose file
a name is), ``backups``, ``daily_backup``, ``restoring``.

Looking after it: ``upkeep``, ``file_checks``, ``row_checks``, ``replaying``, ``mending``.

Merging: ``merging``, ``project_log``, ``merge_writer``, ``merge_actors``.
"""
