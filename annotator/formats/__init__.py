"""File formats: core objects in, core objects out, and what was lost on the way.

``base`` says what a format is, and ``registry`` which there are. A ``record`` is what is exchanged;
it is read from a ``source`` (texts by ``decoding``) and written to a ``target``, with ``options``.

On the way in: ``building`` makes records and ``check`` looks at them; ``label_names`` knows what
words of a file mean, and ``findings`` counts them for a schema.

On the way out: ``carries`` says what a format holds, ``reducing`` (with ``flattening``) takes the
rest out, and ``loss`` tells it; ``file_names`` names the files of those that write several.

What families of formats share: ``json_format``, ``json_items`` and ``safe_json`` of JSON objects;
``token_layout``, ``token_rows``, ``token_words``, ``token_text`` and ``token_reading`` of files of
tokens, with ``tag_schemes``, ``tagging`` and ``spacing``, and ``entity_brackets`` for coreference.

The formats are in modules of their names, and parts of one begin with its name: ``jsonl`` (the
native record), ``jsonl_text``, ``parquet``; ``brat``, ``webanno_tsv`` (``webanno_…``), ``cas_xmi``
and ``cas_json`` (``cas_…``); ``conll``, ``conllu``, ``huggingface`` (with ``dataset_card``),
``docbin`` of spaCy (with ``msgpack_values``); ``doccano``, ``label_studio``, ``prodigy``,
``citron``, ``german_quotes``; ``csv_spans``, ``csv_text``, ``plain_text``, ``html_article``.
"""
