"""What engines learned, one model per annotator, engine and layer. Merges leave it out."""

from __future__ import annotations

from typing import Final

from annotator.core.learned_model import LearnedModel
from annotator.store.sqlite.store_part import StorePart, utc

_PUT: Final = (
    "INSERT INTO model (annotator_id, engine, layer, version, fingerprint, sentences, checksum,"
    " time, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET version = excluded.version, fingerprint = excluded.fingerprint,"
    " sentences = excluded.sentences, checksum = excluded.checksum, time = excluded.time,"
    " data = excluded.data"
)


class ModelTable(StorePart):
    """Models are made again of what is in the project, so no edit tells of them."""

    def model(self, annotator: str, engine: str, layer: str) -> LearnedModel | None:
        """What an engine learned of this annotator (id) for a layer, if anything."""
        row = self._db.row(
            "SELECT engine, layer, version, fingerprint, sentences, checksum, data FROM model"
            " WHERE annotator_id = ? AND engine = ? AND layer = ?",
            (annotator, engine, layer),
        )
        if row is None:
            return None
        engine, layer, version, fingerprint, sentences, checksum, data = row
        return LearnedModel(
            engine=engine, layer=layer, version=version, fingerprint=fingerprint,
            sentences=sentences, checksum=checksum, data=bytes(data),
        )  # fmt: skip

    def save_model(self, annotator: str, model: LearnedModel) -> None:
        """Keep what an engine learned of this annotator (id), in place of what it knew before."""
        with self._db.transaction():
            self._db.write(
                _PUT,
                (
                    *(annotator, model.engine, model.layer, model.version, model.fingerprint),
                    *(model.sentences, model.checksum, utc(self._clock()), model.data),
                ),
            )
