"""Pure Python: what is annotated, and the rules of it. No input, no output, no screen.

What there is: ``document`` and ``annotation`` (the values), ``annotation_set``, ``suggestion_set``,
``sentence_list`` and ``place_index`` (a document's, in memory), ``ranges``, ``offsets``, ``ids``,
``settings``, ``learned_model``, ``offered``.

The schema: ``schema`` (the values), ``schema_file`` and ``schema_table`` (read), ``schema_text``
(written), ``rules`` (on one place); to another one ``migration``, ``migration_table``, ``fitting``,
``schema_change``, ``schema_differences`` and ``schema_union``.

What is done: ``edits`` (before and after), ``linking``, ``propagating``, ``replacing``,
``answering``, ``bringing_back``; told by ``naming`` and ``telling``; joined from several files by
``replaying``, ``threads``, ``renaming`` and ``undo_stacks``.

The text: ``sentences``, ``paragraphs``, ``tokens``, ``runs``, ``phrases``, ``text_objects``.

What is looked for: ``query``, ``searching``, ``checks``, ``page``, ``touched``.

What is shown: ``safe_text`` and ``wide_text`` (cells), ``visual_lines``, ``lanes``, ``unit_lanes``,
``link_tags``, and ``commands`` (the keys).
"""
